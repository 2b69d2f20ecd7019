"""The catalogue and the ledger of files, as they were before Alembic."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

PLAIN = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "documents",
        sa.Column("id", PLAIN, primary_key=True),
        sa.Column("tenant", PLAIN, nullable=False),
        sa.Column("collection", PLAIN, nullable=False),
        sa.Column("identity", PLAIN, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("labels", sa.Text, nullable=False),
        sa.UniqueConstraint("tenant", "collection", "identity"),
    )
    op.create_table(
        "versions",
        sa.Column("id", PLAIN, primary_key=True),
        sa.Column("document_id", PLAIN, sa.ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
        sa.Column("digest", PLAIN, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("effective_from", PLAIN),
        sa.Column("effective_to", PLAIN),
        sa.Column("state", PLAIN, nullable=False),
        sa.CheckConstraint("state IN ('indexing', 'words', 'indexed', 'retired')"),
    )
    op.create_index("versions_of_document", "versions", ["document_id"])
    waiting = sa.text("state = 'words'")
    op.create_index("versions_without_vectors", "versions", ["state"], sqlite_where=waiting, postgresql_where=waiting)
    op.create_table(
        "sections",
        _version(),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("parent", sa.Integer),
        sa.Column("kind", PLAIN, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("stop", sa.Integer, nullable=False),
        sa.Column("locator", sa.Text, nullable=False),
        sa.Column("subjects", sa.Text, nullable=False),
        sa.Column("date", PLAIN),
        sa.PrimaryKeyConstraint("version_id", "number"),
        sqlite_with_rowid=False,
    )
    op.create_index("sections_by_start", "sections", ["version_id", "start", "number"])
    op.create_table(
        "passages",
        sa.Column("id", PLAIN, primary_key=True),
        _version(),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("stop", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("section", sa.Text, nullable=False),
        sa.Column("locator", sa.Text, nullable=False),
        sa.Column("labels", sa.Text, nullable=False),
        sa.Column("parent_start", sa.Integer, nullable=False),
        sa.Column("parent_stop", sa.Integer, nullable=False),
        sa.Column("header", sa.Text, nullable=False),
        sa.Column("date", PLAIN),
    )
    op.create_index("passages_of_version", "passages", ["version_id", "start"])
    op.create_index("version_of_passage", "passages", ["id", "version_id"])
    op.create_table(
        "anchors",
        _version(),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("stop", sa.Integer, nullable=False),
        sa.Column("words", sa.LargeBinary, nullable=False),
    )
    op.create_index("anchors_of_version", "anchors", ["version_id", "start"])
    op.create_table(
        "identities",
        _version(),
        sa.Column("tenant", PLAIN, nullable=False),
        sa.Column("subject", PLAIN, nullable=False),
        sa.Column("kind", PLAIN, nullable=False),
        sa.Column("value", PLAIN, nullable=False),
    )
    op.create_index("identities_of_subject", "identities", ["tenant", "subject"])
    op.create_index("identities_of_version", "identities", ["version_id"])
    op.create_table(
        "aliases",
        _version(),
        sa.Column("tenant", PLAIN, nullable=False),
        sa.Column("subject", PLAIN, nullable=False),
        sa.Column("alias", PLAIN, nullable=False),
    )
    op.create_index("aliases_of_subject", "aliases", ["tenant", "subject"])
    op.create_index("aliases_of_alias", "aliases", ["tenant", "alias"])
    op.create_index("aliases_of_version", "aliases", ["version_id"])
    op.create_table(
        "files",
        sa.Column("tenant", PLAIN, nullable=False),
        sa.Column("collection", PLAIN, nullable=False),
        sa.Column("path", PLAIN, nullable=False),
        sa.Column("digest", PLAIN, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("code", PLAIN),
        sa.Column("document_ids", sa.Text, nullable=False),
        sa.Column("passages", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "collection", "path"),
        sqlite_with_rowid=False,
    )


def _version() -> sa.Column[str]:
    return sa.Column("version_id", PLAIN, sa.ForeignKey("versions.id", ondelete="CASCADE"), nullable=False)
