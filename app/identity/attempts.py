"""Counts failed attempts by address."""

from __future__ import annotations

import ipaddress
import threading
from collections import OrderedDict
from typing import Final

from domain.ports.clock import Clock

SECONDS: Final = 60
MOST_FAILURES: Final = 20
_MOST_ADDRESSES: Final = 10_000


class Attempts:
    """Says when an address has failed too often within a minute.

    Secrets here have 256 bits and cannot be tried out; what this hinders is noise. So it never keeps anybody out who
    has a good token or key, also not one who shares the address with an attacker, as behind a proxy.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def failed(self, address: str) -> bool:
        """Count a failure and say whether there were too many within the minute that the first began."""
        where, now = _network(address), self._clock.monotonic()
        with self._lock:
            began, count = self._failures.pop(where, (now, 0))
            if now - began >= SECONDS:
                began, count = now, 0
            self._failures[where] = began, count + 1
            if len(self._failures) > _MOST_ADDRESSES:
                self._failures.popitem(last=False)
        return count >= MOST_FAILURES


def _network(address: str) -> str:
    """Return what one client has: an IPv4 address, or the first half of an IPv6 address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(found if found.version == 4 else ipaddress.ip_network((int(found), 64), strict=False))  # noqa: PLR2004 - IPv4
