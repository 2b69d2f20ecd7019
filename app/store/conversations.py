"""Conversations in SQL."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, and_, delete, func, insert, or_, select

from app.store.database import Database
from app.store.tables import conversations, message_touches, messages
from domain.conversations import Conversation, GivenAnswer, Message
from domain.erasure import DOCUMENT, SUBJECT
from domain.paging import Page, Place

_LOCK: Final = 0x436F6E76  # "Conv": which of PostgreSQL's advisory locks numbers the messages
_MOST_IDS: Final = 500


class SqlConversations:
    """Implements :class:`domain.ports.conversations.Conversations`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, conversation: Conversation) -> None:
        """Remember a conversation durably."""
        scope = {
            "subjects": conversation.subjects,
            "collections": conversation.collections,
            "as_of": conversation.as_of.isoformat() if conversation.as_of else None,
            "purpose": conversation.purpose,
        }
        row = {"id": conversation.id, "tenant": conversation.tenant, "owner": conversation.owner}
        with self._database.write() as connection:
            connection.execute(
                insert(conversations).values(
                    **row, scope=json.dumps(scope, ensure_ascii=False), created_at=conversation.created_at
                )
            )
            _touch(connection, conversation.id, 0, {SUBJECT: conversation.subjects})

    def find(self, conversation_id: str) -> Conversation | None:
        """Return a conversation by id."""
        found = self._database.rows(select(conversations).where(conversations.c.id == conversation_id))
        return _conversation(found[0]) if found else None

    def of_owner(self, tenant: str, owner: str, *, after: Place | None, limit: int) -> Page[Conversation]:
        """Return conversations of a caller, newest first, from after a place on."""
        at, key = conversations.c.created_at, conversations.c.id
        query = select(conversations).where(conversations.c.tenant == tenant, conversations.c.owner == owner)
        if after:
            query = query.where(or_(at < after.at, and_(at == after.at, key < after.id)))
        found = self._database.rows(query.order_by(at.desc(), key.desc()).limit(limit + 1))
        return Page(items=tuple(map(_conversation, found[:limit])), more=len(found) > limit)

    def say(self, message: Message) -> int:
        """Add a message to the end durably and return its number; 0 when the conversation is gone."""
        content = {"question": message.question, "asked_as": message.asked_as, "answer": message.answer}
        key = message.conversation_id
        last = select(func.max(messages.c.number)).where(messages.c.conversation_id == key)
        with self._database.write() as connection:
            self._database.lock(connection, _LOCK)
            if not connection.execute(select(conversations.c.id).where(conversations.c.id == key)).first():
                return 0
            number: int = (connection.execute(last).scalar() or 0) + 1
            new = {"conversation_id": key, "number": number, "answer_id": message.answer_id, "at": message.at}
            connection.execute(insert(messages).values(**new, content=json.dumps(content, ensure_ascii=False)))
            _touch(connection, key, number, {SUBJECT: message.subjects, DOCUMENT: message.documents})
        return number

    def messages(self, conversation_id: str, *, after: int, limit: int) -> Page[Message]:
        """Return messages in order, those with a number over ``after``."""
        query = select(messages).where(messages.c.conversation_id == conversation_id, messages.c.number > after)
        found = self._database.rows(query.order_by(messages.c.number).limit(limit + 1))
        return Page(items=tuple(map(self._message, found[:limit])), more=len(found) > limit)

    def last(self, conversation_id: str) -> Message | None:
        """Return the last message."""
        query = select(messages).where(messages.c.conversation_id == conversation_id)
        found = self._database.rows(query.order_by(messages.c.number.desc()).limit(1))
        return self._message(found[0]) if found else None

    def message_of(self, answer_id: str) -> Message | None:
        """Return the message that an answer was given in."""
        found = self._database.rows(select(messages).where(messages.c.answer_id == answer_id).limit(1))
        return self._message(found[0]) if found else None

    def given(self, answer_id: str) -> GivenAnswer | None:
        """Return what is known of an answer that was given in a conversation."""
        message = self.message_of(answer_id)
        conversation = self.find(message.conversation_id) if message else None
        if message is None or conversation is None:
            return None
        return GivenAnswer(
            id=answer_id,
            tenant=conversation.tenant,
            owner=conversation.owner,
            claims=len(message.answer.get("claims", ())),
            subjects=message.subjects,
            collections=conversation.collections,
            documents=message.documents,
            purpose=conversation.purpose,
            as_of=date.fromisoformat(message.answer["as_of"]),
        )

    def remove(self, conversation_id: str) -> bool:
        """Remove a conversation with its messages."""
        with self._database.write() as connection:
            done = connection.execute(delete(conversations).where(conversations.c.id == conversation_id))
        self._database.scrub()
        return done.rowcount == 1

    def forget(self, tenant: str, subjects: Sequence[str], document_ids: Sequence[str]) -> int:
        """Forget conversations about one of these subjects, and messages that rest on one of these documents."""
        touched = select(message_touches.c.conversation_id, message_touches.c.number).join(conversations)
        touched = touched.where(conversations.c.tenant == tenant).distinct()
        gone = 0
        with self._database.write() as connection:
            # What is being said meanwhile waits, and then finds that its documents are gone.
            self._database.lock(connection, _LOCK)
            for kind, targets in ((SUBJECT, subjects), (DOCUMENT, document_ids)):
                for at in range(0, len(targets), _MOST_IDS):
                    some = list(targets[at : at + _MOST_IDS])
                    which = touched.where(message_touches.c.kind == kind, message_touches.c.target.in_(some))
                    for row in connection.execute(which).all():
                        gone += _remove(connection, row.conversation_id, row.number)
        return gone

    def _message(self, row: RowMapping) -> Message:
        content: dict[str, Any] = json.loads(row["content"])
        here = (message_touches.c.conversation_id == row["conversation_id"], message_touches.c.number == row["number"])
        touches = self._database.rows(select(message_touches).where(*here).order_by(message_touches.c.target))
        return Message(
            conversation_id=row["conversation_id"],
            number=row["number"],
            question=content["question"],
            asked_as=content["asked_as"],
            answer_id=row["answer_id"],
            answer=content["answer"],
            at=row["at"],
            subjects=tuple(touch["target"] for touch in touches if touch["kind"] == SUBJECT),
            documents=tuple(touch["target"] for touch in touches if touch["kind"] == DOCUMENT),
        )


def _touch(connection: Connection, key: str, number: int, targets: dict[str, Sequence[str]]) -> None:
    rows = [
        {"conversation_id": key, "number": number, "kind": kind, "target": target}
        for kind, found in targets.items()
        for target in sorted(set(found))
    ]
    if rows:
        connection.execute(insert(message_touches), rows)


def _remove(connection: Connection, key: str, number: int) -> int:
    """Remove one message, or the whole conversation for number 0."""
    if number == 0:
        return connection.execute(delete(conversations).where(conversations.c.id == key)).rowcount
    for table in (message_touches, messages):
        done = connection.execute(delete(table).where(table.c.conversation_id == key, table.c.number == number))
    return done.rowcount


def _conversation(row: RowMapping) -> Conversation:
    scope = json.loads(row["scope"])
    return Conversation(
        id=row["id"],
        tenant=row["tenant"],
        owner=row["owner"],
        subjects=tuple(scope["subjects"]),
        collections=tuple(scope["collections"]),
        as_of=date.fromisoformat(scope["as_of"]) if scope["as_of"] else None,
        purpose=scope["purpose"],
        created_at=row["created_at"],
    )
