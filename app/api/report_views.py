"""How reports look over HTTP: ids, states, codes and digests; their texts come as files alone."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.reports.template import Format


class _View(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TemplateView(_View):
    """A template that is installed here. ``invalid`` says why it cannot be used, where it cannot."""

    name: str
    title: str = ""
    description: str = ""
    pack: str = ""
    version: str = ""
    digest: str = Field("", description="SHA-256 of the template's file.")
    about: Literal["patient", "matter", "document", ""] = ""
    purpose: str = ""
    language: str = ""
    formats: list[Format] = Field(default_factory=list, description="What it makes where nothing else is said.")
    possible: list[Format] = Field(default_factory=list, description="What it can make.")
    grid: bool = False
    sections: list[str] = Field(default_factory=list)
    invalid: str | None = None


class TemplatesView(_View):
    """The templates of reports, by name."""

    templates: list[TemplateView]


class TemplateTextView(TemplateView):
    """A template with the text of its file, to copy and change."""

    text: str


class BatchView(_View):
    """A batch of reports, and how far it is."""

    id: str
    tenant: str
    owner: str
    job_id: str
    template: str
    template_digest: str
    title: str
    about: Literal["patient", "matter", "document"]
    grid: bool = Field(description="Whether there is a grid over all items.")
    as_of: date
    purpose: str
    formats: list[Format]
    created_at: str
    changed_at: str
    state: Literal["queued", "running", "done", "cancelled"]
    trouble: str | None = Field(None, description="Code of what it waits for; it goes on by itself.")
    items: int
    done: int
    aside: int = Field(description="How many failed for a reason of their own and wait to be resumed.")
    cancelled: int


class BatchesView(_View):
    """Batches of the caller, newest first."""

    reports: list[BatchView]
    next: str | None = Field(None, description="Link to the next page; none on the last one.")


class BatchFileView(_View):
    """A file of an item."""

    format: Format
    name: str
    sha256: str
    bytes: int


class BatchItemView(_View):
    """One patient, matter or document of a batch; its id is empty once it is erased."""

    number: int
    target: str
    state: Literal["waiting", "done", "aside", "cancelled", "erased"]
    code: str | None = Field(None, description="Why it was set aside.")
    detail: str | None = None
    quotes: int
    files: list[BatchFileView]


class BatchItemsView(_View):
    """Items of a batch, in order."""

    items: list[BatchItemView]
    next: str | None = Field(None, description="Link to the next page; none on the last one.")
