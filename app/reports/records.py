"""The records and sentences of one's own documents, for tables, charts and chronologies: looked at one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import regex

from app.answering.dates import dates_in
from app.answering.guarded import GuardedRetriever
from app.answering.presentation import JSON, Presenter
from domain.answers import Evidence
from domain.documents import Passage
from domain.ports.catalogue import Catalogue
from domain.questions import Question
from policies.access import passages as access
from policies.sentences import split

_END: Final = 2**31 - 1
_PATIENCE: Final = 2.0  # seconds that one pattern of a template may take on one record
_MONTH: Final = 7  # characters of "2026-05"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A sentence with the first date that it states, as an ISO 8601 prefix; ``start..end`` as in a quote."""

    day: str
    passage: Passage
    start: int
    end: int

    @property
    def text(self) -> str:
        """Return its words."""
        return self.passage.text[self.start - self.passage.start : self.end - self.passage.start]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRecords:
    """The passages that an asker may see of some documents, in the order of the documents and of the text."""

    presenter: Presenter
    asker: Question
    passages: tuple[Passage, ...]

    def of(self, kinds: Sequence[str], group: str | None) -> list[Passage]:
        """Return the records of some FHIR types, below a heading where one is named, the newest first.

        A record that fills several passages is its first one.
        """
        seen: set[tuple[str, str]] = set()
        found = []
        for passage in self.passages:
            resource = passage.locator.resource or ""
            key = (passage.version_id, resource)
            if resource.partition("/")[0] not in kinds or key in seen or (group and group not in passage.section):
                continue
            seen.add(key)
            found.append(passage)
        return sorted(found, key=lambda passage: passage.date.isoformat() if passage.date else "", reverse=True)

    def dated(self) -> list[Dated]:
        """Return every sentence that states a date with its month, in the order of time."""
        found = {}
        for passage in self.passages:
            for start, end in split(passage.text):
                days = [day for day in dates_in(passage.text[start:end]) if len(day) >= _MONTH]
                if days:
                    at = (passage.version_id, passage.start + start)
                    found[at] = Dated(
                        day=min(days), passage=passage, start=passage.start + start, end=passage.start + end
                    )
        return sorted(found.values(), key=lambda one: (one.day, one.passage.document_id, one.start))

    def shown(self, passages: Iterable[Passage]) -> list[JSON]:
        """Return passages as they may be shown, in the same order."""
        evidence = [Evidence(passage=passage, score=1.0) for passage in passages]
        return self.presenter.hits(evidence, self.asker)[0] if evidence else []

    def texts(self, texts: Sequence[str]) -> list[str]:
        """Return texts as they may be shown."""
        return self.presenter.texts(texts, self.asker) if texts else []


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReader:
    """Reads the passages of documents for somebody: their access is decided at the same point as a question's."""

    retriever: GuardedRetriever
    catalogue: Catalogue
    presenter: Presenter

    def read(self, document_ids: Sequence[str], asker: Question) -> OwnRecords:
        """Return what the asker may see. Raises AccessError ``access.denied``."""
        resolved = self.retriever.resolve(asker)
        found = []
        for document_id in document_ids:
            for version in self.catalogue.versions(document_id):
                if version.visible and version.in_force.covers(resolved.scope.as_of):
                    found += self.catalogue.neighbours(version.id, 0, _END)
        allowed = [one for one in found if access.decide(one, resolved.scope, resolved.actor).decision == "allow"]
        self.retriever.ask_again(resolved)
        return OwnRecords(presenter=self.presenter, asker=resolved, passages=tuple(allowed))


def cell(pattern: str, text: str) -> tuple[int, int] | None:
    """Return the span of the group ``cell`` in a text; ``None`` where the pattern finds nothing, or takes too long."""
    try:
        match = regex.search(pattern, text, timeout=_PATIENCE)
    except TimeoutError:
        return None
    return match.span("cell") if match and match.group("cell") else None


def matches(pattern: str | None, text: str) -> bool:
    """Say whether a text has what a pattern asks for."""
    try:
        return pattern is None or regex.search(pattern, text, timeout=_PATIENCE) is not None
    except TimeoutError:
        return False
