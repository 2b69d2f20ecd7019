"""The operations of the audit trail as rows that can be filtered and counted. Derived from it, and made anew at will.

No name of a patient or matter is in them, only how many were in scope.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, delete, func, insert, select, update

from app.store.database import Database
from app.store.tables import activity, activity_progress
from domain.activity import QUESTION, Choice, Operation

Row = dict[str, Any]
_INSERT: Final = insert(activity)
_FINISH: Final = (
    update(activity)
    .where(activity.c.answer_id == bindparam("of_answer"), activity.c.operation == QUESTION)
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in (
                *("status", "code", "model", "milliseconds", "latency_class"),
                *("supported", "contradicted", "unsupported", "tokens"),
            )
        }
    )
)
_SHOWN: Final = [activity.c[name] for name in Operation.__slots__]
_SUMS: Final = ("supported", "contradicted", "unsupported", "tokens")
_STEPS: Final = 8  # classes of latency for each doubling, so that a class is within a twentieth of what is in it
_LOCK: Final = 0x41637469  # "Acti": which of PostgreSQL's advisory locks is ours


def latency_class(milliseconds: int) -> int:
    """Return the class that a time is counted in."""
    return round(_STEPS * math.log2(milliseconds + 1))


def milliseconds_of(number: int) -> int:
    """Return the time that a class stands for."""
    return round(2 ** (number / _STEPS) - 1)


class SqlActivities:
    """Rows of operations, and which event of the trail they were last brought up to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def seen(self) -> tuple[int, str]:
        """Return the number and digest of the last event that was taken; (0, "") of none."""
        found = self._database.rows(select(activity_progress.c.seen, activity_progress.c.digest))
        return (found[0]["seen"], found[0]["digest"]) if found else (0, "")

    def take(self, before: int, after: tuple[int, str], begun: Sequence[Row], finished: Sequence[Row]) -> bool:
        """Add rows and finish others, unless another process got ahead; say whether they were taken."""
        with self._database.write() as connection:
            self._database.lock(connection, _LOCK)
            if self.seen()[0] != before:
                return False
            if begun:
                connection.execute(_INSERT, list(begun))
            for row in finished:
                connection.execute(_FINISH, row)
            connection.execute(delete(activity_progress))
            connection.execute(insert(activity_progress), {"id": 1, "seen": after[0], "digest": after[1]})
        return True

    def begin_anew(self) -> None:
        """Forget everything, to be read from the trail again."""
        with self._database.write() as connection:
            self._database.lock(connection, _LOCK)
            connection.execute(delete(activity))
            connection.execute(delete(activity_progress))

    def page(self, choice: Choice, *, before: int, limit: int) -> list[Operation]:
        """Return operations, the newest first; ``before`` is the number that the page stays below, 0 for none."""
        query = select(*_SHOWN).where(*_meant(choice)).order_by(activity.c.seq.desc()).limit(limit)
        if before:
            query = query.where(activity.c.seq < before)
        return [Operation(**row) for row in self._database.rows(query)]

    def counts(self, choice: Choice, length: int) -> list[Row]:
        """Return counts and sums by bucket (the first ``length`` characters of the time) and status."""
        start = func.substr(activity.c.at, 1, length).label("start")
        sums = [func.sum(activity.c[name]).label(name) for name in _SUMS]
        query = select(start, activity.c.status, func.count().label("n"), *sums).where(*_meant(choice))
        return [dict(row) for row in self._database.rows(query.group_by(start, activity.c.status))]

    def latencies(self, choice: Choice, length: int) -> dict[str, Counter[int]]:
        """Return how many questions took how long (by class of latency), by bucket."""
        start = func.substr(activity.c.at, 1, length).label("start")
        timed = activity.c.latency_class.is_not(None)
        query = select(start, activity.c.latency_class, func.count().label("n")).where(*_meant(choice), timed)
        found: dict[str, Counter[int]] = {}
        for row in self._database.rows(query.group_by(start, activity.c.latency_class)):
            found.setdefault(row["start"], Counter())[row["latency_class"]] += row["n"]
        return found

    def by(self, choice: Choice, column: str) -> dict[str, int]:
        """Return how many there are by a column, most first; what is empty in it is left out."""
        of, count = activity.c[column], func.count().label("n")
        query = select(of, count).where(*_meant(choice), of != "").group_by(of).order_by(count.desc(), of)
        return {row[column]: row["n"] for row in self._database.rows(query.limit(100))}


def _meant(choice: Choice) -> list[ColumnElement[bool]]:
    found = [activity.c.tenant == choice.tenant]
    found += [activity.c.at >= choice.since.isoformat()] if choice.since else []
    found += [activity.c.at < choice.until.isoformat()] if choice.until else []
    for name in ("operation", "purpose", "status"):
        if wanted := getattr(choice, name):
            found.append(activity.c[name] == wanted)
    return found
