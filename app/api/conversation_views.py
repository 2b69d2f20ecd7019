"""The shapes of conversations, feedback, versions, subjects, audit and webhooks, for the OpenAPI document."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.api.views import AnswerView, IntervalView, VersionView


class _View(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class _PageView(_View):
    next: str | None = Field(None, description="Link to the next page; none on the last one.")


class ConversationView(_View):
    """A conversation without its messages."""

    id: str
    tenant: str
    owner: str
    subjects: list[str]
    collections: list[str]
    as_of: date | None
    purpose: str
    created_at: str


class ConversationsView(_PageView):
    """Conversations of the caller, newest first."""

    conversations: list[ConversationView]


class MessageView(_View):
    """A question and its answer."""

    number: int
    at: str
    question: str
    answer: AnswerView


class MessagesView(_PageView):
    """Messages of a conversation in order."""

    messages: list[MessageView]


class QuoteSpanView(_View):
    """Words of a passage, by their span of the version's canonical text."""

    passage_id: str
    start: int
    end: int


class FeedbackView(_View):
    """What the caller said of a claim or an answer."""

    id: str
    answer_id: str
    claim: int | None
    verdict: Literal["right", "wrong", "better_quote"]
    comment: str
    quote: QuoteSpanView | None = None
    at: str


class FeedbacksView(_PageView):
    """What the caller said, newest first."""

    feedback: list[FeedbackView]


class VersionsView(_PageView):
    """Versions of a document, oldest date in force first."""

    versions: list[VersionView]


class VersionTextView(_View):
    """A span of a version's text."""

    id: str
    document_id: str
    title: str
    path: str
    media_type: str
    digest: str
    in_force: IntervalView
    length: int = Field(description="Characters of the whole text.")
    start: int
    end: int
    text: str = Field(description="The text from start to end, redacted by purpose.")


class SubjectsView(_PageView):
    """Patients and matters that the caller may see."""

    subjects: list[str]
    names: dict[str, str] = Field(description="Names of patients by id, where the purpose may read them.")


class FoundSubjectsView(_View):
    """Patients and matters that the caller may see, found by name or id."""

    subjects: list[str]
    names: dict[str, str] = Field(description="Names of patients by id, where the purpose may read them.")
    more: bool = Field(description="Whether there are others.")


class CollectionsView(_View):
    """Collections with documents within the scope, by name."""

    collections: list[str]


class AuditEventView(_View):
    """An event of the audit trail: ids, counts and codes."""

    seq: int
    at: str
    event: str
    facts: dict[str, Any]
    previous: str
    digest: str


class AuditEventsView(_PageView):
    """Events of the audit trail in order."""

    events: list[AuditEventView]


class FaultView(_View):
    """Something wrong with the trail."""

    code: str
    seq: int


class AuditStatusView(_View):
    """What verifying the trail found."""

    whole: bool
    events: int
    last: int
    digest: str
    faults: list[FaultView]
    more: int
    keys: list[str]


class WebhookView(_View):
    """Where events go."""

    id: str
    tenant: str
    url: str
    events: list[str]
    created_at: str
    secret: str | None = Field(None, description="Signs the events; shown once.")
    waiting: int | None = Field(None, description="Deliveries that are still tried.")
    given_up: int | None = Field(None, description="Deliveries that were tried for three days.")


class WebhooksView(_View):
    """The endpoints of a tenant."""

    webhooks: list[WebhookView]
