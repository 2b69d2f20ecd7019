"""Which versions about a subject an asker may see now, and which places of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from domain.documents import Document, Locator, Passage, Section
from domain.ports.catalogue import Catalogue, StoredVersion
from domain.questions import Question
from policies.access import passages as access

JSON = dict[str, Any]
_END: Final = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A version with its passages, those apart that the asker may see and that are about the subject."""

    document: Document
    version: StoredVersion
    text: str
    sections: tuple[Section, ...]
    passages: tuple[Passage, ...]
    permitted: frozenset[str]

    def passage_at(self, start: int, end: int) -> Passage | None:
        """Return the first passage of ``start..end`` when each one that it touches may be seen; ``None`` otherwise."""
        touched = [one for one in self.passages if one.start < end and start < one.end]
        if not touched or any(one.id not in self.permitted for one in touched):
            return None
        return touched[0]

    def place(self, passage: Passage, start: int, end: int, locator: Locator | None = None) -> JSON:
        """Return the JSON that leads to ``start..end`` in its source."""
        own = locator or passage.locator
        found: JSON = {
            name: value for name in ("page", "citation", "resource", "element") if (value := getattr(own, name))
        }
        return {
            "document_id": self.document.id,
            "version_id": self.version.id,
            "passage_id": passage.id,
            "start": start,
            "end": end,
            "locator": found,
        }


def seen(catalogue: Catalogue, resolved: Question) -> Iterator[Seen]:
    """Yield the versions about the subjects of a resolved question that hold anything its actor may see."""
    scope = resolved.scope
    wanted = set(scope.subjects)
    for document in catalogue.documents_about(scope.tenant, scope.subjects):
        for version in catalogue.versions(document.id):
            if not version.visible or not version.in_force.covers(scope.as_of):
                continue
            passages = catalogue.neighbours(version.id, 0, _END)
            permitted = frozenset(
                one.id
                for one in passages
                if wanted.intersection(one.labels.subjects)
                and access.decide(one, scope, resolved.actor).decision == "allow"
            )
            whole = catalogue.version(version.id) if permitted else None
            if whole is None:
                continue
            yield Seen(
                document=document,
                version=version,
                text=whole.text,
                sections=tuple(catalogue.sections(version.id)),
                passages=tuple(passages),
                permitted=permitted,
            )
