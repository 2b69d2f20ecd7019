"""Makes findings that overlap into one, so that redacting it hides all that any of them found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from domain.answers import Finding
from policies.disclosure.kinds import level_of


def without_overlaps(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings in order, none overlapping.

    Findings that overlap become one that covers them all. Its kind, score and recogniser are those of the most
    telling: by level, then length, then score. Had the longest won instead, a card number inside a URL would stay
    readable wherever URLs may stay.
    """
    merged: list[tuple[Finding, int, int]] = []
    for finding in sorted(findings, key=lambda found: (found.start, -found.end, found.kind, found.recogniser)):
        if merged and finding.start < merged[-1][2]:
            best, start, end = merged[-1]
            merged[-1] = (max(best, finding, key=_weight), start, max(end, finding.end))
        else:
            merged.append((finding, finding.start, finding.end))
    return [replace(best, start=start, end=end) for best, start, end in merged]


def _weight(finding: Finding) -> tuple[int, int, float]:
    return level_of(finding.kind), finding.end - finding.start, finding.score
