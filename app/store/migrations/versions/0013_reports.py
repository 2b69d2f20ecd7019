"""Reports in batches: orders, items, their files, and what each touches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0009"

PLAIN = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _plain(name: str) -> sa.Column[str]:
    return sa.Column(name, PLAIN, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def _of() -> sa.Column[str]:
    return sa.Column("report_id", PLAIN, sa.ForeignKey("reports.id", ondelete="CASCADE"), nullable=False)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "reports",
        sa.Column("id", PLAIN, primary_key=True),
        _plain("tenant"),
        _plain("owner"),
        _plain("job_id"),
        _plain("template"),
        sa.Column("ordered", sa.Text, nullable=False),
        _plain("created_at"),
    )
    op.create_index("reports_of_owner", "reports", ["tenant", "owner", "created_at"])
    op.create_table(
        "report_items",
        _of(),
        _number("number"),
        _plain("target"),
        _plain("state"),
        _number("quotes"),
        sa.Column("versions", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("report_id", "number"),
    )
    op.create_table(
        "report_files",
        _of(),
        _number("number"),
        _plain("format"),
        _plain("digest"),
        _number("size"),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("report_id", "number", "format"),
    )
    op.create_table(
        "report_touches",
        _of(),
        _number("number"),
        _plain("kind"),
        _plain("target"),
        sa.PrimaryKeyConstraint("report_id", "number", "kind", "target"),
    )
    op.create_index("reports_that_touch", "report_touches", ["kind", "target"])
