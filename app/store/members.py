"""Memberships and break-glass in SQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import RowMapping, Select, and_, bindparam, delete, insert, literal_column, or_, select, update

from app.store.database import Database
from app.store.tables import break_glass, directory_users, memberships, team_users
from domain.access import CALLER, SUBJECT, TEAM, BreakGlass, Membership, Relation, Standing
from domain.callers import Caller

REASON_ERASED: Final = "Erased with the subject before it was reviewed."
_KNOWN: Final = (
    select(directory_users.c.active, directory_users.c.removed, team_users.c.team_id)
    .outerjoin(team_users, team_users.c.user_id == directory_users.c.id)
    .where(
        directory_users.c.tenant == bindparam("of_tenant"),
        or_(
            directory_users.c.external_id == bindparam("caller_id"),
            directory_users.c.name_key == bindparam("caller_key"),
        ),
    )
)


@cache
def _of_parties(teams: int, subjects: int) -> Select[Any]:
    """Return what is kept of a caller and so many teams towards so many subjects; compiled once for each number."""
    return select(memberships).where(
        memberships.c.tenant == bindparam("of_tenant"),
        or_(
            and_(
                memberships.c.party_kind == literal_column(f"'{CALLER}'"), memberships.c.party == bindparam("caller_id")
            ),
            and_(
                memberships.c.party_kind == literal_column(f"'{TEAM}'"),
                memberships.c.party.in_(_several("team", teams)),
            ),
        ),
        or_(
            memberships.c.kind != literal_column(f"'{SUBJECT}'"),
            memberships.c.target.in_(_several("subject", subjects)),
        ),
        memberships.c.since <= bindparam("moment"),
        or_(memberships.c.until == literal_column("''"), memberships.c.until > bindparam("moment")),
    )


@cache
def _opened(subjects: int) -> Select[Any]:
    """Return what a caller has opened of so many subjects."""
    return select(break_glass).where(
        break_glass.c.tenant == bindparam("of_tenant"),
        break_glass.c.caller == bindparam("caller_id"),
        break_glass.c.subject.in_(_several("subject", subjects)),
        break_glass.c.opened_at <= bindparam("moment"),
        break_glass.c.expires_at > bindparam("moment"),
    )


def _several(name: str, count: int) -> list[Any]:
    return [bindparam(f"{name}_{number}") for number in range(count)]


def _numbered(name: str, values: Collection[str]) -> dict[str, str]:
    """Return values by number; filled up to a power of two with nobody's name, so that few statements are made."""
    size = 1 << max(len(values) - 1, 0).bit_length()
    return dict(
        zip((f"{name}_{number}" for number in range(size)), [*values, *[""] * (size - len(values))], strict=True)
    )


