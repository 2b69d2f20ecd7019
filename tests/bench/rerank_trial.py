"""Does a tuned re-ranker win? Trains on the texts of a set and measures on its questions, and on those of other sets.

``python -m tests.bench.rerank_trial --homes FOLDER`` takes about ten minutes on two idle cores. FOLDER/NAME is a store
with the set NAME as a collection, made here when it is absent (which takes longer than all the rest). No question is
trained on. The weight of the re-ranker is chosen on every other question, and what is reported is of the others.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.bootstrap import Consilium, build
from app.evaluating import ProductUnderTest
from app.settings import Settings, load_settings
from app.tuning import read_material
from app.wiring import citation_finder, encoder_base
from domain.ports.passage_index import Hit
from domain.questions import Question, Scope
from evaluation.datasets.beir import BeirDataset, read_beir
from evaluation.intervals import interval
from evaluation.subject import CorpusText
from evaluation.suites.retrieval import judged
from retrieval.components.reranking import DEPTH
from retrieval.cross_encoder import fresh
from retrieval.fusion import blend
from retrieval.reranker import TunedReranker
from retrieval.tuning.folder import digest_of, write_folder
from retrieval.tuning.pairs import excerpt_of, passage_text
from retrieval.tuning.references import find_cited
from retrieval.tuning.training import Budget, train
from tests.bench.record import record
from tests.data import shared_data

SETS: Final = ("obliqa", "medquad", "bioasq")
TRAINED_ON: Final = ("obliqa", "medquad")
WEIGHTS: Final = (0.05, 0.1, 0.2, 0.3, 0.5, 1.0)
_LICENCES: Final = {"obliqa": "none stated: local evaluation only", "medquad": "CC BY 4.0"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question with the hybrid search's passages, the document of each, their texts, and what is relevant."""

    text: str
    qrels: Mapping[str, int]
    hits: tuple[Hit, ...]
    documents: Mapping[str, str]
    texts: Mapping[str, str]

    def ndcg(self, scores: Sequence[float], weight: float) -> float:
        """Return nDCG@10 of documents, each as good as its best passage, with ``weight`` for new scores of the best."""
        best = blend(self.hits[: len(scores)], scores, weight)
        ranked = dict.fromkeys(self.documents[hit.passage_id] for hit in [*best, *self.hits[len(scores) :]])
        return judged(self.qrels, list(ranked))["ndcg@10"]


def filled(home: Path, dataset: BeirDataset) -> dict[str, str]:
    """Return the corpus id of each document of a store, filling it when it is empty."""
    keys = home / "keys.json"
    if not keys.is_file():
        corpus = [CorpusText(key=one.id, title=one.title, text=one.text) for one in dataset.corpus]
        with build(load_settings(home=home)) as consilium:
            loaded = ProductUnderTest(consilium=consilium).load(corpus, dataset.name)
        keys.write_text(json.dumps({document: key for key, document in loaded.items()}), encoding="utf-8")
    found: dict[str, str] = json.loads(keys.read_text(encoding="utf-8"))
    return found


