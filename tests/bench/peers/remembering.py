"""Remembers what the encoder gave for a text, so that peers who ask for the same vectors share one computation.

Loaded by ``child.py`` in each peer's own virtual environment, for quality only: nothing that remembers is timed. What
is remembered is the last step, from token ids to the vector: every peer still cuts, prefixes and tokenises as it does.
"""

from __future__ import annotations

import functools
import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

Compute = Callable[[list[int]], Any]


class Memory:
    """Vectors of unit length by the token ids that they were made of; a file that several processes may use."""

    def __init__(self, path: Path) -> None:
        self._file = sqlite3.connect(path, timeout=120, check_same_thread=False)
        self._file.execute("PRAGMA journal_mode=WAL")
        self._file.execute("PRAGMA synchronous=OFF")
        self._file.execute("CREATE TABLE IF NOT EXISTS vectors (ids BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")
        self._file.commit()

    def vectors(self, rows: Sequence[bytes], compute: Compute) -> Any:
        """Return a matrix with one row for each of ``rows``; ``compute`` gives those of the places that are missing."""
        keys = [hashlib.sha256(row).digest()[:16] for row in rows]
        found = {place: vector for place, key in enumerate(keys) if (vector := self._get(key)) is not None}
        if missing := [place for place in range(len(keys)) if place not in found]:
            made = np.asarray(compute(missing), dtype="<f4")
            made /= np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-12)
            found |= dict(zip(missing, made, strict=True))
            with self._file:
                self._file.executemany(
                    "INSERT OR IGNORE INTO vectors VALUES (?, ?)",
                    [(keys[place], found[place].tobytes()) for place in missing],
                )
        return np.stack([found[place] for place in range(len(keys))])

    def _get(self, key: bytes) -> Any:
        row = self._file.execute("SELECT vector FROM vectors WHERE ids = ?", (key,)).fetchone()
        return None if row is None else np.frombuffer(row[0], dtype="<f4")


def remember(path: Path) -> None:
    """Put a memory before the network of sentence-transformers, and before txtai's own where that is installed."""
    memory = Memory(path)
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - only in the peers' environments

    _before_sentence_transformer(memory, SentenceTransformer)
    try:
        from txtai.models.pooling.mean import MeanPooling  # noqa: PLC0415 - only in one of them
    except ImportError:
        return
    _before_pooling(memory, MeanPooling)


def _before_sentence_transformer(memory: Memory, owner: Any) -> None:
    original = owner.forward

    @functools.wraps(original)
    def forward(model: Any, features: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        ids = features["input_ids"]

        def compute(places: list[int]) -> Any:
            some = {name: value[places] if hasattr(value, "shape") else value for name, value in features.items()}
            return original(model, some, **kwargs)["sentence_embedding"].detach().numpy()

        vectors = memory.vectors(_rows(ids, features["attention_mask"]), compute)
        return {**features, "sentence_embedding": _tensor(vectors)}

    owner.forward = forward


def _before_pooling(memory: Memory, owner: Any) -> None:
    """Txtai brings the vectors of its pooling to unit length itself, so it may be given them as such."""
    original = owner.forward

    @functools.wraps(original)
    def forward(model: Any, **inputs: Any) -> Any:
        def compute(places: list[int]) -> Any:
            return original(model, **{name: value[places] for name, value in inputs.items()}).detach().numpy()

        return _tensor(memory.vectors(_rows(inputs["input_ids"], inputs["attention_mask"]), compute))

    owner.forward = forward


def _rows(ids: Any, mask: Any) -> list[bytes]:
    """Return the token ids of each text of a batch, without what fills it up."""
    return [row[kept.bool()].numpy().astype("<i4").tobytes() for row, kept in zip(ids, mask, strict=True)]


def _tensor(vectors: Any) -> Any:
    import torch  # noqa: PLC0415 - only in the peers' environments

    return torch.from_numpy(vectors)
