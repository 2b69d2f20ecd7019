"""A consistent copy of the store while it goes on answering: rows, originals, vectors, keys, and a signed manifest.

The index itself is not copied. It follows from the catalogue: words and citations are computed again when a backup is
restored, and the vectors, which cost the time, lie in the backup by passage id, whatever kind of index they came from
and go to. Rows come from one snapshot, so that what is written meanwhile is in it as a whole or not at all.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import IO, Any, Final

from app.lifecycle.archive import MANIFEST, SIGNATURE, Member, sha256
from app.settings import RERANKERS, Settings
from app.store.cipher import Cipher
from app.store.database import Database
from app.store.exchange import columns, export_rows, revision_of
from app.store.register import REGISTER_FILE
from domain.errors import ServiceError
from domain.ports.audit_log import AuditLog
from domain.ports.blob_store import BlobStore
from domain.ports.catalogue import Catalogue
from domain.ports.clock import Clock
from domain.ports.embedder import Embedder
from domain.ports.ids import Ids
from domain.ports.passage_index import PassageIndex
from domain.ports.signer import Signer
from retrieval.vector_parts import write_vectors

FORMAT: Final = "consilium-backup/1"
SIGNED: Final = b"consilium backup manifest\n"
# What lies in the home folder beside database, index and originals, and is part of the store.
FILES: Final = ("audit-head.json", "audit.jsonl", REGISTER_FILE, "retention.toml")
FOLDERS: Final = ("keys", RERANKERS)
_VECTORS_AT_ONCE: Final = 2_000
Watch = Callable[[str, int], None]


@dataclass(slots=True)
class _Taken:
    """What has gone into a backup so far."""

    id: str
    at: str
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    revision: str = ""
    encoder: str = ""
    digests: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupService:
    """Takes backups. With a cipher every part but the manifest is sealed."""

    settings: Settings
    database: Database
    catalogue: Catalogue
    blobs: BlobStore
    index: PassageIndex
    embedder: Embedder
    audit: AuditLog
    signer: Signer
    cipher: Cipher | None
    clock: Clock
    ids: Ids

    def members(self, watch: Watch | None = None) -> Iterator[Member]:
        """Yield what a backup consists of, the manifest and its signature last; ``watch`` hears what has come so far.

        The rows lie in an unnamed file meanwhile, which ends with the process. Erasures wait until the snapshot is
        taken, and an original that is erased after that is not in the backup.
        """
        taken = _Taken(self.ids.new("b"), self.clock.now().isoformat())
        self.audit.append("backup_taken", {"backup_id": taken.id})
        # The head may be behind the rows that it belongs to, and must not be ahead of them.
        head = list(self._home(FILES[:1], ()))
        with tempfile.TemporaryFile(dir=self.settings.home) as spool:
            with self.database.alone():
                sizes = list(self._spool(spool, taken))
            spool.seek(0)
            for name, size in sizes:
                yield self._member(taken, name, spool.read(size))
        self.database.scrub()
        yield from self._originals(taken, watch)
        yield from self._vectors(taken, watch)
        for name, content in [*head, *self._home(FILES[1:], FOLDERS)]:
            yield self._member(taken, f"home/{name}", content)
        yield self._member(taken, "configuration.json", _json(self._configuration()))
        manifest = _json(self._manifest(taken))
        yield MANIFEST, manifest
        yield SIGNATURE, _json({"key": self.signer.key, "signature": self.signer.sign(SIGNED + manifest)})

    def _spool(self, spool: IO[bytes], taken: _Taken) -> Iterator[tuple[str, int]]:
        parts = Counter[str]()
        with self.database.snapshot() as connection:
            taken.revision = revision_of(connection)
            for table, rows, content in export_rows(connection):
                parts[table] += 1
                taken.rows[table] += rows
                spool.write(content)
                yield f"database/{table}/{parts[table]:06}.jsonl", len(content)
            # Bytes that a job waits with are of no version yet.
            waits = "SELECT digest FROM job_items WHERE state IN ('waiting', 'aside') AND digest <> ''"
            query = f"SELECT digest FROM versions UNION {waits}"  # noqa: S608 - both are constant
            taken.digests = {row[0] for row in connection.exec_driver_sql(query)}

    def _originals(self, taken: _Taken, watch: Watch | None) -> Iterator[Member]:
        for number, digest in enumerate(sorted(taken.digests), start=1):
            content = self.blobs.get(digest)
            if content is not None:
                taken.counts["originals"] += 1
                yield self._member(taken, f"originals/{digest}", content)
            if watch:
                watch("originals", number)

    def _vectors(self, taken: _Taken, watch: Watch | None) -> Iterator[Member]:
        """Yield vectors some thousand at a time."""
        batch: list[str] = []
        part = 0
        taken.encoder = self.embedder.name
        for entry in self.index.inventory():
            if entry.dense:
                batch.append(entry.passage_id)
            if len(batch) == _VECTORS_AT_ONCE:
                part += 1
                yield self._some_vectors(taken, part, batch)
                batch = []
                if watch:
                    watch("vectors", taken.counts["vectors"])
        if batch:
            yield self._some_vectors(taken, part + 1, batch)

    def _some_vectors(self, taken: _Taken, part: int, ids: list[str]) -> Member:
        found = self.index.vectors(ids)
        taken.counts["vectors"] += len(found)
        return self._member(taken, f"vectors/{part:06}.bin", write_vectors(found))

    def _home(self, files: Sequence[str], folders: Sequence[str]) -> Iterator[Member]:
        home = self.settings.home
        found = [home / name for name in files]
        found += [file for name in folders for file in sorted((home / name).rglob("*"))]
        try:
            for file in found:
                if file.is_file() and file.suffix != ".part":
                    yield file.relative_to(home).as_posix(), file.read_bytes()
        except OSError as error:
            raise ServiceError("service.storage_unavailable", type(error).__name__) from error

    def _member(self, taken: _Taken, name: str, content: bytes) -> Member:
        sealed = self.cipher.seal(content, f"{taken.id} {name}") if self.cipher else content
        taken.files[name] = {"sha256": sha256(sealed), "bytes": len(sealed)}
        return name, sealed

    def _configuration(self) -> dict[str, Any]:
        """Return the settings without secrets and without addresses that may hold one."""
        hidden = {"database", "originals", "qdrant_url", "chat_url", "storage_key_file"}
        return self.settings.model_dump(mode="json", exclude=hidden | _secrets(self.settings))

    def _manifest(self, taken: _Taken) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "id": taken.id,
            "taken_at": taken.at,
            "product": version("consilium"),
            "schema": taken.revision,
            # An index that took another's place meanwhile leaves vectors of two encoders, which are of no use.
            "encoder": taken.encoder if taken.encoder == self.embedder.name else "",
            "dimension": self.embedder.dimension,
            "sealed_by": self.cipher.key if self.cipher else None,
            "tables": {name: {"columns": names, "rows": taken.rows[name]} for name, names in columns().items()},
            "counts": dict(taken.counts),
            "files": taken.files,
        }


def _secrets(settings: Settings) -> set[str]:
    return {name for name, value in settings if hasattr(value, "get_secret_value")}


def _json(value: Any) -> bytes:
    # Tables stay in their order: those that others refer to come first.
    return json.dumps(value, ensure_ascii=False).encode()
