"""Keeps replies to requests that carry an idempotency key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestKey:
    """Whose key it is."""

    tenant: str
    caller: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptReply:
    """What is known of a request: the digest of it, and its reply once there is one (``status`` 0 until then).

    ``body`` is ``None`` when the reply was erased.
    """

    digest: str
    begun: float
    status: int = 0
    media_type: str = ""
    body: bytes | None = None


class KeptReplies(Protocol):
    """Replies by key. Every method raises ServiceError when the store is unavailable. Times are seconds since 1970."""

    def begin(self, key: RequestKey, digest: str, now: float, *, stale: float, expired: float) -> KeptReply | None:
        """Take a key and return ``None``, or return what is known of the request that has it.

        A key that was taken before ``stale`` and got no reply, or before ``expired`` at all, is free again.
        """

    def end(self, key: RequestKey, reply: KeptReply) -> None:
        """Keep the reply to the request that took a key."""

    def release(self, key: RequestKey) -> None:
        """Give a key back, as the request had no effect."""

    def forget(self, tenant: str, subjects: Sequence[str], document_ids: Sequence[str]) -> int:
        """Forget the bodies of all replies of a tenant; the keys stay taken. Return how many there were."""
