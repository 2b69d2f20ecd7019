"""A question that follows up on another ("and in adults?") takes over its terms; no language model is asked."""

from __future__ import annotations

import re
from typing import Final

from app.answering.vocabulary import Vocabulary, words
from domain.answers import Decision

POLICY: Final = "follow-up"
_FEW: Final = 2
_LONGEST: Final = 4_000
# These point back at what was said before.
_POINTING: Final = re.compile(
    r"^\W*(?:and|or|but|then|so|also|what about|how about)\b"
    r"|\b(?:it|its|they|them|their|he|him|his|she|her|this|that|these|those|the same|there)\b",
    re.IGNORECASE,
)


def follow_up(question: str, previous: str, vocabulary: Vocabulary) -> tuple[str, Decision | None]:
    """Return the question to ask, and what was done to it, if anything.

    A question with fewer than two terms of its own, or one that points back and has fewer than four, takes over the
    words of the previous one that carry its terms, as they stand there and in their order.
    """
    own = vocabulary.weigh(question)
    strong = sum(weight >= 1 for weight in own.values())
    few = 2 * _FEW if _POINTING.search(question) else _FEW
    if not previous.strip() or strong >= few:
        return question, None
    raw = words(previous)
    added, taken = [], set(own)
    for term, start, end in vocabulary.located(raw):
        if term not in taken:
            taken.add(term)
            added.append(" ".join(raw[start:end]))
    asked = f"{question.rstrip()} {' '.join(added)}"
    if not added or len(asked) > _LONGEST:
        return question, None
    reason = f"{len(added)} terms of the previous question were added, as this one has {strong} of its own"
    return asked, Decision(policy=POLICY, decision="widen", reason=reason)
