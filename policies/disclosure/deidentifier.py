"""Finds personal data with Presidio and by known identities, and proves that it does."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Final

from domain.answers import Finding
from domain.errors import PolicyUnavailableError
from domain.identities import KnownIdentity
from policies.disclosure.engine import Engine
from policies.disclosure.known import NAME, find_known
from policies.disclosure.overlaps import without_overlaps
from policies.disclosure.recogniser import Recogniser
from policies.disclosure.registry import RECOGNISERS
from policies.disclosure.spellings import kind_of

_LABEL: Final = 240  # characters
_PARTING: Final = "\ue000"  # for private use: no word, no space, and no part of any identifier
_PLANTED: Final = (
    ("name", "Jo Quill Canary", "Told to CANARY, JO Q. by phone", "CANARY, JO Q"),
    ("relative", "Ada Fledgling", "his aunt, a. fledgling", "a. fledgling"),
    ("address", "7 Perch Street\nCageton", "at 7 perch st today", "7 perch st"),
    ("record_number", "CN-00417", "file CN00417", "CN00417"),
    ("national_id", "999-12-3456", "no 999 12 3456", "999 12 3456"),
    ("phone", "+1 555 010 9921", "ring 555-010-9921", "555-010-9921"),
    ("email", "jo@perch.example", "to jo%40perch.example", "jo%40perch.example"),
    ("url", "https://perch.example/jo", "PERCH.example/jo", "PERCH.example/jo"),
    ("birth_date", "1951-02-03", "hatched 3 Feb 1951", "3 Feb 1951"),
    ("other_id", "RING 88 1234", "ring881234", "ring881234"),
)


class PresidioDeidentifier:
    """Finds personal data by pattern, checksum, context and known identity; needs no model and no network.

    ``seconds`` is how long one pattern may take on one text before the check counts as failed. Names that nothing
    announces and nobody knows are not found: patterns cannot find them.
    """

    def __init__(self, recognisers: Sequence[Recogniser] = RECOGNISERS, *, seconds: float = 10.0) -> None:
        """Build the engine, which compiles every pattern."""
        self._recognisers = tuple(recognisers)
        self._engine = Engine(self._recognisers, seconds=seconds)

    def find(self, text: str, known: Sequence[KnownIdentity]) -> list[Finding]:
        """Return findings in order, none overlapping. Raises PolicyUnavailableError when any recogniser fails."""
        return without_overlaps([*self._engine.find(text), *find_known(text, known)])

    def find_each(self, texts: Sequence[str], known: Sequence[KnownIdentity]) -> list[list[Finding]]:
        """Return what is found in each text; labels (titles, headings, paths) are searched together, as one text.

        A search of a label costs as much as one of a page. The context of a finding may then stand in the label beside
        it, so that more is found than in the label alone, and never less.
        """
        labels = [text for text in texts if len(text) <= _LABEL and _PARTING not in text]
        joined = dict(zip(labels, self._in_labels(labels), strict=True))
        return [
            without_overlaps([*(joined[text] if text in joined else self._engine.find(text)), *find_known(text, known)])
            for text in texts
        ]

    def _in_labels(self, labels: Sequence[str]) -> list[list[Finding]]:
        """Return the findings of each label; one that crosses a parting counts in every label that it touches."""
        between = len(f"\n{_PARTING}\n")
        starts = list(accumulate((len(label) + between for label in labels[:-1]), initial=0)) if labels else []
        found: list[list[Finding]] = [[] for _ in labels]
        for finding in self._engine.find(f"\n{_PARTING}\n".join(labels)) if labels else []:
            place = bisect_right(starts, finding.start) - 1
            while place < len(labels) and starts[place] < finding.end:
                start = max(0, finding.start - starts[place])
                end = min(len(labels[place]), finding.end - starts[place])
                if start < end:
                    found[place].append(replace(finding, start=start, end=end))
                place += 1
        return found

    def prove(self) -> None:
        """Find a planted value of every recogniser and of every kind of known identity.

        Raises PolicyUnavailableError naming the recogniser and the kind that missed its value.
        """
        for recogniser in self._recognisers:
            start = recogniser.canary.index(recogniser.planted)
            wanted = (start, start + len(recogniser.planted), recogniser.kind)
            if wanted not in {(found.start, found.end, found.kind) for found in self._engine.find(recogniser.canary)}:
                _missed(recogniser.name, recogniser.kind)
        known = [KnownIdentity(subject="canary", kind=kind, value=value) for kind, value, _, _ in _PLANTED]
        for identity, (_, _, canary, planted) in zip(known, _PLANTED, strict=True):
            kind, start = kind_of(identity), canary.index(planted)
            wanted = (start, start + len(planted), kind)
            if wanted not in {(found.start, found.end, found.kind) for found in self.find(canary, known)}:
                _missed(f"{NAME} {identity.kind}", kind)


def _missed(name: str, kind: str) -> None:
    raise PolicyUnavailableError("policy.detector_unavailable", f"{name} missed its canary of {kind}")
