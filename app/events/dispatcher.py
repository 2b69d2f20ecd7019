"""Delivers what is owed, again and again until it arrives."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from app.events.announcing import TrailFollower
from app.events.sending import Sender
from domain.errors import ConsiliumError
from domain.ports.clock import Clock
from domain.ports.outbox import Outbox
from domain.webhooks import Delivery

_LOG = logging.getLogger("consilium.events")
# Seconds until the next try, as Standard Webhooks suggests; three days in all.
PAUSES: Final = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
_AT_ONCE: Final = 20
_LEASE: Final = 60.0
_IDLE: Final = 1.0
_OK: Final = range(200, 300)
_GONE: Final = 410


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatcher:
    """Follows the audit trail and delivers. ``spread`` (0..1) keeps tries of many deliveries apart."""

    follower: TrailFollower | None
    outbox: Outbox
    sender: Sender
    clock: Clock
    spread: Callable[[], float]

    def run_once(self) -> int:
        """Deliver what is due; return how many were tried. Raises ServiceError when the store is away."""
        if self.follower:
            self.follower.follow()
        now = self.clock.now().timestamp()
        # One is claimed for as long as trying all of them may take; after a kill -9 somebody else tries it again.
        found = self.outbox.claim(now, now + _LEASE * _AT_ONCE, _AT_ONCE)
        for delivery in found:
            self._deliver(delivery)
        return len(found)

    def run(self, stopped: threading.Event) -> None:
        """Deliver until stopped."""
        while not stopped.is_set():
            tried = 0
            try:
                tried = self.run_once()
            except ConsiliumError as error:
                _LOG.warning("events wait: %s", error.code)
            if not tried:
                stopped.wait(_IDLE)

    def _deliver(self, delivery: Delivery) -> None:
        now = self.clock.now()
        status = self.sender.send(delivery, now)
        if status in _OK:
            self.outbox.delivered(delivery)
        elif status == _GONE or delivery.attempts >= len(PAUSES):
            self.outbox.again(delivery, None)
        else:
            pause = PAUSES[delivery.attempts] * (0.9 + 0.2 * self.spread())
            self.outbox.again(delivery, now.timestamp() + pause)
