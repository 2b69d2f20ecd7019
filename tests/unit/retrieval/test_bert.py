"""The layers run without their library: the same vectors, or none at all."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer

from retrieval import bert
from retrieval.bert import BertEncoder
from retrieval.embedder import SentenceTransformerEmbedder, bundled_folder

TEXTS = [
    "Metformin 500 mg is taken twice a day with meals.",
    "",
    "breach " * 400,
    "The controller shall notify the breach within 72 hours.",
    "Ünïcödé 漢字 \x00 and a tab\t",
    *(f"Section {number}. " + "the tenant must not sublet " * number for number in range(1, 40)),
]


@pytest.fixture(scope="module")
def model() -> SentenceTransformer:
    return SentenceTransformer(str(bundled_folder()), device="cpu", local_files_only=True)


@pytest.mark.parametrize(
    ("bfloat16", "quantized", "most"),
    [(True, True, 3e-3), (False, True, 5e-4), (False, False, 1e-6)],
    ids=["bfloat16", "half floats", "32 bits"],
)
def test_vectors_are_those_of_sentence_transformers(
    model: SentenceTransformer, monkeypatch: pytest.MonkeyPatch, *, bfloat16: bool, quantized: bool, most: float
) -> None:
    monkeypatch.setattr(bert, "multiplies_bfloat16", lambda: bfloat16)
    if not quantized:
        monkeypatch.setattr(torch.ops, "quantized", SimpleNamespace())
    expected = model.encode(TEXTS, normalize_embeddings=True)
    found = np.array(SentenceTransformerEmbedder().embed(TEXTS))
    assert np.abs(found - expected).max() < most
    assert (found * expected).sum(axis=1).min() > 0.9999
    assert np.linalg.norm(found, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-6)


def test_a_model_whose_vectors_are_others_is_left_to_its_library(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(bundled_folder(), folder)
    pooling = folder / "1_Pooling" / "config.json"
    config = json.loads(pooling.read_text(encoding="utf-8"))
    for name in config:
        if name.startswith("pooling_mode"):
            config[name] = "cls" if config[name] == "mean" else name == "pooling_mode_cls_token"
    pooling.write_text(json.dumps(config), encoding="utf-8")
    changed = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    assert BertEncoder.of(changed) is None
    expected = changed.encode(TEXTS[:1], normalize_embeddings=True)[0]
    assert list(SentenceTransformerEmbedder(str(folder)).embed(TEXTS[:1])[0]) == pytest.approx(expected, abs=1e-6)


def test_a_model_with_a_prompt_of_its_own_is_left_to_its_library(model: SentenceTransformer) -> None:
    model.prompts = {"query": "Represent this question: "}
    model.default_prompt_name = "query"
    try:
        assert BertEncoder.of(model) is None
    finally:
        model.default_prompt_name = None
    assert BertEncoder.of(model) is not None
