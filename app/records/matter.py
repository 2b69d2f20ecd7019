"""A matter: its documents, parties, days and deadlines, and clauses side by side; each with its words in the source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.answering.guarded import GuardedRetriever
from app.answering.presentation import JSON, Presenter, interval_json
from app.library import Library
from app.records.clauses import Clause, Pair, clauses_of, side_by_side
from app.records.deadlines import DatedSentence, Deadline, chronology, deadlines
from app.records.parties import kind_of, parties
from app.records.seen import Seen, seen
from app.records.showing import Showing
from domain.documents import Version
from domain.errors import RequestError
from domain.ports.catalogue import Catalogue, StoredVersion
from domain.questions import Question

MOST_CHARACTERS: Final = 20_000_000  # of texts that are read for one matter


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterService:
    """Shows a matter within what the asker may see now."""

    catalogue: Catalogue
    retriever: GuardedRetriever
    presenter: Presenter
    library: Library

    def matter(self, asker: Question) -> JSON:
        """Return the matter that is the one subject of ``asker``. Raises AccessError ``access.denied``."""
        resolved = self.retriever.resolve(asker)
        showing = Showing()
        body: JSON = {
            "subject": asker.scope.subjects[0],
            "as_of": resolved.scope.as_of.isoformat(),
            "documents": [],
            "parties": [],
            "events": [],
            "deadlines": [],
            "unread": [],
        }
        left = MOST_CHARACTERS
        events: list[tuple[date, JSON]] = []
        due: list[tuple[str, JSON]] = []
        for version in seen(self.catalogue, resolved):
            left -= len(version.text)
            reader = _Reader(version, showing)
            body["documents"].append(reader.document(self._versions(version), read=left >= 0))
            if left < 0:
                body["unread"].append({**reader.ids(), "reason": "too_large"})
                continue
            body["parties"] += reader.parties()
            events += reader.events()
            due += reader.deadlines()
        body["events"] = [one for _, one in sorted(events, key=lambda pair: pair[0])]
        body["deadlines"] = [one for _, one in sorted(due, key=lambda pair: pair[0])]
        shown = showing.disclosed(body, self.presenter, resolved)
        self.retriever.ask_again(resolved)
        return shown

    def clauses(self, left_id: str, right_id: str, asker: Question) -> JSON:
        """Return the clauses of two versions about the subject side by side.

        Raises RequestError ``request.not_found`` for a version that is not about the subject or may not be seen.
        """
        resolved = self.retriever.resolve(asker)
        left, right = (self._version(one, asker, resolved) for one in (left_id, right_id))
        showing = Showing()
        pairs = side_by_side(left.text, self._clauses(left), right.text, self._clauses(right))
        body: JSON = {
            "left": _side(left, showing),
            "right": _side(right, showing),
            "clauses": [_pair(pair, left, right, showing) for pair in pairs],
        }
        shown = showing.disclosed(body, self.presenter, resolved)
        self.retriever.ask_again(resolved)
        return shown

    def _version(self, version_id: str, asker: Question, resolved: Question) -> Version:
        version = self.catalogue.version(version_id)
        document = self.catalogue.document(version.document_id) if version else None
        if (
            version is None
            or document is None
            or not set(resolved.scope.subjects).intersection(document.labels.subjects)
            or not self.library.sees([document.id], asker)
            or version_id not in {one.id for one in self.catalogue.versions(document.id) if one.visible}
        ):
            raise RequestError("request.not_found", "version")
        return version

    def _clauses(self, version: Version) -> list[Clause]:
        return clauses_of(version.text, self.catalogue.sections(version.id))

    def _versions(self, version: Seen) -> list[StoredVersion]:
        """Return all versions of a document, for who may see the whole of it; else the one that is shown."""
        whole = len(version.permitted) == len(version.passages)
        every = [one for one in self.catalogue.versions(version.document.id) if one.visible]
        return every if whole else [version.version]


class _Reader:
    """One version being read. A place is shown only where all that it touches may be seen."""

    def __init__(self, version: Seen, showing: Showing) -> None:
        self._version = version
        self._showing = showing

    def ids(self) -> JSON:
        return {"document_id": self._version.document.id, "version_id": self._version.version.id}

    def document(self, versions: list[StoredVersion], *, read: bool) -> JSON:
        version, show = self._version, self._showing
        kind = kind_of(version.text, version.version.media_type) if read else None
        stated = None
        if kind and kind.start is not None and kind.end is not None:
            stated = self._quote(kind.start, kind.end)
        return {
            **self.ids(),
            "title": show.keep(version.document.title),
            "path": show.keep(version.version.path),
            "media_type": version.version.media_type,
            "kind": kind.name if kind and (stated or kind.start is None) else "other",
            "kind_quote": stated,
            "in_force": interval_json(version.version.in_force),
            "versions": [
                {"id": one.id, "path": show.keep(one.path), "in_force": interval_json(one.in_force)} for one in versions
            ],
        }

    def parties(self) -> list[JSON]:
        found = []
        for one in parties(self._version.text, self._version.version.media_type):
            quote = self._quote(one.start, one.end)
            if quote is not None:
                around = self._text(one.start, one.end)
                show = self._showing
                found.append({"name": show.keep(one.name, around), "role": show.keep(one.role, around), "quote": quote})
        return found

    def events(self) -> Iterator[tuple[date, JSON]]:
        for one in chronology(self._version.text):
            quote = self._quote(one.start, one.end)
            if quote is not None:
                yield one.day, self._event(one, quote)

    def deadlines(self) -> Iterator[tuple[str, JSON]]:
        for one in deadlines(self._version.text):
            quote = self._quote(one.start, one.end)
            if quote is not None:
                yield one.due.isoformat() if one.due else "9999", self._deadline(one, quote)

    def _event(self, one: DatedSentence, quote: JSON) -> JSON:
        sentence, written = self._text(one.start, one.end), self._text(one.date_start, one.date_end)
        show = self._showing
        return {
            "date": show.keep(written, sentence, _constant(one.day.isoformat())),
            "written": show.keep(written, sentence),
            "quote": quote,
        }

    def _deadline(self, one: Deadline, quote: JSON) -> JSON:
        sentence, rule = self._text(one.start, one.end), self._text(one.rule_start, one.rule_end)
        show, base = self._showing, None
        if one.base_start is not None and one.base_end is not None:
            base = self._quote(one.base_start, one.base_end)
        unseen = one.base_start is not None and base is None
        due = one.due.isoformat() if one.due and not unseen else ""
        counted_from = self._text(one.base_start, one.base_end) if one.base_start and one.base_end else rule
        return {
            "due": show.keep(counted_from, rule if one.stated else "", _constant(due)) if due else None,
            "stated": one.stated,
            "rule": show.keep(rule, sentence),
            "count": one.count,
            "unit": one.unit,
            "relation": one.relation,
            "base": show.keep(one.base, sentence),
            "base_quote": base,
            "not_computed": "base_not_stated" if unseen else one.reason,
            "quote": quote,
        }

    def _text(self, start: int, end: int) -> str:
        return self._version.text[start:end]

    def _quote(self, start: int, end: int) -> JSON | None:
        passage = self._version.passage_at(start, end)
        if passage is None:
            return None
        text = self._showing.keep(self._text(start, end))
        return {"text": text, "place": self._version.place(passage, start, end)}


def _constant(value: str) -> Callable[[str], str]:
    return lambda _: value


def _side(version: Version, show: Showing) -> JSON:
    return {
        "document_id": version.document_id,
        "version_id": version.id,
        "title": show.keep(version.title),
        "path": show.keep(version.path),
        "in_force": interval_json(version.in_force),
    }


def _pair(pair: Pair, left: Version, right: Version, show: Showing) -> JSON:
    both = pair.left is not None and pair.right is not None
    state = "same" if pair.same else "changed" if both else "left" if pair.left else "right"
    return {
        "state": state,
        "left": _clause(pair.left, left, show),
        "right": _clause(pair.right, right, show),
    }


def _clause(clause: Clause | None, version: Version, show: Showing) -> dict[str, Any] | None:
    if clause is None:
        return None
    text = version.text[clause.start : clause.end]
    return {
        "heading": show.keep(clause.heading, text),
        "text": show.keep(text),
        "start": clause.start,
        "end": clause.end,
    }
