"""What an answer rested on, kept so that it can be run again: ids, spans and digests; no text but the question."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from domain.answers import Claim, Evidence
from domain.questions import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedPassage:
    """A passage that an answer was drafted from, with the version and document that it stands in."""

    passage_id: str
    version_id: str
    document_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedClaim:
    """A claim that stood: the SHA-256 of its text, its verdict, and its quotes as (passage id, start, end)."""

    digest: str
    verdict: str
    quotes: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRecord:
    """One answer or refusal. ``question`` is as it was asked, ``names`` every name of its subjects at that time.

    ``asked_at`` is ISO 8601 in UTC; ``refusal`` is the code of a refusal or empty; ``configuration`` and ``models``
    are what :func:`app.about.about` says of them.
    """

    id: str
    asked_at: str
    question: Question
    names: tuple[str, ...]
    evidence: tuple[PinnedPassage, ...]
    claims: tuple[PinnedClaim, ...]
    refusal: str
    configuration: Mapping[str, str]
    models: Mapping[str, str]

    @property
    def documents(self) -> tuple[str, ...]:
        """Return the documents that were read for it."""
        return tuple(sorted({pinned.document_id for pinned in self.evidence}))


def pin_passage(item: Evidence) -> PinnedPassage:
    """Return what is kept of a passage."""
    passage = item.passage
    return PinnedPassage(
        passage_id=passage.id,
        version_id=passage.version_id,
        document_id=passage.document_id,
        start=passage.start,
        end=passage.end,
    )


def pin_claim(claim: Claim) -> PinnedClaim:
    """Return what is kept of a claim."""
    return PinnedClaim(
        digest=hashlib.sha256(claim.text.encode("utf-8", "surrogatepass")).hexdigest(),
        verdict=claim.verdict.kind.value,
        quotes=tuple((quote.passage.id, quote.start, quote.end) for quote in claim.quotes),
    )
