"""What every Embedder answers; the bundled model and the fake."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.ports.embedder import Embedder
from retrieval.embedder import SentenceTransformerEmbedder
from retrieval.kept_vectors import KeptVectors
from tests.fakes.embedder import FakeEmbedder

ADAPTERS: dict[str, Callable[[Path], Embedder]] = {
    "bundled": lambda _: SentenceTransformerEmbedder(),
    "kept": lambda folder: KeptVectors(FakeEmbedder(), folder / "vectors.db"),
    "fake": lambda _: FakeEmbedder(),
}


@pytest.fixture(scope="module", params=ADAPTERS)
def embedder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    return ADAPTERS[request.param](tmp_path_factory.mktemp("vectors"))


def cosine(embedder: Embedder, one: str, other: str) -> float:
    left, right = embedder.embed([one, other])
    return math.fsum(a * b for a, b in zip(left, right, strict=True))


def test_a_vector_is_of_unit_length_and_of_the_dimension(embedder: Embedder) -> None:
    for vector in embedder.embed(["Metformin 500 mg twice daily.", "word " * 2000, "", "ünïcödé 漢字 \x00"]):
        assert vector.typecode == "f"
        assert len(vector) == embedder.dimension
        assert math.hypot(*vector) == pytest.approx(1.0, abs=1e-5)


def test_vectors_come_in_the_order_of_the_texts(embedder: Embedder) -> None:
    texts = ["a long text about breach notification " * 5, "short", "a middling text about consent"]
    together = embedder.embed(texts)
    for text, vector in zip(texts, together, strict=True):
        assert list(embedder.embed([text])[0]) == pytest.approx(list(vector), abs=3e-3)  # 16 bits


def test_texts_that_share_their_subject_are_nearer_than_texts_that_do_not(embedder: Embedder) -> None:
    question = "within how many hours must a breach be notified"
    near = cosine(embedder, question, "a breach must be notified within 72 hours")
    assert near > cosine(embedder, question, "tablets are taken with water") + 0.2


def test_tokens_are_counted_without_special_tokens_and_beyond_the_window(embedder: Embedder) -> None:
    assert embedder.count_tokens(["", "one", "one two three"]) == [0, 1, 3]
    assert embedder.count_tokens(["one " * 1000]) == [1000]
    assert embedder.count_tokens([]) == []


def test_words_that_were_counted_before_count_the_same(embedder: Embedder) -> None:
    texts = [
        "Metformin 500\u00a0mg, twice-daily;\n(b) metformin",
        "ünïcödé 漢字 x" + "y" * 300,
        "twice-daily metformin",
    ]
    each = [embedder.count_tokens([text]) for text in texts]
    assert [count for (count,) in each] == embedder.count_tokens(texts) == embedder.count_tokens(texts[::-1])[::-1]


def test_no_texts_give_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed([]) == []


def test_the_window_is_that_of_the_model(embedder: Embedder) -> None:
    assert embedder.window == 256


def test_words_beyond_the_window_of_the_real_encoder_change_nothing() -> None:
    embedder = SentenceTransformerEmbedder()
    assert embedder.count_tokens(["breach", "tablets"]) == [1, 1]
    start = "breach " * 254
    assert cosine(embedder, start, start + "tablets " * 100) == pytest.approx(1.0, abs=1e-5)
    assert cosine(embedder, start, "breach " * 200 + "tablets " * 54) < 0.999


def test_tokens_of_the_real_encoder_are_those_that_its_tokenizer_makes_of_the_whole_text() -> None:
    embedder = SentenceTransformerEmbedder()
    text = "Section 164.512(b)(1)(i) shall n’t apply; naïve HbA1c ≥6.5%\t[SEP] 漢字かな — " + "z" * 150
    expected = embedder._tokenizer.encode(text, add_special_tokens=False)
    assert embedder.count_tokens([text, f"{text} {text}"]) == [len(expected.ids), 2 * len(expected.ids)]


def test_the_name_tells_the_model_and_its_weights_apart() -> None:
    assert SentenceTransformerEmbedder().name == "all-MiniLM-L6-v2@53aa51172d14"
