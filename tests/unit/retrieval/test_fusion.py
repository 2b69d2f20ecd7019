"""Fusion by ranks and by scores, and what goes before both."""

from __future__ import annotations

import pytest

from domain.ports.passage_index import Hit, SparseVector
from retrieval.fusion import among, fuse, gathered, place_first


def hits(*ids: str) -> list[Hit]:
    return [Hit(passage_id=passage_id, score=100.0 - place) for place, passage_id in enumerate(ids)]


def ids(found: list[Hit]) -> list[str]:
    return [hit.passage_id for hit in found]


def test_a_passage_in_both_lists_goes_before_the_best_of_one() -> None:
    fused = fuse([(1.0, hits("a", "both")), (1.0, hits("b", "both"))], k=10, limit=10)
    assert ids(fused) == ["both", "a", "b"]
    assert [hit.score for hit in fused] == pytest.approx([2 / 12, 1 / 11, 1 / 11])


def test_a_heavier_list_decides() -> None:
    assert ids(fuse([(0.7, hits("a")), (1.0, hits("b"))], k=10, limit=10)) == ["b", "a"]
    assert ids(fuse([(1.1, hits("a")), (1.0, hits("b"))], k=10, limit=10)) == ["a", "b"]


def test_equal_scores_are_ordered_by_passage_id_whatever_the_order_of_lists() -> None:
    one, other = (1.0, hits("z", "m")), (1.0, hits("a", "m"))
    assert ids(fuse([one, other], k=1, limit=3)) == ids(fuse([other, one], k=1, limit=3)) == ["m", "a", "z"]


def scored(**scores: float) -> list[Hit]:
    return [Hit(passage_id=passage_id, score=score) for passage_id, score in scores.items()]


def test_scores_count_by_standard_deviations_and_the_worst_is_zero() -> None:
    fused = fuse([(1.0, scored(a=30.0, b=25.0, c=10.0)), (0.5, scored(b=0.9, c=0.8, d=0.4))], k=None, limit=10)
    assert ids(fused) == ["a", "b", "d", "c"]
    assert [hit.score for hit in fused] == pytest.approx([2.1220, 1.9964, 0.4469, 0.0], abs=1e-3)


def test_a_list_of_equal_scores_says_nothing() -> None:
    assert [hit.score for hit in fuse([(0.7, scored(b=3.0, a=3.0))], k=None, limit=10)] == [0.0, 0.0]
    assert ids(fuse([(0.7, scored(b=3.0, a=3.0)), (1.0, scored(b=0.2, a=0.1))], k=None, limit=10)) == ["b", "a"]
    assert ids(fuse([(0.7, scored(b=3.0, a=3.0)), (1.0, [])], k=None, limit=10)) == ["a", "b"]


def test_among_candidates_a_word_that_nearly_all_say_counts_least() -> None:
    question = SparseVector(indices=(1, 2, 9), values=(1.0, 1.0, 5.0))
    both, common, neither = {1: 1.0, 2: 1.0}, {1: 4.0}, dict[int, float]()
    found = among(question, {"neither": neither, "common": common, "both": both, "other": common})
    # Of four candidates three say 1 and one says 2: ln(1.5 / 3.5 + 1) and ln(3.5 / 1.5 + 1), by hand.
    assert ids(found) == ["both", "common", "other", "neither"]
    assert [hit.score for hit in found] == pytest.approx([0.12722 + 1.44955, 0.25443, 0.25443, 0.0], abs=1e-4)
    assert among(question, {}) == []


def test_the_limit_is_kept_and_empty_lists_are_allowed() -> None:
    assert ids(fuse([(1.0, hits("a", "b", "c")), (1.0, [])], k=10, limit=2)) == ["a", "b"]
    assert fuse([], k=10, limit=2) == []


def test_named_passages_go_first_in_the_order_of_the_rest() -> None:
    exact = [Hit(passage_id="unranked", score=2.0), Hit(passage_id="c", score=2.0), Hit(passage_id="b", score=1.0)]
    fused = [Hit(passage_id="a", score=0.3), Hit(passage_id="b", score=0.2), Hit(passage_id="c", score=0.1)]
    placed = place_first(exact, fused, limit=4)
    assert ids(placed) == ["c", "unranked", "b", "a"]
    assert [hit.score for hit in placed] == pytest.approx([0.7, 0.6, 0.5, 0.3])
    assert ids(place_first(exact, fused, limit=1)) == ["c"]


def test_an_exact_match_goes_before_a_looser_one_that_ranks_best() -> None:
    exact = [Hit(passage_id="article", score=1.0), Hit(passage_id="point", score=2.0)]
    assert ids(place_first(exact, [Hit(passage_id="article", score=0.5)], limit=2)) == ["point", "article"]


OF = {"a1": "a", "a2": "a", "b1": "b", "b2": "b", "b3": "b"}


def test_a_passage_gains_from_the_best_of_its_document() -> None:
    found = gathered(scored(a1=9.0, c=7.0, b1=6.5, a2=6.0, b2=1.0), OF, 0.5)
    assert [(hit.passage_id, hit.score) for hit in found] == [
        ("a1", 13.5),
        ("a2", 10.5),
        ("c", 10.5),
        ("b1", 9.75),
        ("b2", 4.25),
    ]


def test_documents_are_told_by_the_whole_question_and_their_passages_by_what_it_asks() -> None:
    found = gathered(scored(b1=3.0, a2=2.0, d=1.5, a1=1.0), OF, 4.0, told=scored(a1=9.0, b1=1.0))
    assert [(hit.passage_id, hit.score) for hit in found] == [("a2", 38.0), ("a1", 37.0), ("b1", 7.0), ("d", 1.5)]


def test_a_long_document_gains_nothing_by_its_length() -> None:
    found = gathered(scored(a1=9.0, c=8.9, b1=8.8, b2=8.8, b3=8.8), OF, 1.0)
    assert [name for name in ids(found) if name in {"a1", "b1", "c"}] == ["a1", "c", "b1"]


def test_documents_without_weight_or_of_one_passage_each_change_no_order() -> None:
    some = scored(a1=3.0, b1=2.0, c=1.0)
    assert gathered(some, OF, 0.0) == some
    assert ids(gathered(some, {}, 1.0)) == ["a1", "b1", "c"]
    assert gathered([], OF, 1.0) == []
