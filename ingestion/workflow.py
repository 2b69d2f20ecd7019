"""The ingestion workflow: file → reading → passages → vectors → index and catalogue, each step idempotent.

Nothing is acknowledged before it is durable: a file is reported "indexed" only after its vectors, its catalogue rows
and its ledger entry are written. A run that is killed leaves versions in state "indexing", which no question sees; the
next run of the same files replaces them.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from domain.documents import Interval, Labels, Passage, Reading
from domain.errors import DOCUMENT_CODES, DocumentError
from domain.ports.blob_store import BlobStore
from domain.ports.catalogue import Catalogue
from domain.ports.citation_finder import CitationFinder
from domain.ports.embedder import Embedder
from domain.ports.ledger import Ledger, LedgerEntry
from domain.ports.passage_index import IndexEntry, PassageIndex
from domain.ports.sparse_encoder import SparseEncoder
from ingestion.outcomes import MemberOutcome
from ingestion.passages import Cutter, embedding_text, words_text
from ingestion.sandbox import ReadingSandbox
from ingestion.versions import Admission, Versions

BATCH: Final = 1_024
_TRANSIENT: Final = frozenset({"document.unreadable"})
_AHEAD: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestRequest:
    """How to label what is ingested. ``document`` names the document over time; otherwise the path is its identity."""

    labels: Labels
    document: str | None = None
    in_force: Interval = field(default_factory=Interval)
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOutcome:
    """How one file ended: ``status`` is "indexed", "unchanged" or "rejected", the last always with a ``code``."""

    path: str
    status: str
    code: str | None = None
    detail: str = ""
    document_id: str | None = None
    version_id: str | None = None
    passages: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A file that was read (or could not be), with how each member ended."""

    path: str
    identity: str
    digest: str
    content: bytes
    members: Sequence[MemberOutcome]


@dataclass(slots=True)
class _Pending:
    """A file whose passages wait for their vectors."""

    read: _Read
    outcomes: list[FileOutcome]
    admissions: list[Admission]


