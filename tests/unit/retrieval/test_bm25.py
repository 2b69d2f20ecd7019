"""The weights of BM25."""

from __future__ import annotations

import pytest

from retrieval.bm25 import Bm25Encoder, fold


def test_a_term_id_never_changes_since_indexes_keep_it() -> None:
    assert Bm25Encoder().encode_question("consent").indices == (1662126096,)


def test_a_second_mention_adds_less_than_the_first() -> None:
    once, twice = Bm25Encoder(mean_length=2).encode_passages(["fever cough", "fever fever"])
    assert sorted(once.values) == pytest.approx([1.0, 1.0, 1.0])
    assert sorted(twice.values) == pytest.approx([1.0, 2 * 2.2 / 3.2])


def test_a_mention_in_a_long_passage_weighs_less() -> None:
    short, long = Bm25Encoder(mean_length=10).encode_passages(
        ["fever", "fever " + " ".join(f"w{n}" for n in range(99))]
    )
    assert short.values == pytest.approx((2.2 / (1 + 1.2 * (0.25 + 0.075)),))
    assert min(long.values) == pytest.approx(2.2 / (1 + 1.2 * (0.25 + 7.5)))


def test_question_words_do_not_count_and_repeated_words_count_twice() -> None:
    assert Bm25Encoder(phrases=0).encode_question("What is the dose, and which dose when?").values == (2.0,)


def test_joined_words_count_as_their_parts_and_as_one() -> None:
    encoder = Bm25Encoder(phrases=0)
    joined = set(encoder.encode_question("COVID-19").indices)
    assert len(joined) == 3
    assert set(encoder.encode_question("covid 19").indices) < joined


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Ménière", "meniere"), ("STRASSE", "strasse"), ("Straße", "strasse"), ("ﬁbrosis Ⅳ", "fibrosis iv")],
)
def test_text_is_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_the_name_tells_parameters_apart() -> None:
    assert Bm25Encoder().name == "bm25-snowball-english-k1.2-b0.75-l64-pairs"
    assert Bm25Encoder(b=0.5).name != Bm25Encoder().name


def test_a_question_is_also_searched_by_the_words_that_answer_it() -> None:
    encoder = Bm25Encoder(phrases=0)
    asked = encoder.encode_question("What is the outlook for gout?")
    assert set(asked.indices) == set(encoder.encode_question("outlook prognosis gout").indices) - set(
        encoder.encode_question("survival").indices
    )
    assert set(encoder.encode_question("Is there an outlooking tower?").indices) == set(
        encoder.encode_question("outlooking tower").indices
    )
    assert dict(zip(asked.indices, asked.values, strict=True)) == dict.fromkeys(asked.indices, 1.0)


def test_two_words_side_by_side_are_a_term_whatever_stop_word_parts_them() -> None:
    encoder = Bm25Encoder(phrases=0.5)
    asked = encoder.encode_question("breach of notification")
    weights = dict(zip(asked.indices, asked.values, strict=True))
    assert sorted(weights.values()) == [0.5, 1.0, 1.0]
    (pair,) = (term for term, weight in weights.items() if weight == 0.5)
    there, parted, turned = encoder.encode_passages(
        ["a breach, notification", "breach rules notification", "notification breach"]
    )
    assert pair in there.indices
    assert pair not in parted.indices
    assert pair not in turned.indices


def test_passages_weigh_the_same_whatever_a_question_gives_phrases() -> None:
    text = ["The controller shall notify the breach."]
    assert Bm25Encoder(phrases=0).encode_passages(text) == Bm25Encoder(phrases=1).encode_passages(text)


def test_a_passage_has_the_terms_of_a_question_with_the_same_words_however_often_they_were_seen() -> None:
    encoder = Bm25Encoder()
    text = "Ménière’s  disease,\n§ 164.512(b)(1)\tCOVID-19/flu running runs"
    first, second = encoder.encode_passages([text, text])
    assert first == second == encoder.encode_passages([text])[0] == Bm25Encoder().encode_passages([text])[0]
    assert first.indices == encoder.encode_question(text).indices


def test_words_beyond_what_is_remembered_weigh_the_same() -> None:
    encoder = Bm25Encoder()
    many = " ".join(f"word{number:09}" for number in range(25_000))
    assert encoder.encode_passages([many, "fever cough"])[1] == Bm25Encoder().encode_passages(["fever cough"])[0]
    assert encoder.encode_passages(["fever cough"]) == Bm25Encoder().encode_passages(["fever cough"])
