"""Keeps conversations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from domain.conversations import Conversation, GivenAnswer, Message
from domain.paging import Page, Place


class Conversations(Protocol):
    """Conversations with their messages. Every method raises ServiceError when the store is unavailable."""

    def add(self, conversation: Conversation) -> None:
        """Remember a conversation durably."""

    def find(self, conversation_id: str) -> Conversation | None:
        """Return a conversation by id."""

    def of_owner(self, tenant: str, owner: str, *, after: Place | None, limit: int) -> Page[Conversation]:
        """Return conversations of a caller, newest first, from after a place on."""

    def say(self, message: Message) -> int:
        """Add a message to the end durably and return its number; 0 when the conversation is gone."""

    def messages(self, conversation_id: str, *, after: int, limit: int) -> Page[Message]:
        """Return messages in order, those with a number over ``after``."""

    def last(self, conversation_id: str) -> Message | None:
        """Return the last message."""

    def message_of(self, answer_id: str) -> Message | None:
        """Return the message that an answer was given in."""

    def given(self, answer_id: str) -> GivenAnswer | None:
        """Return what is known of an answer that was given in a conversation."""

    def remove(self, conversation_id: str) -> bool:
        """Remove a conversation with its messages; False when there is none by that id."""

    def forget(self, tenant: str, subjects: Sequence[str], document_ids: Sequence[str]) -> int:
        """Forget conversations about one of these subjects, and messages that rest on one of these documents."""
