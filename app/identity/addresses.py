"""Which addresses nobody between can read along."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def is_private_line(url: str) -> bool:
    """Say whether an address is https, or http on this machine, which nobody else can listen to."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if not host or parts.username is not None or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
