"""Conversations: questions of one caller within one scope, kept with their answers for that caller alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.answering.follow_ups import follow_up
from app.answering.presentation import JSON, decision_json
from app.answering.service import AnswerService
from app.answering.vocabulary import vocabulary
from app.library import Library
from domain.answers import Decision
from domain.conversations import Conversation, Message
from domain.errors import RequestError
from domain.paging import Page
from domain.ports.clock import Clock
from domain.ports.conversations import Conversations
from domain.ports.ids import Ids
from domain.questions import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationService:
    """Begins conversations, asks within them, shows and removes them. Whether a caller may is decided before."""

    kept: Conversations
    answers: AnswerService
    library: Library
    clock: Clock
    ids: Ids

    def begin(self, asker: Question) -> Conversation:
        """Begin a conversation within a scope. Raises AccessError when its asker may not look there."""
        self.answers.retriever.resolve(asker)
        scope = asker.scope
        conversation = Conversation(
            id=self.ids.new("c"),
            tenant=scope.tenant,
            owner=asker.actor.id,
            subjects=scope.subjects,
            collections=scope.collections,
            as_of=scope.as_of if scope.as_of != self.clock.today() else None,
            purpose=asker.purpose,
            created_at=self.clock.now().isoformat(),
        )
        self.kept.add(conversation)
        return conversation

    def ask(
        self, conversation: Conversation, question: Question, answers: AnswerService | None = None
    ) -> Iterator[tuple[str, JSON]]:
        """Yield ("claim", …) as each stands, then ("answer", …), and keep question and answer before that.

        ``question`` is within the conversation's scope; its text is what the caller wrote. ``answers`` is another
        service that answers, as an assistant has it. Raises RequestError
        ``request.not_found`` when the conversation was removed meanwhile.
        """
        asked, decision = self._asked(conversation, question)
        for event, data in (answers or self.answers).stream(asked):
            yield event, self._kept(conversation, question, asked, decision, data) if event == "answer" else data

    def answer(self, conversation: Conversation, question: Question, answers: AnswerService | None = None) -> JSON:
        """Return the answer alone, kept as :meth:`ask` keeps it."""
        asked, decision = self._asked(conversation, question)
        return self._kept(conversation, question, asked, decision, (answers or self.answers).answer(asked))

    def _asked(self, conversation: Conversation, question: Question) -> tuple[Question, Decision | None]:
        """Return a question as it is asked after the one before it, and what was decided about that."""
        last = self.kept.last(conversation.id)
        text, decision = follow_up(question.text, last.asked_as if last else "", vocabulary())
        return question.reworded(text), decision

    def _kept(
        self, conversation: Conversation, question: Question, asked: Question, decision: Decision | None, answer: JSON
    ) -> JSON:
        """Keep a question with its answer, unless what that rests on was erased meanwhile, and return the answer."""
        if decision:
            answer["policies"].insert(0, decision_json(decision))
        message = Message(
            conversation_id=conversation.id,
            number=0,
            question=question.text,
            asked_as=asked.text,
            answer_id=answer["id"],
            answer=answer,
            at=self.clock.now().isoformat(),
            subjects=question.scope.subjects,
            documents=_documents(answer),
        )
        with self.library.catalogue.transaction():
            known = self.kept.say(message)
            if not known or any(self.library.catalogue.document(one) is None for one in message.documents):
                raise RequestError("request.not_found", "conversation")
        return answer

    def messages(
        self, conversation: Conversation, asker: Question, *, after: int, limit: int
    ) -> tuple[Page[Message], int]:
        """Return messages as the asker may still see them, and the number of the last one that was looked at.

        An answer that rests on what they may not see any more is left out. Raises AccessError when the asker may not
        look at the scope any more.
        """
        self.answers.retriever.resolve(asker)
        page = self.kept.messages(conversation.id, after=after, limit=limit)
        seen = tuple(message for message in page.items if self.library.sees(message.documents, asker))
        return Page(items=seen, more=page.more), page.items[-1].number if page.items else after


def _documents(answer: JSON) -> tuple[str, ...]:
    read = {item["document_id"] for item in answer["evidence"]}
    quoted = {quote["document_id"] for claim in answer["claims"] for quote in claim["quotes"]}
    return tuple(sorted(read | quoted))


def message_json(message: Message) -> JSON:
    """Return the JSON of a message."""
    return {
        "number": message.number,
        "at": message.at,
        "question": message.question,
        "answer": dict(message.answer),
    }


def conversation_json(conversation: Conversation) -> JSON:
    """Return the JSON of a conversation without its messages."""
    return {
        "id": conversation.id,
        "tenant": conversation.tenant,
        "owner": conversation.owner,
        "subjects": list(conversation.subjects),
        "collections": list(conversation.collections),
        "as_of": conversation.as_of.isoformat() if conversation.as_of else None,
        "purpose": conversation.purpose,
        "created_at": conversation.created_at,
    }
