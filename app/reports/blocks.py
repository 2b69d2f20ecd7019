"""The parts of a filled report, as JSON: answers, tables and charts, each with the quotes that it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from app.answering.presentation import JSON
from app.reports.records import OwnRecords, cell, matches
from app.reports.template import ChartPart, DatesPart, RecordsPart
from domain.documents import Passage
from domain.ports.catalogue import Catalogue, StoredVersion

_MOST_POINTS: Final = 60


@dataclass(slots=True, kw_only=True)
class Sources:
    """The versions that a report rests on, numbered in the order in which they come up."""

    catalogue: Catalogue
    _numbers: dict[str, int] = field(default_factory=dict)
    _listed: list[JSON] = field(default_factory=list)
    _texts: dict[str, str] = field(default_factory=dict)

    def quote(self, shown: Mapping[str, Any], text: str, start: int | None, end: int | None) -> JSON:
        """Return a quote of what was shown; one that is not verbatim at its span was redacted, and has none."""
        verbatim = start is not None and self._text(shown["version_id"])[start:end] == text
        body: JSON = {
            "text": text,
            "source": self._number(shown),
            "where": where(shown),
            "document_id": shown["document_id"],
            "version_id": shown["version_id"],
            "passage_id": shown["passage_id"],
        }
        if resource := shown.get("locator", {}).get("resource"):
            body["resource"] = resource
        return body | ({"start": start, "end": end} if verbatim else {"redacted": True})

    @property
    def listed(self) -> list[JSON]:
        """Return the sources with their numbers, dates in force and digests."""
        return list(self._listed)

    @property
    def documents(self) -> tuple[str, ...]:
        """Return the documents, by id."""
        return tuple(sorted({source["document_id"] for source in self._listed}))

    def version(self, shown: Mapping[str, Any]) -> StoredVersion | None:
        """Return the version that was shown, without its text."""
        known = {version.id: version for version in self.catalogue.versions(shown["document_id"])}
        return known.get(shown["version_id"])

    def _text(self, version_id: str) -> str:
        if version_id not in self._texts:
            version = self.catalogue.version(version_id)
            self._texts[version_id] = version.text if version else ""
        return self._texts[version_id]

    def _number(self, shown: Mapping[str, Any]) -> int:
        version_id = shown["version_id"]
        if version_id not in self._numbers:
            self._numbers[version_id] = len(self._numbers) + 1
            version = self.version(shown)
            self._listed.append(
                {
                    "number": self._numbers[version_id],
                    "document_id": shown["document_id"],
                    "version_id": version_id,
                    "title": shown["title"],
                    "in_force": shown["in_force"],
                    "digest": version.digest if version else "",
                }
            )
        return self._numbers[version_id]


def where(shown: Mapping[str, Any]) -> str:
    """Return in words where something stands: its article or resource, or the innermost heading, and its page."""
    locator = shown.get("locator", {})
    headings = [part for part in shown.get("section", ()) if part != shown.get("title")]
    place = locator.get("citation") or (headings[-1] if headings else "") or locator.get("resource", "")
    page = f"p. {locator['page']}" if "page" in locator else ""
    return ", ".join(part for part in (place, page, locator.get("member", "")) if part)


def answer_block(body: JSON, sources: Sources, *, title: str, most: int) -> JSON:
    """Return an answer as it was shown, or that there is none."""
    claims = [
        {
            "text": claim["text"],
            "verdict": claim["verdict"],
            "checker": claim["checker"],
            "quotes": [sources.quote(quote, quote["text"], quote["start"], quote["end"]) for quote in claim["quotes"]],
        }
        for claim in body["claims"][:most]
    ]
    block: JSON = {"kind": "answer", "title": title, "status": body["status"], "claims": claims}
    if body["status"] == "refused":
        block["code"] = body["refusal"]["code"]
    return block


def records_block(part: RecordsPart, own: OwnRecords, sources: Sources) -> JSON:
    """Return a table of records; each cell is words of its record, and each row says which."""
    first = part.columns[0].pattern
    kept: list[Passage] = []
    things: set[str] = set()
    more = False
    for passage in own.of(part.records, part.group):
        span = cell(first, passage.text)
        if span is None or not matches(part.where, passage.text):
            continue
        thing = passage.text[slice(*span)].casefold()
        if part.latest and thing in things:
            continue
        things.add(thing)
        more = len(kept) == part.most
        if more:
            break
        kept.append(passage)
    rows = []
    for passage, shown in zip(kept, own.shown(kept), strict=True):
        verbatim = shown["text"] == passage.text
        cells = []
        for column in part.columns:
            span = cell(column.pattern, shown["text"])
            at = (passage.start + span[0], passage.start + span[1]) if span and verbatim else (None, None)
            cells.append({"text": shown["text"][slice(*span)] if span else "", "start": at[0], "end": at[1]})
        whole = (passage.start, passage.end) if verbatim else (None, None)
        rows.append({"cells": cells, "quote": sources.quote(shown, shown["text"], *whole)})
    return _table(part.title, [column.title for column in part.columns], rows, more=more)


def dates_block(part: DatesPart, own: OwnRecords, sources: Sources, columns: Sequence[str]) -> JSON:
    """Return a chronology: the date, and the sentence that states it, word for word."""
    found = own.dated()
    kept = found[: part.most]
    hits = {one["passage_id"]: one for one in own.shown({one.passage.id: one.passage for one in kept}.values())}
    rows = []
    for one, text in zip(kept, own.texts([one.text for one in kept]), strict=True):
        span = (one.start, one.end) if text == one.text else (None, None)
        cells = [
            {"text": one.day, "start": None, "end": None},
            {"text": text, "start": span[0], "end": span[1]},
        ]
        rows.append({"cells": cells, "quote": sources.quote(hits[one.passage.id], text, *span)})
    return _table(part.title, columns, rows, more=len(found) > part.most) | {"places": True}


def documents_block(title: str, documents: Sequence[JSON], columns: Sequence[str]) -> JSON:
    """Return the documents with their versions; these are entries of the catalogue, and no quotes."""
    rows = []
    for document in documents:
        for version in document["versions"]:
            since, until = version["in_force"]["from"], version["in_force"]["to"]
            texts = (document["title"], f"{since or '…'} - {until or '…'}", version["digest"][:12])
            rows.append({"cells": [{"text": text, "start": None, "end": None} for text in texts], "quote": None})
    return _table(title, columns, rows, more=False)


def _table(title: str, columns: Sequence[str], rows: list[JSON], *, more: bool) -> JSON:
    return {"kind": "table", "title": title, "columns": list(columns), "rows": rows, "more": more}


def chart_block(part: ChartPart, own: OwnRecords, sources: Sources) -> JSON:
    """Return series of values over time; each point says which record it is."""
    series: dict[tuple[str, str], list[tuple[Passage, str]]] = {}
    for passage in own.of(part.records, part.group):
        name, value = cell(part.name, passage.text), cell(part.value, passage.text)
        if name and value and passage.date:
            unit = cell(part.unit, passage.text) if part.unit else None
            key = (passage.text[slice(*name)], passage.text[slice(*unit)] if unit else "")
            series.setdefault(key, []).append((passage, passage.text[slice(*value)]))
    enough = {key: points for key, points in series.items() if len({p.date for p, _ in points}) >= part.points}
    chosen = sorted(enough, key=lambda key: (_rank(key[0], part.names), -len(enough[key]), key))[: part.most]
    return {
        "kind": "chart",
        "title": part.title,
        "series": [_series(key, enough[key][:_MOST_POINTS], own, sources) for key in chosen],
    }


def _rank(name: str, names: Sequence[str]) -> int:
    folded = name.casefold()
    return next((at for at, one in enumerate(names) if folded.startswith(one.casefold())), len(names))


def _series(key: tuple[str, str], points: Sequence[tuple[Passage, str]], own: OwnRecords, sources: Sources) -> JSON:
    in_order = sorted(points, key=lambda point: (str(point[0].date), point[0].id))
    shown = own.shown([passage for passage, _ in in_order])
    return {
        "name": own.texts([key[0]])[0],
        "unit": key[1],
        "points": [
            {
                "date": str(passage.date),
                "value": value,
                "quote": sources.quote(hit, hit["text"], *_whole(passage, hit)),
            }
            for (passage, value), hit in zip(in_order, shown, strict=True)
            if value in hit["text"]
        ],
    }


def _whole(passage: Passage, hit: Mapping[str, Any]) -> tuple[int | None, int | None]:
    return (passage.start, passage.end) if hit["text"] == passage.text else (None, None)
