"""Reading datasets."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import RequestError
from evaluation.datasets.beir import BeirDocument, read_beir
from tests.data import shared_data

CORPUS = '{"_id": "d1", "title": "Breach", "text": "Notify."}\n{"_id": "d2", "text": "Consent."}\n'
QUERIES = '{"_id": "q1", "text": "When?"}\n{"_id": "q2", "text": "Who?"}\n{"_id": "q3", "text": "Unjudged?"}\n'
QRELS = "query-id\tcorpus-id\tscore\nq2\td1\t1\nq1\td2\t2\nq1\td1\t0\n"


def folder(tmp_path: Path, *, corpus: str = CORPUS, queries: str = QUERIES, qrels: str = QRELS) -> Path:
    (tmp_path / "qrels").mkdir()
    (tmp_path / "corpus.jsonl").write_text(corpus, encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text(queries, encoding="utf-8")
    (tmp_path / "qrels" / "test.tsv").write_text(qrels, encoding="utf-8")
    return tmp_path


def test_a_dataset_is_read_with_its_judged_questions_only(tmp_path: Path) -> None:
    dataset = read_beir(folder(tmp_path))
    assert dataset.name == tmp_path.name
    assert dataset.corpus == (
        BeirDocument(id="d1", title="Breach", text="Notify."),
        BeirDocument(id="d2", title="", text="Consent."),
    )
    assert list(dataset.queries.items()) == [("q1", "When?"), ("q2", "Who?")]
    assert dataset.qrels == {"q2": {"d1": 1}, "q1": {"d2": 2, "d1": 0}}


def test_blank_lines_and_windows_line_ends_are_no_fault(tmp_path: Path) -> None:
    dataset = read_beir(folder(tmp_path, corpus="\n" + CORPUS, qrels=QRELS.replace("\n", "\r\n") + "\n"))
    assert dataset.qrels["q1"] == {"d2": 2, "d1": 0}


@pytest.mark.parametrize(
    ("broken", "detail"),
    [
        ({"corpus": CORPUS + "{nonsense\n"}, "corpus.jsonl:3 is not JSON"),
        ({"corpus": '{"title": "x"}\n'}, "corpus.jsonl:1 has no _id"),
        ({"corpus": "[1]\n"}, "corpus.jsonl:1 has no _id"),
        ({"corpus": CORPUS + '{"_id": "d3", "text": 4}\n'}, "corpus.jsonl:3 has no text"),
        ({"corpus": CORPUS + CORPUS}, "corpus.jsonl:3 repeats an _id"),
        ({"queries": '{"_id": "q1"}\n'}, "queries.jsonl:1 has no text"),
        ({"qrels": "q1\td2\n"}, "qrels/test.tsv:1 is not query-id, corpus-id and score between tabs"),
        ({"qrels": "q1\td2\thigh\n"}, "qrels/test.tsv:1 is not query-id, corpus-id and score between tabs"),
        ({"qrels": QRELS + "q1\td9\t1\n"}, "qrels/test.tsv:5 judges an id that is in no other file"),
        ({"qrels": QRELS + "q9\td1\t1\n"}, "qrels/test.tsv:5 judges an id that is in no other file"),
        ({"qrels": "query-id\tcorpus-id\tscore\n"}, "qrels judge no question"),
    ],
)
def test_a_broken_dataset_names_the_file_and_the_line(tmp_path: Path, broken: dict[str, str], detail: str) -> None:
    with pytest.raises(RequestError) as caught:
        read_beir(folder(tmp_path, **broken))
    assert (caught.value.code, caught.value.detail) == ("request.dataset_invalid", detail)


@pytest.mark.parametrize("missing", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_a_missing_file_is_named(tmp_path: Path, missing: str) -> None:
    (folder(tmp_path) / missing).unlink()
    with pytest.raises(RequestError) as caught:
        read_beir(tmp_path)
    assert caught.value.detail.startswith(missing.replace("test.tsv", "*.tsv"))


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (folder(tmp_path) / "corpus.jsonl").write_bytes(b'{"_id": "\xff"}\n')
    with pytest.raises(RequestError) as caught:
        read_beir(tmp_path)
    assert caught.value.detail == "corpus.jsonl is not UTF-8"


def test_a_split_is_read_by_name(tmp_path: Path) -> None:
    (folder(tmp_path) / "qrels" / "dev.tsv").write_text("q3\td1\t1\n", encoding="utf-8")
    assert list(read_beir(tmp_path, "dev").queries) == ["q3"]
    assert list(read_beir(tmp_path).queries) == ["q1", "q2", "q3"]


@pytest.mark.parametrize(
    ("name", "documents", "queries"), [("obliqa", 13_732, 2_788), ("bioasq", 13_038, 1_497), ("medquad", 16_407, 2_050)]
)
def test_the_shared_datasets_are_read_whole(name: str, documents: int, queries: int) -> None:
    dataset = read_beir(shared_data(name))
    assert (len(dataset.corpus), len(dataset.queries)) == (documents, queries)
