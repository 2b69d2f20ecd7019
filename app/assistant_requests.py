"""Assistants as they are asked for and as files, validated at the edge."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from domain.assistants import Assistant, AssistantVersion, Design
from domain.errors import RequestError

FORMAT: Final = "consilium-assistant/1"
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Slug = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$", max_length=60)
]
Starter = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
_Role = Literal["reader", "professional", "steward", "auditor", "administrator", "system"]


class DesignBody(BaseModel):
    """What an assistant is. It narrows what its user may see, and can widen nothing."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    title: str = Field(min_length=1, max_length=200, description="What people read.", examples=["Data protection desk"])
    description: str = Field("", max_length=1_000, description="What it is for.")
    roles: list[_Role] = Field(
        default_factory=list,
        max_length=6,
        description="Who may use it has one of these; anybody who may ask when empty.",
    )
    teams: list[Name] = Field(
        default_factory=list, max_length=50, description="… and is in one of these teams, by id or name."
    )
    instructions: str = Field(
        "",
        max_length=4_000,
        description="How a chat model is to draft. No check follows it, and the extractive drafter reads none of it.",
    )
    collections: list[Name] = Field(
        default_factory=list, max_length=100, description="What is searched at most; all that its user may when empty."
    )
    pack: Annotated[str, StringConstraints(pattern=r"^$|^[a-z][a-z0-9_]{0,40}$")] = Field(
        "", description="A pack that comes with the server, whose rules hold as well; empty for the server's own."
    )
    unsupported: Literal["", "drop"] = Field("", description="Drop what is not supported, also where a pack flags it.")
    redact: Literal["", "secret", "direct", "all"] = Field(
        "", description="Redact at least so much, for whatever purpose; empty for what the packs say."
    )
    purpose: Literal["", "treatment", "legal_advice", "operations", "research", "audit"] = Field(
        "", description="Purpose of a question that names none."
    )
    as_of: date | None = Field(None, description="Date in force of a question that names none.")
    starters: list[Starter] = Field(default_factory=list, max_length=12, description="Questions to begin with.")

    def design(self) -> Design:
        """Return the design, each list without repetitions."""
        values = self.model_dump()
        for name in ("roles", "teams", "collections", "starters"):
            values[name] = tuple(dict.fromkeys(values[name]))
        return Design(**values)


class AssistantBody(BaseModel):
    """A new assistant."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: Slug = Field(description="Part of its model name; it never changes.", examples=["data-protection"])
    design: DesignBody


class ChangeBody(BaseModel):
    """A new version of an assistant."""

    model_config = ConfigDict(extra="forbid")

    base: int = Field(ge=1, lt=2**31, description="The version that was changed; another one meanwhile is a conflict.")
    design: DesignBody


class PublicationBody(BaseModel):
    """Where a version may be used; nowhere takes it back."""

    model_config = ConfigDict(extra="forbid")

    version: int = Field(ge=1, lt=2**31)
    client: bool = Field(default=True, description="In the client, and by the field assistant of a question.")
    model: bool = Field(default=True, description="As consilium/assistant/NAME of the OpenAI-compatible interface.")


class AssistantFile(BaseModel):
    """An assistant as a file: nothing of who made it, when, or where it was published."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    format: Literal["consilium-assistant/1"]
    name: Slug
    design: DesignBody


def file_of(assistant: Assistant, version: AssistantVersion) -> str:
    """Return an assistant as the text of a file; the same design gives the same bytes."""
    body = {"format": FORMAT, "name": assistant.name, "design": design_json(version.design)}
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


def read_file(text: str) -> AssistantFile:
    """Return what a file says. Raises RequestError ``request.invalid`` with the fields at fault."""
    try:
        return AssistantFile.model_validate_json(text)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['type']}" for e in error.errors())
        raise RequestError("request.invalid", faults) from None


def design_json(design: Design) -> dict[str, Any]:
    """Return the JSON of a design."""
    return {
        "title": design.title,
        "description": design.description,
        "roles": list(design.roles),
        "teams": list(design.teams),
        "instructions": design.instructions,
        "collections": list(design.collections),
        "pack": design.pack,
        "unsupported": design.unsupported,
        "redact": design.redact,
        "purpose": design.purpose,
        "as_of": design.as_of.isoformat() if design.as_of else None,
        "starters": list(design.starters),
    }


def version_json(version: AssistantVersion) -> dict[str, Any]:
    """Return the JSON of a version."""
    return {
        "version": version.number,
        "created_at": version.created_at,
        "created_by": version.created_by,
        "restored": version.restored or None,
        "design": design_json(version.design),
    }


def assistant_json(assistant: Assistant, latest: AssistantVersion) -> dict[str, Any]:
    """Return the JSON of an assistant with its newest version, for those who edit it."""
    published = assistant.published > 0
    return {
        "id": assistant.id,
        "name": assistant.name,
        "model": f"consilium/assistant/{assistant.name}",
        "created_at": assistant.created_at,
        "latest": version_json(latest),
        "published": {
            "version": assistant.published,
            "client": assistant.client,
            "model": assistant.model,
            "at": assistant.published_at,
            "by": assistant.published_by,
        }
        if published
        else None,
    }
