"""Both searches score what either found."""

from __future__ import annotations

import array
from datetime import date

import pytest

from domain.documents import Interval, Labels
from domain.ports.passage_index import IndexEntry, IndexFilter, SparseVector
from retrieval.components.score_completion import ScoreCompletion
from retrieval.components.sockets import Embedded, Ranked, Search, Weighed
from retrieval.indexes.memory import MemoryIndex

WHERE = IndexFilter(tenant="acme", as_of=date(2026, 5, 1))
EAST = array.array("f", (1.0, 0.0))
ONE = SparseVector(indices=(1,), values=(1.0,))


def entry(name: str, dense: tuple[float, float] | None, words: dict[int, float], tenant: str = "acme") -> IndexEntry:
    return IndexEntry(
        passage_id=name,
        document_id="d",
        version_id="v",
        labels=Labels(tenant=tenant),
        in_force=Interval(),
        sparse=SparseVector(indices=tuple(words), values=tuple(words.values())),
        dense=array.array("f", dense) if dense else None,
    )


def completed(index: MemoryIndex, depth: int, *, among: bool = False) -> dict[str, dict[str, float]]:
    lists = {
        "dense": Ranked(hits=tuple(index.search_dense(EAST, WHERE, depth))),
        "words": Ranked(hits=tuple(index.search_sparse(ONE, WHERE, depth))),
    }
    found = ScoreCompletion(index, among=among).run(
        search=Search(text="", where=WHERE, limit=depth), embedded=Embedded(vector=EAST), weighed=Weighed(terms=ONE),
        **lists,
    )  # fmt: skip
    return {name: {hit.passage_id: hit.score for hit in ranked.hits} for name, ranked in found.items()}


def test_each_list_gets_its_own_scores_of_what_only_the_other_found() -> None:
    index = MemoryIndex(2)
    index.upsert(
        [entry("near", (1, 0), {1: 0.1}), entry("said", (0.6, 0.8), {1: 1.0}), entry("neither", (0, 1), {2: 1})]
    )
    found = completed(index, depth=1)
    assert found["dense"] == {"near": pytest.approx(1.0), "said": pytest.approx(0.6)}
    assert found["words"].keys() == {"said", "near"}
    assert found["words"]["near"] == pytest.approx(0.1 * found["words"]["said"])


def test_no_word_in_common_is_zero_by_words_and_no_vector_yet_is_no_score_by_meaning() -> None:
    index = MemoryIndex(2)
    index.upsert([entry("near", (1, 0), {2: 1.0}), entry("new", None, {1: 1.0})])
    found = completed(index, depth=1)
    assert found["words"]["near"] == 0.0
    assert found["dense"].keys() == {"near"}


def test_words_are_weighed_again_among_what_either_found_and_nothing_else() -> None:
    index = MemoryIndex(2)
    index.upsert(
        [entry("near", (1, 0), {2: 1.0}), entry("said", (0.6, 0.8), {1: 1.0}), entry("neither", (0, 1), {2: 1})]
    )
    # One of two candidates says it: ln(1.5 / 1.5 + 1) squared.
    assert completed(index, depth=1, among=True)["candidates"] == {"said": pytest.approx(0.4805, abs=1e-4), "near": 0.0}
    assert completed(index, depth=1)["candidates"] == {}


def test_nothing_outside_the_filter_is_scored() -> None:
    index = MemoryIndex(2)
    index.upsert([entry("own", (1, 0), {1: 1.0}), entry("theirs", (1, 0), {1: 1.0}, tenant="other")])
    assert {name for scores in completed(index, depth=5).values() for name in scores} == {"own"}