@dataclass(slots=True, kw_only=True)
class Ingestor:
    """Ingests files. One process owns the index, so one ingestor runs at a time."""

    catalogue: Catalogue
    ledger: Ledger
    blobs: BlobStore
    index: PassageIndex
    embedder: Embedder
    sparse: SparseEncoder
    citations: CitationFinder
    sandbox: ReadingSandbox
    fingerprint: str

    def ingest(self, files: Iterable[Path], request: IngestRequest) -> Iterator[FileOutcome]:
        """Ingest files in order and yield how each ended; a file that fails never stops the others."""
        pending: list[_Pending] = []
        waiting = 0
        for item in self._ahead(files, request):
            if isinstance(item, FileOutcome):
                yield item
                continue
            entry = self._admit(item, request)
            pending.append(entry)
            waiting += sum(len(admission.passages) for admission in entry.admissions)
            if waiting >= BATCH:
                yield from self._flush(pending, request)
                pending, waiting = [], 0
        yield from self._flush(pending, request)

    def ingest_bytes(self, content: bytes, name: str, request: IngestRequest) -> list[FileOutcome]:
        """Ingest an upload; ``name`` stands in for its path."""
        digest = hashlib.sha256(content).hexdigest()
        known = self._known(name, digest, request)
        if known:
            return known
        members = self.sandbox.read_bytes(content, name)
        read = _Read(path=name, identity=name, digest=digest, content=content, members=members)
        return list(self._flush([self._admit(read, request)], request))

    def ingest_readings(self, readings: Iterable[tuple[str, Reading]], request: IngestRequest) -> Iterator[FileOutcome]:
        """Ingest readings that need no file (a corpus of a dataset); the name of each is its identity and path."""
        items = iter(readings)
        while batch := list(islice(items, BATCH)):
            with self.catalogue.transaction():
                pending = [self._admit(_read_already(name, reading), request) for name, reading in batch]
            yield from self._flush(pending, request)

    def _ahead(self, files: Iterable[Path], request: IngestRequest) -> Iterator[_Read | FileOutcome]:
        """Read files a little ahead of the encoder, in order."""
        with ThreadPoolExecutor(max_workers=1) as pool:
            source = iter(files)
            queue = deque(pool.submit(self._read, path, request) for path in islice(source, _AHEAD))
            while queue:
                done = queue.popleft().result()
                queue.extend(pool.submit(self._read, path, request) for path in islice(source, 1))
                if isinstance(done, _Read):
                    yield done
                else:
                    yield from done

    def _read(self, path: Path, request: IngestRequest) -> list[FileOutcome] | _Read:
        shown, identity = str(path), str(path.resolve())
        if not path.is_file() or path.stat().st_size > self.sandbox.limits.max_bytes:
            members: Sequence[MemberOutcome] = self.sandbox.read(path)
            return _Read(path=shown, identity=identity, digest="", content=b"", members=members)
        try:
            content = path.read_bytes()
        except OSError:
            members = [MemberOutcome(name=shown, reading=None, code="document.unreadable", detail="")]
            return _Read(path=shown, identity=identity, digest="", content=b"", members=members)
        digest = hashlib.sha256(content).hexdigest()
        known = self._known(identity, digest, request)
        if known:
            return [_shown_as(outcome, shown) for outcome in known]
        members = self.sandbox.read_bytes(content, path.name)
        return _Read(path=shown, identity=identity, digest=digest, content=content, members=members)

    def _known(self, identity: str, digest: str, request: IngestRequest) -> list[FileOutcome]:
        """Return the outcome of a file that ended the same way before, otherwise nothing."""
        labels = request.labels
        entry = self.ledger.entry(labels.tenant, labels.collection, identity)
        if entry is None or entry.digest != digest or entry.fingerprint != self._fingerprint(request):
            return []
        first = entry.document_ids[0] if entry.document_ids else None
        return [
            FileOutcome(path=identity, status="unchanged", code=entry.code, document_id=first, passages=entry.passages)
        ]

    def _fingerprint(self, request: IngestRequest) -> str:
        """Return what an outcome depends on beside the bytes: the product's readers and the labels asked for."""
        labels = request.labels
        facts = (
            self.fingerprint, request.document, request.title, request.in_force.effective_from,
            request.in_force.effective_to, labels.subjects, labels.walls, labels.sensitivity, labels.jurisdiction,
        )  # fmt: skip
        return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]

    def _admit(self, read: _Read, request: IngestRequest) -> _Pending:
        """Turn readings into versions with passages in state "indexing"; what cannot be admitted is rejected."""
        versions = Versions(catalogue=self.catalogue, index=self.index)
        cutter = Cutter(count_tokens=self.embedder.count_tokens, window=self.embedder.window)
        outcomes: list[FileOutcome] = []
        admissions: list[Admission] = []
        for member in read.members:
            path = read.path if len(read.members) == 1 and "!/" not in member.name else _inside(read.path, member.name)
            identity = read.identity + path.removeprefix(read.path)
            if member.reading is None:
                outcomes.append(_rejected(path, member.code, member.detail))
                continue
            try:
                admission = versions.admit(member.reading, identity, path, read.digest, request.labels, request)
            except DocumentError as error:
                outcomes.append(_rejected(path, error.code, error.detail))
                continue
            if admission.unchanged:
                outcomes.append(_outcome(admission, path, "unchanged"))
                continue
            passages = cutter.cut(member.reading, admission.version, admission.labels)
            admission.passages.extend(passages)
            if read.content:
                self.blobs.put(read.content)
            self.catalogue.add_version(admission.document, admission.version, member.reading, passages)
            admissions.append(admission)
            outcomes.append(_outcome(admission, path, "indexed"))
        return _Pending(read=read, outcomes=outcomes, admissions=admissions)

    def _flush(self, pending: Sequence[_Pending], request: IngestRequest) -> Iterator[FileOutcome]:
        """Embed and index what waits, then acknowledge file by file."""
        passages = [p for entry in pending for admission in entry.admissions for p in admission.passages]
        self.index.upsert(self._entries(passages)) if passages else None
        versions = Versions(catalogue=self.catalogue, index=self.index)
        with self.catalogue.transaction():
            for entry in pending:
                for admission in entry.admissions:
                    versions.publish(admission)
                self._remember(entry, request)
        for entry in pending:
            yield from entry.outcomes

    def _entries(self, passages: Sequence[Passage]) -> list[IndexEntry]:
        vectors = self.embedder.embed([embedding_text(passage) for passage in passages])
        words = self.sparse.encode_passages([words_text(passage) for passage in passages])
        return [
            IndexEntry(
                passage_id=passage.id,
                document_id=passage.document_id,
                version_id=passage.version_id,
                labels=passage.labels,
                in_force=passage.in_force,
                sparse=sparse,
                dense=vector,
                keys=self.citations.keys_of(passage),
            )
            for passage, vector, sparse in zip(passages, vectors, words, strict=True)
        ]

    def _remember(self, entry: _Pending, request: IngestRequest) -> None:
        codes = {outcome.code for outcome in entry.outcomes if outcome.code}
        if not entry.read.digest or codes & _TRANSIENT:
            return
        documents = tuple(outcome.document_id for outcome in entry.outcomes if outcome.document_id)
        labels = request.labels
        self.ledger.record(
            LedgerEntry(
                tenant=labels.tenant,
                collection=labels.collection,
                path=entry.read.identity,
                digest=entry.read.digest,
                fingerprint=self._fingerprint(request),
                code=min(codes) if codes and not documents else None,
                document_ids=documents,
                passages=sum(outcome.passages for outcome in entry.outcomes),
            )
        )


def files_under(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield files in a stable order: a file as it is, a folder's files by name, hidden ones left out."""
    for path in paths:
        if path.is_dir():
            for found in sorted(path.rglob("*")):
                hidden = any(part.startswith(".") for part in found.relative_to(path).parts)
                if not hidden and not found.is_dir():
                    yield found
        else:
            yield path


def _read_already(name: str, reading: Reading) -> _Read:
    digest = hashlib.sha256(f"{reading.title}\0{reading.text}".encode()).hexdigest()
    member = MemberOutcome(name=name, reading=reading, code=None, detail="")
    return _Read(path=name, identity=name, digest=digest, content=b"", members=[member])


def _inside(path: str, member: str) -> str:
    _, mark, rest = member.partition("!/")
    return f"{path}!/{rest}" if mark else path


def _shown_as(outcome: FileOutcome, path: str) -> FileOutcome:
    return FileOutcome(
        path=path,
        status=outcome.status,
        code=outcome.code,
        document_id=outcome.document_id,
        passages=outcome.passages,
    )


def _rejected(path: str, code: str | None, detail: str) -> FileOutcome:
    known = code if code in DOCUMENT_CODES else "document.unreadable"
    return FileOutcome(path=path, status="rejected", code=known, detail=detail)


def _outcome(admission: Admission, path: str, status: str) -> FileOutcome:
    return FileOutcome(
        path=path,
        status=status,
        document_id=admission.document.id,
        version_id=admission.version.id,
        passages=len(admission.passages),
    )
