"""A patient's chart: lists and series over time, read from the originals of what the asker may see now."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from app.answering.guarded import GuardedRetriever
from app.answering.presentation import JSON, Presenter, interval_json
from app.records.seen import Seen, seen
from app.records.showing import Showing, Slot
from domain.documents import Section
from domain.errors import DocumentError
from domain.ports.blob_store import BlobStore
from domain.ports.catalogue import Catalogue
from domain.questions import Question
from ingestion.fhir.record import LISTS, Code, Item, Result, items_of

NAMES: Final = tuple(dict.fromkeys(LISTS.values()))
FHIR: Final = frozenset({"application/fhir+json", "application/fhir+ndjson", "application/fhir+xml"})
CCDA: Final = "application/hl7-cda+xml"
MOST_BYTES: Final = 128 * 2**20  # of originals for one chart
# Titles of C-CDA sections (in small letters) and the list that their entries belong to.
TITLES: Final[dict[str, str]] = {
    "problems": "problems", "problem list": "problems", "problems section": "problems", "problem section": "problems",
    "medications": "medications", "medications section": "medications", "current medications": "medications",
    "allergies": "allergies", "allergies section": "allergies", "allergies and intolerances": "allergies",
    "allergies and intolerances section": "allergies", "allergies, adverse reactions, alerts": "allergies",
    "immunizations": "immunizations", "immunizations section": "immunizations",
    "procedures": "procedures", "procedures section": "procedures",
    "encounters": "encounters", "encounters section": "encounters",
    "results": "results", "results section": "results", "vital signs": "results", "vital signs section": "results",
}  # fmt: skip


@dataclass(slots=True)
class _Draft:
    """A chart being put together."""

    showing: Showing = field(default_factory=Showing)
    lists: dict[str, list[JSON]] = field(default_factory=lambda: {name: [] for name in NAMES})
    series: dict[tuple[str, ...], JSON] = field(default_factory=dict)
    elsewhere: Counter[str] = field(default_factory=Counter)
    documents: list[JSON] = field(default_factory=list)
    unread: list[JSON] = field(default_factory=list)
    known: set[tuple[str, str]] = field(default_factory=set)
    bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartService:
    """Shows the chart of a patient. What the asker may not see is not in it, and nothing says that it is there."""

    catalogue: Catalogue
    blobs: BlobStore
    retriever: GuardedRetriever
    presenter: Presenter

    def chart(self, asker: Question) -> JSON:
        """Return the chart of the one subject of ``asker``. Raises AccessError ``access.denied``."""
        resolved = self.retriever.resolve(asker)
        draft = _Draft()
        for version in seen(self.catalogue, resolved):
            self._add(version, draft)
        body: JSON = {
            "subject": asker.scope.subjects[0],
            "as_of": resolved.scope.as_of.isoformat(),
            **{name: sorted(items, key=_newest, reverse=True) for name, items in draft.lists.items()},
            "series": [_finished(one, number) for number, one in enumerate(draft.series.values(), start=1)],
            "elsewhere": dict(sorted(draft.elsewhere.items())),
            "documents": draft.documents,
            "unread": draft.unread,
        }
        shown = draft.showing.disclosed(body, self.presenter, resolved)
        self.retriever.ask_again(resolved)
        return shown

    def _add(self, version: Seen, draft: _Draft) -> None:
        draft.documents.append(_document(version, draft.showing))
        kind = version.version.media_type
        if kind in FHIR:
            self._add_fhir(version, draft)
        elif kind == CCDA:
            _add_ccda(version, draft)

    def _add_fhir(self, version: Seen, draft: _Draft) -> None:
        content = self.blobs.get(version.version.digest)
        if content is None:
            draft.unread.append(_unread(version, "original_missing"))
            return
        draft.bytes += len(content)
        if draft.bytes > MOST_BYTES:
            draft.unread.append(_unread(version, "too_large"))
            return
        try:
            items = items_of(content)
        except (DocumentError, RecursionError):  # one member of an archive, whose original is all of it
            draft.unread.append(_unread(version, "original_not_fhir"))
            return
        places = _Places(version)
        for item in items:
            place, text = places.of(item)
            if place is not None:
                _add_item(item, place, text, draft)


class _Places:
    """Where the resources of a version stand in its text, found by what their sections say of themselves."""

    def __init__(self, version: Seen) -> None:
        self._version = version
        self._sections: dict[tuple[str, str], list[Section]] = defaultdict(list)
        for section in version.sections:
            if section.kind == "resource" and section.locator.resource:
                self._sections[section.locator.resource, section.locator.element or ""].append(section)
        self._starts = [one.start for one in version.passages]

    def of(self, item: Item) -> tuple[JSON | None, str]:
        """Return (place, its words) of a resource that may be seen; (None, "") of one that may not, or is not there.

        A resource that a file holds twice is shown where its name and date stand.
        """
        found = self._sections.get((item.resource, item.element), [])
        if len(found) > 1:
            day = item.date
            found = [one for one in found if item.name in self._text(one) and day in self._text(one)] or found
        for section in found:
            first = max(0, bisect_left(self._starts, section.start + 1) - 1)
            touched = []
            for passage in self._version.passages[first:]:
                if passage.start >= section.end:
                    break
                if passage.end > section.start:
                    touched.append(passage)
            if touched and all(one.id in self._version.permitted for one in touched):
                place = self._version.place(touched[0], section.start, section.end, section.locator)
                return place, self._text(section)
        return None, ""

    def _text(self, section: Section) -> str:
        return self._version.text[section.start : section.end]


def _add_item(item: Item, place: JSON, text: str, draft: _Draft) -> None:
    if not item.list:
        draft.elsewhere[item.kind] += 1
        return
    # The same resource in two exports, word for word, is one.
    if not item.element:
        key = (item.resource, text)
        if key in draft.known:
            return
        draft.known.add(key)
    if item.list == "results":
        for result in item.results:
            _add_point(item, result, place, text, draft)
        return
    show = draft.showing
    draft.lists[item.list].append(
        {
            "kind": item.kind,
            "name": show.keep(item.name, text),
            "codes": [_code(code, text, show) for code in item.codes],
            "status": show.keep(item.status),
            "date": show.keep(item.date, text),
            "time": show.keep(item.time),
            "end": show.keep(item.end, text),
            "detail": show.keep(item.detail, text),
            "unread": list(item.unread),
            "place": place,
        }
    )


def _add_point(item: Item, result: Result, place: JSON, text: str, draft: _Draft) -> None:
    show, code = draft.showing, result.code
    named = result.name or item.name
    key = (item.group, *((code.system, code.code) if code else ("", named.casefold())), result.unit)
    if key not in draft.series:
        draft.series[key] = {
            "group": item.group,
            "name": show.keep(named, text),
            "code": _code(code, text, show) if code else None,
            "unit": show.keep(result.unit),
            "points": [],
        }
    unread = [*item.unread, *result.unread]
    draft.series[key]["points"].append(
        {
            "date": show.keep(item.date, text),
            "time": show.keep(item.time),
            "value": show.keep(result.value, text),
            "number": show.keep(result.value, text, lambda _: result.number) if result.number is not None else None,
            "comparator": result.comparator,
            "low": result.low,
            "high": result.high,
            "range": show.keep(result.range, text),
            "interpretation": show.keep(result.interpretation, text),
            "status": show.keep(item.status),
            "unread": unread,
            "place": place,
        }
    )


def _code(code: Code, text: str, show: Showing) -> JSON:
    return {
        "system": show.keep(code.system),
        "code": show.keep(code.code),
        "display": show.keep(code.display, text),
    }


def _finished(series: JSON, number: int) -> JSON:
    points = sorted(series["points"], key=_newest)
    ranges = {(one["low"], one["high"]) for one in points if (one["low"], one["high"]) != (None, None)}
    low, high = next(iter(ranges)) if len(ranges) == 1 else (None, None)
    return {"id": f"s{number}", **series, "low": low, "high": high, "points": points}


def _newest(item: JSON) -> tuple[str, str]:
    return _raw(item["date"]), _raw(item["time"])


def _raw(slot: Any) -> str:
    return slot.text if isinstance(slot, Slot) else str(slot)


def _document(version: Seen, show: Showing) -> JSON:
    return {
        "document_id": version.document.id,
        "version_id": version.version.id,
        "title": show.keep(version.document.title),
        "media_type": version.version.media_type,
        "in_force": interval_json(version.version.in_force),
    }


def _unread(version: Seen, reason: str) -> JSON:
    return {"document_id": version.document.id, "version_id": version.version.id, "reason": reason}


def _add_ccda(version: Seen, draft: _Draft) -> None:
    """Take entries by the titles of their sections; values of results are not read into series, which is said."""
    values = False
    for section in _entries(version.sections):
        passage = version.passage_at(section.start, section.end)
        if passage is None:
            continue
        of_list = TITLES.get(section.path[0].casefold().strip(" .:"), "")
        values = values or of_list == "results"
        if of_list not in draft.lists:
            draft.elsewhere["results of C-CDA" if of_list == "results" else "entries of C-CDA"] += 1
            continue
        text, day = version.text[section.start : section.end], section.date.isoformat() if section.date else ""
        show = draft.showing
        name = section.path[-1].removesuffix(day).strip()
        draft.lists[of_list].append(
            {
                "kind": "entry",
                "name": show.keep(name, text),
                "codes": [],
                "status": "",
                "date": show.keep(day, text),
                "time": "",
                "end": "",
                "detail": "",
                "unread": [*([] if name else ["no_name"]), *([] if day else ["no_date"])],
                "place": version.place(passage, section.start, section.end, section.locator),
            }
        )
    if values:
        draft.unread.append(_unread(version, "values_not_read"))


def _entries(sections: Iterable[Section]) -> Iterator[Section]:
    return (one for one in sections if one.kind == "entry" and len(one.path) > 1)
