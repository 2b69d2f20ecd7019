"""The audit log as lines of JSON in one append-only file."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path

from domain.errors import PolicyUnavailableError
from domain.ports.clock import Clock


class FileAuditLog:
    """Implements :class:`domain.ports.audit_log.AuditLog`; each record is on disk when ``append`` returns."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._lock = threading.Lock()

    def append(self, event: str, facts: Mapping[str, str | int | list[str]]) -> None:
        """Write one record durably."""
        line = json.dumps({"at": self._clock.now().isoformat(), "event": event, **facts}, ensure_ascii=False) + "\n"
        try:
            with self._lock:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
                try:
                    os.write(descriptor, line.encode())
                    os.fsync(descriptor)
                finally:
                    os.close(descriptor)
        except OSError as error:
            raise PolicyUnavailableError("policy.audit_unavailable", type(error).__name__) from error
