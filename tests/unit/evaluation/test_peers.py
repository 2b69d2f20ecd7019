"""The comparison with the peers: the task that all get, the child that measures, and what is written of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from evaluation.datasets.beir import BeirDataset, BeirDocument
from tests.bench.peers import running, writing
from tests.bench.peers.child import Watch, measure
from tests.bench.peers.measured import Measured, bars
from tests.bench.peers.quality import Standing
from tests.bench.peers.running import ALL, ENCODER, OWN, Entrant, Task, chosen, environment, run, task_of

ADAPTER = '''
"""A system of the standard library: a document is found when it has a word of the query."""
import time


class Encoder:
    def embed(self, text):
        time.sleep(0.001)
        return text.split()[0]


class System:
    embeds = ((Encoder, "embed"),)
    packages = ("pip",)

    def __init__(self, *, encoder, folder, collection, k):
        self.folder, self.collection, self.k = folder, collection, k
        self.known = []

    def ingest(self, documents):
        yield "nothing yet"
        self.known = documents
        yield "words"
        yield "vectors"

    def words(self, query):
        return self.find(query.split()[2])

    def search(self, query):
        return self.find(Encoder().embed(query))

    def find(self, word):
        own = [d["id"] for d in self.known if d["collection"] == self.collection and word in d["content"]]
        return own[: self.k]

    def save(self):
        with open(f"{self.folder}/kept", "w") as file:
            file.write("x" * 2**21)
'''


def a_dataset() -> BeirDataset:
    corpus = tuple(
        BeirDocument(id=f"d{number}", title=f"Part {number}", text=f"word{number} " + "and so on " * 40)
        for number in range(20)
    )
    return BeirDataset(
        name="rules",
        corpus=corpus,
        queries={"q0": "word0 is what?", "q1": "word1 is what?", "q19": "word19 is what?"},
        qrels={"q0": {"d0": 1}, "q1": {"d2": 1}, "q19": {"d19": 1}},
    )


def a_task(**changes: int | None) -> Task:
    given: dict[str, int | None] = {"documents": None, "queries": 10, **changes}
    return task_of(
        a_dataset(),
        documents=given["documents"],
        queries=given["queries"] or 0,
        encoder=Path("encoder"),
        threads=1,
    )


def a_system(name: str, **changes: object) -> Measured:
    made = Measured(
        name=name,
        startup_s=2.0,
        documents=100,
        ingest_s=10.0,
        embed_s=9.0,
        words_s=10.0,
        words_alone_s=None,
        search_ms=(10.0, 20.0, 30.0),
        embed_ms=(6.0, 6.0, 6.0),
        ndcg={"q0": 0.5, "q1": 0.5},
        steady_mib=700.0,
        peak_mib=800.0,
        disk_mib=5.0,
        versions={"thing": "1.2"},
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # the tests say which


def test_a_tenth_of_the_documents_stands_first_under_another_label() -> None:
    task = a_task()
    assert [d["id"] for d in task.documents[:3]] == ["other:d5", "other:d15", "d0"]
    assert [d["collection"] for d in task.documents[:3]] == ["other", "other", "rules"]
    assert task.documents[0]["content"] == task.documents[7]["content"]
    assert task.documents[2]["content"].startswith("Part 0\nword0 and")


def test_only_questions_that_the_cut_corpus_can_answer_are_asked() -> None:
    assert list(a_task(documents=10).queries) == ["q0", "q1"]
    assert list(a_task(queries=1).queries) == ["q0"]


def test_other_documents_are_another_task() -> None:
    task = a_task()
    assert task.digest == a_task().digest
    assert task.digest != replace(task, documents=task.documents[1:]).digest


def test_a_system_is_measured_in_a_process_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "standard.py").write_text(ADAPTER, encoding="utf-8")
    (tmp_path / "child.py").write_bytes((running._HERE / "child.py").read_bytes())
    monkeypatch.setattr(running, "_HERE", tmp_path)
    result = run(Entrant(name="Standard", adapter="standard"), a_task(), tmp_path, tmp_path / "log")
    measured = Measured.of("Standard", result, a_dataset().qrels)
    assert (measured.documents, len(measured.search_ms), list(result["steps"])) == (
        22,
        3,
        ["nothing yet", "words", "vectors"],
    )
    assert measured.ndcg == {"q0": 1.0, "q1": 0.0, "q19": 1.0}
    assert measured.embed(50) >= 1.0
    assert measured.words_s is not None
    assert measured.words_s <= measured.ingest_s
    assert 1.9 < measured.disk_mib < 2.2
    assert measured.steady_mib > 1


def test_a_system_that_breaks_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken.py").write_text("import no_such_peer", encoding="utf-8")
    (tmp_path / "child.py").write_bytes((running._HERE / "child.py").read_bytes())
    monkeypatch.setattr(running, "_HERE", tmp_path)
    with pytest.raises(SystemExit, match=r"Broken failed:(.|\n)*no_such_peer"):
        run(Entrant(name="Broken", adapter="broken"), a_task(), tmp_path, tmp_path / "log")


def test_a_peer_that_is_not_installed_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"txtai: .* is missing; run tools/peers\.sh first"):
        run(chosen(["txtai_hybrid"])[0], a_task(), tmp_path, tmp_path / "log")


def test_words_are_searchable_at_the_first_step_after_which_the_last_document_is_found(tmp_path: Path) -> None:
    adapter = tmp_path / "standard.py"
    adapter.write_text(ADAPTER.replace("self.known = documents\n", "self.known = documents[:-1]\n"), encoding="utf-8")
    documents = tmp_path / "documents.jsonl"
    documents.write_text("\n".join(map(json.dumps, a_task().documents)), encoding="utf-8")
    (tmp_path / "kept").mkdir()
    job = {
        "encoder": "encoder",
        "folder": str(tmp_path / "kept"),
        "collection": "rules",
        "k": 10,
        "documents": str(documents),
        "queries": {"q0": "word0"},
    }
    assert measure(adapter, job)["words_s"] is None


def test_the_time_of_embedding_is_watched_also_when_it_fails() -> None:
    class Fails:
        def embed(self) -> None:
            raise ValueError

    watch = Watch()
    watch.over(Fails, "embed")
    with pytest.raises(ValueError, match=r"^$"):
        Fails().embed()
    assert watch.seconds > 0


def test_all_systems_get_the_same_threads_and_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSILIUM_ENCODER", "another")
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    given = environment(2)
    assert (given["OMP_NUM_THREADS"], given["HF_HUB_OFFLINE"]) == ("2", "1")
    assert "CONSILIUM_ENCODER" not in given


def test_every_adapter_is_there_with_its_pinned_environment() -> None:
    root = Path(__file__).parents[3]
    for entrant in ALL:
        assert (root / "tests" / "bench" / "peers" / f"{entrant.adapter}.py").is_file()
        if entrant.environment:
            pins = (root / f"requirements-peers-{entrant.environment}.txt").read_text(encoding="utf-8").split()
            assert "sentence-transformers==6.2.0" in pins
            assert not [pin for pin in pins if pin.startswith("torch==")]


def test_an_adapter_that_does_not_exist_is_refused() -> None:
    assert chosen([]) == ALL
    with pytest.raises(SystemExit, match="no such adapter: nobody"):
        chosen(["nobody"])


def test_searches_are_asked_against_each_peer_and_the_rest_against_the_best_one() -> None:
    own = a_system(OWN.name, search_ms=(4.0,), embed_ms=(3.0,), words_s=0.5, ingest_s=8.0, steady_mib=900.0)
    peers = [
        a_system("quick to search", search_ms=(6.0,), steady_mib=600.0),
        a_system("quick to ingest", ingest_s=5.0, words_s=5.0, steady_mib=900.0),
        a_system("soon by words", words_s=1.0, words_alone_s=1.0, steady_mib=1200.0),
    ]
    made = bars(own, peers, a_system(ENCODER.name, embed_ms=(6.0,), words_s=None))
    assert [(bar.against, bar.ratio, bar.reached) for bar in made] == [
        ("quick to search", 1.5, False),
        ("quick to ingest", 5.0, True),
        ("soon by words", 5.0, True),
        ("quick to ingest", 0.625, False),
        ("quick to ingest", 10.0, False),
        ("soon by words", 2.0, False),
        ("the median peer", 1.0, True),
        (ENCODER.name, 2.0, True),
    ]


def a_standing(name: str = "rules", **systems: tuple[float, float]) -> Standing:
    return Standing(
        name=name,
        measures=("ndcg@10", "recall@10"),
        scores={
            system.replace("_", " "): {
                key: {"ndcg@10": value, "recall@10": 1.0} for key, value in zip(("q0", "q1"), values, strict=True)
            }
            for system, values in systems.items()
        },
    )


def a_page(folder: Path) -> Path:
    page = folder / "benchmarks.md"
    page.write_text(f"# Figures\n{writing.BEGIN}\nwritten before\n{writing.END}\nafter\n", encoding="utf-8")
    return page


def test_the_page_shows_what_every_system_costs_and_what_is_asked(tmp_path: Path) -> None:
    page = a_page(tmp_path)
    peer = a_system("A peer", words_alone_s=0.4, ndcg={"q0": 0.25, "q1": 0.25})
    systems = [a_system(OWN.name), peer, a_system(ENCODER.name, words_s=None)]
    writing.write(tmp_path, [], systems, {"dataset": "rules"})
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# Figures\n{writing.BEGIN}\n### What it costs\n\ndataset: rules.\n")
    assert text.endswith(f"{writing.END}\nafter\n")
    assert "written before" not in text
    assert "| A peer | 20.0 | 30.0 | 6.0 | 6.0 | 10 | 90% | 10.0 (0.4) | 700 (800) | 5 | 2.0 | 0.250 |" in text
    assert f"| {ENCODER.name} | – | – | 6.0 | 6.0 | 10 | 90% | – | 700 (800) | 5 | 2.0 | – |" in text
    assert "| search p50 without the embedding | A peer | 1.00 | at least 2: **no** |" in text
    assert "A peer: thing 1.2" in text


def test_the_page_shows_what_every_system_finds_above_the_paired_difference(tmp_path: Path) -> None:
    page = a_page(tmp_path)
    first = a_standing(Consilium=(0.5, 0.75), A_peer=(0.25, 0.5))
    second = a_standing("records", Consilium=(0.5, 0.5), A_peer=(0.75, 0.75))
    writing.write(tmp_path, [first, second], [], {})
    text = page.read_text(encoding="utf-8")
    assert "|  | rules ndcg@10 (2) | records ndcg@10 (2) |\n|---|---:|---:|\n| Consilium | 0.625 | 0.500 |" in text
    assert "| A peer | 0.375<br>+0.250 (+0.250 to +0.250) | 0.750<br>-0.250 (-0.250 to -0.250) |" in text
    assert "| A peer | 1.000 | 1.000 |" in text
    assert "### What it costs" not in text


def test_the_plot_has_the_same_bytes_every_time(tmp_path: Path) -> None:
    rows = [a_system(OWN.name), a_system("A peer")]
    standings = [a_standing(Consilium=(0.5, 0.5), A_peer=(0.25, 0.25))]
    writing.draw(tmp_path / "first.svg", standings, rows)
    writing.draw(tmp_path / "second.svg", standings, rows)
    first = (tmp_path / "first.svg").read_bytes()
    assert first == (tmp_path / "second.svg").read_bytes()
    assert b"A peer" in first
    assert b"rules: ndcg@10" in first


def test_a_page_without_markers_is_left_as_it_is(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    page.write_text("nothing here\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="peers:begin"):
        writing.write(tmp_path, [], [a_system(OWN.name)], {})
    assert page.read_text(encoding="utf-8") == "nothing here\n"
    assert not (tmp_path / "peers.svg").exists()
