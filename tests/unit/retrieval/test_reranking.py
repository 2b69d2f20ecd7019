"""Reading the best passages again: what moves, what stays, and what the re-ranker is given."""

from __future__ import annotations

import pytest

from domain.errors import ServiceError
from domain.ports.passage_index import Hit
from retrieval.fusion import blend
from tests.fakes.reranker import FakeReranker
from tests.unit.retrieval.test_retriever import House, question


def hits(**scores: float) -> list[Hit]:
    return [Hit(passage_id=key, score=score) for key, score in scores.items()]


def test_a_weight_of_nothing_keeps_the_order_and_of_one_takes_that_of_the_reranker() -> None:
    found = hits(a=0.9, b=0.6, c=0.1)
    assert [hit.passage_id for hit in blend(found, [1.0, 2.0, 3.0], 0.0)] == ["a", "b", "c"]
    assert [hit.passage_id for hit in blend(found, [1.0, 2.0, 3.0], 1.0)] == ["c", "b", "a"]


def test_scores_are_blended_in_one_range_and_stay_within_what_they_were() -> None:
    blended = blend(hits(a=0.9, b=0.5, c=0.1), [-40.0, 40.0, 0.0], 0.5)
    assert [hit.passage_id for hit in blended] == ["b", "a", "c"]
    assert [hit.score for hit in blended] == pytest.approx([0.7, 0.5, 0.3])


def test_equal_scores_and_no_hits_are_allowed() -> None:
    assert blend([], [], 0.5) == []
    assert [hit.score for hit in blend(hits(b=1.0, a=1.0), [3.0, 3.0], 0.5)] == [1.0, 1.0]


def house_with(reranker: FakeReranker) -> House:
    house = House()
    house.retriever.use_reranker(reranker, 1.0)
    return house


def test_the_best_twenty_are_read_with_their_title_and_fewer_are_returned() -> None:
    reranker = FakeReranker()
    house = house_with(reranker)
    house.add("act", [f"register {'of visitors ' * (number % 3)}{number}" for number in range(30)])
    found = house.retriever.search_ids(question("register of visitors"), 5)
    assert len(found) == 5
    assert len(reranker.read) == 20
    assert reranker.read[0].startswith("act\nregister")


def test_a_named_provision_stays_first_and_is_not_read_again() -> None:
    reranker = FakeReranker()
    house = house_with(reranker)
    house.add("act", ["nothing of that", "consent of the holder"], citation="Article 9")
    found = house.retriever.search_ids(question("consent of the holder in Article 9(1)"), 2)
    assert [hit.passage_id for hit in found] == ["act.0", "act.1"]
    assert reranker.read == ["act\nconsent of the holder"]


def test_only_the_hybrid_search_reads_again() -> None:
    reranker = FakeReranker()
    house = house_with(reranker)
    house.add("act", ["register of visitors"])
    house.retriever.search_ids(question("register"), 5, "words")
    assert reranker.read == []


def test_a_reranker_that_fails_fails_the_search_with_its_code() -> None:
    house = house_with(FakeReranker(available=False))
    house.add("act", ["register of visitors"])
    with pytest.raises(ServiceError) as raised:
        house.retriever.retrieve(question("register"))
    assert raised.value.code == "service.reranker_unavailable"
