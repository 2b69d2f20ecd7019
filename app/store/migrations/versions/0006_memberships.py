"""Memberships, break-glass, and the directory's users and teams."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

PLAIN = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MEMBERSHIP = ("tenant", "kind", "target", "relation", "party_kind", "party", "role", "since", "until")
GLASS = ("tenant", "caller", "subject", "reason", "purpose", "opened_at", "expires_at", "verdict", "reviewer")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "memberships",
        sa.Column("id", PLAIN, primary_key=True),
        *(sa.Column(name, PLAIN, nullable=False) for name in (*MEMBERSHIP, "added_at", "added_by")),
        sa.CheckConstraint("relation IN ('member', 'excluded')"),
    )
    op.create_index("memberships_of_party", "memberships", ["tenant", "party_kind", "party", "kind", "target"])
    op.create_index("memberships_of_target", "memberships", ["tenant", "kind", "target"])
    op.create_table(
        "break_glass",
        sa.Column("id", PLAIN, primary_key=True),
        *(sa.Column(name, sa.Text if name == "reason" else PLAIN, nullable=False) for name in (*GLASS, "reviewed_at")),
    )
    op.create_index("break_glass_of_caller", "break_glass", ["tenant", "caller", "subject"])
    op.create_table(
        "directory_users",
        sa.Column("id", PLAIN, primary_key=True),
        sa.Column("tenant", PLAIN, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_key", PLAIN, nullable=False),
        sa.Column("external_id", PLAIN, nullable=False),
        sa.Column("display_name", sa.Text, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("removed", sa.Boolean, nullable=False),
        sa.Column("created_at", PLAIN, nullable=False),
        sa.Column("changed_at", PLAIN, nullable=False),
        sa.UniqueConstraint("tenant", "name_key"),
    )
    op.create_index("directory_users_by_external_id", "directory_users", ["tenant", "external_id"])
    op.create_table(
        "teams",
        sa.Column("id", PLAIN, primary_key=True),
        sa.Column("tenant", PLAIN, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_key", PLAIN, nullable=False),
        sa.Column("external_id", PLAIN, nullable=False),
        sa.Column("created_at", PLAIN, nullable=False),
        sa.Column("changed_at", PLAIN, nullable=False),
        sa.UniqueConstraint("tenant", "name_key"),
    )
    op.create_table(
        "team_users",
        sa.Column("team_id", PLAIN, sa.ForeignKey("teams.id", ondelete="CASCADE"), nullable=False),
        sa.Column("user_id", PLAIN, sa.ForeignKey("directory_users.id", ondelete="CASCADE"), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "user_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("teams_of_user", "team_users", ["user_id"])
