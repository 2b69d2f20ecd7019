"""The shapes of assistants, for the OpenAPI document."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from app.assistant_requests import DesignBody


class _View(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AssistantVersionView(_View):
    """One version; it never changes."""

    version: int
    created_at: str
    created_by: str
    restored: int | None = Field(description="The older version that it repeats.")
    design: DesignBody


class PublicationView(_View):
    """Which version is used where, since when, and by whom it was published."""

    version: int
    client: bool
    model: bool
    at: str
    by: str


class AssistantView(_View):
    """An assistant with its newest version, for those who edit it."""

    id: str
    name: str
    model: str = Field(description="Its name for OpenAI's clients, once it is published as a model.")
    created_at: str
    latest: AssistantVersionView
    published: PublicationView | None


class AssistantsView(_View):
    """All assistants that are not retired, by name, and what a design may name."""

    assistants: list[AssistantView]
    packs: list[str] = Field(description="Packs that come with this server.")
    pack: str = Field(description="The server's own.")
    drafter: str = Field(description="Who drafts: extractive reads no instructions, chat does.")


class AssistantVersionsView(_View):
    """All versions of an assistant, newest first."""

    versions: list[AssistantVersionView]


class UsableAssistantView(_View):
    """An assistant as who may use it sees it: as it is published, without its instructions."""

    id: str
    name: str
    version: int
    title: str
    description: str
    collections: list[str]
    pack: str
    purpose: str
    as_of: date | None
    starters: list[str]


class UsableAssistantsView(_View):
    """Assistants that the caller may use, by name; and who answers, as some drafters read no instructions."""

    assistants: list[UsableAssistantView]
    drafter: str
