"""The harness sees the same product in this process and over HTTP."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import uvicorn

from app.api.application import create_application
from app.bootstrap import Consilium
from app.evaluating import DeployedUnderTest, ProductUnderTest
from app.identity.owner import read_owner_token
from evaluation.subject import CorpusText, Subject

CORPUS = [
    CorpusText(key="cold", title="Cold chain", text="Insulin pens are kept between 2 and 8 degrees."),
    CorpusText(key="leak", text="A leak is reported to the authority within 72 hours."),
    CorpusText(key="anna", text="Anna takes insulin at night.", subject="anna"),
    CorpusText(key="empty", text=" "),
    CorpusText(key="old", text="Fees are 10 euro.", document="fees", effective_to="2024-01-01"),
    CorpusText(key="new", text="Fees are 12 euro.", document="fees", effective_from="2024-01-01"),
]


@pytest.fixture
def server(fresh: Consilium) -> Iterator[str]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        running = uvicorn.Server(uvicorn.Config(create_application(fresh), log_level="critical"))
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]})
        thread.start()
        while not running.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        running.should_exit = True
        thread.join()


@pytest.fixture(params=["in process", "deployed"])
def subject(request: pytest.FixtureRequest) -> Iterator[Subject]:
    if request.param == "deployed":
        url, fresh = request.getfixturevalue("server"), request.getfixturevalue("fresh")
        owner = read_owner_token(fresh.settings.home)
        with closing(DeployedUnderTest(url=url, credential=owner)) as deployed:
            yield deployed
    else:
        yield ProductUnderTest(consilium=request.getfixturevalue("fresh"))


def test_loaded_texts_are_found_by_their_keys(subject: Subject) -> None:
    loaded = subject.load(CORPUS, "set")
    assert set(loaded) == {"cold", "leak", "anna", "old", "new"}
    assert loaded["old"] == loaded["new"]
    for mode in ("hybrid", "words", "dense"):
        ranked = subject.rank("When is a leak reported?", 5, mode, "set")
        assert next(key for key, _, _ in ranked) == "leak", mode
        assert "anna" not in [key for key, _, _ in ranked]
    assert subject.rank("insulin pens", 1, "words", "set")[0][2].startswith("p_")
    assert subject.rank("When is a leak reported?", 5, "words", "elsewhere") == []


def test_labels_reach_the_product(subject: Subject) -> None:
    subject.load(CORPUS, "set")
    found = subject.search({"query": "insulin at night", "subjects": ["anna"], "collections": ["set"]})["results"]
    assert any(hit["text"].endswith("takes insulin at night.") for hit in found)
    for day, fee in (("2023-06-01", "10 euro"), ("2024-06-01", "12 euro")):
        answer = subject.ask({"question": "How much are the fees in euro?", "collections": ["set"], "as_of": day})
        assert [fee in claim["text"] for claim in answer["claims"]] == [True], day


def test_files_are_found_as_spans(subject: Subject, tmp_path: Path) -> None:
    file = tmp_path / "act.txt"
    file.write_text("Section 1\n\nA leak is reported within 72 hours.\n\nSection 2\n\nPens are kept cold.\n")
    assert [outcome["status"] for outcome in subject.ingest([file], {"collection": "files"})] == ["indexed"]
    path, start, end, passage = subject.spans("Where are pens kept?", 3, "hybrid", "files")[0]
    assert Path(path).name == "act.txt"
    assert "Pens are kept cold." in file.read_text()[start:end]
    assert passage.startswith("p_")


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("A leak is reported within 72 hours.", "supported"),
        ("A leak is reported within 24 hours.", "contradicted"),
        ("Pens are blue.", "unsupported"),
    ],
)
def test_a_claim_is_checked_against_its_evidence_alone(subject: Subject, claim: str, verdict: str) -> None:
    result = subject.verify(claim, ["A leak is reported within 72 hours.", "Staff are trained."])
    assert result["verdict"] == verdict
    assert set(result) == {"verdict", "score", "reason", "checker"}


def test_a_draft_is_seen_before_its_checks_in_process_only(subject: Subject) -> None:
    subject.load(CORPUS, "set")
    drafted = subject.draft({"question": "When is a leak reported?", "collections": ["set"]})
    if isinstance(subject, ProductUnderTest):
        assert drafted == ["A leak is reported to the authority within 72 hours."]
    else:
        assert drafted is None


def test_a_subject_says_what_it_is(subject: Subject) -> None:
    described = subject.describe()
    assert described["product"]["name"] == "consilium"
    assert described["configuration"]["pack"] == "general"
    assert described["models"]["encoder"].startswith("all-MiniLM-L6-v2@")
