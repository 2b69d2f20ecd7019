"""Labels and dates in force of documents that are kept already, corrected everywhere without reading a file again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from domain.documents import Document, Interval, Labels
from domain.errors import RequestError
from domain.ports.audit_log import AuditLog
from domain.ports.catalogue import Catalogue, StoredVersion
from domain.ports.citation_finder import CitationFinder
from domain.ports.passage_index import PassageIndex
from domain.ports.sparse_encoder import SparseEncoder
from ingestion.reindexing import entries_of

_WHOLE: Final = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """New labels of a document; None leaves one as it is, an empty jurisdiction takes it away."""

    subject: str | None = None
    walls: tuple[str, ...] | None = None
    sensitivity: str | None = None
    jurisdiction: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelling:
    """Corrects labels and dates.

    The catalogue goes first and the index follows: every passage that a question finds is looked at by the catalogue's
    labels, so that a process which ends in between shows nothing that the new labels keep back. What they open is
    found once the same correction is sent again, or the doctor has repaired. ``paused`` keeps uploads out meanwhile.
    """

    catalogue: Catalogue
    index: PassageIndex
    sparse: SparseEncoder
    citations: CitationFinder
    audit: AuditLog
    paused: Callable[[], AbstractContextManager[object]]

    def label(self, tenant: str, document_id: str, correction: Correction, actor: str) -> Document:
        """Give a document other labels, all its versions included.

        Raises RequestError ``request.not_found``, and ``request.invalid`` for a subject that cannot be given: a
        document about several keeps them, as its parts say themselves whom they are about.
        """
        with self.paused():
            document = self.find(tenant, document_id)
            before = document.labels
            labels = _corrected(before, correction)
            moves = labels.subjects != before.subjects
            if moves and len(before.subjects) > 1:
                raise RequestError("request.invalid", f"subject: it is about {len(before.subjects)}")
            self.audit.append(
                "document_labelled",
                {
                    "actor": actor,
                    "tenant": tenant,
                    "document": document_id,
                    "subjects": sorted({*before.subjects, *labels.subjects}) if moves else [],
                    "changed": [name for name in _NAMES if getattr(before, name) != getattr(labels, name)],
                },
            )
            self.catalogue.relabel(document_id, labels, subjects=moves)
            for version in self.catalogue.versions(document_id):
                if version.visible:
                    self._follow(version)
            return replace(document, labels=labels)

    def date(self, tenant: str, version_id: str, in_force: Interval, actor: str) -> StoredVersion:
        """Give a version other dates in force.

        Raises RequestError ``request.not_found``, and ``request.invalid`` naming the version that they overlap with.
        """
        with self.paused():
            known = self.catalogue.version(version_id)
            document = self.find(tenant, known.document_id if known else "", of="version")
            every = [one for one in self.catalogue.versions(document.id) if one.visible]
            version = next((one for one in every if one.id == version_id), None)
            if version is None:
                raise RequestError("request.not_found", "version")
            for other in every:
                if other.id != version_id and _overlap(in_force, other.in_force):
                    raise RequestError("request.invalid", f"effective_from, effective_to: overlaps with {other.id}")
            facts = {"actor": actor, "tenant": tenant, "document": document.id, "version": version_id}
            self.audit.append("version_dated", facts)
            self.catalogue.set_state(version_id, version.state, in_force)
            self.index.set_in_force(version_id, in_force)
            return replace(version, in_force=in_force)

    def find(self, tenant: str, document_id: str, *, of: str = "document") -> Document:
        """Return a document of a tenant. Raises RequestError ``request.not_found``, the same for another tenant's."""
        document = self.catalogue.document(document_id)
        if document is None or document.labels.tenant != tenant:
            raise RequestError("request.not_found", of)
        return document

    def _follow(self, version: StoredVersion) -> None:
        """Write a version into the index again as the catalogue has it, with the vectors that it has there."""
        passages = self.catalogue.neighbours(version.id, 0, _WHOLE)
        dense = self.index.vectors([passage.id for passage in passages])
        entries = entries_of(passages, self.sparse, self.citations)
        self.index.upsert([replace(entry, dense=dense.get(entry.passage_id)) for entry in entries])


_NAMES: Final = ("subjects", "walls", "sensitivity", "jurisdiction")


def _corrected(labels: Labels, correction: Correction) -> Labels:
    jurisdiction = labels.jurisdiction if correction.jurisdiction is None else correction.jurisdiction or None
    return replace(
        labels,
        subjects=labels.subjects if correction.subject is None else (correction.subject,),
        walls=labels.walls if correction.walls is None else tuple(sorted(set(correction.walls))),
        sensitivity=correction.sensitivity or labels.sensitivity,
        jurisdiction=jurisdiction,
    )


def _overlap(one: Interval, other: Interval) -> bool:
    begins = max(one.effective_from or date.min, other.effective_from or date.min)
    return begins < min(one.effective_to or date.max, other.effective_to or date.max)