def ask(consilium: Consilium, dataset: BeirDataset, keys: Mapping[str, str], count: int) -> list[Asked]:
    """Search for so many questions, evenly spread."""
    queries = list(dataset.queries)
    chosen = [queries[number * len(queries) // count] for number in range(count)]
    asked = []
    scope = Scope(as_of=consilium.clock.today(), collections=(dataset.name,))
    for query in chosen:
        text = dataset.queries[query]
        hits = consilium.retriever.search_ids(Question(text=text, scope=scope, k=30), 30)
        passages = consilium.catalogue.passages([hit.passage_id for hit in hits])
        asked.append(
            Asked(
                text=text,
                qrels=dataset.qrels[query],
                hits=tuple(hits),
                documents={key: keys[passage.document_id] for key, passage in passages.items()},
                texts={key: passage_text(excerpt_of(passage)) for key, passage in passages.items()},
            )
        )
    return asked


def tuned(settings: Settings, name: str, folder: Path, budget: Budget) -> tuple[TunedReranker, dict[str, float]]:
    """Train on a collection, as ``consilium tune reranker`` does, and return what came of it."""
    material = read_material(settings, name, tenant="default", licence=_LICENCES[name])
    base = encoder_base()
    model, trained = train(base, material.excerpts, find_cited(material.excerpts, citation_finder()), budget)
    digest = write_folder(folder, model, trained, material.source, budget)
    figures = {
        f"{name}: steps": trained.steps,
        f"{name}: minutes": trained.minutes,
        f"{name}: held-out accuracy before": trained.accuracy_before,
        f"{name}: held-out accuracy after": trained.accuracy_after,
    }
    return TunedReranker(base, folder, digest), figures


def untrained(folder: Path) -> TunedReranker:
    """Return what training starts from."""
    folder.mkdir()
    base = encoder_base()
    fresh(base, 0).save(folder)
    return TunedReranker(base, folder, digest_of(folder))


def measured(name: str, reranker: TunedReranker, asked: Mapping[str, Sequence[Asked]]) -> dict[str, float | str]:
    """Return what a re-ranker that was trained on ``name`` does to the questions of each set."""
    figures: dict[str, float | str] = {}
    for other, questions in asked.items():
        started = time.perf_counter()
        scores = [
            reranker.score(one.text, [one.texts[hit.passage_id] for hit in one.hits[:DEPTH]]) for one in questions
        ]
        each = (time.perf_counter() - started) / len(questions)
        figures[f"trained on {name}, asked {other}: nDCG@10"] = verdict(questions, scores)
        figures[f"trained on {name}, asked {other}: ms a search more"] = round(1000 * each)
        sys.stdout.write(f"measured: trained on {name}, asked {other}\n")
        sys.stdout.flush()
    return figures


def verdict(asked: Sequence[Asked], scores: Sequence[Sequence[float]]) -> str:
    """Return nDCG@10 without and with a re-ranker at the weight that every other question likes best, on the rest."""
    development, reported = range(0, len(asked), 2), range(1, len(asked), 2)

    def at(numbers: range, weight: float) -> list[float]:
        return [asked[number].ndcg(scores[number], weight) for number in numbers]

    weight = max(WEIGHTS, key=lambda one: sum(at(development, one)))
    before, after = at(reported, 0.0), at(reported, weight)
    gains = [new - old for new, old in zip(after, before, strict=True)]
    low, high = interval(gains, 0)
    alone = sum(at(reported, 1.0)) / len(gains)
    mean = sum(gains) / len(gains)
    return (
        f"{sum(before) / len(gains):.3f} without, {sum(after) / len(gains):.3f} at weight {weight:g}: "
        f"{mean:+.3f} ({low:+.3f} to {high:+.3f}); alone {alone:.3f}"
    )


def main() -> int:
    """Train, measure and record."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--homes", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--steps", type=int, default=1000)
    given = parser.parse_args()
    figures: dict[str, float | str] = {"questions of each set, half of them reported": given.questions}
    asked: dict[str, list[Asked]] = {}
    for name in SETS:
        dataset = read_beir(shared_data(name))
        keys = filled(given.homes / name, dataset)
        with build(load_settings(home=given.homes / name)) as consilium:
            asked[name] = ask(consilium, dataset, keys, given.questions)
    with tempfile.TemporaryDirectory() as folder:
        figures |= measured("nothing", untrained(Path(folder) / "untrained"), asked)
        for name in TRAINED_ON:
            budget = Budget(steps=given.steps, minutes=given.minutes)
            reranker, training = tuned(load_settings(home=given.homes / name), name, Path(folder) / name, budget)
            figures |= training | measured(name, reranker, asked)
    record("rerank-trial", figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
