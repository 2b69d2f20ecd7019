"""Where events go: added, listed and removed by administrators."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from app.answering.presentation import JSON
from app.events.announcing import TrailFollower
from app.events.sending import checked
from domain.errors import RequestError
from domain.ports.audit_log import AuditLog
from domain.ports.clock import Clock
from domain.ports.ids import Ids
from domain.ports.outbox import Outbox
from domain.webhooks import Endpoint

_PREFIX: Final = "whsec_"
_MOST: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointService:
    """Keeps endpoints. ``random`` makes so many secret bytes."""

    outbox: Outbox
    follower: TrailFollower | None
    audit: AuditLog
    clock: Clock
    ids: Ids
    random: Callable[[int], bytes]
    anywhere: bool

    def add(self, tenant: str, url: str, kinds: Sequence[str], actor: str) -> Endpoint:
        """Add an endpoint; its secret is shown this once. Raises RequestError for an address that is not allowed."""
        checked(url, anywhere=self.anywhere)
        if len(self.outbox.endpoints(tenant)) >= _MOST:
            raise RequestError("request.invalid", f"a tenant has at most {_MOST} endpoints")
        secret = _PREFIX + base64.b64encode(self.random(32)).decode("ascii")
        endpoint = Endpoint(
            id=self.ids.new("w"),
            tenant=tenant,
            url=url,
            kinds=tuple(sorted(set(kinds))),
            secret=secret,
            created_at=self.clock.now().isoformat(),
        )
        self.audit.append("webhook_added", {"webhook_id": endpoint.id, "tenant": tenant, "actor": actor})
        self.outbox.add_endpoint(endpoint, self.follower.last() if self.follower else 0)
        return endpoint

    def all(self, tenant: str) -> list[JSON]:
        """Return the endpoints of a tenant without their secrets."""
        return [
            endpoint_json(one) | {"waiting": waiting, "given_up": given_up}
            for one, waiting, given_up in self.outbox.endpoints(tenant)
        ]

    def remove(self, tenant: str, endpoint_id: str, actor: str) -> None:
        """Remove an endpoint and what it is owed. Raises RequestError ``request.not_found``."""
        if all(one.id != endpoint_id for one, _, _ in self.outbox.endpoints(tenant)):
            raise RequestError("request.not_found", "webhook")
        self.audit.append("webhook_removed", {"webhook_id": endpoint_id, "tenant": tenant, "actor": actor})
        self.outbox.remove_endpoint(tenant, endpoint_id)


def endpoint_json(endpoint: Endpoint) -> JSON:
    """Return the JSON of an endpoint without its secret."""
    return {
        "id": endpoint.id,
        "tenant": endpoint.tenant,
        "url": endpoint.url,
        "events": list(endpoint.kinds),
        "created_at": endpoint.created_at,
    }
