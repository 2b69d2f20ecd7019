"""An upload that is under way is there as a whole or not at all, whoever erases, cancels or tidies up meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.bootstrap import Consilium, Replacements, build
from app.settings import load_settings
from domain.callers import OWNER
from domain.documents import Labels
from domain.erasure import Target
from domain.jobs import ItemState, Job
from ingestion.workflow import IngestRequest
from tests.fakes.embedder import FakeEmbedder
from tests.fakes.job_runner import FakeRunner
from tests.integration.test_jobs import all_done
from tests.store_bytes import files_with

KNOWN, CANARY = "zqknownx", "zqcanaryx"
ABOUT_ANNA = IngestRequest(labels=Labels(subjects=("anna",)))
ANNA = Target(tenant="default", kind="subject", id="anna")


class Meanwhile:
    """Does something the first time that a step is reached."""

    def __init__(self) -> None:
        self.step = ""
        self.work: Callable[[], object] = lambda: None

    def at(self, step: str, work: Callable[[], object]) -> None:
        self.step, self.work = step, work

    def reached(self, step: str) -> None:
        if step == self.step:
            self.step = ""
            self.work()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def meanwhile() -> Meanwhile:
    return Meanwhile()


@pytest.fixture
def house(home: Path, meanwhile: Meanwhile) -> Iterator[Consilium]:
    given = Replacements(embedder=FakeEmbedder(), runner=FakeRunner(), steps=meanwhile)
    with build(load_settings(home=home), given) as consilium:
        consilium.ingestor.ingest_bytes(note(KNOWN), "known.md", ABOUT_ANNA)
        consilium.jobs.start()
        yield consilium


def note(word: str) -> bytes:
    return f"# Note\n\nThe patient takes {word} twice a day.\n".encode()


def uploaded(house: Consilium) -> Job:
    job = house.jobs.ingest([("note.md", note(CANARY))], ABOUT_ANNA, OWNER)
    all_done(house)
    return job


def nothing_of_anna(house: Consilium, home: Path) -> bool:
    gone = not house.catalogue.documents_about("default", ("anna",)) and house.index.count() == 0
    return gone and files_with(home, CANARY) == files_with(home, KNOWN) == []


def test_an_erasure_waits_for_what_is_being_written_and_takes_it_along(
    house: Consilium, home: Path, meanwhile: Meanwhile
) -> None:
    erasing = threading.Thread(target=lambda: house.erasures.erase(ANNA))

    def erase() -> None:
        erasing.start()
        erasing.join(1.0)

    meanwhile.at("ingestion.admitted", erase)
    uploaded(house)
    erasing.join(30)
    assert nothing_of_anna(house, home)


@pytest.mark.parametrize("step", ["ingestion.taken", "ingestion.read"])
def test_an_upload_that_was_erased_before_it_was_written_is_not_written(
    house: Consilium, home: Path, meanwhile: Meanwhile, step: str
) -> None:
    meanwhile.at(step, lambda: house.erasures.erase(ANNA))
    job = uploaded(house)
    assert nothing_of_anna(house, home)
    assert [item.state for item in house.jobs.jobs.items(job.id)] == [ItemState.CANCELLED]


def test_bytes_that_are_kept_for_a_job_stay_whoever_tidies_up_before_it_is_recorded(
    house: Consilium, meanwhile: Meanwhile
) -> None:
    meanwhile.at("ingestion.kept", house.doctor.repair)
    job = uploaded(house)
    assert [item.state for item in house.jobs.jobs.items(job.id)] == [ItemState.DONE]
    assert house.doctor.examine().findings == ()


def test_an_upload_whose_job_was_cancelled_before_it_was_written_is_not_written(
    house: Consilium, home: Path, meanwhile: Meanwhile
) -> None:
    meanwhile.at("ingestion.read", lambda: house.jobs.cancel(house.jobs.jobs.open()[0].id))
    job = uploaded(house)
    assert [item.state for item in house.jobs.jobs.items(job.id)] == [ItemState.CANCELLED]
    assert len(house.catalogue.documents_about("default", ("anna",))) == 1
    assert files_with(home, CANARY) == []
