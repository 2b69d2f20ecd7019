"""What the peers find: cutting and placing of files, the memory of vectors, results that are kept, scores."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from evaluation.report import Case, Figure, Origin, Report, write_report
from tests.bench.peers import quality, running
from tests.bench.peers.child import pieces, place
from tests.bench.peers.quality import (
    Trial,
    asked,
    kept,
    key_of,
    own_scores,
    scores_of,
    spread,
    standings,
    stood,
    trial_of,
)
from tests.bench.peers.remembering import Memory, _before_pooling, _before_sentence_transformer
from tests.bench.peers.running import OWN, Entrant

ADAPTER = '''
"""Cuts at full stops and finds the pieces that have the first word of the question."""


class System:
    packages = ("pip",)

    def __init__(self, *, encoder, folder, collection, k):
        self.collection, self.k = collection, k

    def cut(self, text, path):
        for piece in text.split("."):
            if piece.strip():
                yield piece.strip(), None

    def ingest(self, documents):
        self.known = documents
        yield "everything"

    def search(self, query):
        return [d["id"] for d in self.known if query.split()[0] in d["content"]][: self.k]
'''
PEER = Entrant(name="Standard", adapter="standard", environment="standard")


def a_span_set(folder: Path) -> Path:
    place = folder / "contracts"
    (place / "corpus" / "nda").mkdir(parents=True)
    (place / "benchmarks").mkdir()
    (place / "corpus" / "nda" / "one.txt").write_bytes(b"Secrets stay.\r\nNotice is due. Secrets end.")
    (place / "corpus" / "nda" / "two.txt").write_bytes(b"Law of nowhere.")
    tests = {
        "nda": [{"query": "Notice when?", "snippets": [{"file_path": "nda/one.txt", "span": [15, 28]}]}],
        "lease": [{"query": "Secrets how?", "snippets": [{"file_path": "nda/one.txt", "span": [30, 41]}]}],
    }
    for name, rows in tests.items():
        (place / "benchmarks" / f"{name}.json").write_text(json.dumps({"tests": rows}))
    return place


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    return trial_of(a_span_set(tmp_path), encoder=Path("encoder"), threads=1)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a peer of the standard library where the peers are; its environment's Python is ours."""
    here = tmp_path / "peers"
    here.mkdir()
    (here / "standard.py").write_text(ADAPTER, encoding="utf-8")
    (here / "child.py").write_bytes((running._HERE / "child.py").read_bytes())
    (here / "remembering.py").write_text("def remember(path): path.touch()", encoding="utf-8")
    (tmp_path / "requirements-peers-standard.txt").write_text("standard==1\n", encoding="utf-8")
    monkeypatch.setattr(running, "_HERE", here)
    monkeypatch.setattr(quality, "_HERE", here)
    monkeypatch.setattr(quality, "ROOT", tmp_path)
    python = tmp_path / "cache" / "standard" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    return tmp_path / "cache"


def test_files_are_given_whole_with_their_line_ends(trial: Trial) -> None:
    assert [d["id"] for d in trial.task.documents] == ["nda/one.txt", "nda/two.txt"]
    assert trial.task.documents[0]["content"] == "Secrets stay.\r\nNotice is due. Secrets end."
    assert (trial.task.k, trial.task.cut) == (64, True)
    assert trial.parts == {"lease": ("lease-0",), "nda": ("nda-0",)}


def test_a_peer_cuts_the_files_itself_and_is_judged_by_characters(trial: Trial, cache: Path, tmp_path: Path) -> None:
    result = asked(PEER, trial, cache, tmp_path)
    assert (result["documents"], result["characters"]) == (4, 12 + 13 + 11 + 14)
    assert [result["ids"][number] for number in result["found"]["nda-0"]] == ["15:28:nda/one.txt"]
    scores = scores_of(trial, result)
    assert scores["nda-0"]["char_recall@4000c"] == 1.0
    assert scores["lease-0"]["char_recall@1"] == 0.0
    assert scores["lease-0"]["char_recall@2"] == 1.0
    assert (cache / "vectors.sqlite").exists()


