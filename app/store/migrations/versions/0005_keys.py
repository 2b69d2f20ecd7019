"""Keys of systems."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

PLAIN = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "api_keys",
        sa.Column("id", PLAIN, primary_key=True),
        sa.Column("tenant", PLAIN, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("digest", PLAIN, nullable=False),
        sa.Column("created_at", PLAIN, nullable=False),
        sa.Column("created_by", PLAIN, nullable=False),
        sa.Column("expires_at", PLAIN, nullable=False),
        sa.Column("last_used", PLAIN),
        sa.Column("revoked_at", PLAIN),
    )
    op.create_index("api_keys_of_tenant", "api_keys", ["tenant"])
