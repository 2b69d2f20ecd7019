"""Admits readings as versions of documents and keeps their dates in force from overlapping."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Final, Protocol

from domain.documents import Document, Interval, Labels, Passage, Reading, Version
from domain.errors import DocumentError
from domain.ports.catalogue import Catalogue, StoredVersion
from domain.ports.passage_index import PassageIndex

_BEGINNING: Final = date.min


class Naming(Protocol):
    """What the person who ingests says of a document's identity, title and dates."""

    @property
    def document(self) -> str | None:
        """Return the document's identity over time, if they name it."""

    @property
    def title(self) -> str | None:
        """Return the title, if they give one."""

    @property
    def in_force(self) -> Interval:
        """Return the dates in force, if they give them."""

    @property
    def same_subject(self) -> bool:
        """Say whether they confirm that the subject they name and the file's own are one."""


@dataclass(slots=True, kw_only=True)
class Admission:
    """A version on its way in: what it replaces is retired only when it is published.

    ``labels`` are those asked for; the document's own labels name every subject that its text names. ``kept`` is the
    same version where an earlier run made it visible already. ``only`` says that the document has no other version.
    """

    document: Document
    version: Version
    labels: Labels
    kept: StoredVersion | None = None
    only: bool = False
    retires: tuple[str, ...] = ()
    passages: list[Passage] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Return how many passages the version has."""
        return self.kept.passages if self.kept else len(self.passages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What the catalogue says of a document's versions and the index has yet to hear."""

    gone: tuple[str, ...] = ()
    dates: Mapping[str, Interval] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """Decides which document a reading belongs to and which dates each version holds."""

    catalogue: Catalogue
    index: PassageIndex

    def admit(
        self, reading: Reading, identity: str, path: str, digest: str, labels: Labels, naming: Naming
    ) -> Admission:
        """Return the admission of a reading.

        Raises DocumentError ``document.subject_conflict`` when one subject is given for a file about several, or for a
        file that says it is about another subject while both are known and not known to be one; and
        ``document.version_conflict`` when another file already holds the same date of the same named document.
        """
        if labels.subjects and len(reading.subjects) > 1:
            raise DocumentError("document.subject_conflict", f"{len(reading.subjects)} subjects")
        if not naming.same_subject and self._strangers(labels, reading.subjects):
            raise DocumentError("document.subject_conflict", "the file names another known subject")
        in_force = Interval(
            effective_from=naming.in_force.effective_from or reading.in_force.effective_from,
            effective_to=naming.in_force.effective_to or reading.in_force.effective_to,
        )
        own = replace(labels, jurisdiction=labels.jurisdiction or reading.jurisdiction)
        for key in _identities(naming.document, reading.work, identity):
            found = self.catalogue.find_document(labels.tenant, labels.collection, key)
            document = _document(found, key, reading, own, naming.title)
            stored = [v for v in self.catalogue.versions(found.id) if v.state != "retired"] if found else []
            version = _version(document, reading, path, digest, in_force)
            kept = next((v for v in stored if v.id == version.id and v.visible), None)
            if kept:
                return Admission(document=document, version=version, labels=own, kept=kept)
            same_day = [
                v for v in stored if v.in_force.effective_from == in_force.effective_from and v.id != version.id
            ]
            others = [v for v in same_day if v.path != path]
            if not others:
                retires = tuple(v.id for v in same_day)
                return Admission(document=document, version=version, labels=own, only=not found, retires=retires)
            if naming.document:
                raise DocumentError("document.version_conflict", f"version {others[0].id}")
        message = "a path holds one version a day"
        raise AssertionError(message)

    def _strangers(self, labels: Labels, stated: Sequence[str]) -> bool:
        """Say whether a label and what a file states are two subjects that both have documents of their own.

        The first file that carries both names makes them one; once each has a record, that would join two records.
        """
        if len(labels.subjects) != 1 or len(stated) != 1 or labels.subjects == tuple(stated):
            return False
        names = self.catalogue.subjects_alike(labels.tenant, labels.subjects[0])
        if stated[0] in names:
            return False
        others = self.catalogue.subjects_alike(labels.tenant, stated[0])
        return all(self.catalogue.documents_about(labels.tenant, some) for some in (names, others))

    def publish(self, admission: Admission) -> Changes:
        """Make a version visible in state "words", retire what it corrects and close the dates of its neighbours.

        Only the catalogue changes here, in the caller's transaction; :meth:`settle` tells the index afterwards. A
        process that ends in between leaves passages in the index that the catalogue does not confirm, which no question
        sees, rather than an old text that is gone before the new one is there. The old text is retired although the
        new one is found by words only at first: a text that is no longer in force must not be quoted.
        """
        self.catalogue.set_state(admission.version.id, "words")
        for version_id in admission.retires:
            self.catalogue.set_state(version_id, "retired")
        if admission.only:
            return Changes()
        stored = sorted((v for v in self.catalogue.versions(admission.document.id) if v.visible), key=_begins)
        dates = {}
        for earlier, later in pairwise(stored):
            closed = _closed(earlier.in_force, later.in_force.effective_from)
            if closed:
                self.catalogue.set_state(earlier.id, earlier.state, closed)
                dates[earlier.id] = closed
        return Changes(gone=admission.retires, dates=dates)

    def settle(self, changes: Changes) -> None:
        """Let the index follow the catalogue."""
        for version_id in changes.gone:
            self.index.delete_version(version_id)
        for version_id, interval in changes.dates.items():
            self.index.set_in_force(version_id, interval)

    def unsettled(self, document_id: str) -> Changes:
        """Return everything that the index may have missed of a document when a process ended."""
        stored = self.catalogue.versions(document_id)
        if len(stored) == 1:
            return Changes()
        return Changes(
            gone=tuple(v.id for v in stored if v.state == "retired"),
            dates={v.id: v.in_force for v in stored if v.visible},
        )


def _closed(interval: Interval, successor_from: date | None) -> Interval | None:
    """Return the interval closed where its successor begins; ``None`` where it ends by then."""
    stated = interval.effective_to
    if successor_from is None or (stated is not None and stated <= successor_from):
        return None
    return replace(interval, effective_to=successor_from)


def _document(found: Document | None, key: str, reading: Reading, labels: Labels, title: str | None) -> Document:
    subjects = labels.subjects or tuple(sorted(reading.subjects))
    return Document(
        id=found.id if found else _id("d", labels.tenant, labels.collection, key),
        identity=key,
        title=title or reading.title,
        labels=replace(labels, subjects=subjects),
    )


def _identities(named: str | None, work: str | None, path: str) -> tuple[str, ...]:
    """Return the identities to try, best first: a named document has no other."""
    if named:
        return (f"name:{named}",)
    return (f"work:{work}", f"path:{path}") if work else (f"path:{path}",)


def _version(document: Document, reading: Reading, path: str, digest: str, in_force: Interval) -> Version:
    text_digest = hashlib.sha256(reading.text.encode("utf-8", "surrogatepass")).hexdigest()
    return Version(
        id=_id("v", document.id, text_digest, str(in_force.effective_from), str(in_force.effective_to), path),
        document_id=document.id,
        digest=digest,
        path=path,
        media_type=reading.media_type,
        title=document.title,
        text=reading.text,
        in_force=in_force,
    )


def _id(prefix: str, *parts: str) -> str:
    return f"{prefix}_" + hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _begins(version: StoredVersion) -> date:
    return version.in_force.effective_from or _BEGINNING
