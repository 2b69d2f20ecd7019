"""``consilium tune``: fits a re-ranker to a collection of one's own, and says how to switch it on."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.settings import RERANKERS, Settings
from app.tuning import read_material
from app.wiring import citation_finder, encoder_base
from domain.errors import RequestError
from retrieval.tuning.folder import write_folder
from retrieval.tuning.references import find_cited
from retrieval.tuning.training import Budget, train
from retrieval.tuning.training import Progress as Advance

_NOT_IN_NAMES: Final = re.compile(r"[^a-z0-9_-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a person asked to be trained."""

    data: str
    out: Path | None
    licence: str
    tenant: str
    budget: Budget
    as_json: bool


def run(settings: Settings, order: Order) -> None:
    """Train, write the folder and print its digest.

    Raises RequestError for data that cannot be read, too few pairs, or a folder that is not empty; ServiceError when
    the encoder or peft is missing.
    """
    if order.budget.steps < 1 or order.budget.minutes <= 0:
        raise RequestError("request.invalid", "steps: at least 1; minutes: above 0")
    name = _NOT_IN_NAMES.sub("-", Path(order.data).name.lower()).strip("-_") or "reranker"
    folder = order.out or settings.home / RERANKERS / name
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RequestError("request.invalid", f"out: {folder.name} is there already and is not an empty folder")
    base = encoder_base()
    material = read_material(settings, order.data, tenant=order.tenant, licence=order.licence)
    cited = find_cited(material.excerpts, citation_finder())
    with _progress(quiet=order.as_json) as advance:
        model, trained = train(base, material.excerpts, cited, order.budget, advance)
    digest = write_folder(folder, model, trained, material.source, order.budget)
    if order.as_json:
        found = {"folder": str(folder), "digest": digest, **asdict(trained), "source": asdict(material.source)}
        sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
        return
    console = Console(highlight=False, soft_wrap=True)
    console.print(
        f"{trained.steps} steps in {trained.minutes:.1f} minutes on {sum(trained.pairs.values())} pairs; loss "
        f"{trained.first_loss:.3f} to {trained.last_loss:.3f}; {trained.held_out} held-out questions answered first: "
        f"{trained.accuracy_before:.2f} before, {trained.accuracy_after:.2f} after."
    )
    console.print(f"Written to {folder}, with a model card. Digest: {digest}")
    console.print("It is off. Measure it, and where it wins, put this into the pack, below \\[retrieval]:")
    console.print(f'reranker = "{folder.name}@{digest}"\nreranker_weight = 0.2')


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Advance]:
    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, disable=quiet or not console.is_terminal) as progress:
        task = progress.add_task("making pairs", total=None)

        def advance(what: str, done: int, total: int, loss: float) -> None:
            progress.update(task, description=f"{what}, loss {loss:.3f}", completed=done, total=total)

        yield advance
