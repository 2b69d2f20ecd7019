"""Legal holds, and erasures that are under way."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

PLAIN = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "holds",
        sa.Column("id", PLAIN, primary_key=True),
        sa.Column("tenant", PLAIN, nullable=False),
        sa.Column("kind", PLAIN, nullable=False),
        sa.Column("target", PLAIN, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("placed_at", PLAIN, nullable=False),
    )
    op.create_table(
        "erasures",
        sa.Column("id", PLAIN, primary_key=True),
        sa.Column("tenant", PLAIN, nullable=False),
        sa.Column("kind", PLAIN, nullable=False),
        sa.Column("target", PLAIN, nullable=False),
        sa.Column("shared", sa.Boolean, nullable=False),
    )
