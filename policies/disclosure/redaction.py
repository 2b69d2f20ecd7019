"""Replaces findings by the name of their kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from domain.answers import Finding, Redacted
from policies.disclosure.kinds import KINDS


def redact(text: str, findings: Sequence[Finding], kinds: Collection[str]) -> Redacted:
    """Return the text with each finding of ``kinds`` replaced by ``[KIND]``; an undeclared kind is always replaced.

    Raises ValueError for findings that overlap, are out of order or leave the text: that is a mistake of the caller.
    """
    parts: list[str] = []
    counts: Counter[str] = Counter()
    hidden: list[tuple[int, int, int]] = []
    done = end = 0
    for finding in findings:
        if not end <= finding.start < finding.end <= len(text):
            message = f"findings overlap or leave the text at {finding.start}..{finding.end}"
            raise ValueError(message)
        end = finding.end
        if finding.kind in kinds or finding.kind not in KINDS:
            parts += text[done : finding.start], f"[{finding.kind}]"
            counts[finding.kind] += 1
            hidden.append((finding.start, finding.end, len(finding.kind) + 2))
            done = finding.end
    return Redacted(text="".join([*parts, text[done:]]), counts=dict(counts), hidden=tuple(hidden))
