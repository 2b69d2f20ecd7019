"""What an answer said, as far as it is still kept: in a conversation, or by the spans that its record pins."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from app.library import Library
from domain.answers import Quote
from domain.callers import Caller
from domain.conversations import Conversation, Feedback, Message
from domain.ports.answer_records import AnswerRecords
from domain.ports.conversations import Conversations
from domain.provenance import AnswerRecord, PinnedClaim
from domain.questions import Actor, Question, Scope

Span = tuple[str, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldClaim:
    """A claim as it was said. ``text`` is empty where only its digest is kept and no quote is its very words."""

    text: str
    verdict: str
    digest: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldAnswer:
    """An answer with its question and the passages that were read for it, by id."""

    question: str
    scope: Scope
    purpose: str
    claims: tuple[ToldClaim, ...]
    passages: tuple[str, ...]
    refusal: str

    def asked_by(self, caller: Caller) -> Question:
        """Return the question as another caller would ask it, so that the guarded point decides for them."""
        tenant = self.scope.tenant
        return Question(
            text=self.question,
            scope=self.scope,
            actor=Actor(id=caller.id, tenant=tenant, caller=caller),
            purpose=self.purpose,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAnswers:
    """Finds what an answer said. Nothing of it is shown here."""

    conversations: Conversations
    records: AnswerRecords
    library: Library

    def told(self, feedback: Feedback) -> ToldAnswer | None:
        """Return the answer that feedback is on; ``None`` once it is kept nowhere any more."""
        message = self.conversations.message_of(feedback.answer_id)
        conversation = self.conversations.find(message.conversation_id) if message else None
        if message and conversation:
            return _from_message(message, conversation)
        record = self.records.record(feedback.tenant, feedback.answer_id)
        return _from_record(record) if record else None

    def worded(self, claim: ToldClaim, quotes: Sequence[Quote]) -> ToldClaim:
        """Return a claim with its words, where one of its quotes is exactly them."""
        if claim.text:
            return claim
        for quote in quotes:
            for text in (quote.text, " ".join(quote.text.split())):
                if hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() == claim.digest:
                    return replace(claim, text=text)
        return claim


def _from_message(message: Message, conversation: Conversation) -> ToldAnswer:
    answer = message.answer
    return ToldAnswer(
        question=message.asked_as,
        scope=Scope(
            as_of=date.fromisoformat(answer["as_of"]),
            tenant=conversation.tenant,
            subjects=conversation.subjects,
            collections=conversation.collections,
        ),
        purpose=conversation.purpose,
        claims=tuple(map(_claim_said, answer["claims"])),
        passages=tuple(item["passage_id"] for item in answer["evidence"]),
        refusal=answer.get("refusal", {}).get("code", ""),
    )


def _claim_said(claim: Mapping[str, Any]) -> ToldClaim:
    spans = tuple((quote["passage_id"], quote["start"], quote["end"]) for quote in claim["quotes"])
    return ToldClaim(text=claim["text"], verdict=claim["verdict"], digest="", spans=spans)


def _from_record(record: AnswerRecord) -> ToldAnswer:
    return ToldAnswer(
        question=record.question.text,
        scope=record.question.scope,
        purpose=record.question.purpose,
        claims=tuple(map(_claim_pinned, record.claims)),
        passages=tuple(pinned.passage_id for pinned in record.evidence),
        refusal=record.refusal,
    )


def _claim_pinned(claim: PinnedClaim) -> ToldClaim:
    return ToldClaim(text="", verdict=claim.verdict, digest=claim.digest, spans=claim.quotes)
