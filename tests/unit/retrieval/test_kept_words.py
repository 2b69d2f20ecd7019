from __future__ import annotations

from collections.abc import Sequence

from domain.ports.passage_index import SparseVector
from retrieval.indexes.kept_words import KeptWords

VECTORS = {
    "a": SparseVector(indices=(3, 70_000), values=(0.5, 2.0)),
    "b": SparseVector(indices=(3 + 2**16, 4_294_967_295), values=(1.0, 1.25)),
    "c": SparseVector(indices=(), values=()),
}


class Shelf:
    """Hands out vectors and remembers which were asked for."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def read(self, passage_ids: Sequence[str]) -> dict[str, SparseVector]:
        self.asked.append(list(passage_ids))
        return {key: VECTORS[key] for key in passage_ids if key in VECTORS}


def test_a_term_is_not_taken_for_another_with_the_same_low_bits() -> None:
    found = KeptWords().weights(["a", "b", "c", "gone"], (4_294_967_295, 3), Shelf().read)
    assert found == {"a": {3: 0.5}, "b": {4_294_967_295: 1.25}, "c": {}}


def test_a_vector_is_read_once_until_something_changes() -> None:
    kept, shelf = KeptWords(), Shelf()
    for _ in range(2):
        kept.weights(["a", "b"], (3,), shelf.read)
    assert shelf.asked == [["a", "b"]]
    kept.forget()
    kept.weights(["b"], (3,), shelf.read)
    assert shelf.asked == [["a", "b"], ["b"]]


def test_what_was_read_before_a_change_is_not_kept_after_it() -> None:
    kept, shelf = KeptWords(), Shelf()

    def changed_meanwhile(passage_ids: Sequence[str]) -> dict[str, SparseVector]:
        kept.forget()
        return shelf.read(passage_ids)

    assert kept.weights(["a"], (3,), changed_meanwhile) == {"a": {3: 0.5}}
    kept.weights(["a"], (3,), shelf.read)
    assert shelf.asked == [["a"], ["a"]]


def test_those_asked_for_longest_ago_are_let_go_of_first() -> None:
    kept, shelf = KeptWords(most=2), Shelf()
    for key in ("a", "b", "a", "c", "a", "b"):
        kept.weights([key], (3,), shelf.read)
    assert shelf.asked == [["a"], ["b"], ["c"], ["b"]]
