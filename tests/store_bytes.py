"""What tests of the whole store share: canaries in many places, and a search through every byte and every row."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.bootstrap import Consilium
from app.cli.door import LocalDoor
from app.store.database import Database
from app.store.tables import METADATA
from domain.documents import Labels
from domain.erasure import Target
from ingestion.workflow import IngestRequest

_SMALL = bytes(range(256)).lower()
CANARIES = [f"zqcanary{number:02}x" for number in range(50)]


def keep(consilium: Consilium, subjects: int, first: int = 0) -> None:
    """Ingest a note about each of so many subjects, with its original."""
    for number, canary in enumerate(CANARIES[first:subjects], start=first):
        note = f"The patient takes {canary} twice a day.\n\nNo allergy to {canary} is known.".encode()
        labels = Labels(subjects=(f"s{number:02}",), collection="charts")
        (outcome,) = consilium.ingestor.ingest_bytes(note, f"note {number}.txt", IngestRequest(labels=labels))
        assert outcome.status in {"indexed", "unchanged"}, outcome


def subject(name: str) -> Target:
    return Target(tenant="default", kind="subject", id=name)


def ask(consilium: Consilium, number: int) -> dict[str, Any]:
    """Ask about a subject, with its canary in the question."""
    question = f"Does the patient take {CANARIES[number]} twice a day?"
    return LocalDoor(consilium).ask({"question": question, "subjects": [f"s{number:02}"]})


def files_with(home: Path, *words: str) -> list[str]:
    """Return the words, given in small letters, that a byte search finds in the files of a folder.

    They are found large or small, in bytes of their own or among zeros (UTF-16, UTF-32), forwards or backwards.
    """
    found: set[str] = set()
    for file in sorted(home.rglob("*")):
        content = _written(file).translate(_SMALL, b"\0") if file.is_file() else b""
        if b"zq" in content or b"qz" in content:
            found |= {word for word in words if word.encode() in content or word[::-1].encode() in content}
    return sorted(found)


def _written(file: Path) -> bytes:
    """Return the bytes of a file without its holes: files of an index have many MiB, of which little is written."""
    parts = []
    with file.open("rb", buffering=0) as opened:
        number, at = opened.fileno(), 0
        while at < os.fstat(number).st_size:
            try:
                begin = os.lseek(number, at, os.SEEK_DATA)
            except OSError as error:
                if error.errno == errno.ENXIO:  # nothing but a hole is left
                    break
                raise
            at = os.lseek(number, begin, os.SEEK_HOLE)
            parts.append(os.pread(number, at - begin, begin))
    return b"".join(parts)


def rows_with(database: Database, words: Sequence[str]) -> list[str]:
    """Return the words that are in any row of any table."""
    found: set[str] = set()
    for table in METADATA.sorted_tables:
        for row in database.rows(select(table)):
            shown = " ".join(bytes(v).decode("latin-1") if isinstance(v, bytes) else str(v) for v in row.values())
            found |= {word for word in words if word in shown}
    return sorted(found)


def digests(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder, so that one can see that nothing was touched."""
    return {f.relative_to(folder).as_posix(): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}
