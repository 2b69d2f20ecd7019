"""Counts what passes through two ports: events of the audit trail, and verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.operating.metrics import Metrics
from domain.answers import Verdict
from domain.audit import Fact
from domain.errors import ConsiliumError
from domain.ports.audit_log import AuditLog
from domain.ports.provable import Provable
from domain.ports.verifier import Verifier


class MeteredAuditLog:
    """Implements :class:`domain.ports.audit_log.AuditLog` over another one, and counts what it records."""

    def __init__(self, audit: AuditLog, metrics: Metrics) -> None:
        self._audit = audit
        self._metrics = metrics

    def append(self, event: str, facts: Mapping[str, Fact]) -> None:
        """Write one record durably; see the port."""
        try:
            self._audit.append(event, facts)
        except ConsiliumError:
            self._metrics.not_recorded()
            raise
        self._metrics.recorded(event)
        if event == "answer":
            self._metrics.answered(str(facts.get("status", "")), str(facts.get("refusal", "")))

    def prove(self) -> None:
        """Return when the sink can be written; see :class:`domain.ports.provable.Provable`."""
        if isinstance(self._audit, Provable):
            self._audit.prove()


class MeteredVerifier:
    """Implements :class:`domain.ports.verifier.Verifier` over another one, and counts its verdicts."""

    def __init__(self, verifier: Verifier, metrics: Metrics) -> None:
        self._verifier = verifier
        self._metrics = metrics

    @property
    def name(self) -> str:
        """Return the name of what verifies."""
        return self._verifier.name

    def verify(self, claim: str, quotes: Sequence[str]) -> Verdict:
        """Return the verdict; see the port."""
        verdict = self._verifier.verify(claim, quotes)
        self._metrics.judged(verdict.kind)
        return verdict
