"""Replies under idempotency keys, in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, insert, or_, select, update

from app.store.database import Database
from app.store.tables import kept_replies
from domain.ports.kept_replies import KeptReply, RequestKey

_LOCK: Final = 0x4B657973  # "Keys": which of PostgreSQL's advisory locks hands out keys
_ERASED: Final = "erased"


class SqlKeptReplies:
    """Implements :class:`domain.ports.kept_replies.KeptReplies`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, key: RequestKey, digest: str, now: float, *, stale: float, expired: float) -> KeptReply | None:
        """Take a key and return ``None``, or return what is known of the request that has it."""
        table = kept_replies.c
        free = or_(table.begun < expired, (table.status == 0) & (table.begun < stale))
        with self._database.write() as connection:
            self._database.lock(connection, _LOCK)
            connection.execute(delete(kept_replies).where(free))
            found = connection.execute(select(kept_replies).where(*_is(key))).mappings().first()
            if found:
                return KeptReply(
                    digest=found["digest"],
                    begun=found["begun"],
                    status=found["status"],
                    media_type=found["media_type"],
                    body=found["body"],
                )
            new: dict[str, Any] = {"tenant": key.tenant, "caller": key.caller, "key": key.key}
            connection.execute(
                insert(kept_replies).values(**new, digest=digest, begun=now, status=0, media_type="", body=None)
            )
        return None

    def end(self, key: RequestKey, reply: KeptReply) -> None:
        """Keep the reply to the request that took a key."""
        mine = update(kept_replies).where(*_is(key))
        whole = {"status": reply.status, "media_type": reply.media_type, "body": reply.body}
        with self._database.write() as connection:
            if not connection.execute(mine.where(kept_replies.c.media_type != _ERASED).values(**whole)).rowcount:
                connection.execute(mine.values(status=reply.status, media_type=""))

    def release(self, key: RequestKey) -> None:
        """Give a key back, as the request had no effect."""
        with self._database.write() as connection:
            connection.execute(delete(kept_replies).where(*_is(key)))

    def forget(self, tenant: str, subjects: Sequence[str], document_ids: Sequence[str]) -> int:
        """Forget the bodies of all replies of a tenant; the keys stay taken."""
        if not subjects and not document_ids:
            return 0
        of_tenant = update(kept_replies).where(kept_replies.c.tenant == tenant)
        with self._database.write() as connection:
            # The reply to a request that is under way may hold what is erased here.
            connection.execute(of_tenant.where(kept_replies.c.status == 0).values(media_type=_ERASED))
            return connection.execute(of_tenant.where(kept_replies.c.body.is_not(None)).values(body=None)).rowcount


def _is(key: RequestKey) -> tuple[ColumnElement[bool], ...]:
    table = kept_replies.c
    return (table.tenant == key.tenant, table.caller == key.caller, table.key == key.key)
