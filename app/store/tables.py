"""The tables of the store, the same on SQLite and on PostgreSQL.

Dates are ISO 8601 text, which sorts as it reads; what is a tuple or an object in the domain is JSON text. A change here
needs a revision in ``app/store/migrations``, which a test compares with these tables.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

# Ids and dates are compared byte by byte on either database, whatever language PostgreSQL was set up for.
PLAIN: Final = Text().with_variant(Text(collation="C"), "postgresql")

METADATA: Final = MetaData()
documents: Final = Table(
    "documents",
    METADATA,
    Column("id", PLAIN, primary_key=True),
    Column("tenant", PLAIN, nullable=False),
    Column("collection", PLAIN, nullable=False),
    Column("identity", PLAIN, nullable=False),
    Column("title", Text, nullable=False),
    Column("labels", Text, nullable=False),
    UniqueConstraint("tenant", "collection", "identity"),
)
versions: Final = Table(
    "versions",
    METADATA,
    Column("id", PLAIN, primary_key=True),
    Column("document_id", PLAIN, ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("digest", PLAIN, nullable=False),
    Column("path", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("effective_from", PLAIN),
    Column("effective_to", PLAIN),
    Column("state", PLAIN, nullable=False),
    Column("added", Integer, nullable=False, server_default="0"),
    Column("added_at", PLAIN),
    CheckConstraint("state IN ('indexing', 'words', 'indexed', 'retired')"),
)
Index("versions_of_document", versions.c.document_id)
Index("versions_by_addition", versions.c.added)
# Lists of documents look at these alone: what stands behind the text of a version costs its pages.
Index("versions_listed", versions.c.document_id, versions.c.state, versions.c.added_at)
Index("versions_from", versions.c.digest, versions.c.document_id)
Index(
    "versions_without_vectors",
    versions.c.state,
    sqlite_where=text("state = 'words'"),
    postgresql_where=text("state = 'words'"),
)
sections: Final = Table(
    "sections",
    METADATA,
    Column("version_id", PLAIN, ForeignKey("versions.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("parent", Integer),
    Column("kind", PLAIN, nullable=False),
    Column("path", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("stop", Integer, nullable=False),
    Column("locator", Text, nullable=False),
    Column("subjects", Text, nullable=False),
    Column("date", PLAIN),
    PrimaryKeyConstraint("version_id", "number"),
    sqlite_with_rowid=False,
)
Index("sections_by_start", sections.c.version_id, sections.c.start, sections.c.number)
passages: Final = Table(
    "passages",
    METADATA,
    Column("id", PLAIN, primary_key=True),
    Column("version_id", PLAIN, ForeignKey("versions.id", ondelete="CASCADE"), nullable=False),
    Column("start", Integer, nullable=False),
    Column("stop", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("section", Text, nullable=False),
    Column("locator", Text, nullable=False),
    Column("labels", Text, nullable=False),
    Column("parent_start", Integer, nullable=False),
    Column("parent_stop", Integer, nullable=False),
    Column("header", Text, nullable=False),
    Column("date", PLAIN),
)
Index("passages_of_version", passages.c.version_id, passages.c.start)
# Says which version a passage is of without a look at its text.
Index("version_of_passage", passages.c.id, passages.c.version_id)
anchors: Final = Table(
    "anchors",
    METADATA,
    Column("version_id", PLAIN, ForeignKey("versions.id", ondelete="CASCADE"), nullable=False),
    Column("start", Integer, nullable=False),
    Column("stop", Integer, nullable=False),
    Column("words", LargeBinary, nullable=False),
)
Index("anchors_of_version", anchors.c.version_id, anchors.c.start)
identities: Final = Table(
    "identities",
    METADATA,
    Column("version_id", PLAIN, ForeignKey("versions.id", ondelete="CASCADE"), nullable=False),
    Column("tenant", PLAIN, nullable=False),
    Column("subject", PLAIN, nullable=False),
    Column("kind", PLAIN, nullable=False),
    Column("value", PLAIN, nullable=False),
)
Index("identities_of_subject", identities.c.tenant, identities.c.subject)
Index("identities_of_version", identities.c.version_id)
aliases: Final = Table(
    "aliases",
    METADATA,
    Column("version_id", PLAIN, ForeignKey("versions.id", ondelete="CASCADE"), nullable=False),
    Column("tenant", PLAIN, nullable=False),
    Column("subject", PLAIN, nullable=False),
    Column("alias", PLAIN, nullable=False),
)
Index("aliases_of_subject", aliases.c.tenant, aliases.c.subject)
Index("aliases_of_alias", aliases.c.tenant, aliases.c.alias)
Index("aliases_of_version", aliases.c.version_id)
files: Final = Table(
    "files",
    METADATA,
    Column("tenant", PLAIN, nullable=False),
    Column("collection", PLAIN, nullable=False),
    Column("path", PLAIN, nullable=False),
    Column("digest", PLAIN, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("code", PLAIN),
    Column("document_ids", Text, nullable=False),
    Column("passages", Integer, nullable=False),
    PrimaryKeyConstraint("tenant", "collection", "path"),
    sqlite_with_rowid=False,
)
audit_events: Final = Table(
    "audit_events",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", PLAIN, nullable=False),
    Column("event", PLAIN, nullable=False),
    Column("facts", Text, nullable=False),
    Column("previous", PLAIN, nullable=False),
    Column("digest", PLAIN, nullable=False),
)
audit_checkpoints: Final = Table(
    "audit_checkpoints",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("digest", PLAIN, nullable=False),
    Column("at", PLAIN, nullable=False),
    Column("key", PLAIN, nullable=False),
    Column("signature", PLAIN, nullable=False),
)
holds: Final = Table(
    "holds",
    METADATA,
    Column("id", PLAIN, primary_key=True),
    Column("tenant", PLAIN, nullable=False),
    Column("kind", PLAIN, nullable=False),
    Column("target", PLAIN, nullable=False),
    Column("reason", Text, nullable=False),
    Column("placed_at", PLAIN, nullable=False),
)
erasures: Final = Table(
    "erasures",
    METADATA,
    Column("id", PLAIN, primary_key=True),
    Column("tenant", PLAIN, nullable=False),
    Column("kind", PLAIN, nullable=False),
    Column("target", PLAIN, nullable=False),
    Column("shared", Boolean, nullable=False),
)
memberships: Final = Table(
    "memberships",
    METADATA,
    Column("id", PLAIN, primary_key=True),
    Column("tenant", PLAIN, nullable=False),
    Column("kind", PLAIN, nullable=False),
    Column("target", PLAIN, nullable=False),
    Column("relation", PLAIN, nullable=False),
    Column("party_kind", PLAIN, nullable=False),
    Column("party", PLAIN, nullable=False),
    Column("role", PLAIN, nullable=False),
    Column("since", PLAIN, nullable=False),
    Column("until", PLAIN, nullable=False),
    Column("added_at", PLAIN, nullable=False),
    Column("added_by", PLAIN, nullable=False),
    CheckConstraint("relation IN ('member', 'excluded')"),
)
Index("memberships_of_party", *(memberships.c[name] for name in ("tenant", "party_kind", "party", "kind", "target")))
Index("memberships_of_target", memberships.c.tenant, memberships.c.kind, memberships.c.target)
break_glass: Final = Table(
    "break_glass",
    METADATA,
    Column("id", PLAIN, primary_key=True),
    Column("tenant", PLAIN, nullable=False),
    Column("caller", PLAIN, nullable=False),
    Column("subject", PLAIN, nullable=False),
    Column("reason", Text, nullable=False),
    Column("purpose", PLAIN, nullable=False),
    Column("opened_at", PLAIN, nullable=False),
    Column("expires_at", PLAIN, nullable=False),
    Column("verdict", PLAIN, nullable=False),
    Column("reviewer", PLAIN, nullable=False),
    Column("reviewed_at", PLAIN, nullable=False),
)
Index("break_glass_of_caller", break_glass.c.tenant, break_glass.c.caller, break_glass.c.subject)
# Somebody who was removed from the directory stays as a row without a place in it, so that they are not let in.
directory_users: Final = Table(
    "directory_users",
    METADATA,
    Column("id", PLAIN, primary_key=True),
    Column("tenant", PLAIN, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_key", PLAIN, nullable=False),
    Column("external_id", PLAIN, nullable=False),
    Column("display_name", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("removed", Boolean, nullable=False),
    Column("created_at", PLAIN, nullable=False),
    Column("changed_at", PLAIN, nullable=False),
    UniqueConstraint("tenant", "name_key"),
)
Index("directory_users_by_external_id", directory_users.c.tenant, directory_users.c.external_id)
teams: Final = Table(
    "teams",
    METADATA,
    Column("id", PLAIN, primary_key=True),
    Column("tenant", PLAIN, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_key", PLAIN, nullable=False),
    Column("external_id", PLAIN, nullable=False),
    Column("created_at", PLAIN, nullable=False),
    Column("changed_at", PLAIN, nullable=False),
    UniqueConstraint("tenant", "name_key"),
)
team_users: Final = Table(
    "team_users",
    METADATA,
    Column("team_id", PLAIN, ForeignKey("teams.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", PLAIN, ForeignKey("directory_users.id", ondelete="CASCADE"), nullable=False),
    PrimaryKeyConstraint("team_id", "user_id"),
    sqlite_with_rowid=False,
)
Index("teams_of_user", team_users.c.user_id)
answers: Final = Table(
    "answers",
    METADATA,
    Column("id", PLAIN, primary_key=True),
    Column("tenant", PLAIN, nullable=False),
    Column("actor", PLAIN, nullable=False),
    Column("asked_at", PLAIN, nullable=False),
    Column("question", LargeBinary, nullable=False),
    Column("record", Text, nullable=False),
)
Index("answers_by_time", answers.c.tenant, answers.c.asked_at)
answer_touches: Final = Table(
    "answer_touches",
    METADATA,
    Column("answer_id", PLAIN, ForeignKey("answers.id", ondelete="CASCADE"), nullable=False),
    Column("kind", PLAIN, nullable=False),
    Column("target", PLAIN, nullable=False),
    PrimaryKeyConstraint("answer_id", "kind", "target"),
)
Index("answers_that_touch", answer_touches.c.kind, answer_touches.c.target)
register: Final = Table(
    "register",
    METADATA,
    Column("event", PLAIN, nullable=False),
    Column("id", PLAIN, nullable=False),
    Column("at", PLAIN, nullable=False),
    Column("facts", Text, nullable=False),
    PrimaryKeyConstraint("event", "id"),
)
api_keys: Final = Table(
    "api_keys",
    METADATA,
    Column("id", PLAIN, primary_key=True),
    Column("tenant", PLAIN, nullable=False),
    Column("name", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("digest", PLAIN, nullable=False),
    Column("created_at", PLAIN, nullable=False),
    Column("created_by", PLAIN, nullable=False),
    Column("expires_at", PLAIN, nullable=False),
    Column("last_used", PLAIN),
    Column("revoked_at", PLAIN),
)
Index("api_keys_of_tenant", api_keys.c.tenant)
conversations: Final = Table(
    "conversations",
    METADATA,
    Column("id", PLAIN, primary_key=True),
    Column("tenant", PLAIN, nullable=False),
    Column("owner", PLAIN, nullable=False),
    Column("scope", Text, nullable=False),
    Column("created_at", PLAIN, nullable=False),
)
Index("conversations_of_owner", conversations.c.tenant, conversations.c.owner, conversations.c.created_at)
messages: Final = Table(
    "messages",
    METADATA,
    Column("conversation_id", PLAIN, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("answer_id", PLAIN, nullable=False),
    Column("at", PLAIN, nullable=False),
    Column("content", Text, nullable=False),
    PrimaryKeyConstraint("conversation_id", "number"),
)
Index("messages_of_answer", messages.c.answer_id)
message_touches: Final = Table(
    "message_touches",
    METADATA,
    Column("conversation_id", PLAIN, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", PLAIN, nullable=False),
    Column("target", PLAIN, nullable=False),
    PrimaryKeyConstraint("conversation_id", "number", "kind", "target"),
)
Index("messages_that_touch", message_touches.c.kind, message_touches.c.target)
feedback: Final = Table(
    "feedback",
    METADATA,
    Column("id", PLAIN, primary_key=True),
    Column("tenant", PLAIN, nullable=False),
    Column("owner", PLAIN, nullable=False),
    Column("answer_id", PLAIN, nullable=False),
    Column("said", Text, nullable=False),
    Column("at", PLAIN, nullable=False),
)
Index("feedback_of_owner", feedback.c.tenant, feedback.c.owner, feedback.c.at)
feedback_touches: Final = Table(
    "feedback_touches",
    METADATA,
    Column("feedback_id", PLAIN, ForeignKey("feedback.id", ondelete="CASCADE"), nullable=False),
    Column("kind", PLAIN, nullable=False),
    Column("target", PLAIN, nullable=False),
    PrimaryKeyConstraint("feedback_id", "kind", "target"),
)
Index("feedback_that_touches", feedback_touches.c.kind, feedback_touches.c.target)
kept_replies: Final = Table(
    "kept_replies",
    METADATA,
    Column("tenant", PLAIN, nullable=False),
    Column("caller", PLAIN, nullable=False),
    Column("key", PLAIN, nullable=False),
    Column("digest", PLAIN, nullable=False),
    Column("begun", Float(53), nullable=False),
    Column("status", Integer, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("body", LargeBinary),
    PrimaryKeyConstraint("tenant", "caller", "key"),
)
Index("kept_replies_by_time", kept_replies.c.begun)
webhook_endpoints: Final = Table(
    "webhook_endpoints",
    METADATA,
    Column("id", PLAIN, primary_key=True),
    Column("tenant", PLAIN, nullable=False),
    Column("url", Text, nullable=False),
    Column("kinds", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("created_at", PLAIN, nullable=False),
)
Index("webhook_endpoints_of_tenant", webhook_endpoints.c.tenant)
webhook_outbox: Final = Table(
    "webhook_outbox",
    METADATA,
    Column("event_id", PLAIN, nullable=False),
    Column("endpoint_id", PLAIN, ForeignKey("webhook_endpoints.id", ondelete="CASCADE"), nullable=False),
    Column("event", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due", Float(53)),
    PrimaryKeyConstraint("event_id", "endpoint_id"),
)
Index("webhook_outbox_by_time", webhook_outbox.c.due)
webhook_progress: Final = Table(
    "webhook_progress",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seen", Integer, nullable=False),
)
jobs: Final = Table(
    "jobs",
    METADATA,
    Column("id", PLAIN, primary_key=True),
    Column("tenant", PLAIN, nullable=False),
    Column("owner", PLAIN, nullable=False),
    Column("kind", PLAIN, nullable=False),
    Column("state", PLAIN, nullable=False),
    Column("run", Integer, nullable=False),
    Column("trouble", PLAIN),
    Column("created_at", PLAIN, nullable=False),
    Column("changed_at", PLAIN, nullable=False),
)
Index("jobs_of_tenant", jobs.c.tenant, jobs.c.created_at, jobs.c.id)
Index("jobs_by_state", jobs.c.state)
job_items: Final = Table(
    "job_items",
    METADATA,
    Column("job_id", PLAIN, ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", PLAIN, nullable=False),
    Column("digest", PLAIN, nullable=False),
    Column("ordered", Text, nullable=False),
    Column("code", PLAIN),
    Column("starts", Integer, nullable=False),
    Column("document_ids", Text, nullable=False),
    Column("passages", Integer, nullable=False),
    PrimaryKeyConstraint("job_id", "number"),
)
Index("job_items_by_state", job_items.c.job_id, job_items.c.state, job_items.c.number)
Index("job_items_by_digest", job_items.c.digest)
generations: Final = Table(
    "generations",
    METADATA,
    Column("name", PLAIN, primary_key=True),
    Column("encoder", Text, nullable=False),
    Column("embedder", PLAIN, nullable=False),
    Column("dimension", Integer, nullable=False),
    Column("state", PLAIN, nullable=False),
)
generation_versions: Final = Table(
    "generation_versions",
    METADATA,
    Column("version_id", PLAIN, ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True),
)
assistants: Final = Table(
    "assistants",
    METADATA,
    Column("id", PLAIN, primary_key=True),
    Column("tenant", PLAIN, nullable=False),
    Column("name", PLAIN, nullable=False),
    Column("created_at", PLAIN, nullable=False),
    Column("published", Integer, nullable=False),
    Column("client", Boolean, nullable=False),
    Column("model", Boolean, nullable=False),
    Column("published_at", PLAIN, nullable=False),
    Column("published_by", PLAIN, nullable=False),
    Column("retired", Boolean, nullable=False),
    UniqueConstraint("tenant", "name"),
)
assistant_versions: Final = Table(
    "assistant_versions",
    METADATA,
    Column("assistant_id", PLAIN, ForeignKey("assistants.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("design", Text, nullable=False),
    Column("created_at", PLAIN, nullable=False),
    Column("created_by", PLAIN, nullable=False),
    Column("restored", Integer, nullable=False),
    PrimaryKeyConstraint("assistant_id", "number"),
)
feedback_resolutions: Final = Table(
    "feedback_resolutions",
    METADATA,
    Column("feedback_id", PLAIN, ForeignKey("feedback.id", ondelete="CASCADE"), primary_key=True),
    Column("decision", PLAIN, nullable=False),
    Column("finding", PLAIN, nullable=False),
    Column("reason", Text, nullable=False),
    Column("reviewer", PLAIN, nullable=False),
    Column("at", PLAIN, nullable=False),
)
Index("feedback_of_tenant", feedback.c.tenant, feedback.c.at)
# Derived from audit_events, and made anew from them at will: what was asked, without content and without subjects.
activity: Final = Table(
    "activity",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("tenant", PLAIN, nullable=False),
    Column("at", PLAIN, nullable=False),
    Column("operation", PLAIN, nullable=False),
    Column("actor", PLAIN, nullable=False),
    Column("purpose", PLAIN, nullable=False),
    Column("status", PLAIN, nullable=False),
    Column("code", PLAIN, nullable=False),
    Column("model", PLAIN, nullable=False),
    Column("answer_id", PLAIN, nullable=False),
    Column("milliseconds", Integer),
    Column("latency_class", Integer),
    Column("subjects", Integer, nullable=False),
    Column("collections", Integer, nullable=False),
    Column("supported", Integer, nullable=False),
    Column("contradicted", Integer, nullable=False),
    Column("unsupported", Integer, nullable=False),
    Column("tokens", Integer, nullable=False),
)
Index("activity_by_number", activity.c.tenant, activity.c.seq)
Index("activity_by_time", activity.c.tenant, activity.c.at)
Index("activity_of_answer", activity.c.answer_id)
activity_progress: Final = Table(
    "activity_progress",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seen", Integer, nullable=False),
    Column("digest", PLAIN, nullable=False),
)
reports: Final = Table(
    "reports",
    METADATA,
    Column("id", PLAIN, primary_key=True),
    Column("tenant", PLAIN, nullable=False),
    Column("owner", PLAIN, nullable=False),
    Column("job_id", PLAIN, nullable=False),
    Column("template", PLAIN, nullable=False),
    Column("ordered", Text, nullable=False),
    Column("created_at", PLAIN, nullable=False),
)
Index("reports_of_owner", reports.c.tenant, reports.c.owner, reports.c.created_at)
report_items: Final = Table(
    "report_items",
    METADATA,
    Column("report_id", PLAIN, ForeignKey("reports.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("target", PLAIN, nullable=False),
    Column("state", PLAIN, nullable=False),
    Column("quotes", Integer, nullable=False),
    Column("versions", Text, nullable=False),
    PrimaryKeyConstraint("report_id", "number"),
)
report_files: Final = Table(
    "report_files",
    METADATA,
    Column("report_id", PLAIN, ForeignKey("reports.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("format", PLAIN, nullable=False),
    Column("digest", PLAIN, nullable=False),
    Column("size", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("report_id", "number", "format"),
)
report_touches: Final = Table(
    "report_touches",
    METADATA,
    Column("report_id", PLAIN, ForeignKey("reports.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", PLAIN, nullable=False),
    Column("target", PLAIN, nullable=False),
    PrimaryKeyConstraint("report_id", "number", "kind", "target"),
)
Index("reports_that_touch", report_touches.c.kind, report_touches.c.target)
