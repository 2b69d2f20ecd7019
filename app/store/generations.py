"""Generations of the index in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import delete, exists, insert, select, update

from app.store.database import Database
from app.store.tables import generation_versions, generations, versions
from domain.generations import Generation

_LIVE: Final = "live"
_COMING: Final = "coming"


class SqlGenerations:
    """Implements :class:`domain.ports.generations.Generations`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def live(self) -> Generation | None:
        """Return the generation that answers."""
        return self._in_state(_LIVE)

    def coming(self) -> Generation | None:
        """Return the generation that is being made."""
        return self._in_state(_COMING)

    def adopt(self, generation: Generation) -> None:
        """Remember the first generation."""
        with self._database.write() as connection:
            if not connection.execute(select(generations.c.name).where(generations.c.state == _LIVE)).first():
                connection.execute(insert(generations).values(_row(generation, _LIVE)))

    def begin(self, generation: Generation) -> None:
        """Remember that a generation is being made."""
        with self._database.write() as connection:
            connection.execute(delete(generation_versions))
            connection.execute(delete(generations).where(generations.c.state == _COMING))
            connection.execute(insert(generations).values(_row(generation, _COMING)))

    def uncopied(self, limit: int) -> list[str]:
        """Return visible versions that the coming generation does not have yet."""
        there = exists().where(generation_versions.c.version_id == versions.c.id)
        query = (
            select(versions.c.id)
            .where(versions.c.state.in_(("words", "indexed")), ~there)
            .order_by(versions.c.added, versions.c.id)
            .limit(limit)
        )
        return [row["id"] for row in self._database.rows(query)]

    def copied(self, version_ids: Sequence[str]) -> None:
        """Remember that the coming generation has these versions."""
        if version_ids:
            with self._database.write() as connection:
                connection.execute(delete(generation_versions).where(generation_versions.c.version_id.in_(version_ids)))
                # One that was erased meanwhile has no row to refer to any more.
                there = select(versions.c.id).where(versions.c.id.in_(version_ids))
                connection.execute(insert(generation_versions).from_select(["version_id"], there))

    def changed(self, version_ids: Sequence[str]) -> None:
        """Remember that the coming generation has to copy these versions anew."""
        with self._database.write() as connection:
            connection.execute(delete(generation_versions).where(generation_versions.c.version_id.in_(version_ids)))

    def switch(self) -> None:
        """Let the coming generation answer from now on."""
        with self._database.write() as connection:
            if connection.execute(select(generations.c.name).where(generations.c.state == _COMING)).first():
                connection.execute(delete(generations).where(generations.c.state == _LIVE))
                connection.execute(update(generations).values(state=_LIVE))
                connection.execute(delete(generation_versions))

    def _in_state(self, state: str) -> Generation | None:
        for row in self._database.rows(select(generations).where(generations.c.state == state)):
            return Generation(
                name=row["name"], encoder=row["encoder"], embedder=row["embedder"], dimension=row["dimension"]
            )
        return None


def _row(generation: Generation, state: str) -> dict[str, object]:
    return {
        "name": generation.name,
        "encoder": generation.encoder,
        "embedder": generation.embedder,
        "dimension": generation.dimension,
        "state": state,
    }
