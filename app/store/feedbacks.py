"""What people say of answers, in SQL."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import RowMapping, Select, and_, delete, insert, or_, select

from app.store.database import Database
from app.store.tables import feedback, feedback_resolutions, feedback_touches
from domain.conversations import ACCEPTED, Feedback, Resolution
from domain.erasure import DOCUMENT, SUBJECT
from domain.paging import Page, Place

_SAID: Final = ("claim", "verdict", "passage_id", "start", "end", "comment")
_MOST_IDS: Final = 500
_LOCK: Final = 0x46656564  # "Feed": which of PostgreSQL's advisory locks decides once


class SqlFeedbacks:
    """Implements :class:`domain.ports.feedbacks.Feedbacks`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, feedback_given: Feedback) -> None:
        """Remember it durably."""
        given = feedback_given
        said = json.dumps({name: getattr(given, name) for name in _SAID}, ensure_ascii=False)
        row = {"id": given.id, "tenant": given.tenant, "owner": given.owner, "answer_id": given.answer_id}
        touches = [
            {"feedback_id": given.id, "kind": kind, "target": target}
            for kind, targets in ((SUBJECT, given.subjects), (DOCUMENT, given.documents))
            for target in sorted(set(targets))
        ]
        with self._database.write() as connection:
            connection.execute(insert(feedback).values(**row, said=said, at=given.at))
            if touches:
                connection.execute(insert(feedback_touches), touches)

    def find(self, feedback_id: str) -> Feedback | None:
        """Return one by id."""
        found = self._database.rows(select(feedback).where(feedback.c.id == feedback_id))
        return self._feedback(found[0]) if found else None

    def of_owner(self, tenant: str, owner: str, *, after: Place | None, limit: int) -> Page[Feedback]:
        """Return what a caller said, newest first, from after a place on."""
        return self._page(select(feedback).where(feedback.c.tenant == tenant, feedback.c.owner == owner), after, limit)

    def waiting(self, tenant: str, *, after: Place | None, limit: int) -> Page[Feedback]:
        """Return what nobody has decided of yet, newest first, from after a place on."""
        decided = select(feedback_resolutions.c.feedback_id)
        query = select(feedback).where(feedback.c.tenant == tenant, feedback.c.id.not_in(decided))
        return self._page(query, after, limit)

    def resolve(self, resolution: Resolution) -> bool:
        """Remember what was decided durably, once."""
        key = resolution.feedback_id
        with self._database.write() as connection:
            self._database.lock(connection, _LOCK)
            there = connection.execute(select(feedback.c.id).where(feedback.c.id == key)).first()
            if there is None or self.resolution(key):
                return False
            connection.execute(insert(feedback_resolutions).values(asdict(resolution)))
        return True

    def resolution(self, feedback_id: str) -> Resolution | None:
        """Return what was decided."""
        query = select(feedback_resolutions).where(feedback_resolutions.c.feedback_id == feedback_id)
        found = self._database.rows(query)
        return _resolution(found[0]) if found else None

    def accepted(self, tenant: str) -> list[tuple[Feedback, Resolution]]:
        """Return what was accepted in a tenant, oldest first."""
        query = select(feedback.c.id).join(feedback_resolutions)
        query = query.where(feedback.c.tenant == tenant, feedback_resolutions.c.decision == ACCEPTED)
        kept: list[tuple[Feedback, Resolution]] = []
        for key in [row["id"] for row in self._database.rows(query.order_by(feedback.c.at, feedback.c.id))]:
            found, decided = self.find(key), self.resolution(key)
            if found and decided:
                kept.append((found, decided))
        return kept

    def counts(self, tenant: str) -> dict[tuple[str, str], int]:
        """Return how many there are of each verdict and decision."""
        query = select(feedback.c.said, feedback_resolutions.c.decision).join(feedback_resolutions, isouter=True)
        found = self._database.rows(query.where(feedback.c.tenant == tenant))
        return dict(Counter((json.loads(row["said"])["verdict"], row["decision"] or "") for row in found))

    def _page(self, query: Select[Any], after: Place | None, limit: int) -> Page[Feedback]:
        if after:
            query = query.where(
                or_(feedback.c.at < after.at, and_(feedback.c.at == after.at, feedback.c.id < after.id))
            )
        found = self._database.rows(query.order_by(feedback.c.at.desc(), feedback.c.id.desc()).limit(limit + 1))
        return Page(items=tuple(map(self._feedback, found[:limit])), more=len(found) > limit)

    def remove(self, feedback_id: str) -> bool:
        """Remove one; False when there is none by that id."""
        with self._database.write() as connection:
            done = connection.execute(delete(feedback).where(feedback.c.id == feedback_id))
        self._database.scrub()
        return done.rowcount == 1

    def forget(self, tenant: str, subjects: Sequence[str], document_ids: Sequence[str]) -> int:
        """Forget what was said of answers about one of these subjects or that rest on one of these documents."""
        gone = 0
        with self._database.write() as connection:
            for kind, targets in ((SUBJECT, subjects), (DOCUMENT, document_ids)):
                for at in range(0, len(targets), _MOST_IDS):
                    some = list(targets[at : at + _MOST_IDS])
                    touching = select(feedback_touches.c.feedback_id)
                    touching = touching.where(feedback_touches.c.kind == kind, feedback_touches.c.target.in_(some))
                    which = delete(feedback).where(feedback.c.tenant == tenant, feedback.c.id.in_(touching))
                    gone += connection.execute(which).rowcount
        return gone

    def _feedback(self, row: RowMapping) -> Feedback:
        of_it = select(feedback_touches).where(feedback_touches.c.feedback_id == row["id"])
        touches = self._database.rows(of_it.order_by(feedback_touches.c.target))
        return Feedback(
            id=row["id"],
            tenant=row["tenant"],
            owner=row["owner"],
            answer_id=row["answer_id"],
            at=row["at"],
            subjects=tuple(touch["target"] for touch in touches if touch["kind"] == SUBJECT),
            documents=tuple(touch["target"] for touch in touches if touch["kind"] == DOCUMENT),
            **json.loads(row["said"]),
        )


def _resolution(row: RowMapping) -> Resolution:
    return Resolution(**{column.name: row[column.name] for column in feedback_resolutions.columns})
