"""Finds where catalogue, originals, ledger and index disagree, and mends what can be mended from what is there."""

from __future__ import annotations

import hashlib
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from app.store.aside import half_restored, set_aside
from domain.documents import Interval, Labels
from domain.errors import ServiceError
from domain.ports.audit_log import AuditLog
from domain.ports.blob_store import BlobStore
from domain.ports.catalogue import Catalogue, StoredVersion
from domain.ports.jobs import Jobs
from domain.ports.ledger import Ledger
from domain.ports.passage_index import PassageIndex
from ingestion.reindexing import Reindexer
from ingestion.workflow import Ingestor

HALF_ADDED: Final = "catalogue.half_added"
EMPTY: Final = "catalogue.empty_document"
WAITING: Final = "catalogue.without_vectors"
FORGOTTEN: Final = "ledger.document_missing"
ORPHAN: Final = "index.orphan_version"
STRAY: Final = "index.stray_passage"
MISSING: Final = "index.missing_passage"
VECTORLESS: Final = "index.missing_vector"
DATES: Final = "index.wrong_dates"
LABELS: Final = "index.wrong_labels"
LOST: Final = "originals.missing"
WRONG: Final = "originals.wrong_digest"
UNOWNED: Final = "originals.orphan"
ASIDE: Final = "store.set_aside"
HALF_RESTORED: Final = "store.half_restored"
KINDS: Final[Mapping[str, str]] = {
    HALF_ADDED: "A version was begun and not finished. It is removed; ingest its file again.",
    EMPTY: "A document has no version. It is removed.",
    WAITING: "A version is found by words alone. Its vectors are made.",
    FORGOTTEN: "A file counts as ingested and its document is gone. It is forgotten, so that it can be ingested again.",
    ORPHAN: "The index has a version that the catalogue does not show. It is removed from the index.",
    STRAY: "The index has a passage that its version does not have. The version is indexed again.",
    MISSING: "The index lacks a passage. Its version is indexed again.",
    VECTORLESS: "The index lacks a vector. It is made.",
    DATES: "The index has other dates in force than the catalogue. They are set.",
    LABELS: "The index has other labels than the catalogue. The version is indexed again.",
    LOST: "An original is gone. Ingest the file again, or restore a backup.",
    WRONG: "An original is not what its digest says, or cannot be opened. Ingest it again, or restore a backup.",
    UNOWNED: "An original belongs to no version, and no job waits with it. It is removed.",
    ASIDE: "A store that was replaced lies beside this one, where erasures reach it only as a whole. Remove it.",
    HALF_RESTORED: "A restoration did not come to its end. What it left is removed.",
}
BEYOND_REPAIR: Final = frozenset({LOST, WRONG, ASIDE})
_MOST_ROUNDS: Final = 3
Watch = Callable[[str, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is wrong, a key of :data:`KINDS`, with what, by ids, and how often: passages, where ids are of versions."""

    kind: str
    ids: tuple[str, ...]
    count: int

    @property
    def mendable(self) -> bool:
        """Say whether a repair mends it."""
        return self.kind not in BEYOND_REPAIR


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was looked at, what is wrong, and what was mended."""

    versions: int
    passages: int
    originals: int
    findings: tuple[Finding, ...]
    mended: tuple[Finding, ...] = ()


@dataclass(slots=True)
class _Indexed:
    """What the index has of one version."""

    passages: set[str]
    dates: set[Interval]
    vectorless: int = 0
    mislabelled: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Doctor:
    """Examines and repairs. Uploads wait meanwhile; questions do not.

    ``drop`` removes originals that neither a document nor a job needs when it comes to it.
    """

    catalogue: Catalogue
    ledger: Ledger
    blobs: BlobStore
    index: PassageIndex
    reindexer: Reindexer
    ingestor: Ingestor
    audit: AuditLog
    jobs: Jobs
    drop: Callable[[Sequence[str]], None]
    home: Path

    def examine(self, watch: Watch | None = None) -> Report:
        """Return what is wrong, without changing anything. ``watch`` hears the step and how far it has come."""
        with self.ingestor.paused():
            return self._examine(watch or _unheard)

    def repair(self, watch: Watch | None = None) -> Report:
        """Mend what can be mended, and return what was and what is still wrong."""
        heard = watch or _unheard
        mended: list[Finding] = []
        report = self.examine(heard)
        # What is removed may leave something behind: an original, a document without a version.
        for _ in range(_MOST_ROUNDS):
            if not any(finding.mendable for finding in report.findings):
                break
            with self.ingestor.paused():
                found = [finding for finding in self._examine(heard).findings if finding.mendable]
                self.audit.append("repaired", {"findings": [f"{finding.kind}:{finding.count}" for finding in found]})
                self._mend({finding.kind: finding.ids for finding in found}, heard)
            mended += found
            for done in self.ingestor.finish():
                heard("passages embedded", done)
            report = self.examine(heard)
        return replace(report, mended=tuple(mended))

    def reencrypt(self, watch: Watch | None = None) -> int:
        """Seal with the newest key what another key sealed, or none; return how many originals that were."""
        done = 0
        for digest in self.blobs.digests():
            done += self.blobs.reseal(digest)
            (watch or _unheard)("originals sealed", done)
        return done

    def _examine(self, watch: Watch) -> Report:
        versions = {version.id: version for version in self.catalogue.every_version()}
        passages: dict[str, dict[str, Labels]] = defaultdict(dict)
        for number, (passage_id, version_id, labels) in enumerate(self.catalogue.every_passage(), start=1):
            passages[version_id][passage_id] = _filtered(labels)
            if number % 1000 == 0:
                watch("passages", number)
        findings = [*self._in_catalogue(versions), *self._in_index(versions, passages)]
        originals, about = self._in_originals(versions, watch)
        findings += about
        findings.append(_found(ASIDE, [folder.name for folder in set_aside(self.home)]))
        half = half_restored(self.home)
        findings.append(_found(HALF_RESTORED, [half.name] if half else []))
        return Report(
            versions=len(versions),
            passages=sum(map(len, passages.values())),
            originals=originals,
            findings=tuple(finding for finding in findings if finding.count),
        )

    def _in_catalogue(self, versions: Mapping[str, StoredVersion]) -> list[Finding]:
        documents = {version.document_id for version in versions.values()}
        gone = sorted(self.ledger.documents() - documents)
        return [
            _found(HALF_ADDED, [v.id for v in versions.values() if v.state == "indexing"]),
            _found(WAITING, [v.id for v in versions.values() if v.state == "words"]),
            _found(EMPTY, self.catalogue.empty_documents()),
            _found(FORGOTTEN, gone),
        ]

    def _in_index(
        self, versions: Mapping[str, StoredVersion], passages: Mapping[str, Mapping[str, Labels]]
    ) -> list[Finding]:
        indexed: dict[str, _Indexed] = {}
        for entry in self.index.inventory():
            one = indexed.setdefault(entry.version_id, _Indexed(set(), set()))
            known = passages.get(entry.version_id, {}).get(entry.passage_id, entry.labels)
            one.mislabelled += entry.labels != known
            one.passages.add(entry.passage_id)
            one.dates.add(entry.in_force)
            one.vectorless += not entry.dense
        counts: dict[str, dict[str, int]] = {kind: {} for kind in (ORPHAN, STRAY, MISSING, VECTORLESS, DATES, LABELS)}
        for version_id, one in indexed.items():
            version = versions.get(version_id)
            if version is None or version.state == "retired":
                counts[ORPHAN][version_id] = len(one.passages)
            elif version.visible:
                counts[STRAY][version_id] = len(one.passages - passages.get(version_id, {}).keys())
                counts[VECTORLESS][version_id] = one.vectorless if version.state == "indexed" else 0
                counts[DATES][version_id] = len(one.dates - {version.in_force})
                counts[LABELS][version_id] = one.mislabelled
        nothing = _Indexed(set(), set())
        for version in versions.values():
            if version.visible:
                has = indexed.get(version.id, nothing).passages
                counts[MISSING][version.id] = len(passages.get(version.id, {}).keys() - has)
        return [_counted(kind, found) for kind, found in counts.items()]

    def _in_originals(self, versions: Mapping[str, StoredVersion], watch: Watch) -> tuple[int, list[Finding]]:
        kept = list(self.blobs.digests())
        owned: dict[str, list[str]] = defaultdict(list)
        for version in versions.values():
            owned[version.digest].append(version.id)
        wrong = []
        for number, digest in enumerate(kept, start=1):
            if digest in owned and not self._whole(digest):
                wrong.append(digest)
            watch("originals", number)
        lost = [d for d in owned.keys() - set(kept) if not all(map(self._never_had_one, owned[d]))]
        unowned = set(kept) - owned.keys()
        unowned -= self.jobs.digests_needed(sorted(unowned)) if unowned else set()
        found = [_found(LOST, sorted(lost)), _found(WRONG, wrong), _found(UNOWNED, unowned)]
        return len(kept), found

    def _whole(self, digest: str) -> bool:
        try:
            content = self.blobs.get(digest)
        except ServiceError:
            return False
        return content is not None and hashlib.sha256(content).hexdigest() == digest

    def _never_had_one(self, version_id: str) -> bool:
        """Say whether a version was made of a text without a file, as those of datasets are: its digest says so."""
        version = self.catalogue.version(version_id)
        text = f"{version.title}\0{version.text}" if version else ""
        return version is not None and hashlib.sha256(text.encode()).hexdigest() == version.digest

    def _mend(self, wrong: Mapping[str, Sequence[str]], watch: Watch) -> None:
        for version_id in (*wrong.get(ORPHAN, ()), *wrong.get(HALF_ADDED, ())):
            self.index.delete_version(version_id)
        with self.catalogue.transaction():
            for version_id in wrong.get(HALF_ADDED, ()):
                self.catalogue.remove_version(version_id)
            self.catalogue.erase_documents([*wrong.get(EMPTY, ()), *self.catalogue.empty_documents()])
            self.ledger.forget(wrong.get(FORGOTTEN, ()))
        again = sorted({v for kind in (STRAY, MISSING, VECTORLESS, LABELS) for v in wrong.get(kind, ())})
        self.reindexer.words(again, lambda done: watch("versions indexed again", done))
        dates = {version.id: version.in_force for version in self.catalogue.every_version()}
        for version_id in wrong.get(DATES, ()):
            self.index.set_in_force(version_id, dates[version_id])
        self.drop(wrong.get(UNOWNED, ()))
        if half := half_restored(self.home) if HALF_RESTORED in wrong else None:
            shutil.rmtree(half, ignore_errors=True)
        if wrong.get(ORPHAN) or wrong.get(HALF_ADDED) or again:
            self.index.compact()


@lru_cache(maxsize=1024)
def _filtered(labels: Labels) -> Labels:
    """Return what an index keeps of labels: those that it filters by."""
    return Labels(tenant=labels.tenant, collection=labels.collection, subjects=labels.subjects, walls=labels.walls)


def _found(kind: str, ids: Iterable[str]) -> Finding:
    known = tuple(sorted(ids))
    return Finding(kind=kind, ids=known, count=len(known))


def _counted(kind: str, counts: Mapping[str, int]) -> Finding:
    ids = tuple(sorted(key for key, count in counts.items() if count))
    return Finding(kind=kind, ids=ids, count=sum(counts.values()))


def _unheard(step: str, done: int) -> None:
    del step, done
