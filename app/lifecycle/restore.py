"""Puts a backup in the place of the store: verified whole first, built beside what is there, then switched.

What was erased after the backup was taken is erased from it before anything else may see it, and holds that were
placed or released since stand as they did last: the register of the store as it is now, or one that was kept elsewhere,
knows both. Events that the trail here has and the backup's has not are carried over where they follow from it.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Any, Final

from app.bootstrap import Consilium, Replacements, build
from app.lifecycle.archive import MANIFEST, SIGNATURE, Source, checked, open_archive, sha256
from app.lifecycle.backup import FORMAT, SIGNED
from app.settings import Settings
from app.store import exchange
from app.store.aside import PREVIOUS, RESTORING, begin_switch, half_restored, settle
from app.store.cipher import Cipher
from app.store.opening import address_of, blobs_of, cipher_for, open_audit
from app.store.register import REGISTER_FILE, append_entries, read_register
from app.store.schema import known_revisions
from app.store.signing import FolderSigner
from domain.errors import RequestError, ServiceError
from domain.ports.blob_store import BlobStore
from retrieval.vector_parts import read_vectors

_HEAD: Final = "audit-head.json"
_NEEDED: Final = ("id", "taken_at", "product", "schema", "encoder", "tables", "counts", "files")
Watch = Callable[[str, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreOrder:
    """What is restored. ``register`` is a register that was kept elsewhere and may know later erasures."""

    path: Path
    foreign: bool = False
    discard_previous: bool = False
    register: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Backup:
    """A backup that was verified."""

    source: Source
    manifest: dict[str, Any]
    cipher: Cipher | None

    def read(self, name: str) -> bytes:
        """Return a part as it was before it was sealed."""
        content = self.source.read(name)
        if sha256(content) != self.manifest["files"][name]["sha256"]:
            raise RequestError("request.backup_invalid", f"{name} changed while it was read")
        return self.cipher.open(content, f"{self.manifest['id']} {name}") if self.cipher else content

    def below(self, folder: str) -> Iterator[str]:
        """Yield the names of the parts in a folder, in order."""
        return (name for name in sorted(self.manifest["files"]) if name.startswith(f"{folder}/"))


def restore(
    settings: Settings, order: RestoreOrder, replace: Replacements | None = None, watch: Watch | None = None
) -> dict[str, Any]:
    """Restore a backup and say what came of it, by counts.

    Raises RequestError ``request.backup_invalid`` or ``request.backup_foreign`` before anything is touched,
    ``request.store_in_use`` for a PostgreSQL database that is not empty. Whatever fails, the store stays as it was.
    """
    home = settings.home
    settle(home)
    heard = watch or _unheard
    with open_archive(order.path) as source:
        backup = _verified(source, settings, heard)
        staged = settings.model_copy(update={"home": home / RESTORING})
        if half := half_restored(home):
            shutil.rmtree(half)
        try:
            staged.home.mkdir(parents=True, mode=0o700)
            _stage_files(backup, staged.home)
            _check_signature(backup, staged.home, home, foreign=order.foreign)
            _stage_register(staged.home, home, order.register)
            report = _fill(backup, settings, staged, replace, heard)
        except BaseException:
            shutil.rmtree(staged.home, ignore_errors=True)
            raise
    previous = _aside(home, report["restored_at"])
    begin_switch(home, previous.name)
    settle(home)
    if order.discard_previous:
        shutil.rmtree(previous, ignore_errors=True)
    return {**report, "previous": previous.name if previous.exists() else None}


def _aside(home: Path, moment: str) -> Path:
    """Return a new name for the store that is there now, by the moment, to the second."""
    stamp = moment.replace(":", "").replace("-", "")[:15]
    names = chain([stamp], (f"{stamp}-{number}" for number in count(2)))
    return next(place for name in names if not (place := home / f"{PREVIOUS}{name}").exists())


def _verified(source: Source, settings: Settings, watch: Watch) -> _Backup:
    """Return the backup when every part of it is what the manifest says. Raises RequestError."""
    try:
        manifest = json.loads(source.read(MANIFEST))
        if manifest["format"] != FORMAT or any(name not in manifest for name in _NEEDED):
            raise ValueError  # noqa: TRY301 - told below, as everything else that is no backup
        files = {checked(name): (str(one["sha256"]), int(one["bytes"])) for name, one in manifest["files"].items()}
        tables = {name: list(one["columns"]) for name, one in manifest["tables"].items()}
        rows = {name: int(one["rows"]) for name, one in manifest["tables"].items()}
        sealed_by = manifest["sealed_by"]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise RequestError("request.backup_invalid", f"{MANIFEST}: {type(error).__name__}") from None
    if manifest["schema"] not in known_revisions():
        raise RequestError("request.backup_invalid", f"schema {manifest['schema']} is newer than this product")
    for number, (name, (digest, size)) in enumerate(files.items(), start=1):
        content = source.read(name)
        if len(content) != size or sha256(content) != digest:
            raise RequestError("request.backup_invalid", f"{name} is not what the manifest says")
        watch("verified", number)
    cipher = cipher_for(settings) if sealed_by else None
    if sealed_by and cipher is None:
        raise RequestError("request.setting_invalid", f"storage_key: the backup is sealed by key {sealed_by}")
    backup = _Backup(source=source, manifest=manifest, cipher=cipher)
    found = Counter[str]()
    for name in backup.below("database"):
        try:
            found[name.split("/")[1]] += backup.read(name).count(b"\n")
        except ServiceError as error:
            raise RequestError("request.setting_invalid", f"storage_key: {error.detail}") from None
    if any(found[name] != rows[name] for name in tables) or found.keys() - tables.keys():
        raise RequestError("request.backup_invalid", "not as many rows as the manifest says")
    return backup


def _stage_files(backup: _Backup, staged: Path) -> None:
    for name in backup.below("home"):
        target = staged / name.removeprefix("home/")
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        target.write_bytes(backup.read(name))
        target.chmod(0o600)


def _check_signature(backup: _Backup, staged: Path, home: Path, *, foreign: bool) -> None:
    """See that the manifest is signed by the backup's own keys, and that those are the keys of the store here."""
    message = SIGNED + backup.source.read(MANIFEST)
    try:
        signed = json.loads(backup.source.read(SIGNATURE))
        key, signature = str(signed["key"]), str(signed["signature"])
    except (ValueError, TypeError, KeyError) as error:
        raise RequestError("request.backup_invalid", f"{SIGNATURE}: {type(error).__name__}") from None
    own = staged / "keys" / "audit"
    if not any(own.glob("*.pem")) or not FolderSigner(own).verify(key, message, signature):
        raise RequestError("request.backup_invalid", "the manifest is not signed by a key of the backup")
    here = home / "keys" / "audit"
    if any(here.glob("*.pem")) and not foreign and not FolderSigner(here).verify(key, message, signature):
        raise RequestError("request.backup_foreign", f"signed by key {key}")


