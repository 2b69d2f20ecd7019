"""A catalogue in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

from domain.documents import Anchor, Document, Interval, Labels, Passage, Reading, Section, Version
from domain.identities import KnownIdentity
from domain.layout import anchors_within
from domain.ports.catalogue import VISIBLE, StoredVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    version: Version
    reading: Reading
    passages: tuple[Passage, ...]
    state: str = "indexing"
    added_at: str = "2026-05-01T00:00:00+00:00"


class MemoryCatalogue:
    """Keeps what the SQL catalogue keeps; a transaction that fails puts everything back."""

    def __init__(self) -> None:
        self._documents: dict[str, Document] = {}
        self._versions: dict[str, _Kept] = {}
        self.reads = Counter[str]()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        before = dict(self._documents), dict(self._versions)
        try:
            yield
        except BaseException:
            self._documents, self._versions = before
            raise

    def find_document(self, tenant: str, collection: str, identity: str) -> Document | None:
        wanted = (tenant, collection, identity)
        documents = self._documents.values()
        return next((d for d in documents if (d.labels.tenant, d.labels.collection, d.identity) == wanted), None)

    def document(self, document_id: str) -> Document | None:
        return self._documents.get(document_id)

    def documents(self, tenant: str, collections: Sequence[str]) -> Iterator[Document]:
        for document_id in sorted(self._documents):
            document = self._documents[document_id]
            within = not collections or document.labels.collection in collections
            if document.labels.tenant == tenant and within and any(k.state in VISIBLE for k in self._of(document_id)):
                yield document

    def versions(self, document_id: str) -> list[StoredVersion]:
        found = [
            StoredVersion(
                id=kept.version.id,
                document_id=document_id,
                digest=kept.version.digest,
                path=kept.version.path,
                media_type=kept.version.media_type,
                title=kept.version.title,
                in_force=kept.version.in_force,
                passages=len(kept.passages),
                state=kept.state,
                added_at=kept.added_at,
            )
            for kept in self._of(document_id)
        ]
        return sorted(found, key=lambda v: (v.in_force.effective_from or date.min, v.id))

    def add_version(self, document: Document, version: Version, reading: Reading, passages: Sequence[Passage]) -> None:
        self._documents[document.id] = document
        self._versions.pop(version.id, None)
        self._versions[version.id] = _Kept(version=version, reading=reading, passages=tuple(passages))

    def set_state(self, version_id: str, state: str, interval: Interval | None = None) -> None:
        kept = self._versions.get(version_id)
        if kept is None:
            return
        kept = replace(kept, state=state)
        if interval:
            version = replace(kept.version, in_force=interval)
            kept = replace(kept, version=version, passages=tuple(replace(p, in_force=interval) for p in kept.passages))
        self._versions[version_id] = kept

    def relabel(self, document_id: str, labels: Labels, *, subjects: bool) -> None:
        self._documents[document_id] = replace(self._documents[document_id], labels=labels)
        for kept in list(self._of(document_id)):
            passages = tuple(
                replace(p, labels=labels if subjects else replace(labels, subjects=p.labels.subjects))
                for p in kept.passages
            )
            self._versions[kept.version.id] = replace(kept, passages=passages)

    def waiting(self) -> dict[str, str]:
        return {key: kept.version.document_id for key, kept in self._versions.items() if kept.state == "words"}

    def passages_of(self, version_ids: Sequence[str]) -> list[Passage]:
        found = (self._versions[version_id] for version_id in version_ids if version_id in self._versions)
        return [p for kept in found if kept.state == "words" for p in sorted(kept.passages, key=lambda p: p.start)]

    def vectors_followed(self, version_ids: Sequence[str]) -> None:
        for version_id in set(version_ids).intersection(self.waiting()):
            self.set_state(version_id, "indexed")

    def remove_version(self, version_id: str) -> None:
        self._versions.pop(version_id, None)

    def version(self, version_id: str) -> Version | None:
        kept = self._versions.get(version_id)
        return kept.version if kept else None

    def passages(self, passage_ids: Sequence[str]) -> dict[str, Passage]:
        self.reads["passages"] += 1
        wanted = set(passage_ids)
        visible = (kept for kept in self._versions.values() if kept.state in VISIBLE)
        return {p.id: p for kept in visible for p in kept.passages if p.id in wanted}

    def versions_of(self, passage_ids: Sequence[str]) -> dict[str, str]:
        wanted = set(passage_ids)
        return {p.id: p.version_id for kept in self._versions.values() for p in kept.passages if p.id in wanted}

    def neighbours(self, version_id: str, start: int, end: int) -> list[Passage]:
        self.reads["neighbours"] += 1
        kept = self._versions.get(version_id)
        found = [p for p in kept.passages if p.start < end and p.end > start] if kept else []
        return sorted(found, key=lambda p: p.start)

    def section_at(self, version_id: str, start: int, end: int) -> Section | None:
        kept = self._versions.get(version_id)
        sections = kept.reading.sections if kept else ()
        covering = [(s.start, number, s) for number, s in enumerate(sections) if s.start <= start and end <= s.end]
        return max(covering, key=lambda item: item[:2])[2] if covering else None

    def sections(self, version_id: str) -> list[Section]:
        kept = self._versions.get(version_id)
        return list(kept.reading.sections) if kept else []

    def anchors(self, version_id: str, start: int, end: int) -> list[Anchor]:
        kept = self._versions.get(version_id)
        return anchors_within(kept.reading.anchors, start, end) if kept else []

    def identities(self, tenant: str, subjects: Sequence[str]) -> list[KnownIdentity]:
        known = {
            (subject, identity.kind, identity.value)
            for kept in self._versions.values()
            for labels in [self._documents[kept.version.document_id].labels]
            if labels.tenant == tenant
            for identity in kept.reading.identities
            for subject in (labels.subjects if len(labels.subjects) == 1 else (identity.subject,))
        }
        return [
            KnownIdentity(subject=subject, kind=kind, value=value)
            for wanted in subjects
            for subject, kind, value in sorted(known)
            if subject == wanted
        ]

    def named(self, tenant: str, words: str) -> list[str]:
        every = {s for d in self._documents.values() if d.labels.tenant == tenant for s in d.labels.subjects}
        every |= {one.subject for kept in self._versions.values() for one in kept.reading.identities}
        return [
            subject
            for subject in sorted(every)
            if any(
                one.kind == "name" and words.casefold() in one.value.casefold()
                for one in self.identities(tenant, [subject])
            )
        ]

    def subjects_alike(self, tenant: str, subject: str) -> tuple[str, ...]:
        alike: dict[str, set[str]] = {}
        for kept in self._versions.values():
            labels = self._documents[kept.version.document_id].labels
            for one in labels.subjects if labels.tenant == tenant and len(labels.subjects) == 1 else ():
                for other in kept.reading.subjects:
                    alike.setdefault(one, set()).add(other)
                    alike.setdefault(other, set()).add(one)
        known, new = {subject}, [subject]
        while new:
            found = alike.get(new.pop(), set()) - known
            known |= found
            new.extend(found)
        return tuple(sorted(known))

    def documents_about(self, tenant: str, subjects: Sequence[str]) -> list[Document]:
        wanted = set(subjects)
        found = (d for d in self._documents.values() if d.labels.tenant == tenant and wanted & set(d.labels.subjects))
        return sorted(found, key=lambda d: d.id)

    def documents_from(self, digest: str) -> list[Document]:
        ids = {kept.version.document_id for kept in self._versions.values() if kept.version.digest == digest}
        return [self._documents[document_id] for document_id in sorted(ids)]

    def erase_documents(self, document_ids: Sequence[str]) -> None:
        for document_id in document_ids:
            self._documents.pop(document_id, None)
        self._versions = {k: v for k, v in self._versions.items() if v.version.document_id not in document_ids}

    def tenants(self) -> list[str]:
        return sorted({document.labels.tenant for document in self._documents.values()})

    def every_version(self) -> Iterator[StoredVersion]:
        stored = [v for document_id in self._documents for v in self.versions(document_id)]
        yield from sorted((replace(v, passages=0) for v in stored), key=lambda v: v.id)

    def every_passage(self) -> Iterator[tuple[str, str, Labels]]:
        every = (p for kept in self._versions.values() for p in kept.passages)
        yield from ((p.id, p.version_id, p.labels) for p in sorted(every, key=lambda p: p.id))

    def empty_documents(self) -> list[str]:
        return sorted(set(self._documents) - {kept.version.document_id for kept in self._versions.values()})

    def collections(self, tenant: str, as_of: date) -> dict[str, int]:
        counts = Counter(
            document.labels.collection
            for document in self._documents.values()
            if document.labels.tenant == tenant
            and any(k.state in VISIBLE and k.version.in_force.covers(as_of) for k in self._of(document.id))
        )
        return dict(sorted(counts.items()))

    def _of(self, document_id: str) -> Iterator[_Kept]:
        return (kept for kept in self._versions.values() if kept.version.document_id == document_id)
