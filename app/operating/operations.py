"""What the server is operated by: its metrics, its readiness, and whether it is about to stop."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from app.operating.metrics import Metrics
from app.operating.readiness import Readiness


@dataclass(frozen=True, slots=True, kw_only=True)
class Operations:
    """One process's. ``draining`` is set when it has been told to stop: it is then no longer ready."""

    metrics: Metrics
    readiness: Readiness
    draining: threading.Event = field(default_factory=threading.Event)
