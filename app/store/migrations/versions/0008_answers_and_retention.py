"""Answers that can be replayed, the register of erasures and holds, and when a version was added."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

PLAIN = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the tables; versions of before have no date of addition, and holds of before enter the register."""
    op.add_column("versions", sa.Column("added_at", PLAIN))
    op.create_table(
        "answers",
        sa.Column("id", PLAIN, primary_key=True),
        sa.Column("tenant", PLAIN, nullable=False),
        sa.Column("actor", PLAIN, nullable=False),
        sa.Column("asked_at", PLAIN, nullable=False),
        sa.Column("question", sa.LargeBinary, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
    )
    op.create_index("answers_by_time", "answers", ["tenant", "asked_at"])
    op.create_table(
        "answer_touches",
        sa.Column("answer_id", PLAIN, sa.ForeignKey("answers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("kind", PLAIN, nullable=False),
        sa.Column("target", PLAIN, nullable=False),
        sa.PrimaryKeyConstraint("answer_id", "kind", "target"),
    )
    op.create_index("answers_that_touch", "answer_touches", ["kind", "target"])
    op.create_table(
        "register",
        sa.Column("event", PLAIN, nullable=False),
        sa.Column("id", PLAIN, nullable=False),
        sa.Column("at", PLAIN, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("event", "id"),
    )
    holds = op.get_bind().execute(sa.text("SELECT id, tenant, kind, target, placed_at FROM holds")).all()
    for hold, tenant, kind, target, placed_at in holds:
        facts = {
            "event": "hold_placed", "id": hold, "at": placed_at, "shared": False, "names": [], "documents": [],
            "originals": [], "target": {"tenant": tenant, "kind": kind, "id": target},
        }  # fmt: skip
        op.get_bind().execute(
            sa.text("INSERT INTO register (event, id, at, facts) VALUES ('hold_placed', :id, :at, :facts)"),
            {"id": hold, "at": placed_at, "facts": json.dumps(facts)},
        )
