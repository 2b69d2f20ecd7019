"""Loading a model: only files with the pinned digests, and nothing from a network."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from domain.errors import ServiceError
from retrieval.embedder import PINNED, SentenceTransformerEmbedder, bundled_folder, verify


def test_the_bundled_files_have_their_digests() -> None:
    verify(bundled_folder())
    assert (bundled_folder() / "model.safetensors").stat().st_size == 90_868_376


@pytest.mark.parametrize("name", PINNED)
def test_a_file_with_one_changed_byte_is_refused(tmp_path: Path, name: str) -> None:
    for file in PINNED:
        shutil.copy(bundled_folder() / file, tmp_path / file)
    content = bytearray((tmp_path / name).read_bytes())
    content[-1] ^= 1
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ServiceError) as caught:
        verify(tmp_path)
    assert caught.value.code == "service.encoder_unavailable"
    assert caught.value.detail == f"{name} does not have its digest"


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ServiceError) as caught:
        verify(tmp_path)
    assert caught.value.code == "service.encoder_unavailable"


def test_a_model_that_is_not_here_is_never_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr("socket.getaddrinfo", lambda *where, **_: asked.append(where))
    with pytest.raises(ServiceError) as caught:
        SentenceTransformerEmbedder("sentence-transformers/all-mpnet-base-v2")
    assert caught.value.code == "service.encoder_unavailable"
    assert asked == []


def test_a_model_may_be_named_by_its_folder() -> None:
    by_folder = SentenceTransformerEmbedder(str(bundled_folder()))
    assert by_folder.dimension == 384
    assert by_folder.name == "model@53aa51172d14"
