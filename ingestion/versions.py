"""Admits readings as versions of documents and keeps their dates in force from overlapping."""

from __future__ import annotations

import hashlib
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


@dataclass(slots=True, kw_only=True)
class Admission:
    """A version on its way in: what it replaces is retired only when it is published.

    ``labels`` are those asked for; the document's own labels name every subject that its text names.
    """

    document: Document
    version: Version
    labels: Labels
    unchanged: bool = False
    retires: tuple[str, ...] = ()
    passages: list[Passage] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """Decides which document a reading belongs to and which dates each version holds."""

    catalogue: Catalogue
    index: PassageIndex

    def admit(
        self, reading: Reading, identity: str, path: str, digest: str, labels: Labels, naming: Naming
    ) -> Admission:
        """Return the admission of a reading.

        Raises DocumentError ``document.subject_conflict`` when one subject is given for a file about several, and
        ``document.version_conflict`` when another file already holds the same date of the same named document.
        """
        if labels.subjects and len(reading.subjects) > 1:
            raise DocumentError("document.subject_conflict", f"{len(reading.subjects)} subjects")
        in_force = Interval(
            effective_from=naming.in_force.effective_from or reading.in_force.effective_from,
            effective_to=naming.in_force.effective_to or reading.in_force.effective_to,
        )
        own = replace(labels, jurisdiction=labels.jurisdiction or reading.jurisdiction)
        for key in _identities(naming.document, reading.work, identity):
            document = self._document(key, reading, own, naming.title)
            stored = [v for v in self.catalogue.versions(document.id) if v.state != "retired"]
            version = _version(document, reading, path, digest, in_force)
            if any(v.id == version.id and v.state == "indexed" for v in stored):
                return Admission(document=document, version=version, labels=own, unchanged=True)
            same_day = [
                v for v in stored if v.in_force.effective_from == in_force.effective_from and v.id != version.id
            ]
            others = [v for v in same_day if v.path != path]
            if not others:
                return Admission(document=document, version=version, labels=own, retires=tuple(v.id for v in same_day))
            if naming.document:
                raise DocumentError("document.version_conflict", f"version {others[0].id}")
        message = "a path holds one version a day"
        raise AssertionError(message)

    def publish(self, admission: Admission) -> None:
        """Make an indexed version visible, retire what it corrects and close the dates of its neighbours in time."""
        self.catalogue.set_state(admission.version.id, "indexed")
        for version_id in admission.retires:
            self.index.delete_version(version_id)
            self.catalogue.set_state(version_id, "retired")
        stored = [v for v in self.catalogue.versions(admission.document.id) if v.state == "indexed"]
        stored.sort(key=_begins)
        for earlier, later in pairwise(stored):
            self._close(earlier, later.in_force.effective_from)

    def _close(self, version: StoredVersion, successor_from: date | None) -> None:
        stated = version.in_force.effective_to
        if successor_from is None or (stated is not None and stated <= successor_from):
            return
        closed = replace(version.in_force, effective_to=successor_from)
        self.index.set_in_force(version.id, closed)
        self.catalogue.set_state(version.id, "indexed", closed)

    def _document(self, key: str, reading: Reading, labels: Labels, title: str | None) -> Document:
        found = self.catalogue.find_document(labels.tenant, labels.collection, key)
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