def test_what_a_peer_found_is_kept_until_its_pins_or_its_adapter_change(
    trial: Trial, cache: Path, tmp_path: Path
) -> None:
    asked(PEER, trial, cache, tmp_path)
    (cache / "standard" / "bin" / "python").unlink()
    assert asked(PEER, trial, cache, tmp_path) == kept(PEER, trial.task, tmp_path) != {}
    assert kept(PEER, replace(trial.task, threads=7), tmp_path) != {}
    assert kept(PEER, replace(trial.task, queries={"nda-0": "Another?"}), tmp_path) == {}
    before = key_of(PEER, trial.task)
    (tmp_path / "requirements-peers-standard.txt").write_text("standard==2\n", encoding="utf-8")
    assert kept(PEER, trial.task, tmp_path) == {}
    (tmp_path / "requirements-peers-standard.txt").write_text("standard==1\n", encoding="utf-8")
    assert key_of(PEER, trial.task) == before
    (tmp_path / "peers" / "standard.py").write_text(ADAPTER + "\n", encoding="utf-8")
    assert key_of(PEER, trial.task) != before


def test_every_peer_stands_beside_the_product_in_the_order_given(
    trial: Trial, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    third, second = replace(PEER, name="Third"), replace(PEER, name="Second", adapter="second")
    (tmp_path / "peers" / "second.py").write_text(ADAPTER.replace("[: self.k]", "[:1]"), encoding="utf-8")
    monkeypatch.setattr(quality, "PEERS", (PEER, second, third))
    a_report(tmp_path, "nda-0", "lease-0")
    found = stood(tmp_path, [OWN, third, second, PEER], trial=trial, cache=cache, folder=tmp_path)
    assert [list(standing.scores) for standing in found] == [["Consilium", "Third", "Second", "Standard"]] * 2
    lease = found[0]
    assert lease.of("Second", "char_recall@8") == {"lease-0": 0.0}
    assert lease.of("Third", "char_recall@8") == lease.of("Standard", "char_recall@8") == {"lease-0": 1.0}
    assert list(stood(tmp_path, [PEER], trial=trial, cache=cache, folder=tmp_path)[0].scores) == ["Standard"]


def test_a_question_that_was_not_asked_is_an_error(trial: Trial) -> None:
    with pytest.raises(KeyError, match="lease-0"):
        scores_of(trial, {"ids": [], "found": {"nda-0": []}})


class Cutter:
    """Yields what it is told."""

    def __init__(self, *cuts: tuple[str, int | None]) -> None:
        self.cuts = cuts

    def cut(self, text: str, path: str) -> Iterator[tuple[str, int | None]]:
        yield from self.cuts


def spans_of(text: str, *cuts: tuple[str, int | None]) -> list[str]:
    system: Any = Cutter(*cuts)
    return [piece["id"] for piece in pieces(system, {"id": "f", "content": text, "collection": "c"})]


def test_equal_pieces_lie_one_after_the_other() -> None:
    assert spans_of("same. same. same.", ("same.", None), ("same.", None), ("same.", None)) == [
        "0:5:f",
        "6:11:f",
        "12:17:f",
    ]


def test_the_place_that_a_splitter_says_is_taken_when_it_is_right() -> None:
    assert spans_of("ab ab ab", ("ab", 3), ("ab", 6)) == ["3:5:f", "6:8:f"]
    assert spans_of("ab cd", ("cd", 1)) == ["3:5:f"]


def test_a_cleaned_piece_is_not_looked_for_further_on() -> None:
    assert spans_of("a  b, c, a b", ("a b", None), ("c", None)) == ["0:4:f", "6:7:f"]


def test_a_piece_with_other_white_space_covers_the_white_space_of_its_file() -> None:
    assert place("one  two\n three", "two three", None, 0) == (5, 15)
    with pytest.raises(LookupError):
        place("one two", "three", None, 0)


class Network:
    """Gives the sum of the token ids, twice as long as it ought to be, and counts what it computes."""

    def __init__(self) -> None:
        self.computed = 0

    def of(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        self.computed += len(ids)
        total = (ids * mask).sum(1).float()
        return 2 * torch.nn.functional.normalize(torch.stack([total, torch.ones_like(total)], dim=1), dim=1)


def a_batch() -> dict[str, Any]:
    """Return two texts, the first of which is filled up."""
    return {"input_ids": torch.tensor([[5, 0], [1, 2]]), "attention_mask": torch.tensor([[1, 0], [1, 1]])}


def test_a_text_is_computed_once_whatever_it_is_filled_up_with(tmp_path: Path) -> None:
    network = Network()

    class Model:
        def forward(self, features: dict[str, Any]) -> dict[str, Any]:
            return {"sentence_embedding": network.of(features["input_ids"], features["attention_mask"])}

    _before_sentence_transformer(Memory(tmp_path / "vectors"), Model)
    first = Model().forward({**a_batch(), "modality": "text"})
    assert network.computed == 2
    alone = {"input_ids": torch.tensor([[5]]), "attention_mask": torch.tensor([[1]])}
    again = Model().forward(alone)
    assert network.computed == 2
    assert first["modality"] == "text"
    assert first["sentence_embedding"][0].tolist() == again["sentence_embedding"][0].tolist()
    assert first["sentence_embedding"].tolist() == pytest.approx(
        np.array([[5, 1], [3, 1]]) / np.sqrt([[26], [10]]), abs=1e-6
    )


def test_another_process_finds_the_vectors_of_the_first(tmp_path: Path) -> None:
    network = Network()

    class Pooling:
        def forward(self, **inputs: Any) -> torch.Tensor:
            return network.of(inputs["input_ids"], inputs["attention_mask"])

    _before_pooling(Memory(tmp_path / "vectors"), Pooling)
    first = Pooling().forward(**a_batch())

    class Later:
        def forward(self, **inputs: Any) -> torch.Tensor:
            raise AssertionError

    _before_pooling(Memory(tmp_path / "vectors"), Later)
    assert Later().forward(**a_batch()).tolist() == first.tolist()


def test_only_what_is_missing_is_computed_and_everything_stays_in_its_place(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "vectors")
    memory.vectors([b"b"], lambda _: [[0.0, 1.0]])
    asked_for: list[list[int]] = []

    def compute(places: list[int]) -> list[list[float]]:
        asked_for.append(places)
        return [[1.0, 0.0] for _ in places]

    assert memory.vectors([b"a", b"b", b"c"], compute).tolist() == [[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]
    assert asked_for == [[0, 2]]


def a_report(folder: Path, *keys: str) -> None:
    scores = {f"hybrid.{measure}": 0.5 for measure in quality.CHARACTERS} | {"words.char_recall@4000c": 0.1}
    origin = Origin(
        dataset="contracts",
        dataset_digest="0",
        product="0.1.0",
        configuration={},
        models={},
        machine={},
        seed=0,
        started="2026-01-01",
    )
    report = Report(
        suite="retrieval",
        origin=origin,
        seconds=1.0,
        main=(),
        figures=(Figure(name="hybrid.char_recall@4000c", value=0.5, count=len(keys)),),
        cases=tuple(Case(id=key, scores=scores) for key in keys),
    )
    write_report(report, folder / "retrieval-contracts.json")


def test_the_products_scores_come_from_its_report(trial: Trial, tmp_path: Path) -> None:
    a_report(tmp_path, "nda-0", "lease-0")
    own = own_scores(trial, tmp_path, tmp_path)
    assert own["nda-0"] == dict.fromkeys(quality.CHARACTERS, 0.5)
    (lease, nda) = standings(trial, {"Consilium": own})
    assert (lease.name, nda.name) == ("lease", "nda")
    assert nda.of("Consilium", "char_recall@4000c") == {"nda-0": 0.5}
    assert nda.of("nobody", "char_recall@4000c") == {}


def test_a_report_of_some_of_the_questions_is_refused(trial: Trial, tmp_path: Path) -> None:
    a_report(tmp_path, "nda-0")
    with pytest.raises(SystemExit, match="lacks 1 of the questions, or their measures; run make bench"):
        own_scores(trial, tmp_path, tmp_path)


def test_a_beir_set_is_judged_by_the_ten_best(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    (folder / "qrels").mkdir(parents=True)
    rows = [{"_id": f"d{number}", "title": "Part", "text": f"text {number}"} for number in range(12)]
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (folder / "queries.jsonl").write_text(json.dumps({"_id": "q", "text": "What?"}))
    (folder / "qrels" / "dev.tsv").write_text("q\td11\t1\nq\td0\t1\n")
    trial = trial_of(folder, encoder=Path("encoder"), threads=1)
    assert {d["collection"] for d in trial.task.documents} == {"rules"}
    result = {"ids": [f"d{number}" for number in range(12)], "found": {"q": list(range(12))}}
    assert scores_of(trial, result)["q"]["recall@10"] == 0.5


@pytest.mark.parametrize(
    ("most", "expected"), [(0, "abcdefg"), (7, "abcdefg"), (9, "abcdefg"), (3, "ace"), (1, "a"), (2, "ad")]
)
def test_questions_are_spread_evenly(most: int, expected: str) -> None:
    assert "".join(spread("abcdefg", most)) == expected
