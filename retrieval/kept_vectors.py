"""Keeps the vectors of passages in a file, so that a text is embedded once however often it is indexed.

For re-indexing and for measuring one collection again and again. The file holds vectors by a digest of model and text,
and no text; a vector still tells something of its text, so the file is to be guarded like the index.
"""

from __future__ import annotations

import array
import hashlib
import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from domain.errors import ServiceError
from domain.ports.embedder import Embedder

_AT_ONCE: Final = 500


class KeptVectors:
    """Implements Embedder over another one. A single text, which is what a question is, is never kept.

    Raises ServiceError ``service.storage_unavailable`` when the file cannot be read or written.
    """

    def __init__(self, embedder: Embedder, path: Path) -> None:
        self._embedder = embedder
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = sqlite3.connect(path, check_same_thread=False, timeout=60)
            self._file.execute("PRAGMA journal_mode = WAL")
            self._file.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")
        except (sqlite3.Error, OSError) as error:
            raise _unavailable(error) from error

    @property
    def name(self) -> str:
        """Return the name of the embedder that computes."""
        return self._embedder.name

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        return self._embedder.dimension

    @property
    def window(self) -> int:
        """Return the most tokens of one text that the encoder reads."""
        return self._embedder.window

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens each text has."""
        return self._embedder.count_tokens(texts)

    def embed(self, texts: Sequence[str]) -> list[array.array[float]]:
        """Return one unit vector per text; only those that the file lacks are computed."""
        if len(texts) <= 1:
            return self._embedder.embed(texts)
        keys = [self._key(text) for text in texts]
        found = self._read(keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
        computed = dict(zip(missing, self._embedder.embed(list(missing.values())), strict=True))
        self._write(computed)
        found |= computed
        return [found[key] for key in keys]

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{self.name}\0{text}".encode("utf-8", "surrogatepass")).digest()[:20]

    def _read(self, keys: Sequence[bytes]) -> dict[bytes, array.array[float]]:
        found: dict[bytes, array.array[float]] = {}
        for first in range(0, len(keys), _AT_ONCE):
            some = keys[first : first + _AT_ONCE]
            # only question marks are put into the statement
            query = f"SELECT key, vector FROM vectors WHERE key IN ({','.join('?' * len(some))})"  # noqa: S608
            try:
                with self._lock:
                    rows = self._file.execute(query, some).fetchall()
            except sqlite3.Error as error:
                raise _unavailable(error) from error
            found |= {key: array.array("f", vector) for key, vector in rows}
        return found

    def _write(self, vectors: dict[bytes, array.array[float]]) -> None:
        try:
            with self._lock, self._file:
                self._file.executemany(
                    "INSERT OR IGNORE INTO vectors VALUES (?, ?)",
                    ((key, vector.tobytes()) for key, vector in vectors.items()),
                )
        except sqlite3.Error as error:
            raise _unavailable(error) from error


def _unavailable(error: Exception) -> ServiceError:
    return ServiceError("service.storage_unavailable", type(error).__name__)
