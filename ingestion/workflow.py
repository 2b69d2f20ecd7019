"""The ingestion workflow: file → reading → passages → words in index and catalogue → vectors; each step idempotent.

A file is searchable by words and citations as soon as it is read (its versions are in state "words"); the vectors of
everything that was read follow. Nothing is acknowledged before it is durable: a file is reported "indexed" only after
its vectors, its catalogue rows and its ledger entry are written. A run that is killed leaves versions in state
"indexing", which no question sees and the next run of the same files replaces, or in state "words", which any next run
gives their vectors.
"""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Final

from domain.documents import Interval, Labels, Reading
from domain.errors import DocumentError
from domain.ports.blob_store import BlobStore
from domain.ports.catalogue import Catalogue
from domain.ports.citation_finder import CitationFinder
from domain.ports.embedder import Embedder
from domain.ports.ledger import Ledger, LedgerEntry
from domain.ports.passage_index import PassageIndex
from domain.ports.sparse_encoder import SparseEncoder
from domain.ports.steps import Steps
from ingestion.memory import give_back
from ingestion.outcomes import FileOutcome, MemberOutcome, Progress, rejected
from ingestion.passages import Cutter
from ingestion.reindexing import entries_of
from ingestion.sandbox import ReadingSandbox
from ingestion.vectors import BATCH, Vectors
from ingestion.versions import Admission, Versions

# What is read is made searchable when it comes to so many readings or characters.
_READINGS: Final = 1_024
_CHARACTERS: Final = 2**20
# How many passages are embedded at once where something else may wait for it: the next file, or an upload.
_SLICE: Final = 128
# A file that is not read after so many seconds leaves the processors to the encoder meanwhile.
_PATIENCE: Final = 0.5
# What may end differently the next time though the file is the same: who is known changes.
_TRANSIENT: Final = frozenset({"document.unreadable", "document.subject_conflict"})
_AHEAD: Final = 2

