"""Lets Alembic change the database that the product has open."""

from __future__ import annotations

from alembic import context

from app.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    # Python's SQLite takes changes of the schema into transactions; Alembic does not expect that by itself.
    transactional_ddl=True,
)
context.run_migrations()