class SqlMembers:
    """Implements :class:`domain.ports.members.Members`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def standing(self, caller: Caller, tenant: str, subjects: Collection[str], now: str) -> Standing:
        """Return how a caller stands at a moment."""
        own = {"of_tenant": caller.tenant, "caller_id": caller.id, "caller_key": caller.id.casefold()}
        known = self._database.found(_KNOWN, own)
        teams = caller.teams | {row["team_id"] for row in known if row["team_id"]}
        towards, through = _numbered("subject", subjects), _numbered("team", teams)
        asked = {"of_tenant": tenant, "caller_id": caller.id, "moment": now, **towards}
        found = self._database.found(_of_parties(len(through), len(towards)), {**asked, **through})
        opened = self._database.found(_opened(len(towards)), asked) if subjects else []
        return Standing(
            active=all(row["active"] and not row["removed"] for row in known),
            teams=frozenset(teams),
            memberships=tuple(map(_membership, found)),
            opened=tuple(map(_glass, opened)),
        )

    def add(self, membership: Membership) -> None:
        """Remember a membership durably."""
        row = {column.name: getattr(membership, column.name) for column in memberships.c}
        with self._database.write() as connection:
            connection.execute(insert(memberships).values({**row, "relation": membership.relation.value}))

    def remove(self, tenant: str, membership_id: str) -> bool:
        """Forget a membership."""
        this = (memberships.c.tenant == tenant, memberships.c.id == membership_id)
        with self._database.write() as connection:
            return connection.execute(delete(memberships).where(*this)).rowcount == 1

    def membership(self, tenant: str, membership_id: str) -> Membership | None:
        """Return a membership by id."""
        this = (memberships.c.tenant == tenant, memberships.c.id == membership_id)
        found = self._database.rows(select(memberships).where(*this))
        return _membership(found[0]) if found else None

    def of(self, tenant: str, kind: str, target: str) -> list[Membership]:
        """Return the memberships of a subject, a wall or a tenant, oldest first."""
        of_it = (memberships.c.tenant == tenant, memberships.c.kind == kind, memberships.c.target == target)
        query = select(memberships).where(*of_it).order_by(memberships.c.added_at, memberships.c.id)
        return list(map(_membership, self._database.rows(query)))

    def open(self, glass: BreakGlass) -> None:
        """Remember durably that somebody broke the glass."""
        with self._database.write() as connection:
            connection.execute(
                insert(break_glass).values({column.name: getattr(glass, column.name) for column in break_glass.c})
            )

    def glass(self, tenant: str, glass_id: str) -> BreakGlass | None:
        """Return one by id."""
        this = (break_glass.c.tenant == tenant, break_glass.c.id == glass_id)
        found = self._database.rows(select(break_glass).where(*this))
        return _glass(found[0]) if found else None

    def glasses(self, tenant: str) -> list[BreakGlass]:
        """Return all of a tenant: those without a verdict first, then the newest first."""
        of_it = select(break_glass).where(break_glass.c.tenant == tenant)
        order = ((break_glass.c.verdict != "").asc(), break_glass.c.opened_at.desc(), break_glass.c.id)
        return list(map(_glass, self._database.rows(of_it.order_by(*order))))

    def forget(self, tenant: str, subjects: Sequence[str], document_ids: Sequence[str]) -> int:
        """Forget who was a member of these subjects, and who broke the glass for them; return how much it was.

        Exclusions stay: they protect a subject that comes back from whoever must not see it, and say nothing of them
        but that. What nobody has reviewed yet stays to be reviewed, without its reason, which may tell of the subject;
        or else an erasure would hide who looked.
        """
        del document_ids
        if not subjects:
            return 0
        member = (
            memberships.c.tenant == tenant,
            memberships.c.kind == SUBJECT,
            memberships.c.target.in_(subjects),
            memberships.c.relation != Relation.EXCLUDED.value,
        )
        opened = (break_glass.c.tenant == tenant, break_glass.c.subject.in_(subjects))
        bare = update(break_glass).where(*opened, break_glass.c.reason != REASON_ERASED).values(reason=REASON_ERASED)
        with self._database.write() as connection:
            gone = connection.execute(delete(memberships).where(*member)).rowcount
            gone += connection.execute(delete(break_glass).where(*opened, break_glass.c.verdict != "")).rowcount
            return gone + connection.execute(bare).rowcount

    def review(self, glass: BreakGlass) -> bool:
        """Remember verdict, reviewer and moment of one that has no verdict yet."""
        open_one = (break_glass.c.tenant == glass.tenant, break_glass.c.id == glass.id, break_glass.c.verdict == "")
        said = {"verdict": glass.verdict, "reviewer": glass.reviewer, "reviewed_at": glass.reviewed_at}
        with self._database.write() as connection:
            return connection.execute(update(break_glass).where(*open_one).values(said)).rowcount == 1


def _membership(row: RowMapping) -> Membership:
    return Membership(**{**row, "relation": Relation(row["relation"])})


def _glass(row: RowMapping) -> BreakGlass:
    return BreakGlass(**row)
