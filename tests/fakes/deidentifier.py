"""A detector that compares strings and knows two patterns; or one that is broken."""

from __future__ import annotations

import re
from collections.abc import Sequence

from domain.answers import Finding
from domain.errors import PolicyUnavailableError
from domain.identities import KnownIdentity

_PATTERNS = {"US_SSN": r"\b\d{3}-\d{2}-\d{4}\b", "EMAIL_ADDRESS": r"[\w.]+@[\w.]+\w"}


class ExactDeidentifier:
    """Finds known values as they are written, whatever their case, SSNs with hyphens and e-mail addresses."""

    def __init__(self, *, broken: bool = False) -> None:
        self.broken = broken

    def find(self, text: str, known: Sequence[KnownIdentity]) -> list[Finding]:
        """Return findings in order. Raises PolicyUnavailableError when it is a broken one."""
        if self.broken:
            raise PolicyUnavailableError("policy.detector_unavailable", "exact: broken")
        patterns = list(_PATTERNS.items())
        patterns += [("PERSON", rf"\b{re.escape(identity.value)}\b") for identity in known if identity.kind == "name"]
        found = sorted(
            (match.start(), -match.end(), kind)
            for kind, pattern in patterns
            for match in re.finditer(pattern, text, re.IGNORECASE)
        )
        findings: list[Finding] = []
        for start, end, kind in found:
            if not findings or start >= findings[-1].end:
                findings.append(Finding(start=start, end=-end, kind=kind, score=1.0, recogniser="exact"))
        return findings

    def find_each(self, texts: Sequence[str], known: Sequence[KnownIdentity]) -> list[list[Finding]]:
        """Return the findings of each text."""
        return [self.find(text, known) for text in texts]

    def prove(self) -> None:
        """Raise PolicyUnavailableError when it is a broken one."""
        self.find("", ())