def _stage_register(staged: Path, home: Path, elsewhere: Path | None) -> None:
    """Bring together what the backup, the store here and a register from elsewhere know of erasures and holds."""
    target = staged / REGISTER_FILE
    for file in (home / REGISTER_FILE, elsewhere):
        if file is None:
            continue
        if file == elsewhere and not file.is_file():
            raise RequestError("request.invalid", "register: there is no such file")
        known = read_register(target)
        append_entries(target, [entry for key, entry in read_register(file).items() if key not in known])


def _fill(
    backup: _Backup, settings: Settings, staged: Settings, replace: Replacements | None, watch: Watch
) -> dict[str, Any]:
    manifest = backup.manifest
    address = address_of(staged)
    tables = {name: one["columns"] for name, one in manifest["tables"].items()}
    order = {name: number for number, name in enumerate(tables)}
    names = sorted(backup.below("database"), key=lambda name: (order[name.split("/")[1]], name))
    exchange.import_rows(address, manifest["schema"], tables, ((n.split("/")[1], backup.read(n)) for n in names))
    try:
        blobs = blobs_of(staged, cipher_for(settings))
        _put_originals(backup, blobs, watch)
        carried = _carry_trail_over(settings, staged)
        with build(staged, replace) as consilium:
            return {**_index(backup, consilium, watch), "events_carried_over": carried}
    except BaseException:
        if not isinstance(address, Path):
            exchange.empty(address)
        raise