Watch = Callable[[Progress], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestRequest:
    """How to label what is ingested. ``document`` names the document over time; otherwise the path is its identity."""

    labels: Labels
    document: str | None = None
    in_force: Interval = field(default_factory=Interval)
    title: str | None = None
    same_subject: bool = False


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
    """A file that waits to be acknowledged, until none of the versions in ``outcomes`` waits for vectors."""

    request: IngestRequest
    identity: str
    digest: str
    outcomes: list[FileOutcome] = field(default_factory=list)


class WithdrawnError(Exception):
    """What was to be ingested is not wanted any more: its upload was cancelled, or erased with its subject."""


@dataclass(slots=True, kw_only=True)
class _Run:
    """What one call has under way: files in the order they came in, and the versions that wait for their vectors."""

    vectors: Vectors
    wanted: Callable[[], bool] = lambda: True
    watch: Watch | None = None
    pending: deque[_Pending] = field(default_factory=deque)
    progress: Progress = field(default_factory=Progress)

    def advance(self, *, files: int = 0, searchable: int = 0, embedded: int = 0) -> None:
        now = self.progress
        self.progress = Progress(
            files=now.files + files, searchable=now.searchable + searchable, embedded=now.embedded + embedded
        )
        if self.watch:
            self.watch(self.progress)


@dataclass(slots=True, kw_only=True)
class Ingestor:
    """Ingests files, one at a time in a process.

    Where several processes share the index, ``beside`` is held while words are written and published, so that none of
    them changes over to another index, or erases, in between.
    """

    catalogue: Catalogue
    ledger: Ledger
    blobs: BlobStore
    index: PassageIndex
    embedder: Embedder
    sparse: SparseEncoder
    citations: CitationFinder
    sandbox: ReadingSandbox
    fingerprint: str
    steps: Steps
    beside: Callable[[], AbstractContextManager[object]] = nullcontext
    _one_at_a_time: threading.RLock = field(default_factory=threading.RLock)

    def ingest(
        self, files: Iterable[Path], request: IngestRequest, watch: Watch | None = None
    ) -> Iterator[FileOutcome]:
        """Ingest files in order and yield how each ended; a file that fails never stops the others.

        The words of all files come first. Only while a file takes long to read, the encoder works on what waits.
        """
        run = self._begin(watch)
        for reading in self._ahead(files, request):
            while not wait_for([reading], timeout=_PATIENCE).done and self._embed(run, _SLICE):
                yield from self._acknowledge(run)
            item = reading.result()
            if isinstance(item, _Read):
                self._make_searchable(run, [(item, request)])
                yield from self._acknowledge(run)
            else:
                run.advance(files=1)
                yield from item
        yield from self._embed_all(run)

    def ingest_bytes(
        self, content: bytes, name: str, request: IngestRequest, wanted: Callable[[], bool] = lambda: True
    ) -> list[FileOutcome]:
        """Ingest an upload; ``name`` stands in for its path. Uploads wait for each other.

        ``wanted`` is asked once it is read and nothing can be erased before it is written. Raises WithdrawnError when
        it says no; nothing of the upload is there then.
        """
        with self._one_at_a_time:
            digest = hashlib.sha256(content).hexdigest()
            known = self._known(name, digest, request)
            if known:
                return known
            members = self.sandbox.read_bytes(content, name)
            self.steps.reached("ingestion.read")
            read = _Read(path=name, identity=name, digest=digest, content=content, members=members)
            run = _Run(vectors=self._vectors(), wanted=wanted)
            self._make_searchable(run, [(read, request)])
            return list(self._embed_all(run))

    def ingest_readings(self, readings: Iterable[tuple[str, Reading]], request: IngestRequest) -> Iterator[FileOutcome]:
        """Ingest readings that need no file (a corpus of a dataset); the name of each is its identity and path."""
        return self.ingest_each((name, reading, request) for name, reading in readings)

    def ingest_each(self, items: Iterable[tuple[str, Reading, IngestRequest]]) -> Iterator[FileOutcome]:
        """Ingest readings, each with a request of its own; the words of all come before the vectors of any."""
        run = self._begin()
        for batch in _batches(items):
            self._make_searchable(run, [(_read_already(name, reading), request) for name, reading, request in batch])
            yield from self._acknowledge(run)
        yield from self._embed_all(run)

    def finish(self) -> Iterator[int]:
        """Embed what a run that was killed left without vectors; yield how many passages, after each some.

        Uploads may come in between.
        """
        with self._one_at_a_time:
            run = self._begin()
        while True:
            with self._one_at_a_time:
                done = self._embed(run, _SLICE)
            if not done:
                give_back()
                return
            yield done

    def paused(self) -> AbstractContextManager[object]:
        """Return a context in which no upload is ingested, and no vector made."""
        return self._one_at_a_time

    def _begin(self, watch: Watch | None = None) -> _Run:
        """Return a run that begins with what an earlier one left in state "words"."""
        run = _Run(vectors=self._vectors(), watch=watch)
        versions = Versions(catalogue=self.catalogue, index=self.index)
        left = self.catalogue.waiting()
        for document_id in dict.fromkeys(left.values()):
            versions.settle(versions.unsettled(document_id))
        run.vectors.add(left)
        return run

    def _vectors(self) -> Vectors:
        return Vectors(catalogue=self.catalogue, index=self.index, embedder=self.embedder)

    def _embed(self, run: _Run, size: int) -> int:
        done = run.vectors.step(size)
        if done:
            self.steps.reached("ingestion.embedded")
        run.advance(embedded=done)
        return done

    def _embed_all(self, run: _Run) -> Iterator[FileOutcome]:
        yield from self._acknowledge(run)
        embedded = False
        while self._embed(run, BATCH):
            embedded = True
            yield from self._acknowledge(run)
        yield from self._acknowledge(run)
        if embedded:
            give_back()

    def _acknowledge(self, run: _Run) -> Iterator[FileOutcome]:
        """Remember and yield, in order, the files all of whose vectors are durable."""
        done: list[_Pending] = []
        while run.pending and not any(o.version_id in run.vectors.waiting for o in run.pending[0].outcomes):
            done.append(run.pending.popleft())
        if done:
            with self.catalogue.transaction():
                for entry in done:
                    self._remember(entry)
            self.steps.reached("ingestion.remembered")
        for entry in done:
            yield from entry.outcomes

    def _ahead(self, files: Iterable[Path], request: IngestRequest) -> Iterator[Future[_Read | list[FileOutcome]]]:
        """Yield files that are being read, in order; a few are read ahead."""
        with ThreadPoolExecutor(max_workers=1) as pool:
            source = iter(files)
            queue = deque(pool.submit(self._read, path, request) for path in islice(source, _AHEAD))
            while queue:
                yield queue.popleft()
                queue.extend(pool.submit(self._read, path, request) for path in islice(source, 1))

    def _read(self, path: Path, request: IngestRequest) -> _Read | list[FileOutcome]:
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
            return [replace(outcome, path=shown) for outcome in known]
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

    def _make_searchable(self, run: _Run, reads: Sequence[tuple[_Read, IngestRequest]]) -> None:
        """Cut what was read, index its words and citations, and let questions see it.

        The rows come first, in state "indexing", so that a run which is killed leaves nothing that is not known.
        """
        with self._one_at_a_time, self.beside():
            if not run.wanted():
                raise WithdrawnError
            admissions = self._admit_and_publish(run, reads)
        run.vectors.add(admission.version.id for admission in admissions)
        run.advance(files=len(reads), searchable=sum(admission.size for admission in admissions))

    def _admit_and_publish(self, run: _Run, reads: Sequence[tuple[_Read, IngestRequest]]) -> list[Admission]:
        versions = Versions(catalogue=self.catalogue, index=self.index)
        admissions: list[Admission] = []
        # The words of all are counted at once, which the embedder remembers while each is cut.
        self.embedder.count_tokens([m.reading.text for read, _ in reads for m in read.members if m.reading])
        with self.catalogue.transaction():
            for read, request in reads:
                entry = _Pending(request=request, identity=read.identity, digest=read.digest)
                admissions.extend(self._admit(read, request, versions, entry.outcomes))
                run.pending.append(entry)
        self.steps.reached("ingestion.admitted")
        fresh = [admission for admission in admissions if not admission.kept]
        passages = [passage for admission in fresh for passage in admission.passages]
        if passages:
            self.index.upsert(entries_of(passages, self.sparse, self.citations))
        self.steps.reached("ingestion.indexed")
        with self.catalogue.transaction():
            changes = [versions.publish(admission) for admission in fresh]
        self.steps.reached("ingestion.published")
        for change in changes:
            versions.settle(change)
        self.steps.reached("ingestion.settled")
        return admissions

    def _admit(
        self, read: _Read, request: IngestRequest, versions: Versions, outcomes: list[FileOutcome]
    ) -> Iterator[Admission]:
        """Yield the versions whose words or vectors are missing; what cannot be admitted is rejected."""
        cutter = Cutter(count_tokens=self.embedder.count_tokens, window=self.embedder.window)
        for member in read.members:
            path = read.path if len(read.members) == 1 and "!/" not in member.name else _inside(read.path, member.name)
            identity = read.identity + path.removeprefix(read.path)
            if member.reading is None:
                outcomes.append(rejected(path, member.code, member.detail))
                continue
            try:
                admission = versions.admit(member.reading, identity, path, read.digest, request.labels, request)
            except DocumentError as error:
                outcomes.append(rejected(path, error.code, error.detail))
                continue
            if admission.kept is None:
                admission.passages.extend(cutter.cut(member.reading, admission.version, admission.labels))
                if read.content:
                    self.blobs.put(read.content)
                self.catalogue.add_version(admission.document, admission.version, member.reading, admission.passages)
            complete = admission.kept is not None and admission.kept.state == "indexed"
            outcomes.append(_outcome(admission, path, "unchanged" if complete else "indexed"))
            if not complete:
                yield admission

    def _remember(self, entry: _Pending) -> None:
        codes = {outcome.code for outcome in entry.outcomes if outcome.code}
        if not entry.digest or codes & _TRANSIENT:
            return
        documents = tuple(outcome.document_id for outcome in entry.outcomes if outcome.document_id)
        labels = entry.request.labels
        self.ledger.record(
            LedgerEntry(
                tenant=labels.tenant,
                collection=labels.collection,
                path=entry.identity,
                digest=entry.digest,
                fingerprint=self._fingerprint(entry.request),
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


def _batches(
    items: Iterable[tuple[str, Reading, IngestRequest]],
) -> Iterator[list[tuple[str, Reading, IngestRequest]]]:
    batch: list[tuple[str, Reading, IngestRequest]] = []
    characters = 0
    for item in items:
        batch.append(item)
        characters += len(item[1].text)
        if len(batch) == _READINGS or characters >= _CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _inside(path: str, member: str) -> str:
    _, mark, rest = member.partition("!/")
    return f"{path}!/{rest}" if mark else path


def _outcome(admission: Admission, path: str, status: str) -> FileOutcome:
    return FileOutcome(
        path=path,
        status=status,
        document_id=admission.document.id,
        version_id=admission.version.id,
        passages=admission.size,
    )
