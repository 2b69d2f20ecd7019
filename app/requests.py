"""What may be asked, validated at the edge: the same bodies for HTTP and the command line."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from app.answering.service import AnswerService
from app.bootstrap import Consilium
from domain.callers import OWNER, Caller
from domain.documents import Interval, Labels
from domain.erasure import DOCUMENT, SUBJECT, Target
from domain.errors import RequestError
from domain.provenance import AnswerRecord
from domain.questions import Actor, Question, Scope
from ingestion.workflow import IngestRequest

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Purpose = Literal["treatment", "legal_advice", "operations", "research", "audit"]


class Scoped(BaseModel):
    """What a request may look at, and why it is asked."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    tenant: Name = Field("default", description="Tenant whose documents are searched.")
    subjects: list[Name] = Field(
        default_factory=list,
        max_length=20,
        description="Patients or matters. Text about a subject is seen only when the subject is named here.",
        examples=[["patient-lind-anna"]],
    )
    collections: list[Name] = Field(
        default_factory=list, max_length=100, description="Collections to search; all when empty."
    )
    as_of: date | None = Field(None, description="Only text in force on this date is used; default today.")
    purpose: Purpose | None = Field(None, description="Why it is asked; decides what is redacted. Default: the pack's.")

    def named(self) -> set[str]:
        """Return the fields that the request gave a value."""
        return {name for name in self.model_fields_set if getattr(self, name) is not None}

    def question(self, consilium: Consilium, text: str, k: int = 10, caller: Caller = OWNER) -> Question:
        """Return the question that this request asks; of the caller's own tenant where it names none.

        Raises RequestError ``request.invalid`` when its text has no words: pydantic strips less than Python does.
        """
        if not text.strip():
            raise RequestError("request.invalid", "the text needs words")
        tenant = self.tenant if "tenant" in self.model_fields_set else caller.tenant
        return Question(
            text=text,
            scope=Scope(
                as_of=self.as_of or consilium.clock.today(),
                tenant=tenant,
                subjects=tuple(dict.fromkeys(self.subjects)),
                collections=tuple(dict.fromkeys(self.collections)),
            ),
            actor=Actor(id=caller.id, tenant=tenant, caller=caller),
            purpose=self.purpose or consilium.pack.default_purpose,
            k=k,
        )


class SubjectsBody(BaseModel):
    """Whom to find. A name goes in a body: addresses are written into logs on the way."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    words: str = Field("", max_length=200, description="Part of a name or id, in any case.")
    tenant: Name | None = Field(None, description="Default: the caller's own.")
    purpose: Purpose | None = Field(None, description="Why it is asked; decides whether names are found and shown.")
    limit: int = Field(50, ge=1, le=500, description="How many at most.")


class AskBody(Scoped):
    """A question."""

    question_text: str = Field(
        alias="question",
        min_length=1,
        max_length=4_000,
        description="The question.",
        examples=["How long may the controller keep a health record?"],
    )
    k: int = Field(10, ge=1, le=50, description="How many passages are read.")
    assistant: Name | None = Field(None, description="Id or name of an assistant, which narrows the scope.")
    assistant_version: int | None = Field(
        None, ge=1, lt=2**31, description="A version of it that is not published, for those who edit it."
    )

    def to_question(self, consilium: Consilium, caller: Caller = OWNER) -> Question:
        """Return the question."""
        return self.question(consilium, self.question_text, self.k, caller)


class SearchBody(Scoped):
    """A search."""

    query: str = Field(min_length=1, max_length=4_000, description="What to find.", examples=["breach notification"])
    k: int = Field(10, ge=1, le=100, description="How many passages to return.")
    mode: Literal["hybrid", "dense", "words"] = Field("hybrid", description="By meaning and words, or one of them.")

    def to_question(self, consilium: Consilium, caller: Caller = OWNER) -> Question:
        """Return the question."""
        return self.question(consilium, self.query, self.k, caller)


class CheckBody(Scoped):
    """A draft to check."""

    draft: str = Field(
        min_length=1,
        max_length=200_000,
        description="A draft written by anybody, checked sentence by sentence.",
        examples=["The controller may keep a health record for ten years."],
    )

    def to_question(self, consilium: Consilium, caller: Caller = OWNER) -> Question:
        """Return the draft as a question."""
        return self.question(consilium, self.draft, caller=caller)


class RedactBody(Scoped):
    """A text to redact."""

    text: str = Field(
        min_length=1,
        max_length=1_000_000,
        description="The text to redact.",
        examples=["Please call me back on 202-555-0143."],
    )

    def to_question(self, consilium: Consilium, caller: Caller = OWNER) -> Question:
        """Return the text as a question."""
        return self.question(consilium, self.text, caller=caller)


class TargetBody(BaseModel):
    """A patient or matter, or one document."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    tenant: Name = Field("default", description="Tenant whose documents are meant.")
    subject: Name | None = Field(None, description="The patient or matter.", examples=["patient-lind-anna"])
    document: Name | None = Field(None, description="Id of the document.")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.subject is None) == (self.document is None):
            message = "name either a subject or a document"
            raise ValueError(message)
        return self

    def to_target(self) -> Target:
        """Return what is meant."""
        return Target(
            tenant=self.tenant,
            kind=SUBJECT if self.subject else DOCUMENT,
            id=self.subject or self.document or "",
        )


