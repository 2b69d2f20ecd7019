"""Conversations, and what people say of answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

RIGHT: Final = "right"
WRONG: Final = "wrong"
BETTER_QUOTE: Final = "better_quote"
VERDICTS: Final = (RIGHT, WRONG, BETTER_QUOTE)
ACCEPTED: Final = "accepted"
REJECTED: Final = "rejected"
DECISIONS: Final = (ACCEPTED, REJECTED)
SUPPORTED: Final = "supported"
BESIDE: Final = "beside"
FINDINGS: Final = ("", SUPPORTED, "contradicted", "unsupported", BESIDE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Questions of one caller within one scope; a question may follow up on the one before it.

    ``as_of`` is the date in force that is asked about, ``None`` for the day of each question. ``created_at`` is ISO
    8601 in UTC.
    """

    id: str
    tenant: str
    owner: str
    subjects: tuple[str, ...]
    collections: tuple[str, ...]
    as_of: date | None
    purpose: str
    created_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A question and its answer, as it was shown.

    ``number`` counts from 1 (0 until it is kept). ``asked_as`` is the question with the words that it took over from
    the one before it. ``subjects`` and ``documents`` are what the answer is about and rests on, by id: it goes with
    each of them.
    """

    conversation_id: str
    number: int
    question: str
    asked_as: str
    answer_id: str
    answer: Mapping[str, Any]
    at: str
    subjects: tuple[str, ...]
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAnswer:
    """What is known of an answer once it was given: whose it is, how many claims it has, and what it rests on."""

    id: str
    tenant: str
    owner: str
    claims: int
    subjects: tuple[str, ...]
    collections: tuple[str, ...]
    documents: tuple[str, ...]
    purpose: str
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What somebody says of a claim (``claim`` counts from 0) or of a whole answer (``None``).

    A better quote is ``start..end`` of the canonical text of the version that ``passage_id`` is of.
    """

    id: str
    tenant: str
    owner: str
    answer_id: str
    claim: int | None
    verdict: str
    passage_id: str
    start: int
    end: int
    comment: str
    at: str
    subjects: tuple[str, ...]
    documents: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse an unknown verdict, and a better quote of nothing."""
        if self.verdict not in VERDICTS:
            message = f"unknown verdict: {self.verdict!r}"
            raise ValueError(message)
        if (self.verdict == BETTER_QUOTE) != (bool(self.passage_id) and 0 <= self.start < self.end):
            message = "a better quote, and nothing else, names a passage and a span"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What a reviewer decided of feedback, once.

    ``decision`` is "accepted" or "rejected". ``finding`` is what the claim is to its quotes ("supported",
    "contradicted", "unsupported"), or "beside" for one that is right and no answer to the question; empty where it is
    of no claim or nothing was accepted. ``at`` is ISO 8601 in UTC.
    """

    feedback_id: str
    decision: str
    finding: str
    reason: str
    reviewer: str
    at: str

    def __post_init__(self) -> None:
        """Refuse a decision or a finding that there is not."""
        if self.decision not in DECISIONS or self.finding not in FINDINGS:
            message = "unknown decision or finding"
            raise ValueError(message)
