"""What callers say of their answers."""

from __future__ import annotations

from typing import Any, Literal, Self

from fastapi import FastAPI, Request
from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.api import conversation_views as views
from app.api.callers import CallerHere
from app.api.paging import LIMIT, Cursor, Limit, after_place, next_page
from app.api.routes.conversations import Tenant
from app.bootstrap import Consilium
from app.feedback import BetterQuote, feedback_json
from app.requests import Scoped
from domain.callers import Caller, Resource
from domain.conversations import GivenAnswer
from domain.errors import RequestError
from domain.questions import Question


class QuoteBody(BaseModel):
    """Words exactly as they stand in a version's canonical text: of one passage, named by its id or by the version."""

    model_config = ConfigDict(extra="forbid")

    passage_id: str = Field("", max_length=200)
    version_id: str = Field("", max_length=200, description="Instead of the passage.")
    start: int = Field(ge=0, lt=2**31)
    end: int = Field(ge=1, lt=2**31)
    text: str = Field(min_length=1, max_length=4_000)

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.passage_id) == bool(self.version_id):
            message = "name either a passage or a version"
            raise ValueError(message)
        return self


class FeedbackBody(BaseModel):
    """A verdict on a claim of an answer, or on the whole of it."""

    model_config = ConfigDict(extra="forbid")

    answer_id: str = Field(min_length=1, max_length=200)
    claim: int | None = Field(None, ge=0, le=1_000, description="Which claim, from 0; the whole answer when absent.")
    verdict: Literal["right", "wrong", "better_quote"]
    quote: QuoteBody | None = Field(None, description="With the verdict better_quote.")
    comment: str = Field("", max_length=4_000, description="Free text.")


def add(application: FastAPI, consilium: Consilium) -> None:
    """Add the routes."""

    @application.post(
        "/v1/feedback",
        response_model=views.FeedbackView,
        response_model_exclude_none=False,
        status_code=201,
        summary="Say what one thinks of an answer",
        responses={
            201: {
                "links": {
                    "delete_feedback": {
                        "operationId": "delete_feedback", "parameters": {"feedback_id": "$response.body#/id"}
                    }
                }
            }
        },
    )  # fmt: skip
    def give(body: FeedbackBody, caller: CallerHere, tenant: Tenant = None) -> Any:
        of = tenant or caller.tenant
        consilium.access.require(caller, "feedback.give", Resource(kind="tenant", id=of, tenant=of))
        answer = consilium.feedback.given(of, body.answer_id)
        if answer is None or answer.owner != caller.id:
            raise RequestError("request.not_found", "answer")
        quote = BetterQuote(**body.quote.model_dump()) if body.quote else None
        given = consilium.feedback.give(
            answer,
            _asker(consilium, answer, caller),
            claim=body.claim,
            verdict=body.verdict,
            comment=body.comment,
            quote=quote,
        )
        return feedback_json(given)

    @application.get("/v1/feedback", response_model=views.FeedbacksView, summary="List what one said of answers")
    def feedback(
        request: Request, caller: CallerHere, tenant: Tenant = None, limit: Limit = LIMIT, cursor: Cursor = None
    ) -> Any:
        of = tenant or caller.tenant
        consilium.access.require(caller, "feedback.list", Resource(kind="tenant", id=of, tenant=of))
        page = consilium.feedback.kept.of_owner(of, caller.id, after=after_place(cursor), limit=limit)
        last = page.items[-1] if page.more else None
        return {
            "feedback": [feedback_json(one) for one in page.items],
            "next": next_page(request, last.at, last.id) if last else None,
        }

    @application.delete(
        "/v1/feedback/{feedback_id}", status_code=204, summary="Take feedback back", operation_id="delete_feedback"
    )
    def remove(feedback_id: str, caller: CallerHere) -> None:
        found = consilium.feedback.kept.find(feedback_id)
        tenant = found.tenant if found and found.owner == caller.id else caller.tenant
        mine = Resource(kind="feedback", id=feedback_id, tenant=tenant, owner=caller.id)
        consilium.access.require(caller, "feedback.delete", mine)
        if found is None or found.owner != caller.id or not consilium.feedback.kept.remove(feedback_id):
            raise RequestError("request.not_found", "feedback")


def _asker(consilium: Consilium, answer: GivenAnswer, caller: Caller) -> Question:
    scope = Scoped.model_validate(
        {
            "tenant": answer.tenant,
            "subjects": list(answer.subjects),
            "collections": list(answer.collections),
            "as_of": answer.as_of,
            "purpose": answer.purpose,
        }
    )
    return scope.question(consilium, "feedback", caller=caller)
