"""Assistants with their versions, and what reviewers decided of feedback."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

PLAIN = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _plain(name: str) -> sa.Column[str]:
    return sa.Column(name, PLAIN, nullable=False)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "assistants",
        sa.Column("id", PLAIN, primary_key=True),
        _plain("tenant"),
        _plain("name"),
        _plain("created_at"),
        sa.Column("published", sa.Integer, nullable=False),
        sa.Column("client", sa.Boolean, nullable=False),
        sa.Column("model", sa.Boolean, nullable=False),
        _plain("published_at"),
        _plain("published_by"),
        sa.Column("retired", sa.Boolean, nullable=False),
        sa.UniqueConstraint("tenant", "name"),
    )
    op.create_table(
        "assistant_versions",
        sa.Column("assistant_id", PLAIN, sa.ForeignKey("assistants.id", ondelete="CASCADE"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("design", sa.Text, nullable=False),
        _plain("created_at"),
        _plain("created_by"),
        sa.Column("restored", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("assistant_id", "number"),
    )
    op.create_table(
        "feedback_resolutions",
        sa.Column("feedback_id", PLAIN, sa.ForeignKey("feedback.id", ondelete="CASCADE"), primary_key=True),
        _plain("decision"),
        _plain("finding"),
        sa.Column("reason", sa.Text, nullable=False),
        _plain("reviewer"),
        _plain("at"),
    )
    op.create_index("feedback_of_tenant", "feedback", ["tenant", "at"])
