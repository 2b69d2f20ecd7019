"""Reads what a re-ranker is trained on: passages of a collection, or the corpus of a BEIR folder."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.bootstrap import open_catalogue
from app.settings import Settings
from app.wiring import citation_finder
from domain.documents import Labels, Passage
from domain.errors import RequestError
from evaluation.datasets.beir import read_corpus
from retrieval.tuning.folder import Source
from retrieval.tuning.pairs import Excerpt, excerpt_of

_PART: Final = 900
_BREAK: Final = re.compile(r"(?<=[.!?;])\s+|\n\s*\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """The passages to train on, and what is said about them in the model card."""

    excerpts: tuple[Excerpt, ...]
    source: Source


def read_material(settings: Settings, data: str, *, tenant: str, licence: str) -> Material:
    """Return the passages of a folder with a corpus.jsonl, or else of the collection by that name.

    Questions and judgements of a folder are never opened. Raises RequestError ``request.dataset_invalid`` or, when
    there is neither, ``request.not_found``.
    """
    if (Path(data) / "corpus.jsonl").is_file():
        excerpts = tuple(_of_folder(Path(data)))
    elif Path(data).exists():
        raise RequestError("request.dataset_invalid", f"{Path(data).name} holds no corpus.jsonl")
    else:
        excerpts = tuple(_of_collection(settings, tenant, data))
    if not excerpts:
        fault = "no folder with a corpus.jsonl and no collection by that name with passages that may be trained on"
        raise RequestError("request.not_found", fault)
    source = Source(name=Path(data).name, passages=len(excerpts), digest=_digest(excerpts), licence=licence)
    return Material(excerpts=excerpts, source=source)


def _of_folder(folder: Path) -> Iterator[Excerpt]:
    for entry in read_corpus(folder):
        for number, part in enumerate(_parts(entry.text)):
            yield Excerpt(id=f"{entry.id}#{number}", document=entry.id, heading=entry.title, text=part)


def _of_collection(settings: Settings, tenant: str, collection: str) -> Iterator[Excerpt]:
    """Yield the passages of indexed versions that anybody may see, each with the provisions that it is."""
    finder = citation_finder()
    if not (settings.home / "catalogue.db").is_file():
        return
    with open_catalogue(settings) as catalogue:
        for document in catalogue.documents(tenant, (collection,)):
            for version in catalogue.versions(document.id):
                if version.state == "indexed":
                    for passage in catalogue.neighbours(version.id, 0, sys.maxsize):
                        if _is_open(passage):
                            yield excerpt_of(passage, finder.keys_of(passage))


def _is_open(passage: Passage) -> bool:
    """Say whether weights may learn from a passage: a model tells what it was trained on to whoever uses it."""
    labels = passage.labels
    return not labels.subjects and not labels.walls and labels.sensitivity == Labels().sensitivity


def _parts(text: str) -> Iterator[str]:
    """Yield a text in parts of about 900 characters that end where sentences do."""
    part = ""
    for piece in _BREAK.split(text):
        if part and len(part) + len(piece) > _PART:
            yield part
            part = ""
        part = f"{part} {piece}".strip()
    if part:
        yield part


def _digest(excerpts: Sequence[Excerpt]) -> str:
    whole = hashlib.sha256()
    for excerpt in sorted(excerpts, key=lambda one: one.id):
        whole.update(f"{excerpt.id}\0{excerpt.heading}\0{excerpt.text}\0".encode())
    return whole.hexdigest()
