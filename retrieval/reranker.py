"""Scores passages with a cross-encoder that ``consilium tune reranker`` made."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from domain.errors import ServiceError
from retrieval.cross_encoder import UNAVAILABLE, Base, load
from retrieval.tuning.folder import digest_of


class TunedReranker:
    """Holds one loaded model; use from several threads is safe, one after the other.

    The constructor loads the folder and raises ServiceError when its files are missing or do not have ``digest``, the
    SHA-256 that the training printed.
    """

    def __init__(self, base: Base, folder: Path, digest: str) -> None:
        try:
            found = digest_of(folder)
        except OSError as error:
            raise ServiceError(UNAVAILABLE, f"{folder.name}: {type(error).__name__}") from error
        if found != digest:
            raise ServiceError(UNAVAILABLE, f"{folder.name} does not have its digest")
        self._model = load(base, folder)
        self._name = f"{folder.name}@{digest[:12]}"
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """Return the folder's name with the short digest."""
        return self._name

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return one score per text, in order."""
        import torch  # noqa: PLC0415 - takes seconds to import

        if not texts:
            return []
        try:
            with self._lock, torch.inference_mode():
                return [float(one) for one in self._model.scores([question] * len(texts), list(texts))]
        except (RuntimeError, ValueError, MemoryError) as error:
            # The message of torch may quote its input.
            raise ServiceError(UNAVAILABLE, type(error).__name__) from None
