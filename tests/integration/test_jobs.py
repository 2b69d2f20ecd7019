"""Durable work through the product's own doors: handed in, done once, set aside, retried, cancelled, and waited out."""

from __future__ import annotations

import array
import json
import resource
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.bootstrap import Consilium, Replacements, build
from app.cli.door import LocalDoor
from app.settings import load_settings
from domain.callers import OWNER
from domain.documents import Labels
from domain.erasure import Target
from domain.errors import RequestError, ServiceError
from domain.jobs import JobState
from ingestion.workflow import IngestRequest
from tests.clients import client_of
from tests.fakes.embedder import FakeEmbedder
from tests.fakes.job_runner import FakeRunner
from tests.postgres import PostgresServer

CANARY = "zqcanaryx"
NOTE = f"# Note\n\nThe patient takes {CANARY} twice a day.\n".encode()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def embedder() -> FakeEmbedder:
    return FakeEmbedder()


@pytest.fixture
def house(home: Path, embedder: FakeEmbedder) -> Iterator[Consilium]:
    with build(load_settings(home=home), Replacements(embedder=embedder, runner=FakeRunner())) as consilium:
        yield consilium


@pytest.fixture
def client(house: Consilium) -> Iterator[TestClient]:
    with client_of(house, raise_server_exceptions=False) as made:
        yield made


