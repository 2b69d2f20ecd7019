"""Keys in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from domain.keys import ApiKey, KeyState


class MemoryKeys:
    """Keeps what the SQL adapter keeps."""

    def __init__(self) -> None:
        self._keys: dict[str, ApiKey] = {}

    def add(self, key: ApiKey) -> None:
        self._keys[key.id] = key

    def by_id(self, key_id: str) -> ApiKey | None:
        return self._keys.get(key_id)

    def all(self, tenant: str) -> list[ApiKey]:
        ours = [key for key in self._keys.values() if key.tenant == tenant]
        return sorted(ours, key=lambda key: (key.created_at, key.id))

    def revoke(self, tenant: str, key_id: str, at: datetime) -> bool:
        key = self._keys.get(key_id)
        if key is None or key.tenant != tenant:
            return False
        self._keys[key_id] = replace(key, revoked_at=key.revoked_at or at)
        return True

    def used(self, key_id: str, day: date) -> None:
        self._keys[key_id] = replace(self._keys[key_id], last_used=day)

    def any_active(self, now: datetime) -> bool:
        return any(key.state(now) is KeyState.ACTIVE for key in self._keys.values())
