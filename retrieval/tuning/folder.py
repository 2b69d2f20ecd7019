"""What a training leaves behind: weights, configuration, a model card; and their digest."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Final

from domain.errors import RequestError
from retrieval.cross_encoder import HEAD, WEIGHTS, Base, CrossEncoder
from retrieval.tuning.training import Budget, Trained

CARD: Final = "README.md"
RECORD: Final = "training.json"
# What decides the scores; the card and the record may be written anew.
_DIGESTED: Final = (WEIGHTS, "adapter_config.json", HEAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What was trained on: its name, how many passages, the SHA-256 over their ids and texts, and its licence."""

    name: str
    passages: int
    digest: str
    licence: str


def digest_of(folder: Path) -> str:
    """Return the SHA-256 over the files that decide the scores. Raises FileNotFoundError when one is missing."""
    whole = hashlib.sha256()
    for name in _DIGESTED:
        content = (folder / name).read_bytes()
        whole.update(f"{name}\0{len(content)}\0".encode())
        whole.update(content)
    return whole.hexdigest()


def write_folder(folder: Path, model: CrossEncoder, trained: Trained, source: Source, budget: Budget) -> str:
    """Write a new folder and return its digest. Raises RequestError when it cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        model.save(folder)
        digest = digest_of(folder)
        record = {"digest": digest, "seed": budget.seed, "source": asdict(source), "trained": asdict(trained)}
        (folder / RECORD).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        (folder / CARD).write_text(_card(folder.name, digest, model.base, trained, source, budget), encoding="utf-8")
    except OSError as error:
        raise RequestError("request.invalid", f"{folder.name} cannot be written: {type(error).__name__}") from error
    return digest


def _card(title: str, digest: str, base: Base, trained: Trained, source: Source, budget: Budget) -> str:
    kinds = ", ".join(f"{count} {kind}" for kind, count in trained.pairs.items())
    values = {**asdict(source), **asdict(trained), "kinds": kinds, "seed": budget.seed, "bundled": base.name}
    values |= {"weights": digest, "pinned": base.digest, "title": title, "short": digest[:12]}
    return Template(files("retrieval.tuning").joinpath("card.txt").read_text("utf-8")).substitute(values)