def _put_originals(backup: _Backup, blobs: BlobStore, watch: Watch) -> None:
    for number, name in enumerate(backup.below("originals"), start=1):
        if blobs.put(backup.read(name)) != name.removeprefix("originals/"):
            raise RequestError("request.backup_invalid", f"{name} is not what it is named for")
        watch("originals", number)


def _index(backup: _Backup, consilium: Consilium, watch: Watch) -> dict[str, Any]:
    """Build the index from the catalogue; vectors come from the backup when they are of the same encoder."""
    manifest = backup.manifest
    seen = [version for version in consilium.catalogue.every_version() if version.visible]
    passages = consilium.reindexer.words([v.id for v in seen], lambda done: watch("versions indexed", done))
    if manifest["encoder"] == consilium.embedder.name:
        done = 0
        for name in backup.below("vectors"):
            vectors = read_vectors(backup.read(name), consilium.embedder.dimension)
            consilium.index.add_vectors(vectors)
            done += len(vectors)
            watch("vectors", done)
        for _ in consilium.reindexer.complete():
            pass
    embedded = 0
    for some in consilium.ingestor.finish():
        embedded += some
        watch("passages embedded", embedded)
    report = consilium.doctor.repair(watch)
    again = [receipt.id for receipt in consilium.caught_up]
    now = consilium.clock.now().isoformat()
    consilium.erasures.audit.append(
        "restored", {"backup_id": str(manifest["id"]), "taken_at": str(manifest["taken_at"]), "erased_again": again}
    )
    return {
        "backup": manifest["id"],
        "taken_at": manifest["taken_at"],
        "restored_at": now,
        "versions": len(seen),
        "passages": passages,
        "embedded": embedded,
        "originals": manifest["counts"].get("originals", 0),
        "erased_again": again,
        "findings": [finding.kind for finding in report.findings],
    }


def _carry_trail_over(settings: Settings, staged: Settings) -> int:
    """Append the events that the trail here has after the backup's last one, and return how many.

    Where it does not follow, or cannot be read, the restored trail is resumed, which is an event that says so.
    """
    here, there = settings.home, staged.home
    carried = 0
    if (here / _HEAD).is_file() and _same_keys(here, there):
        shutil.copyfile(here / _HEAD, there / _HEAD)
        # A key that is newer than the backup signed what is carried over.
        shutil.copytree(here / "keys" / "audit", there / "keys" / "audit", dirs_exist_ok=True)
        if settings.database is None and (here / "catalogue.db").is_file():
            carried = _copy_events(here / "catalogue.db", there / "catalogue.db")
    with open_audit(staged) as trail:
        if trail.behind:
            trail.resume()
    return carried


def _same_keys(here: Path, there: Path) -> bool:
    keys = [{file.name: file.read_bytes() for file in (one / "keys" / "audit").glob("*.pem")} for one in (here, there)]
    return all(keys[0].get(name) == content for name, content in keys[1].items())


def _copy_events(source: Path, target: Path) -> int:
    """Copy later events and all checkpoints from one SQLite database into another, if they follow."""
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old,
        closing(sqlite3.connect(target)) as new,
        new,
    ):
        try:
            last = new.execute("SELECT seq, digest FROM audit_events ORDER BY seq DESC LIMIT 1").fetchone()
            seq, digest = last or (0, "")
            same = old.execute("SELECT digest FROM audit_events WHERE seq = ?", (seq,)).fetchone()
            if last and same != (digest,):
                return 0
            columns = "seq, at, event, facts, previous, digest"
            later = old.execute(f"SELECT {columns} FROM audit_events WHERE seq > ?", (seq,)).fetchall()  # noqa: S608
            new.executemany(f"INSERT INTO audit_events ({columns}) VALUES (?, ?, ?, ?, ?, ?)", later)  # noqa: S608
            if later:
                points = old.execute("SELECT seq, digest, at, key, signature FROM audit_checkpoints").fetchall()
                new.execute("DELETE FROM audit_checkpoints")
                insert = "INSERT INTO audit_checkpoints (seq, digest, at, key, signature) VALUES (?, ?, ?, ?, ?)"
                new.executemany(insert, points)
        except sqlite3.Error:
            return 0
        return len(later)


def _unheard(step: str, done: int) -> None:
    del step, done
