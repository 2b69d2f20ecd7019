"""What is said and why: evidence, quotes, claims, verdicts, decisions, answers and refusals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.documents import Passage


class VerdictKind(StrEnum):
    """What a check of a claim against its quotes can find."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A passage that retrieval returned, with its fused score; ``context`` is its parent section, for reading."""

    passage: Passage
    score: float
    context: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Verbatim words of a passage. ``start..end`` count characters of the version's canonical text."""

    passage: Passage
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a checker found, with its reason in plain words, a score in 0..1 and the checker's name and version."""

    kind: VerdictKind
    reason: str
    score: float
    checker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftedQuote:
    """A quote as a drafter states it, still unchecked: a passage id and the words said to stand there."""

    passage_id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftedClaim:
    """A claim as a drafter states it, still unchecked: quotes first, then the sentence that rests on them."""

    quotes: tuple[DraftedQuote, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One checkable statement of an answer with its checked quotes."""

    text: str
    verdict: Verdict
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a policy said: ``decision`` is "allow", "deny", "redact", "drop" or "flag"; always with a reason."""

    policy: str
    decision: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why there is no answer, and what would help. ``code`` is stable ("refusal.no_evidence", ...)."""

    code: str
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The claims that stood, or a refusal; never both."""

    id: str
    as_of: date
    claims: tuple[Claim, ...]
    refusal: Refusal | None
    evidence: tuple[Evidence, ...]
    policies: tuple[Decision, ...]
    redactions: Mapping[str, int]
    model: str
    timings_ms: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse an answer that both says something and refuses, or does neither."""
        if bool(self.claims) == (self.refusal is not None):
            message = "an answer has claims or a refusal"
            raise ValueError(message)

    @property
    def status(self) -> str:
        """Return "answered" or "refused"."""
        return "refused" if self.refusal else "answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A span of personal data found in a text; ``kind`` is an entity type such as "US_SSN" or "PERSON"."""

    start: int
    end: int
    kind: str
    score: float
    recogniser: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """A text with personal data replaced by ``[KIND]``, and how many of each kind were replaced.

    ``hidden`` says where: start and end of what was replaced, in the text as it was, and how long its replacement is.
    """

    text: str
    counts: Mapping[str, int]
    hidden: tuple[tuple[int, int, int], ...] = ()

    def place(self, position: int, *, after: bool = False) -> int:
        """Return where a position of the text as it was stands in this one: before or after what is hidden there."""
        shift = 0
        for start, end, length in self.hidden:
            if position <= start:
                break
            if position < end:
                return start + shift + (length if after else 0)
            shift += length - (end - start)
        return position + shift
