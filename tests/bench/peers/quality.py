"""How well each peer finds what answers, on every set; kept in ``bench/peers/`` until what made it changes.

The product's own scores come from the reports of ``consilium evaluate`` that ``make bench`` leaves in ``bench/``.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from evaluation.datasets.beir import read_beir
from evaluation.datasets.spans import SpanDataset, read_spans
from evaluation.report import read_report
from evaluation.suites.retrieval import SPAN_DEPTHS, covered, judged
from tests.bench.peers.running import OWN, PEERS, Entrant, K, Task, document_of, run
from tests.data import ROOT

SETS: Final = ("obliqa", "bioasq", "medquad", "legalbenchrag")
RANKS: Final = ("ndcg@10", "recall@10")
CHARACTERS: Final = ("char_recall@4000c", "char_recall@2000c", "char_recall@8000c", "char_recall@8", "char_precision@8")
_HERE: Final = Path(__file__).resolve().parent
# Some peers take a third of a second for a question, and more in larger sets: all questions would take hours.
QUESTIONS: Final = {"obliqa": 800, "bioasq": 400, "medquad": 400, "legalbenchrag": 800}
_MODE: Final = "hybrid"
_AT_ONCE: Final = 2

Scores = Mapping[str, Mapping[str, float]]
"""By question, then by measure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A set: what every peer is asked, and how what it finds is judged. The first of ``measures`` counts most.

    ``parts`` tells which questions stand under which heading.
    """

    task: Task
    judge: Callable[[str, Sequence[str]], Mapping[str, float]]
    measures: tuple[str, ...]
    parts: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the systems stand on one part of a set: scores by system, question and measure."""

    name: str
    measures: tuple[str, ...]
    scores: Mapping[str, Scores]

    def of(self, system: str, measure: str) -> dict[str, float]:
        """Return a system's scores by question; none where it was not asked."""
        return {key: scores[measure] for key, scores in self.scores.get(system, {}).items()}


def trial_of(folder: Path, *, encoder: Path, threads: int, questions: int | None = None) -> Trial:
    """Return the trial over a BEIR folder, or over a LegalBench-RAG folder with its files whole.

    At most so many ``questions`` are asked of each part, evenly spread; 0 asks all, ``None`` as many as is usual.
    """
    made = _spans if (folder / "corpus").is_dir() else _ranked
    return made(folder, encoder, threads, QUESTIONS.get(folder.name, 0) if questions is None else questions)


