"""The audit trail moves from a file of lines into the database."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

PLAIN = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "audit_events",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", PLAIN, nullable=False),
        sa.Column("event", PLAIN, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("previous", PLAIN, nullable=False),
        sa.Column("digest", PLAIN, nullable=False),
    )
    op.create_table(
        "audit_checkpoints",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("digest", PLAIN, nullable=False),
        sa.Column("at", PLAIN, nullable=False),
        sa.Column("key", PLAIN, nullable=False),
        sa.Column("signature", PLAIN, nullable=False),
    )
