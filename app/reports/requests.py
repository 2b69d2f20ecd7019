"""What may be ordered, validated at the edge: the same body for HTTP and the command line."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.reports.template import Format, Name, Purpose

MOST_ITEMS: int = 10_000


class Cohort(BaseModel):
    """Whom the batch is about: named one by one, or everybody whom a team, a collection or a matter has."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    ids: list[Name] | None = Field(
        None, min_length=1, max_length=MOST_ITEMS, description="Patients or matters, or documents, by id."
    )
    team: Name | None = Field(None, description="Everybody that a team is a member of, by its name or id.")
    collection: Name | None = Field(None, description="Everybody, or every document, in a collection.")
    subject: Name | None = Field(None, description="Every document of a patient or matter.")

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if sum(one is not None for one in (self.ids, self.team, self.collection, self.subject)) != 1:
            message = "name one of ids, team, collection and subject"
            raise ValueError(message)
        return self


class ReportBody(BaseModel):
    """An order of a batch of reports."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    template: Annotated[str, Field(min_length=1, max_length=100)] = Field(
        description="Name of a template.", examples=["pre-visit-summary"]
    )
    cohort: Cohort
    tenant: Name | None = Field(None, description="Default: the caller's own.")
    collections: list[Name] = Field(
        default_factory=list,
        max_length=100,
        description="Where to look; default: the template's, or all.",
    )
    as_of: date | None = Field(None, description="Date of the report, and of the text in force; default today.")
    purpose: Purpose | None = Field(None, description="Why; decides what is redacted. Default: the template's.")
    formats: list[Format] = Field(default_factory=list, max_length=5, description="Default: the template's.")
