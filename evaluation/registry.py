"""The suites: add one by writing its module and listing it here."""

from __future__ import annotations

from typing import Final

from evaluation.suite import Suite
from evaluation.suites import abstention, answers, grounding, in_force, injection, privacy, retrieval, walls

SUITES: Final[dict[str, Suite]] = {
    suite.name: suite
    for suite in (
        retrieval.SUITE,
        answers.SUITE,
        abstention.SUITE,
        grounding.SUITE,
        in_force.SUITE,
        injection.SUITE,
        privacy.SUITE,
        walls.SUITE,
    )
}

# the small dataset that is shipped for each suite, below app/samples/evaluation
SAMPLES: Final[dict[str, str]] = {
    "retrieval": "questions",
    "answers": "questions",
    "abstention": "questions",
    "grounding": "claims.jsonl",
    "in-force": "in-force",
    "injection": "injection",
    "privacy": "pii.jsonl",
    "walls": "walls.toml",
}
