"""What callers say of their answers: a claim is right or wrong, or there is a better quote."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from app.answering.presentation import JSON
from app.library import Library
from domain.conversations import BETTER_QUOTE, Feedback, GivenAnswer
from domain.errors import RequestError
from domain.ports.answer_records import AnswerRecords
from domain.ports.clock import Clock
from domain.ports.conversations import Conversations
from domain.ports.feedbacks import Feedbacks
from domain.ports.ids import Ids
from domain.questions import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class BetterQuote:
    """Words by the span of a version's canonical text that they are said to be; by its passage or by the version."""

    start: int
    end: int
    text: str
    passage_id: str = ""
    version_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackService:
    """Takes feedback and keeps it. Whether a caller may give it is decided before."""

    kept: Feedbacks
    conversations: Conversations
    records: AnswerRecords
    library: Library
    clock: Clock
    ids: Ids

    def given(self, tenant: str, answer_id: str) -> GivenAnswer | None:
        """Return what is known of an answer that is kept, in a conversation or for being run again."""
        if found := self.conversations.given(answer_id):
            return found
        record = self.records.record(tenant, answer_id)
        if record is None:
            return None
        scope = record.question.scope
        return GivenAnswer(
            id=answer_id,
            tenant=scope.tenant,
            owner=record.question.actor.id,
            claims=len(record.claims),
            subjects=scope.subjects,
            collections=scope.collections,
            documents=record.documents,
            purpose=record.question.purpose,
            as_of=scope.as_of,
        )

    def give(
        self, answer: GivenAnswer, asker: Question, *, claim: int | None, verdict: str, comment: str,
        quote: BetterQuote | None,
    ) -> Feedback:  # fmt: skip
        """Keep what ``asker`` says of an answer.

        Raises RequestError ``request.invalid`` when there is no such claim, or the quote is not verbatim in a passage
        that the asker may see.
        """
        if claim is not None and claim >= answer.claims:
            raise RequestError("request.invalid", f"claim: the answer has {answer.claims}")
        if (quote is not None) != (verdict == BETTER_QUOTE):
            raise RequestError("request.invalid", "quote: goes with the verdict better_quote, and with no other")
        documents, passage_id = set(answer.documents), ""
        if quote:
            passage_id = quote.passage_id or self.library.passage_at(quote.version_id, quote.start, quote.end)
            documents.add(self.library.verbatim(passage_id, quote.start, quote.end, quote.text, asker))
        given = Feedback(
            id=self.ids.new("f"),
            tenant=answer.tenant,
            owner=asker.actor.id,
            answer_id=answer.id,
            claim=claim,
            verdict=verdict,
            passage_id=passage_id,
            start=quote.start if quote else 0,
            end=quote.end if quote else 0,
            comment=comment,
            at=self.clock.now().isoformat(),
            subjects=answer.subjects,
            documents=tuple(sorted(documents)),
        )
        self.kept.add(given)
        return given


def feedback_json(feedback: Feedback) -> JSON:
    """Return the JSON of feedback; the words of a better quote are where its span says."""
    body = asdict(feedback)
    for name in ("passage_id", "start", "end", "subjects", "documents", "tenant", "owner"):
        del body[name]
    if feedback.passage_id:
        body["quote"] = {"passage_id": feedback.passage_id, "start": feedback.start, "end": feedback.end}
    return body
