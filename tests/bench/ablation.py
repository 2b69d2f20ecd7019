"""What each step of retrieval is worth: the product with one step changed, on several sets, over the same questions.

``python -m tests.bench.ablation`` asks 100 questions of each set, evenly spread, in variants of one index. A cell is
the mean nDCG@10 and, beside it, the paired difference to the product as the general pack has it, with its interval.
"""

from __future__ import annotations

import array
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

from app.bootstrap import Consilium, build
from app.evaluating import ProductUnderTest
from app.settings import load_settings
from domain.ports.embedder import Embedder
from domain.ports.passage_index import Hit, IndexFilter, PassageIndex, SparseVector
from domain.questions import Question, Scope
from evaluation.datasets.beir import BeirDataset, read_beir
from evaluation.intervals import paired
from evaluation.subject import CorpusText
from evaluation.suites.retrieval import judged
from retrieval.bm25 import Bm25Encoder
from retrieval.fusion import FusionWeights
from retrieval.retriever import Retriever
from tests.bench.record import FOLDER, record_table
from tests.data import shared_data

SETS: Final = ("obliqa", "bioasq", "medquad")
QUESTIONS: Final = 100
DEPTH: Final = 30
MEASURE: Final = "ndcg@10"
OWN: Final = "the general pack"


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """The product with something changed; what is left out is as in the general pack."""

    mode: str = "hybrid"
    dense: float = 1.0
    phrases: float = 0.2
    candidates: float = 0.5
    document: float = 1.0
    asked: bool = True
    k: int | None = None
    completes: bool = True


VARIANTS: Final[Mapping[str, Variant]] = {
    OWN: Variant(),
    "words alone": Variant(mode="words"),
    "words alone, without phrases": Variant(mode="words", phrases=0.0),
    "meaning alone": Variant(mode="dense"),
    "reciprocal ranks (k 10) instead of scores": Variant(k=10),
    "what one search did not find counts as its mean": Variant(completes=False),
    "words counted rare in the whole index alone": Variant(candidates=0.0),
    "words counted rare among the candidates alone": Variant(candidates=1.0),
    "a passage alone, whatever else is found of its document": Variant(document=0.0),
    "what else is found of the document counts half": Variant(document=0.5),
    "what is asked counts no more than where": Variant(asked=False),
    "without phrases": Variant(phrases=0.0),
    "phrases 0.1": Variant(phrases=0.1),
    "phrases 0.3": Variant(phrases=0.3),
    "phrases 0.5": Variant(phrases=0.5),
    "weight of meaning 0.7": Variant(dense=0.7),
    "weight of meaning 1.3": Variant(dense=1.3),
    "the legal pack": Variant(phrases=0.3),
    "the medical pack": Variant(phrases=0.1, dense=1.3),
}


class _Incomplete:
    """An index that scores no passage for the sake of the other search; otherwise the one that it is made with."""

    def __init__(self, index: PassageIndex) -> None:
        self._index = index
        self.lookup, self.weights = index.lookup, index.weights

    def search_dense(self, vector: array.array[float], where: IndexFilter, limit: int) -> list[Hit]:
        return [] if where.among else self._index.search_dense(vector, where, limit)

    def search_sparse(self, vector: SparseVector, where: IndexFilter, limit: int) -> list[Hit]:
        return [] if where.among else self._index.search_sparse(vector, where, limit)


@dataclass(slots=True, kw_only=True)
class _Remembering:
    """An embedder that remembers the vectors of questions, which are asked once for each variant."""

    embedder: Embedder
    known: dict[str, array.array[float]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.embedder.name

    @property
    def dimension(self) -> int:
        return self.embedder.dimension

    @property
    def window(self) -> int:
        return self.embedder.window

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self.embedder.count_tokens(texts)

    def embed(self, texts: Sequence[str]) -> list[array.array[float]]:
        for text in texts:
            if text not in self.known:
                self.known[text] = self.embedder.embed([text])[0]
        return [self.known[text] for text in texts]


def scores_of(consilium: Consilium, embedder: Embedder, data: BeirDataset, variant: Variant) -> dict[str, float]:
    """Return the measure of each sampled question."""
    retriever = Retriever(
        embedder=embedder,
        sparse=Bm25Encoder(phrases=variant.phrases),
        citations=consilium.ingestor.citations,
        index=consilium.index if variant.completes else cast("PassageIndex", _Incomplete(consilium.index)),
        catalogue=consilium.catalogue,
        weights=FusionWeights(
            dense=variant.dense,
            candidates=variant.candidates,
            document=variant.document,
            asked=variant.asked,
            k=variant.k,
        ),
    )
    scope = Scope(as_of=consilium.clock.today(), collections=(data.name,))
    keys = list(data.queries)
    asked = [keys[int(number * len(keys) / QUESTIONS)] for number in range(min(QUESTIONS, len(keys)))]
    found = {}
    for key in asked:
        question = Question(text=data.queries[key], scope=scope, k=DEPTH)
        hits = retriever.search_ids(question, DEPTH, variant.mode)
        passages = consilium.catalogue.passages([hit.passage_id for hit in hits])
        paths = (passages[hit.passage_id].path for hit in hits if hit.passage_id in passages)
        ranked = dict.fromkeys(path.removeprefix(f"{data.name}/") for path in paths)
        found[key] = judged(data.qrels[key], list(ranked)[:DEPTH])[MEASURE]
    return found


def measured(data: BeirDataset, home: Path) -> dict[str, dict[str, float]]:
    """Return the scores of each variant on a set, by question."""
    corpus = [CorpusText(key=entry.id, title=entry.title, text=entry.text) for entry in data.corpus]
    scores = {}
    with build(load_settings(home=home, vectors=FOLDER / "vectors.db")) as consilium:
        ProductUnderTest(consilium=consilium).load(corpus, data.name)
        embedder = _Remembering(embedder=consilium.embedder)
        for name, variant in VARIANTS.items():
            scores[name] = scores_of(consilium, embedder, data, variant)
            sys.stdout.write(f"{data.name}: {name}: {sum(scores[name].values()) / len(scores[name]):.3f}\n")
            sys.stdout.flush()
    return scores


def main() -> int:
    """Measure and record the table."""
    rows: dict[str, list[str]] = {name: [name] for name in VARIANTS}
    for name in SETS:
        with tempfile.TemporaryDirectory() as folder:
            scores = measured(read_beir(shared_data(name)), Path(folder))
        for variant, found in scores.items():
            rows[variant].append(_cell(found, scores[OWN], own=variant == OWN))
    record_table("ablation", ("", *SETS), list(rows.values()))
    return 0


def _cell(found: Mapping[str, float], best: Mapping[str, float], *, own: bool) -> str:
    mean = sum(found.values()) / len(found)
    if own:
        return f"{mean:.3f}"
    middle, low, high = paired(best, found, 0)
    return f"{mean:.3f} ({middle:+.3f}, {low:+.3f} to {high:+.3f})"


if __name__ == "__main__":
    sys.exit(main())
