"""The register of erasures and holds: a table, and a file beside the audit trail's head, which know the same."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from sqlalchemy import RowMapping, select

from app.store.database import Database, upsert
from app.store.tables import register
from domain.erasure import Entry, Target
from domain.errors import ServiceError

REGISTER_FILE: Final = "register.jsonl"
_KEY: Final = ("event", "id")
_INSERT: Final = upsert(register, _KEY, ("at",))
_LISTS: Final = ("names", "documents", "originals")


class FileRegister:
    """Implements :class:`domain.ports.register.Register`.

    The file is written first and forced to disk. A line that was cut off when the process ended was not acknowledged;
    it is passed over, and the erasure that it was for is carried out again and written anew.
    """

    def __init__(self, database: Database, file: Path) -> None:
        self._database = database
        self._file = file
        self._lock = threading.Lock()

    def add(self, entry: Entry) -> None:
        """Remember an entry durably in both places."""
        with self._lock:
            there = read_register(self._file)
            kept = there.get((entry.event, entry.id))
            if kept is None:
                append_entries(self._file, [entry])
        self.known(kept or entry)

    def entry(self, event: str, entry_id: str) -> Entry | None:
        """Return an entry, wherever it is."""
        return read_register(self._file).get((event, entry_id)) or self._rows().get((event, entry_id))

    def unknown(self) -> list[Entry]:
        """Return the entries that the database lacks, in the order of their time."""
        with self._lock:
            outside, inside = read_register(self._file), self._rows()
            append_entries(self._file, [entry for key, entry in inside.items() if key not in outside])
        return sorted((entry for key, entry in outside.items() if key not in inside), key=lambda e: (e.at, e.id))

    def known(self, entry: Entry) -> None:
        """Let the database know an entry."""
        row = {"event": entry.event, "id": entry.id, "at": entry.at, "facts": _to_json(entry)}
        with self._database.write() as connection:
            self._database.run(connection, _INSERT[self._database.dialect], row)

    def _rows(self) -> dict[tuple[str, str], Entry]:
        rows = self._database.rows(select(register).order_by(register.c.at, register.c.id))
        return {(row["event"], row["id"]): _from_row(row) for row in rows}


def read_register(file: Path) -> dict[tuple[str, str], Entry]:
    """Return the entries of a file by event and id; of one that comes twice the first counts. Raises ServiceError."""
    found: dict[tuple[str, str], Entry] = {}
    try:
        lines = file.read_bytes().split(b"\n")
    except FileNotFoundError:
        return found
    except OSError as error:
        raise ServiceError("service.storage_unavailable", f"register: {type(error).__name__}") from error
    for number, line in enumerate(lines, start=1):
        try:
            entry = _from_json(json.loads(line)) if line else None
        except (ValueError, TypeError, KeyError) as error:
            if number == len(lines):
                break
            raise ServiceError("service.storage_unavailable", f"register: line {number}") from error
        if entry:
            found.setdefault((entry.event, entry.id), entry)
    return found


def append_entries(file: Path, entries: list[Entry]) -> None:
    """Add entries at the end of a file, forced to disk; what was cut off there is cut away. Raises ServiceError."""
    if not entries:
        return
    text = "".join(_to_json(entry) + "\n" for entry in entries).encode()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            content = os.pread(descriptor, os.fstat(descriptor).st_size, 0)
            whole = content.rfind(b"\n") + 1
            os.ftruncate(descriptor, whole)
            os.pwrite(descriptor, text, whole)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise ServiceError("service.storage_unavailable", f"register: {type(error).__name__}") from error


def _to_json(entry: Entry) -> str:
    return json.dumps(asdict(entry), ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def _from_json(data: Mapping[str, Any]) -> Entry:
    lists = {name: tuple(data[name]) for name in _LISTS}
    return Entry(**{**data, **lists, "target": Target(**data["target"])})


def _from_row(row: RowMapping) -> Entry:
    return _from_json(json.loads(row["facts"]))
