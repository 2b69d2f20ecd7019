"""Knows documents, versions, passages and known identities."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from domain.documents import Anchor, Document, Interval, Labels, Passage, Reading, Section, Version
from domain.identities import KnownIdentity

VISIBLE: Final = frozenset({"words", "indexed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredVersion:
    """A version without its text, as listings show it.

    ``state`` is "indexing" (no question sees it), "words" (found by words and citations, its vectors follow),
    "indexed" (found by meaning as well) or "retired" (corrected by another text, so that no question sees it).
    ``added_at`` is ISO 8601 in UTC; versions that are older than this field have none.
    """

    id: str
    document_id: str
    digest: str
    path: str
    media_type: str
    title: str
    in_force: Interval
    passages: int
    state: str
    added_at: str | None = None

    @property
    def visible(self) -> bool:
        """Say whether questions see it."""
        return self.state in VISIBLE


class Catalogue(Protocol):
    """The record of what was ingested. Every method raises ServiceError when the store is unavailable."""

    def transaction(self) -> AbstractContextManager[object]:
        """Return a context in which many writes become one: all of them or none."""

    def find_document(self, tenant: str, collection: str, identity: str) -> Document | None:
        """Return the document with this identity, if there is one."""

    def document(self, document_id: str) -> Document | None:
        """Return a document by id."""

    def documents(self, tenant: str, collections: Sequence[str]) -> Iterator[Document]:
        """Yield the documents of a tenant with a visible version, by id; of every collection when none is named."""

    def versions(self, document_id: str) -> list[StoredVersion]:
        """Return the versions of a document, oldest date in force first."""

    def add_version(self, document: Document, version: Version, reading: Reading, passages: Sequence[Passage]) -> None:
        """Add a version in state "indexing" with its passages, in one transaction; replaces an unfinished one."""

    def set_state(self, version_id: str, state: str, interval: Interval | None = None) -> None:
        """Change a version's state and, where given, its dates in force (its passages' too)."""

    def relabel(self, document_id: str, labels: Labels, *, subjects: bool) -> None:
        """Change walls, sensitivity and jurisdiction of a document and of all its passages, in one transaction.

        With ``subjects`` its subjects too, of the passages as well, and of what its texts say to identify them.
        """

    def waiting(self) -> dict[str, str]:
        """Return the versions in state "words" with their documents, in the order in which they were added."""

    def passages_of(self, version_ids: Sequence[str]) -> list[Passage]:
        """Return the passages of versions in state "words", version by version as given, in the order of the text."""

    def vectors_followed(self, version_ids: Sequence[str]) -> None:
        """Put versions from state "words" into "indexed"; one that is in another state by now is left alone."""

    def remove_version(self, version_id: str) -> None:
        """Remove a version, its text and its passages."""

    def version(self, version_id: str) -> Version | None:
        """Return a version with its text."""

    def passages(self, passage_ids: Sequence[str]) -> dict[str, Passage]:
        """Return the passages of visible versions, by id."""

    def versions_of(self, passage_ids: Sequence[str]) -> dict[str, str]:
        """Return which version each passage is of, by id, without reading any."""

    def neighbours(self, version_id: str, start: int, end: int) -> list[Passage]:
        """Return the passages of a version that overlap ``start..end``, in order."""

    def section_at(self, version_id: str, start: int, end: int) -> Section | None:
        """Return the innermost section of a version that covers ``start..end``."""

    def sections(self, version_id: str) -> list[Section]:
        """Return the sections of a version in pre-order, the root first; empty when there is no such version."""

    def anchors(self, version_id: str, start: int, end: int) -> list[Anchor]:
        """Return where ``start..end`` is drawn, in order; empty for formats without pages."""

    def identities(self, tenant: str, subjects: Sequence[str]) -> list[KnownIdentity]:
        """Return what is known to identify these subjects."""

    def named(self, tenant: str, words: str) -> list[str]:
        """Return the subjects of whom a name holds ``words``, by id; letters of any case are alike."""

    def subjects_alike(self, tenant: str, subject: str) -> tuple[str, ...]:
        """Return ``subject`` and the names that documents use for the same subject."""

    def documents_about(self, tenant: str, subjects: Sequence[str]) -> list[Document]:
        """Return every document with one of these subjects among its own, by id, whether questions see it or not."""

    def documents_from(self, digest: str) -> list[Document]:
        """Return every document of which a version was read from the bytes with this digest, by id."""

    def erase_documents(self, document_ids: Sequence[str]) -> None:
        """Remove documents with all their versions, texts, passages, identities and aliases."""

    def tenants(self) -> list[str]:
        """Return every tenant that has documents."""

    def every_version(self) -> Iterator[StoredVersion]:
        """Yield every version of every tenant in whatever state, without counting its passages, by id."""

    def every_passage(self) -> Iterator[tuple[str, str, Labels]]:
        """Yield the id, version and labels of every passage, by id."""

    def empty_documents(self) -> list[str]:
        """Return the documents that have no version at all, by id."""

    def collections(self, tenant: str, as_of: date) -> dict[str, int]:
        """Return how many documents each collection has in force."""
