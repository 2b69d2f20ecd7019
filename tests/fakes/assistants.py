"""Assistants in memory."""

from __future__ import annotations

from domain.assistants import Assistant, AssistantVersion


class MemoryAssistants:
    """The reference for :class:`domain.ports.assistants.Assistants`."""

    def __init__(self) -> None:
        self._assistants: dict[str, Assistant] = {}
        self._versions: dict[str, list[AssistantVersion]] = {}

    def add(self, assistant: Assistant, first: AssistantVersion) -> bool:
        """Remember an assistant with its first version."""
        if self.find(assistant.tenant, assistant.name):
            return False
        self._assistants[assistant.id] = assistant
        self._versions[assistant.id] = [first]
        return True

    def find(self, tenant: str, key: str) -> Assistant | None:
        """Return an assistant of a tenant by id or name."""
        return next((one for one in self.all(tenant) if key in {one.id, one.name}), None)

    def all(self, tenant: str) -> list[Assistant]:
        """Return the assistants of a tenant by name."""
        return sorted((one for one in self._assistants.values() if one.tenant == tenant), key=lambda one: one.name)

    def append(self, version: AssistantVersion) -> bool:
        """Remember a version."""
        kept = self._versions.get(version.assistant_id, [])
        if not kept or version.number != len(kept) + 1:
            return False
        kept.append(version)
        return True

    def version(self, assistant_id: str, number: int) -> AssistantVersion | None:
        """Return one version."""
        return next((one for one in self.versions(assistant_id) if one.number == number), None)

    def versions(self, assistant_id: str) -> list[AssistantVersion]:
        """Return all versions, newest first."""
        return list(reversed(self._versions.get(assistant_id, [])))

    def change(self, assistant: Assistant) -> None:
        """Remember how an assistant is published now."""
        self._assistants[assistant.id] = assistant
