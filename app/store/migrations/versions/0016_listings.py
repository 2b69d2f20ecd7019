"""Indexes for lists of documents, and for finding a document by its file."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Create them."""
    op.create_index("versions_listed", "versions", ["document_id", "state", "added_at"])
    op.create_index("versions_from", "versions", ["digest", "document_id"])