class EraseBody(TargetBody):
    """What is to be erased."""

    shared: bool = Field(default=False, description="Documents that are about other subjects too, as a whole.")


class HoldBody(TargetBody):
    """What must not be erased, and why."""

    reason: str = Field(min_length=1, max_length=1_000, description="Why.", examples=["Litigation, file 12/2026"])


class IngestOptions(BaseModel):
    """How to label what is ingested."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    tenant: Name = "default"
    collection: Name = "default"
    subject: Name | None = Field(None, description="The patient or matter that the files are about.")
    document: Name | None = Field(None, description="Name of the document that this file is a version of.")
    title: Name | None = Field(None, description="Title, instead of the file's own.")
    walls: list[Name] = Field(default_factory=list, description="Walls the files stand behind.")
    sensitivity: Name = Field("normal", description="A word for how sensitive the files are.")
    jurisdiction: Name | None = Field(None, description="Where it is law, instead of the file's own.")
    same_subject: bool = Field(
        default=False,
        description="The subject and the one that a file names are one, though both are known.",
    )
    effective_from: date | None = Field(None, description="First day in force, instead of the file's own.")
    effective_to: date | None = Field(None, description="First day no longer in force.")

    @model_validator(mode="after")
    def _dates_in_order(self) -> IngestOptions:
        if self.effective_from and self.effective_to and self.effective_to < self.effective_from:
            message = "effective_to lies before effective_from"
            raise ValueError(message)
        return self

    def to_request(self) -> IngestRequest:
        """Return the request for the ingestion workflow."""
        return IngestRequest(
            labels=Labels(
                tenant=self.tenant,
                collection=self.collection,
                subjects=(self.subject,) if self.subject else (),
                walls=tuple(sorted(set(self.walls))),
                sensitivity=self.sensitivity,
                jurisdiction=self.jurisdiction,
            ),
            document=self.document,
            title=self.title,
            same_subject=self.same_subject,
            in_force=Interval(effective_from=self.effective_from, effective_to=self.effective_to),
        )


class DoctorBody(BaseModel):
    """What is to be done about what is found."""

    model_config = ConfigDict(extra="forbid")

    repair: bool = Field(default=False, description="Mend what can be mended.")
    reencrypt: bool = Field(default=False, description="Seal originals with the newest key.")


class RetentionBody(BaseModel):
    """Whether the rules are applied or only said."""

    model_config = ConfigDict(extra="forbid")

    dry_run: bool = Field(default=True, description="Say what is due, and erase nothing.")


def asked_again(record: AnswerRecord, consilium: Consilium, caller: Caller) -> Question:
    """Return a recorded question as a caller may ask it today."""
    question = record.question
    scope = question.scope
    body = AskBody.model_construct(
        question_text=question.text,
        tenant=scope.tenant,
        subjects=list(scope.subjects),
        collections=list(scope.collections),
        as_of=scope.as_of,
        purpose=question.purpose,
        k=question.k,
    )
    return body.to_question(consilium, caller)


def with_assistant(
    consilium: Consilium, question: Question, body: AskBody, caller: Caller
) -> tuple[AnswerService, Question]:
    """Return who answers a question, and the question as it is answered: by the assistant that it names, if any.

    Raises AccessError and RequestError.
    """
    if body.assistant is None:
        if body.assistant_version is not None:
            raise RequestError("request.invalid", "assistant_version: of an assistant")
        return consilium.answers, question
    tenant = question.scope.tenant
    serving = consilium.assistants.serving(caller, tenant, body.assistant, number=body.assistant_version)
    narrowed = consilium.assisted.narrow(question, serving, frozenset(body.named()))
    return consilium.assisted.by(serving), narrowed
