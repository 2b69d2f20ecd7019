"""Keys of systems: made once, shown once, kept only as digests, recognised until they expire or are revoked."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from app.identity.tokens import KEY_PREFIX
from domain.callers import Caller, Role
from domain.errors import AccessError, RequestError, ServiceError
from domain.keys import ApiKey, KeyState
from domain.ports.audit_log import AuditLog
from domain.ports.clock import Clock
from domain.ports.ids import Ids
from domain.ports.keys import Keys
from domain.ports.secret_source import SecretSource

PREFIX: Final = "csk_"
MOST_DAYS: Final = 366
DEFAULT_DAYS: Final = 90
_FORM: Final = re.compile(PREFIX + r"([0-9a-f]{32})_([A-Za-z0-9_-]{43})")
_REFUSED: Final = {KeyState.EXPIRED: "the key has expired", KeyState.REVOKED: "the key was revoked"}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyService:
    """Makes, lists, revokes and recognises keys. Whether somebody may is decided by the access rules before.

    A key is ``csk_ID_SECRET``. Of the secret only the SHA-256 is kept: it has 256 random bits, so that nobody can try
    candidates, which is all that a slow hash with salt would hinder; and a fast one can be asked at each request.
    """

    keys: Keys
    audit: AuditLog
    clock: Clock
    ids: Ids
    secrets: SecretSource

    def create(
        self, caller: Caller, *, name: str, tenant: str, roles: Iterable[Role], days: int = DEFAULT_DAYS
    ) -> tuple[ApiKey, str]:
        """Make a key and return it with its text, which is never shown again.

        Nobody gives what they do not have: a key has roles and tenant of its maker. The owner of the machine
        may give every role but their own. A key makes no keys, so that one that leaked is gone once it is revoked.
        Raises AccessError ``access.denied`` and RequestError ``request.invalid``.
        """
        wanted = frozenset(roles)
        if not name.strip() or not wanted or not 1 <= days <= MOST_DAYS:
            raise RequestError("request.invalid", f"a key has a name, a role, and 1 to {MOST_DAYS} days")
        _may_give(caller, tenant, wanted)
        key_id, secret, now = self.ids.new(KEY_PREFIX.rstrip("_")), self.secrets.new(), self.clock.now()
        key = ApiKey(
            id=key_id,
            name=name.strip(),
            tenant=tenant,
            roles=wanted,
            digest=_digest(secret),
            created_at=now,
            created_by=caller.id,
            expires_at=now + timedelta(days=days),
        )
        self.audit.append(
            "key_created",
            {
                "actor": caller.id,
                "key": key_id,
                "tenant": tenant,
                "roles": sorted(wanted),
                "expires_at": key.expires_at.isoformat(),
            },
        )
        self.keys.add(key)
        return key, f"{PREFIX}{key_id.removeprefix(KEY_PREFIX)}_{secret}"

    def revoke(self, caller: Caller, tenant: str, key_id: str) -> None:
        """Refuse a key from now on, by all processes. Raises RequestError ``request.not_found``.

        It is refused before that is recorded, so that no broken audit log keeps a stolen key alive.
        """
        if not self.keys.revoke(tenant, key_id, self.clock.now()):
            raise RequestError("request.not_found", "key")
        self.audit.append("key_revoked", {"actor": caller.id, "key": key_id, "tenant": tenant})

    def caller_of(self, text: str) -> Caller:
        """Return for whom a key stands. Raises AccessError ``access.identity_required``."""
        form = _FORM.fullmatch(text)
        key = self.keys.by_id(KEY_PREFIX + form[1]) if form else None
        if form is None or key is None or not hmac.compare_digest(key.digest, _digest(form[2])):
            raise AccessError("access.identity_required", "the key is not known")
        now = self.clock.now()
        if (state := key.state(now)) is not KeyState.ACTIVE:
            raise AccessError("access.identity_required", _REFUSED[state])
        if key.last_used != now.date():
            # When it was used last is good to know, and no reason to turn anybody away.
            with suppress(ServiceError):
                self.keys.used(key.id, now.date())
        return Caller(id=key.id, tenant=key.tenant, roles=key.roles)


def _may_give(caller: Caller, tenant: str, roles: frozenset[Role]) -> None:
    if Role.OWNER in roles:
        raise AccessError("access.denied", "no key stands for the owner of the machine")
    if Role.OWNER in caller.roles:
        return
    if caller.id.startswith(KEY_PREFIX):
        raise AccessError("access.denied", "a key makes no keys")
    if tenant != caller.tenant:
        raise AccessError("access.denied", "a key is of its maker's tenant")
    if missing := roles - caller.roles:
        raise AccessError("access.denied", f"you do not have these roles: {', '.join(sorted(missing))}")


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
