"""What every SparseEncoder answers."""

from __future__ import annotations

import pytest

from domain.ports.passage_index import SparseVector
from domain.ports.sparse_encoder import SparseEncoder
from retrieval.bm25 import Bm25Encoder


@pytest.fixture
def encoder() -> SparseEncoder:
    return Bm25Encoder()


def terms(encoder: SparseEncoder, text: str) -> set[int]:
    return set(encoder.encode_question(text).indices)


def test_indices_are_sorted_unique_and_of_32_bits(encoder: SparseEncoder) -> None:
    (vector,) = encoder.encode_passages(
        ["the patient takes metformin and the patient takes insulin, 45 CFR 164.512(b)"]
    )
    assert list(vector.indices) == sorted(set(vector.indices))
    assert all(0 <= index < 2**32 for index in vector.indices)
    assert len(vector.values) == len(vector.indices)
    assert all(value > 0 for value in vector.values)


def test_forms_of_one_word_are_one_term(encoder: SparseEncoder) -> None:
    assert terms(encoder, "notifications") == terms(encoder, "NOTIFICATION")
    assert terms(encoder, "Ménière’s disease") >= terms(encoder, "meniere")


def test_a_text_without_words_that_count_is_empty(encoder: SparseEncoder) -> None:
    nothing = SparseVector(indices=(), values=())
    assert encoder.encode_question("What is it?") == nothing
    assert encoder.encode_question("… — !") == nothing
    assert encoder.encode_passages([""]) == [nothing]


def test_numbers_and_codes_count(encoder: SparseEncoder) -> None:
    question = terms(encoder, "164.512(b)")
    (passage,) = encoder.encode_passages(["See § 164.512(b)."])
    assert question <= set(passage.indices)
    assert terms(encoder, "E11.9") != terms(encoder, "E11.8")
    assert terms(encoder, "72") != terms(encoder, "73")


def test_passages_come_in_order_and_do_not_depend_on_each_other(encoder: SparseEncoder) -> None:
    together = encoder.encode_passages(["breach of duty", "consent"])
    assert together == [*encoder.encode_passages(["breach of duty"]), *encoder.encode_passages(["consent"])]