def spread(keys: Sequence[str], most: int) -> tuple[str, ...]:
    """Return at most so many of the keys, evenly spread; all of them for 0."""
    count = min(most or len(keys), len(keys))
    return tuple(keys[number * len(keys) // count] for number in range(count))


def _ranked(folder: Path, encoder: Path, threads: int, questions: int) -> Trial:
    data = read_beir(folder)
    asked = spread(list(data.queries), questions)
    task = Task(
        collection=data.name,
        documents=tuple(document_of(entry.id, entry.title, entry.text, data.name) for entry in data.corpus),
        queries={key: data.queries[key] for key in asked},
        encoder=encoder,
        threads=threads,
    )
    return Trial(
        task=task,
        judge=lambda key, ids: judged(data.qrels[key], ids[:K]),
        measures=RANKS,
        parts={data.name: asked},
    )


def _spans(folder: Path, encoder: Path, threads: int, questions: int) -> Trial:
    data = read_spans(folder)
    known: dict[str, list[str]] = {}
    for key in data.queries:
        known.setdefault(key.rsplit("-", 1)[0], []).append(key)
    parts = {name: spread(keys, questions) for name, keys in known.items()}
    task = Task(
        collection=data.name,
        documents=tuple(_file(data, path) for path in sorted(data.corpus.rglob("*")) if path.is_file()),
        queries={key: data.queries[key].text for keys in parts.values() for key in keys},
        encoder=encoder,
        threads=threads,
        k=max(SPAN_DEPTHS),
        cut=True,
    )
    return Trial(
        task=task,
        judge=lambda key, ids: covered(data.queries[key], [_span(identifier) for identifier in ids]),
        measures=CHARACTERS,
        parts=parts,
    )


def _file(data: SpanDataset, path: Path) -> dict[str, str]:
    """Return a file as a document; line ends stay as they are, because spans count characters."""
    with path.open(encoding="utf-8", newline="") as stream:
        text = stream.read()
    name = path.relative_to(data.corpus).as_posix()
    return {"id": name, "title": "", "text": text, "content": text, "collection": data.name}


def _span(identifier: str) -> tuple[str, int, int]:
    start, end, file = identifier.split(":", 2)
    return file, int(start), int(end)


def asked(entrant: Entrant, trial: Trial, cache: Path, folder: Path) -> dict[str, Any]:
    """Return what a peer finds: kept from before where its pins, its adapter and the task are the same."""
    if before := kept(entrant, trial.task, folder):
        return before
    file = _place(entrant, trial.task, folder)
    file.parent.mkdir(parents=True, exist_ok=True)
    sys.stderr.write(f"{trial.task.collection}: {entrant.name}…\n")
    started = time.monotonic()
    result = run(entrant, trial.task, cache, file.with_suffix(".log"), memory=cache / "vectors.sqlite")
    found = {"key": key_of(entrant, trial.task), **result, **_numbered(result["found"])}
    file.write_text(json.dumps(found), encoding="utf-8")
    sys.stderr.write(f"{trial.task.collection}: {entrant.name}: {time.monotonic() - started:.0f} s\n")
    return found


def kept(entrant: Entrant, task: Task, folder: Path) -> dict[str, Any]:
    """Return what a peer found before, or nothing where it was not asked, or was another."""
    file = _place(entrant, task, folder)
    if not file.exists():
        return {}
    before: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return before if before["key"] == key_of(entrant, task) else {}


def _place(entrant: Entrant, task: Task, folder: Path) -> Path:
    return folder / "peers" / f"{task.collection}-{entrant.adapter}.json"


def key_of(entrant: Entrant, task: Task) -> str:
    """Return the digest of all that decides what a peer finds: the task whatever its threads, its adapter, its pins."""
    digest = hashlib.sha256(replace(task, threads=0).digest.encode())
    for path in (_HERE / f"{entrant.adapter}.py", ROOT / f"requirements-peers-{entrant.environment}.txt"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _numbered(found: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return what is found with each id written once, so that the file stays small."""
    numbers: dict[str, int] = {}
    rows = {key: [numbers.setdefault(identifier, len(numbers)) for identifier in ids] for key, ids in found.items()}
    return {"ids": list(numbers), "found": rows}


def scores_of(trial: Trial, result: Mapping[str, Any]) -> Scores:
    """Judge what a peer found. A question that it was not asked is an error, not a question less."""
    ids = result["ids"]
    return {key: trial.judge(key, [ids[number] for number in result["found"][key]]) for key in trial.task.queries}


def report_of(trial: Trial, folder: Path) -> Path:
    """Return where the product's report on a set is."""
    return folder / f"retrieval-{trial.task.collection}.json"


def own_scores(trial: Trial, dataset: Path, folder: Path) -> Scores:
    """Return the product's scores from its report; without one, the suite is run first, which takes minutes.

    Raises SystemExit when the report is not of all questions.
    """
    report = report_of(trial, folder)
    if not report.exists():
        command = [sys.executable, "-m", "app.cli.main", "evaluate", "retrieval", "--dataset", str(dataset)]
        subprocess.run([*command, "--json", str(report)], check=True, cwd=ROOT)
    wanted = {measure: f"{_MODE}.{measure}" for measure in trial.measures}
    cases = {case.id: case.scores for case in read_report(report).cases if case.scores.keys() >= set(wanted.values())}
    if missing := trial.task.queries.keys() - cases.keys():
        sys.exit(f"{report} lacks {len(missing)} of the questions, or their measures; run make bench")
    return {key: {measure: cases[key][name] for measure, name in wanted.items()} for key in trial.task.queries}


def standings(trial: Trial, systems: Mapping[str, Scores]) -> list[Standing]:
    """Return how the systems stand on each part of the set."""
    return [
        Standing(
            name=name,
            measures=trial.measures,
            scores={system: {key: scores[key] for key in keys} for system, scores in systems.items()},
        )
        for name, keys in trial.parts.items()
    ]


def stood(dataset: Path, entrants: Sequence[Entrant], *, trial: Trial, cache: Path, folder: Path) -> list[Standing]:
    """Ask every peer among the systems about a set; the product stands beside them if it is one of the systems.

    The first peer fills the memory of vectors; the others, most of which compute on one core, follow two at a time.
    """
    peers = [entrant for entrant in entrants if entrant in PEERS]
    results = [asked(peer, trial, cache, folder) for peer in peers[:1]]
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        results += pool.map(lambda peer: asked(peer, trial, cache, folder), peers[1:])
    scores = {peer.name: scores_of(trial, result) for peer, result in zip(peers, results, strict=True)}
    own = {OWN.name: own_scores(trial, dataset, folder)} if OWN in entrants else {}
    return standings(trial, {**own, **scores})
