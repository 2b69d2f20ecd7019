"""Versions remember in which order they were added, which only SQLite knew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the number and fill it."""
    op.add_column("versions", sa.Column("added", sa.Integer, nullable=False, server_default="0"))
    if op.get_bind().dialect.name == "sqlite":
        op.execute("UPDATE versions SET added = rowid")
    op.create_index("versions_by_addition", "versions", ["added"])
