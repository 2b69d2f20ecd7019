"""Conversations, feedback, replies kept under idempotency keys, and events that other systems are owed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

PLAIN = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _plain(name: str) -> sa.Column[str]:
    return sa.Column(name, PLAIN, nullable=False)


def _of(name: str, target: str) -> sa.Column[str]:
    return sa.Column(name, PLAIN, sa.ForeignKey(target, ondelete="CASCADE"), nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _id() -> sa.Column[str]:
    return sa.Column("id", PLAIN, primary_key=True)


def upgrade() -> None:
    """Create the tables."""
    _conversations()
    _feedback()
    op.create_table(
        "kept_replies",
        _plain("tenant"),
        _plain("caller"),
        _plain("key"),
        _plain("digest"),
        sa.Column("begun", sa.Float(53), nullable=False),
        _number("status"),
        _text("media_type"),
        sa.Column("body", sa.LargeBinary),
        sa.PrimaryKeyConstraint("tenant", "caller", "key"),
    )
    op.create_index("kept_replies_by_time", "kept_replies", ["begun"])
    _webhooks()


def _conversations() -> None:
    op.create_table("conversations", _id(), _plain("tenant"), _plain("owner"), _text("scope"), _plain("created_at"))
    op.create_index("conversations_of_owner", "conversations", ["tenant", "owner", "created_at"])
    op.create_table(
        "messages",
        _of("conversation_id", "conversations.id"),
        _number("number"),
        _plain("answer_id"),
        _plain("at"),
        _text("content"),
        sa.PrimaryKeyConstraint("conversation_id", "number"),
    )
    op.create_index("messages_of_answer", "messages", ["answer_id"])
    op.create_table(
        "message_touches",
        _of("conversation_id", "conversations.id"),
        _number("number"),
        _plain("kind"),
        _plain("target"),
        sa.PrimaryKeyConstraint("conversation_id", "number", "kind", "target"),
    )
    op.create_index("messages_that_touch", "message_touches", ["kind", "target"])


def _feedback() -> None:
    op.create_table(
        "feedback", _id(), _plain("tenant"), _plain("owner"), _plain("answer_id"), _text("said"), _plain("at")
    )
    op.create_index("feedback_of_owner", "feedback", ["tenant", "owner", "at"])
    op.create_table(
        "feedback_touches",
        _of("feedback_id", "feedback.id"),
        _plain("kind"),
        _plain("target"),
        sa.PrimaryKeyConstraint("feedback_id", "kind", "target"),
    )
    op.create_index("feedback_that_touches", "feedback_touches", ["kind", "target"])


def _webhooks() -> None:
    op.create_table(
        "webhook_endpoints",
        _id(),
        _plain("tenant"),
        _text("url"),
        _text("kinds"),
        _text("secret"),
        _plain("created_at"),
    )
    op.create_index("webhook_endpoints_of_tenant", "webhook_endpoints", ["tenant"])
    op.create_table(
        "webhook_outbox",
        _plain("event_id"),
        _of("endpoint_id", "webhook_endpoints.id"),
        _text("event"),
        _number("attempts"),
        sa.Column("due", sa.Float(53)),
        sa.PrimaryKeyConstraint("event_id", "endpoint_id"),
    )
    op.create_index("webhook_outbox_by_time", "webhook_outbox", ["due"])
    op.create_table(
        "webhook_progress", sa.Column("id", sa.Integer, primary_key=True, autoincrement=False), _number("seen")
    )
