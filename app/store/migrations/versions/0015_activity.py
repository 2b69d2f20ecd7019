"""Operations of the audit trail as rows that can be filtered and counted; the trail fills them when they are read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

PLAIN = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_WORDS = ("tenant", "at", "operation", "actor", "purpose", "status", "code", "model", "answer_id")
_COUNTS = ("subjects", "collections", "supported", "contradicted", "unsupported", "tokens")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "activity",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        *(sa.Column(name, PLAIN, nullable=False) for name in _WORDS),
        sa.Column("milliseconds", sa.Integer),
        sa.Column("latency_class", sa.Integer),
        *(sa.Column(name, sa.Integer, nullable=False) for name in _COUNTS),
    )
    op.create_index("activity_by_number", "activity", ["tenant", "seq"])
    op.create_index("activity_by_time", "activity", ["tenant", "at"])
    op.create_index("activity_of_answer", "activity", ["answer_id"])
    op.create_table(
        "activity_progress",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("seen", sa.Integer, nullable=False),
        sa.Column("digest", PLAIN, nullable=False),
    )
