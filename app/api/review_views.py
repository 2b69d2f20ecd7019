"""The shapes of the reviewer's queue, for the OpenAPI document."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.api.views import ClaimView, QuoteView


class _View(BaseModel):
    model_config = ConfigDict(extra="forbid")


Finding = Literal["", "supported", "contradicted", "unsupported", "beside"]


class ReviewLineView(_View):
    """Feedback that nobody has decided of, without content."""

    id: str
    answer_id: str
    claim: int | None
    verdict: Literal["right", "wrong", "better_quote"]
    at: str
    may_decide: bool = Field(description="Whether the caller may read what it is about, and decide.")


class ReviewCountView(_View):
    """How much feedback there is of one kind."""

    verdict: Literal["right", "wrong", "better_quote"]
    decision: Literal["open", "accepted", "rejected"]
    count: int


class ReviewsView(_View):
    """What waits, newest first. Counts of all there is are for stewards and auditors."""

    feedback: list[ReviewLineView]
    counts: list[ReviewCountView] | None
    next: str | None = Field(None, description="Link to the next page; none on the last one.")


class ReviewView(ReviewLineView):
    """Feedback with what it is on, as far as that is still kept."""

    given_by: str
    comment: str
    question: str
    subjects: list[str]
    collections: list[str]
    purpose: str
    as_of: date
    refusal: str | None
    claims: list[ClaimView] = Field(description="The claim, or all of them; without text where that is not kept.")
    quote: QuoteView | None = Field(description="The better quote.")
    finding: Finding = Field(description="What the feedback says of the claim, unless the reviewer says otherwise.")


class DecisionBody(BaseModel):
    """What a reviewer decides."""

    model_config = ConfigDict(extra="forbid")

    decision: Literal["accepted", "rejected"]
    finding: Finding = Field("", description="What the claim is to its quotes; beside: right, but no answer.")
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1_000)] = ""


class DecidedView(_View):
    """What was decided."""

    feedback_id: str
    decision: Literal["accepted", "rejected"]
    finding: Finding
    reason: str
    reviewer: str
    at: str


class CasesView(_View):
    """A dataset of an evaluation suite, made of accepted feedback at this moment and kept nowhere."""

    suite: Literal["answers", "grounding"]
    cases: int
    left_out: dict[str, int] = Field(description="How much accepted feedback made no case, by reason.")
    files: dict[str, str] = Field(description="The files by name.")
