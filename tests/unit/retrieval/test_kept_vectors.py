"""Vectors that are kept: computed once, and nothing of a question or a text."""

from __future__ import annotations

import array
from collections.abc import Sequence
from pathlib import Path

import pytest

from domain.errors import ServiceError
from retrieval.kept_vectors import KeptVectors
from tests.fakes.embedder import FakeEmbedder

TEXTS = ["The tenant must not sublet.", "Metformin 500 mg twice daily.", "The tenant must not sublet."]


class Counting(FakeEmbedder):
    """Remembers what it was asked to embed."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> list[array.array[float]]:
        self.asked.extend(texts)
        return super().embed(texts)


def test_a_text_is_embedded_once_across_processes(tmp_path: Path) -> None:
    first, second = Counting(), Counting()
    computed = KeptVectors(first, tmp_path / "vectors.db").embed(TEXTS)
    assert first.asked == TEXTS[:2]
    assert KeptVectors(second, tmp_path / "vectors.db").embed(TEXTS) == computed == FakeEmbedder().embed(TEXTS)
    assert second.asked == []


def test_a_question_is_never_kept(tmp_path: Path) -> None:
    inner = Counting()
    kept = KeptVectors(inner, tmp_path / "vectors.db")
    kept.embed(["Is the patient allergic?"])
    kept.embed(["Is the patient allergic?"])
    assert inner.asked == ["Is the patient allergic?"] * 2


def test_no_text_is_in_the_file(tmp_path: Path) -> None:
    KeptVectors(FakeEmbedder(), tmp_path / "vectors.db").embed(TEXTS)
    assert not any(b"sublet" in file.read_bytes() for file in tmp_path.iterdir())


def test_a_file_that_is_no_store_is_refused(tmp_path: Path) -> None:
    (tmp_path / "vectors.db").write_text("these are no vectors " * 100)
    with pytest.raises(ServiceError) as caught:
        KeptVectors(FakeEmbedder(), tmp_path / "vectors.db")
    assert caught.value.code == "service.storage_unavailable"
