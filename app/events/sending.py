"""Sends one event to one endpoint, and nowhere that an outsider could have it pointed to."""

from __future__ import annotations

import ipaddress
import json
import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import httpx
from standardwebhooks import Webhook

from domain.errors import RequestError
from domain.webhooks import Delivery

_SECONDS: Final = 10.0
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_6TO4: Final = ipaddress.ip_network("2002::/16")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]


def resolve(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a host. Raises OSError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def public(address: str) -> bool:
    """Say whether an address is one of the public Internet, also where another one is written inside of it."""
    one: Address = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    if isinstance(one, ipaddress.IPv6Address):
        inner = one.ipv4_mapped
        if one in _NAT64:
            inner = ipaddress.IPv4Address(int(one) & 0xFFFFFFFF)
        elif one in _6TO4:
            inner = one.sixtofour
        one = inner or one
    return one.is_global and not one.is_multicast


def checked(url: str, *, anywhere: bool) -> httpx.URL:
    """Return an address that events may be sent to. Raises RequestError ``request.invalid`` without repeating it."""
    try:
        found = httpx.URL(url)
        host = found.host
    except (httpx.InvalidURL, ValueError, TypeError):
        raise RequestError("request.invalid", "url: not an address") from None
    if found.scheme not in ({"https", "http"} if anywhere else {"https"}) or not host:
        raise RequestError("request.invalid", "url: an address starts with https://")
    if found.userinfo or found.fragment:
        raise RequestError("request.invalid", "url: without a user and a fragment")
    if not anywhere:
        try:
            private = not public(host.strip("[]"))
        except ValueError:
            private = host.rstrip(".").casefold() == "localhost"
        if private:
            raise RequestError("request.invalid", "url: not a public address")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Sends events, signed as Standard Webhooks says (standardwebhooks.com).

    The name of a host is looked up once, every address of it is checked, and the connection goes to the one that was
    checked. Redirects and proxies are not followed.
    """

    anywhere: bool = False
    resolve: Resolve = resolve
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def send(self, delivery: Delivery, now: datetime) -> int:
        """Return the status of the endpoint's reply; 0 when it could not be reached or may not be."""
        event, endpoint = delivery.event, delivery.endpoint
        body = json.dumps({"type": event.kind, "timestamp": event.at, "data": dict(event.data)}, separators=(",", ":"))
        headers = {
            "content-type": "application/json",
            "webhook-id": event.id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(endpoint.secret).sign(event.id, now, body),
        }
        try:
            url = checked(endpoint.url, anywhere=self.anywhere)
            port = url.port or {"https": 443, "http": 80}[url.scheme]
            found = list(self.resolve(url.host.strip("[]"), port))
            if not found or not (self.anywhere or all(map(public, found))):
                return 0
            there = url.copy_with(host=found[0])
            headers["host"] = url.netloc.decode("ascii")
            options = {"sni_hostname": url.host}
            with (
                httpx.Client(verify=self.tls, trust_env=False, follow_redirects=False, timeout=_SECONDS) as client,
                client.stream("POST", there, content=body, headers=headers, extensions=options) as reply,
            ):
                # What it says is not read: it could be anything, and of any length.
                return reply.status_code
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError, ValueError, RequestError):
            return 0