def eventually(true: Callable[[], object], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


def all_done(house: Consilium) -> None:
    eventually(lambda: not house.jobs.jobs.open())


def about(subject: str = "", tenant: str = "default") -> IngestRequest:
    return IngestRequest(labels=Labels(tenant=tenant, subjects=(subject,) if subject else ()))


def upload(client: TestClient, name: str, content: bytes, **how: Any) -> Any:
    files = {"file": (name, content)}
    return client.post("/v1/documents", files=files, data={"options": json.dumps(how.pop("options", {}))}, **how)


@pytest.mark.parametrize("how", [{"params": {"wait": "false"}}, {"headers": {"Prefer": "respond-async, wait=5"}}])
def test_an_upload_that_nobody_waits_for_becomes_a_job(
    house: Consilium, client: TestClient, how: dict[str, Any]
) -> None:
    answer = upload(client, "note.md", NOTE, options={"subject": "anna"}, **how)
    assert answer.status_code == 202
    body = answer.json()
    assert answer.headers["location"] == f"/v1/jobs/{body['id']}"
    assert (body["kind"], body["state"], body["owner"], body["items"]) == ("ingestion", "queued", "local", 1)
    house.jobs.start()
    all_done(house)
    shown = client.get(f"/v1/jobs/{body['id']}").json()
    assert (shown["state"], shown["done"]) == ("done", 1)
    (piece,) = shown["pieces"]
    assert (piece["state"], piece["passages"]) == ("done", 1)
    assert len(piece["document_ids"]) == 1
    assert CANARY not in json.dumps(shown)
    assert "note.md" not in json.dumps(shown)
    assert len(LocalDoor(house).search({"query": CANARY, "subjects": ["anna"]})["results"]) == 1
    assert upload(client, "note.md", NOTE).status_code == 201


def test_a_poison_document_is_set_aside_with_its_code_and_the_others_go_on(house: Consilium) -> None:
    house.jobs.start()
    files = [("a.md", NOTE), ("bad.pdf", b"%PDF-1.4 broken"), ("c.md", NOTE + b"More.")]
    job = house.jobs.ingest(files, about(), OWNER)
    all_done(house)
    found = house.jobs.find(job.id)
    assert (found.state, found.done, found.aside) == (JobState.DONE, 2, 1)
    assert [item.code for item in house.jobs.jobs.items(job.id)] == [None, "document.malformed", None]
    house.jobs.retry(job.id)
    all_done(house)
    assert house.jobs.find(job.id).aside == 1
    digest = house.jobs.jobs.items(job.id)[1].digest
    assert house.ingestor.blobs.get(digest) is not None
    house.jobs.cancel(job.id)
    assert house.ingestor.blobs.get(digest) is None
    with pytest.raises(RequestError):
        house.jobs.retry(job.id)


def test_a_cancelled_job_does_nothing_more_and_leaves_no_bytes(house: Consilium) -> None:
    job = house.jobs.ingest([(f"{n}.md", NOTE + b"%d" % n) for n in range(3)], about(), OWNER)
    house.jobs.cancel(job.id)
    house.jobs.start()
    time.sleep(0.3)
    assert house.jobs.find(job.id).cancelled == 3
    assert list(house.catalogue.documents("default", [])) == []
    assert [file for file in (house.settings.home / "originals").rglob("*") if file.is_file()] == []


def test_an_erasure_as_a_job_erases_and_job_data_can_forget(house: Consilium, client: TestClient) -> None:
    house.jobs.start()
    kept = house.jobs.ingest([("note.md", NOTE)], about("anna"), OWNER)
    aside = house.jobs.ingest([("anna.pdf", b"%PDF-1.4 broken")], about("anna"), OWNER)
    all_done(house)
    (document,) = house.catalogue.documents_about("default", ["anna"])
    answer = client.post("/v1/erasures", params={"wait": "false"}, json={"subject": "anna"})
    assert answer.status_code == 202
    all_done(house)
    assert house.catalogue.document(document.id) is None
    assert house.index.count() == 0
    assert client.post("/v1/erasures", params={"wait": "false"}, json={"subject": "anna"}).status_code == 404
    assert house.jobs.traces.forget("default", ["anna"], [document.id]) == 0, "the erasure reached them"
    assert house.jobs.jobs.items(kept.id)[0].document_ids == ()
    (item,) = house.jobs.jobs.items(aside.id)
    assert (item.order, item.digest) == ({}, "")
    assert [file for file in (house.settings.home / "originals").rglob("*") if file.is_file()] == []


def test_jobs_are_listed_and_unknown_ones_are_not_found(house: Consilium, client: TestClient) -> None:
    ids = [house.jobs.ingest([(f"{n}.md", NOTE)], about(), OWNER).id for n in range(3)]
    house.jobs.ingest([("x.md", NOTE)], about(tenant="other"), OWNER)
    first = client.get("/v1/jobs", params={"limit": 2}).json()
    second = client.get("/v1/jobs", params={"limit": 2, "cursor": first["next"]}).json()
    assert sorted(job["id"] for job in first["jobs"] + second["jobs"]) == sorted(ids)
    assert "next" not in second
    for path in ("/v1/jobs/j_none", "/v1/jobs/j_none/cancel", "/v1/jobs/j_none/retry"):
        answer = client.get(path) if path.endswith("none") else client.post(path)
        assert answer.status_code == 404


def test_a_job_waits_for_an_encoder_that_is_away_and_goes_on_by_itself(
    house: Consilium, embedder: FakeEmbedder
) -> None:
    embedder.available = False
    house.jobs.start()
    job = house.jobs.ingest([("note.md", NOTE)], about(), OWNER)
    eventually(lambda: house.jobs.find(job.id).trouble == "service.encoder_unavailable")
    embedder.available = True
    all_done(house)
    assert (house.jobs.find(job.id).trouble, house.jobs.find(job.id).done) == (None, 1)


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """Let every write beyond a size of file fail, as it does on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


def test_a_full_disk_is_a_clear_error_and_work_goes_on_when_there_is_room_again(
    house: Consilium, client: TestClient
) -> None:
    with files_up_to(16):
        answer = upload(client, "note.md", NOTE, params={"wait": "false"})
        assert (answer.status_code, answer.json()["code"]) == (503, "service.storage_unavailable")
    assert house.jobs.jobs.all("default", limit=9) == []
    job = house.jobs.ingest([("note.md", NOTE)], about(), OWNER)
    with files_up_to(16):
        house.jobs.start()
        time.sleep(0.5)
        assert house.jobs.find(job.id).open
    all_done(house)
    assert house.jobs.find(job.id).done == 1


def test_dbos_keeps_ids_alone_and_opens_no_connection(
    home: Path, embedder: FakeEmbedder, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    called: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _, address: called.append(address))
    with build(load_settings(home=home), Replacements(embedder=embedder)) as house:
        house.jobs.start()
        house.jobs.ingest([("Anna Lind.md", NOTE)], about("anna-lind", tenant="acme"), OWNER)
        house.jobs.ingest([("Anna Lind.pdf", b"%PDF-1.4 broken")], about("anna-lind", tenant="acme"), OWNER)
        all_done(house)
        content = b"".join(file.read_bytes() for file in home.glob("jobs.db*"))
        for word in (CANARY, "Anna", "anna-lind", "acme"):
            assert word.encode() not in content
        assert b"j_" in content
    assert called == []
    told = capfd.readouterr()
    assert told.out + told.err == ""


@pytest.mark.xdist_group("postgres")
def test_postgresql_that_is_started_again_in_the_middle_costs_nothing(
    postgres: PostgresServer, home: Path, embedder: FakeEmbedder
) -> None:
    settings = load_settings(home=home, database=postgres.new_database())
    with build(settings, Replacements(embedder=embedder)) as house:
        house.jobs.start()
        files = [(f"{n}.md", NOTE + b"%d" % n) for n in range(30)]
        job = house.jobs.ingest(files, about(), OWNER)
        eventually(lambda: house.jobs.find(job.id).done >= 2)
        postgres.stop("immediate")
        with pytest.raises(ServiceError) as caught:
            house.jobs.find(job.id)
        assert caught.value.code == "service.storage_unavailable"
        postgres.start()
        eventually(lambda: house.jobs.find(job.id).state is JobState.DONE, 120)
        assert house.jobs.find(job.id).done == 30
        assert len(list(house.catalogue.documents("default", []))) == 30
        assert house.index.count() == 30


class Slow(FakeEmbedder):
    def embed(self, texts: Sequence[str]) -> list[array.array[float]]:
        time.sleep(0.01)
        return super().embed(texts)


def test_the_thousand_files_of_one_tenant_do_not_starve_one_of_another(home: Path) -> None:
    with build(load_settings(home=home), Replacements(embedder=Slow())) as house:
        many = house.jobs.ingest([(f"{n}.md", NOTE + b"%d" % n) for n in range(120)], about(tenant="large"), OWNER)
        house.jobs.start()
        one = house.jobs.ingest([("one.md", NOTE)], about(tenant="small"), OWNER)
        eventually(lambda: house.jobs.find(one.id).state is JobState.DONE)
        assert house.jobs.find(many.id).done < 100
        house.jobs.cancel(many.id)
        all_done(house)


def test_an_index_of_a_missing_encoder_is_searched_by_words_and_says_so_until_it_is_made_anew(home: Path) -> None:
    settings = load_settings(home=home)
    with build(settings, Replacements(embedder=FakeEmbedder(), runner=FakeRunner())) as house:
        house.ingestor.ingest_bytes(NOTE, "note.md", about())
    with build(settings, Replacements(embedder=FakeEmbedder(dimension=24))) as house:
        found = LocalDoor(house).search({"query": CANARY})
        assert len(found["results"]) == 1
        assert any("by words alone" in said["reason"] for said in found["policies"])
        with pytest.raises(ServiceError) as caught:
            house.ingestor.ingest_bytes(NOTE + b"More.", "more.md", about())
        assert caught.value.code == "service.encoder_unavailable"
        waiting = house.jobs.ingest([("more.md", NOTE + b"More.")], about(), OWNER)
        house.reindexing.grace = 0.0
        house.jobs.start()
        all_done(house)
        assert house.jobs.find(waiting.id).done == 1
        found = LocalDoor(house).search({"query": CANARY, "mode": "dense"})
        assert len(found["results"]) == 2
        assert "by words alone" not in found["policies"][0]["reason"]
        assert len(list(home.glob("index*"))) == 1


def test_the_encoder_before_answers_until_the_new_index_has_everything(home: Path) -> None:
    settings = load_settings(home=home)
    before, after = FakeEmbedder(), FakeEmbedder(dimension=24)
    with build(settings, Replacements(embedder=before, runner=FakeRunner())) as house:
        for number in range(20):
            house.ingestor.ingest_bytes(NOTE + b"%d" % number, f"{number}.md", about(f"s{number}"))
    with build(settings, Replacements(embedder=after, former=before, runner=FakeRunner())) as house:
        house.reindexing.grace = 0.0
        run = house.reindexing.run()
        assert next(run) == 8
        assert house.ingestor.embedder.dimension == 16
        scope = {"query": CANARY, "mode": "dense", "subjects": ["s3", "s19"]}
        assert len(LocalDoor(house).search(scope)["results"]) == 2
        house.ingestor.ingest_bytes(NOTE + b"late", "late.md", about("late"))
        house.erasures.erase(Target(tenant="default", kind="subject", id="s3"))
        assert sum(run) == 13
        assert house.ingestor.embedder.dimension == 24
        assert house.index.count() == 20
        assert len(LocalDoor(house).search(scope)["results"]) == 1
        assert len(LocalDoor(house).search({**scope, "subjects": ["late"]})["results"]) == 1
