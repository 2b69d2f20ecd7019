"""The suites: add one by writing its module and listing it here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from domain.ports.drafter import Drafter
from evaluation.suite import Suite
from evaluation.suites import abstention, answers, retrieval

SUITES: Final[dict[str, Suite]] = {suite.name: suite for suite in (retrieval.SUITE, answers.SUITE, abstention.SUITE)}

# the small dataset that is shipped for each suite, below app/samples/evaluation
SAMPLES: Final[dict[str, str]] = {
    "retrieval": "questions",
    "answers": "questions",
    "abstention": "questions",
    "grounding": "claims.jsonl",
    "privacy": "pii.jsonl",
    "injection": "injection.jsonl",
    "in-force": "in-force",
    "walls": "walls.json",
}

# suites that put a drafter of their own in the product's place
DRAFTERS: Final[dict[str, Callable[[], Drafter]]] = {}
