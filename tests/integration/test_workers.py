"""Several processes over one PostgreSQL: work is done once, and all change over to another index."""

from __future__ import annotations

import json
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from qdrant_client import QdrantClient

from app import wiring
from app.bootstrap import Consilium, Replacements, build
from app.cli.worker import check
from app.settings import load_settings
from domain.callers import OWNER
from domain.documents import Labels
from domain.errors import RequestError
from domain.questions import Question, Scope
from ingestion.workflow import IngestRequest
from tests import forked
from tests.fakes.embedder import FakeEmbedder
from tests.fakes.job_runner import FakeRunner
from tests.postgres import PostgresServer


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        ({}, "database:"),
        ({"index": "server"}, "database:"),
        ({"database": SecretStr("postgresql+psycopg://h/d")}, "index:"),
    ],
)
def test_a_worker_is_refused_where_one_process_owns_the_store(settings: dict[str, Any], fault: str) -> None:
    with pytest.raises(RequestError, match=fault) as caught:
        check(load_settings(**settings))
    assert caught.value.code == "request.setting_invalid"


def test_a_worker_may_share_postgresql_and_a_qdrant_server() -> None:
    check(load_settings(database=SecretStr("postgresql+psycopg://h/d"), index="server"))


@pytest.mark.xdist_group("postgres")
def test_two_workers_do_everything_once(tmp_path: Path, postgres: PostgresServer) -> None:
    home, database = tmp_path / "home", postgres.new_database()
    settings = load_settings(home=home, database=SecretStr(database))
    with build(settings, Replacements(embedder=FakeEmbedder(), runner=FakeRunner())) as house:
        for number in range(12):
            labels = Labels(tenant=f"tenant{number % 4}")
            files = [(f"{number}-{each}.md", f"# Note {number} {each}\n\nTake it.\n".encode()) for each in range(3)]
            house.jobs.ingest(files, IngestRequest(labels=labels), OWNER)
        with forked.talking([str(home), database], what="tests.workers:main") as workers:
            assert [workers.stdout.readline() for _ in range(2)] == ["ready\n", "ready\n"]
            deadline = time.monotonic() + 60
            while house.jobs.jobs.open() and time.monotonic() < deadline:
                time.sleep(0.1)
            workers.stdin.close()
            written = [set(json.loads(line)) for line in workers.stdout]
        assert house.jobs.jobs.open() == []
        assert written[0] & written[1] == set()
        assert written[0] | written[1] == {passage_id for passage_id, *_ in house.catalogue.every_passage()}
        versions = list(house.catalogue.every_version())
        assert sorted(version.state for version in versions) == ["indexed"] * 36
        jobs = [job for number in range(4) for job in house.jobs.jobs.all(f"tenant{number}", limit=99)]
        assert [item.starts for job in jobs for item in house.jobs.jobs.items(job.id)] == [1] * 36


class SharedClient(QdrantClient):
    """A Qdrant server in this process; one house that closes its connection leaves it to the other."""

    def close(self, grpc_grace: float | None = None, **kwargs: Any) -> None:
        """Do nothing."""
        del grpc_grace, kwargs


def found(house: Consilium, text: str) -> list[str]:
    question = Question(text=text, scope=Scope(as_of=date(2026, 1, 1)))
    return [evidence.passage.text for evidence in house.retriever.retrieve(question)]


@pytest.mark.filterwarnings("ignore:Payload indexes")
@pytest.mark.xdist_group("postgres")
def test_one_process_follows_another_to_a_new_index_and_nothing_is_lost_between(
    tmp_path: Path, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = SharedClient(":memory:")
    monkeypatch.setattr(wiring, "qdrant_of", lambda _: client)
    settings = load_settings(home=tmp_path / "home", database=SecretStr(postgres.new_database()), index="server")
    request = IngestRequest(labels=Labels(tenant="default"))
    with build(settings, Replacements(embedder=FakeEmbedder(), runner=FakeRunner())) as house:
        for number in range(20):
            house.ingestor.ingest_bytes(f"# Note\n\nNote zq{number}x says so.\n".encode(), f"{number}.md", request)
    both = Replacements(embedder=FakeEmbedder(dimension=24), former=FakeEmbedder(), runner=FakeRunner())
    with build(settings, both) as one, build(settings, both) as other:
        one.reindexing.grace = 0.0
        run = one.reindexing.run()
        next(run)
        other.ingestor.ingest_bytes(b"# Late\n\nNote zqlatex came late.\n", "late.md", request)
        (first,) = [version.id for version in other.catalogue.every_version() if version.path == "0.md"]
        other.index.delete_version(first)
        other.catalogue.remove_version(first)
        assert "zqlatex" in found(other, "note zqlatex")[0]
        for _ in run:
            pass
        assert other.reindexing.live != one.reindexing.live
        other.reindexing.follow()
        assert other.reindexing.live == one.reindexing.live
        for house in (one, other):
            assert house.retriever._parts.embedder.name == "fake-24"
            assert house.index.count() == 20
            assert {entry.version_id for entry in house.index.inventory()} == {
                version.id for version in house.catalogue.every_version()
            }
            assert "zqlatex" in "".join(found(house, "note zqlatex"))
        other.ingestor.ingest_bytes(b"# New\n\nNote zqnewx is new.\n", "new.md", request)
        assert "zqnewx" in "".join(found(one, "note zqnewx"))
