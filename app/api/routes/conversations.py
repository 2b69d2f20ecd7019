"""Conversations and their messages."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import FastAPI, Header, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from app.api import conversation_views as views
from app.api.callers import CallerHere
from app.api.paging import LIMIT, Cursor, Limit, after_number, after_place, next_page
from app.api.routes.answering import reply
from app.api.streams import EVENTS
from app.api.views import AnswerView
from app.bootstrap import Consilium
from app.conversations import conversation_json, message_json
from app.requests import Name, Scoped
from domain.callers import Caller, Resource
from domain.conversations import Conversation
from domain.errors import AccessError, RequestError
from domain.questions import Question

Tenant = Annotated[str | None, Query(max_length=200, description="Default: the caller's own.")]
_LINKS: Final[dict[int | str, dict[str, Any]]] = {
    201: {
        "links": {
            name: {"operationId": name, "parameters": {"conversation_id": "$response.body#/id"}}
            for name in ("show_conversation", "delete_conversation", "ask_in_conversation", "list_messages")
        }
    }
}


class FollowUpBody(BaseModel):
    """A question within a conversation."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    question: str = Field(min_length=1, max_length=4_000, description="The question.", examples=["And in adults?"])
    k: int = Field(10, ge=1, le=50, description="How many passages are read.")
    assistant: Name | None = Field(None, description="Id or name of an assistant, which narrows the scope.")


def add(application: FastAPI, consilium: Consilium) -> None:
    """Add the routes."""
    _asking(application, consilium)

    @application.post(
        "/v1/conversations",
        response_model=views.ConversationView,
        status_code=201,
        summary="Begin a conversation",
        responses=_LINKS,
        operation_id="begin_conversation",
    )
    def begin(body: Scoped, caller: CallerHere) -> Any:
        asker = body.question(consilium, "converse", caller=caller)
        tenant = asker.scope.tenant
        consilium.access.require(caller, "conversation.create", Resource(kind="tenant", id=tenant, tenant=tenant))
        return conversation_json(consilium.conversations.begin(asker))

    @application.get("/v1/conversations", response_model=views.ConversationsView, summary="List one's conversations")
    def conversations(
        request: Request, caller: CallerHere, tenant: Tenant = None, limit: Limit = LIMIT, cursor: Cursor = None
    ) -> Any:
        of = tenant or caller.tenant
        consilium.access.require(caller, "conversation.list", Resource(kind="tenant", id=of, tenant=of))
        page = consilium.conversations.kept.of_owner(of, caller.id, after=after_place(cursor), limit=limit)
        last = page.items[-1] if page.more else None
        return {
            "conversations": [conversation_json(one) for one in page.items],
            "next": next_page(request, last.created_at, last.id) if last else None,
        }

    @application.get(
        "/v1/conversations/{conversation_id}",
        response_model=views.ConversationView,
        summary="Show a conversation",
        operation_id="show_conversation",
    )
    def conversation(conversation_id: str, caller: CallerHere) -> Any:
        return conversation_json(_found(consilium, caller, conversation_id, "conversation.read"))

    @application.delete(
        "/v1/conversations/{conversation_id}",
        status_code=204,
        summary="Remove a conversation",
        operation_id="delete_conversation",
    )
    def remove(conversation_id: str, caller: CallerHere) -> None:
        found = _found(consilium, caller, conversation_id, "conversation.delete")
        if not consilium.conversations.kept.remove(found.id):
            raise RequestError("request.not_found", "conversation")


def _asking(application: FastAPI, consilium: Consilium) -> None:
    @application.post(
        "/v1/conversations/{conversation_id}/messages",
        response_model=AnswerView,
        response_model_exclude_unset=True,
        summary="Ask within a conversation",
        operation_id="ask_in_conversation",
        responses={200: {"content": EVENTS}},
    )
    async def ask(
        request: Request,
        conversation_id: str,
        body: FollowUpBody,
        caller: CallerHere,
        accept: Annotated[str, Header()] = "application/json",
    ) -> Any:
        found = await run_in_threadpool(_found, consilium, caller, conversation_id, "conversation.ask")
        question = asker_in(consilium, caller, found, body.question, body.k)
        service = None
        if body.assistant is not None:
            tenant, named = found.tenant, body.assistant
            serving = await run_in_threadpool(consilium.assistants.serving, caller, tenant, named)
            question = consilium.assisted.narrow(question, serving, frozenset({"purpose", "as_of"}))
            service = consilium.assisted.by(serving)
        kept = consilium.conversations
        return await reply(
            request, accept, lambda: kept.ask(found, question, service), lambda: kept.answer(found, question, service)
        )

    @application.get(
        "/v1/conversations/{conversation_id}/messages",
        response_model=views.MessagesView,
        response_model_exclude_unset=True,
        summary="List the messages of a conversation",
        operation_id="list_messages",
    )
    def messages(
        request: Request, conversation_id: str, caller: CallerHere, limit: Limit = LIMIT, cursor: Cursor = None
    ) -> Any:
        found = _found(consilium, caller, conversation_id, "conversation.read")
        asker, after = asker_in(consilium, caller, found, "browse"), after_number(cursor)
        page, reached = consilium.conversations.messages(found, asker, after=after, limit=limit)
        return {
            "messages": [message_json(one) for one in page.items],
            "next": next_page(request, reached) if page.more else None,
        }


def asker_in(consilium: Consilium, caller: Caller, within: Conversation, text: str, k: int = 10) -> Question:
    """Return a question within the scope of a conversation."""
    scope = Scoped.model_validate(
        {
            "tenant": within.tenant,
            "subjects": list(within.subjects),
            "collections": list(within.collections),
            "as_of": within.as_of,
            "purpose": within.purpose,
        }
    )
    return scope.question(consilium, text, k, caller)


def _found(consilium: Consilium, caller: Caller, conversation_id: str, action: str) -> Conversation:
    """Return a conversation that the caller may do something to; another's is as if it were not there."""
    found = consilium.conversations.kept.find(conversation_id)
    own = Resource(kind="conversation", id=conversation_id, tenant=caller.tenant, owner=caller.id)
    if found is None or found.owner == caller.id:
        tenant = found.tenant if found else caller.tenant
        own = Resource(kind="conversation", id=conversation_id, tenant=tenant, owner=caller.id)
        consilium.access.require(caller, action, own)
        if found:
            return found
    else:
        consilium.access.require(caller, action, own)
        theirs = Resource(kind="conversation", id=conversation_id, tenant=found.tenant, owner=found.owner)
        try:
            consilium.access.require(caller, action, theirs)
        except AccessError:
            found = None
    if found is None:
        raise RequestError("request.not_found", "conversation")
    return found
