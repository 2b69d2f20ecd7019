"""Jobs and their items; generations of the index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

PLAIN = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "jobs",
        sa.Column("id", PLAIN, primary_key=True),
        sa.Column("tenant", PLAIN, nullable=False),
        sa.Column("owner", PLAIN, nullable=False),
        sa.Column("kind", PLAIN, nullable=False),
        sa.Column("state", PLAIN, nullable=False),
        sa.Column("run", sa.Integer, nullable=False),
        sa.Column("trouble", PLAIN),
        sa.Column("created_at", PLAIN, nullable=False),
        sa.Column("changed_at", PLAIN, nullable=False),
    )
    op.create_index("jobs_of_tenant", "jobs", ["tenant", "created_at", "id"])
    op.create_index("jobs_by_state", "jobs", ["state"])
    op.create_table(
        "job_items",
        sa.Column("job_id", PLAIN, sa.ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("state", PLAIN, nullable=False),
        sa.Column("digest", PLAIN, nullable=False),
        sa.Column("ordered", sa.Text, nullable=False),
        sa.Column("code", PLAIN),
        sa.Column("starts", sa.Integer, nullable=False),
        sa.Column("document_ids", sa.Text, nullable=False),
        sa.Column("passages", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("job_id", "number"),
    )
    op.create_index("job_items_by_state", "job_items", ["job_id", "state", "number"])
    op.create_index("job_items_by_digest", "job_items", ["digest"])
    op.create_table(
        "generations",
        sa.Column("name", PLAIN, primary_key=True),
        sa.Column("encoder", sa.Text, nullable=False),
        sa.Column("embedder", PLAIN, nullable=False),
        sa.Column("dimension", sa.Integer, nullable=False),
        sa.Column("state", PLAIN, nullable=False),
    )
    op.create_table(
        "generation_versions",
        sa.Column("version_id", PLAIN, sa.ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True),
    )
