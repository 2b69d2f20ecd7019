"""Conversations and feedback in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final, TypeVar

from domain.conversations import ACCEPTED, Conversation, Feedback, GivenAnswer, Message, Resolution
from domain.paging import Page, Place

_BEGIN: Final = Place(at="\uffff", id="")
T = TypeVar("T")


def newest_first(items: Sequence[tuple[Place, T]], after: Place | None, limit: int) -> Page[T]:
    """Return a page of items by their places."""
    start = after or _BEGIN
    ordered = sorted(items, key=lambda item: (item[0].at, item[0].id), reverse=True)
    left = [item for place, item in ordered if (place.at, place.id) < (start.at, start.id)]
    return Page(items=tuple(left[:limit]), more=len(left) > limit)


class MemoryConversations:
    """The reference for :class:`domain.ports.conversations.Conversations`."""

    def __init__(self) -> None:
        self._conversations: dict[str, Conversation] = {}
        self._messages: dict[str, list[Message]] = {}

    def add(self, conversation: Conversation) -> None:
        """Remember a conversation."""
        self._conversations[conversation.id] = conversation
        self._messages[conversation.id] = []

    def find(self, conversation_id: str) -> Conversation | None:
        """Return a conversation by id."""
        return self._conversations.get(conversation_id)

    def of_owner(self, tenant: str, owner: str, *, after: Place | None, limit: int) -> Page[Conversation]:
        """Return conversations of a caller, newest first."""
        mine = [one for one in self._conversations.values() if (one.tenant, one.owner) == (tenant, owner)]
        return newest_first([(Place(at=one.created_at, id=one.id), one) for one in mine], after, limit)

    def say(self, message: Message) -> int:
        """Add a message to the end."""
        if message.conversation_id not in self._conversations:
            return 0
        kept = self._messages[message.conversation_id]
        number = kept[-1].number + 1 if kept else 1
        kept.append(
            replace(
                message,
                number=number,
                subjects=tuple(sorted(message.subjects)),
                documents=tuple(sorted(message.documents)),
            )
        )
        return number

    def messages(self, conversation_id: str, *, after: int, limit: int) -> Page[Message]:
        """Return messages in order."""
        left = [one for one in self._messages.get(conversation_id, []) if one.number > after]
        return Page(items=tuple(left[:limit]), more=len(left) > limit)

    def last(self, conversation_id: str) -> Message | None:
        """Return the last message."""
        kept = self._messages.get(conversation_id)
        return kept[-1] if kept else None

    def message_of(self, answer_id: str) -> Message | None:
        """Return the message that an answer was given in."""
        every = (one for kept in self._messages.values() for one in kept)
        return next((one for one in every if one.answer_id == answer_id), None)

    def given(self, answer_id: str) -> GivenAnswer | None:
        """Return what is known of an answer."""
        for kept in self._messages.values():
            for one in kept:
                if one.answer_id == answer_id:
                    return self._given(one)
        return None

    def remove(self, conversation_id: str) -> bool:
        """Remove a conversation with its messages."""
        self._messages.pop(conversation_id, None)
        return self._conversations.pop(conversation_id, None) is not None

    def forget(self, tenant: str, subjects: Sequence[str], document_ids: Sequence[str]) -> int:
        """Forget conversations about one of these subjects, and messages that rest on one of these documents."""
        gone = 0
        for one in [c for c in self._conversations.values() if c.tenant == tenant]:
            if set(one.subjects) & set(subjects):
                gone += self.remove(one.id)
                continue
            kept = self._messages[one.id]
            left = [m for m in kept if not (set(m.documents) & set(document_ids) or set(m.subjects) & set(subjects))]
            gone += len(kept) - len(left)
            self._messages[one.id] = left
        return gone

    def _given(self, message: Message) -> GivenAnswer:

        of = self._conversations[message.conversation_id]
        return GivenAnswer(
            id=message.answer_id,
            tenant=of.tenant,
            owner=of.owner,
            claims=len(message.answer.get("claims", ())),
            subjects=message.subjects,
            collections=of.collections,
            documents=message.documents,
            purpose=of.purpose,
            as_of=date.fromisoformat(message.answer["as_of"]),
        )


class MemoryFeedbacks:
    """The reference for :class:`domain.ports.feedbacks.Feedbacks`."""

    def __init__(self) -> None:
        self._kept: dict[str, Feedback] = {}
        self._resolutions: dict[str, Resolution] = {}

    def add(self, feedback: Feedback) -> None:
        """Remember it."""
        self._kept[feedback.id] = feedback

    def find(self, feedback_id: str) -> Feedback | None:
        """Return one by id."""
        return self._kept.get(feedback_id)

    def of_owner(self, tenant: str, owner: str, *, after: Place | None, limit: int) -> Page[Feedback]:
        """Return what a caller said, newest first."""
        mine = [one for one in self._kept.values() if (one.tenant, one.owner) == (tenant, owner)]
        return newest_first([(Place(at=one.at, id=one.id), one) for one in mine], after, limit)

    def waiting(self, tenant: str, *, after: Place | None, limit: int) -> Page[Feedback]:
        """Return what nobody has decided of yet, newest first."""
        left = [one for one in self._kept.values() if one.tenant == tenant and one.id not in self._resolutions]
        return newest_first([(Place(at=one.at, id=one.id), one) for one in left], after, limit)

    def resolve(self, resolution: Resolution) -> bool:
        """Remember what was decided, once."""
        if resolution.feedback_id not in self._kept or resolution.feedback_id in self._resolutions:
            return False
        self._resolutions[resolution.feedback_id] = resolution
        return True

    def resolution(self, feedback_id: str) -> Resolution | None:
        """Return what was decided."""
        return self._resolutions.get(feedback_id) if feedback_id in self._kept else None

    def accepted(self, tenant: str) -> list[tuple[Feedback, Resolution]]:
        """Return what was accepted in a tenant, oldest first."""
        mine = sorted((one for one in self._kept.values() if one.tenant == tenant), key=lambda one: (one.at, one.id))
        decided = [(one, self._resolutions.get(one.id)) for one in mine]
        return [(one, found) for one, found in decided if found and found.decision == ACCEPTED]

    def counts(self, tenant: str) -> dict[tuple[str, str], int]:
        """Return how many there are of each verdict and decision."""
        mine = [one for one in self._kept.values() if one.tenant == tenant]
        decided = ((one, self._resolutions.get(one.id)) for one in mine)
        return dict(Counter((one.verdict, found.decision if found else "") for one, found in decided))

    def remove(self, feedback_id: str) -> bool:
        """Remove one."""
        return self._kept.pop(feedback_id, None) is not None

    def forget(self, tenant: str, subjects: Sequence[str], document_ids: Sequence[str]) -> int:
        """Forget what was said of answers about these subjects or that rest on these documents."""
        gone = [
            one.id
            for one in self._kept.values()
            if one.tenant == tenant and (set(one.subjects) & set(subjects) or set(one.documents) & set(document_ids))
        ]
        for key in gone:
            del self._kept[key]
        return len(gone)
