"""Keeps assistants and all their versions."""

from __future__ import annotations

from typing import Protocol

from domain.assistants import Assistant, AssistantVersion


class Assistants(Protocol):
    """Assistants of all tenants. Every method raises ServiceError when the store is unavailable."""

    def add(self, assistant: Assistant, first: AssistantVersion) -> bool:
        """Remember an assistant with its first version durably; False when the tenant has one by that name."""

    def find(self, tenant: str, key: str) -> Assistant | None:
        """Return an assistant of a tenant by id or name."""

    def all(self, tenant: str) -> list[Assistant]:
        """Return the assistants of a tenant by name, retired ones included."""

    def append(self, version: AssistantVersion) -> bool:
        """Remember a version durably; False when it is not the next one by its number."""

    def version(self, assistant_id: str, number: int) -> AssistantVersion | None:
        """Return one version."""

    def versions(self, assistant_id: str) -> list[AssistantVersion]:
        """Return all versions, newest first."""

    def change(self, assistant: Assistant) -> None:
        """Remember how an assistant is published now, or that it is retired."""
