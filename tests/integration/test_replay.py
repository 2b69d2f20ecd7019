"""An answer can be run again on what it was given; what differs is said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.bootstrap import Consilium, Replacements, build
from app.cli.door import LocalDoor
from app.settings import load_settings
from domain.answers import DraftedClaim, DraftedQuote
from domain.documents import Labels
from domain.errors import RequestError
from domain.ports.drafter import Drafter
from ingestion.workflow import IngestRequest
from tests.clients import client_of, trail_of
from tests.fakes.drafter import ScriptedDrafter
from tests.fakes.embedder import FakeEmbedder
from tests.store_bytes import CANARIES, ask, keep, subject

LAW = "The controller may keep a health record for ten years. A copy is free of charge."
QUESTION = {"question": "How long may the controller keep a health record?"}


def opened(home: Path, drafter: Drafter | None = None, **settings: object) -> Consilium:
    return build(load_settings(home=home, **settings), Replacements(embedder=FakeEmbedder(), drafter=drafter))


def law(consilium: Consilium, text: str = LAW) -> None:
    consilium.ingestor.ingest_bytes(text.encode(), "law.txt", IngestRequest(labels=Labels(collection="law")))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def house(home: Path) -> Iterator[Consilium]:
    with opened(home) as consilium:
        law(consilium)
        keep(consilium, 2)
        yield consilium


def test_an_answer_and_a_refusal_come_out_the_same(house: Consilium, home: Path) -> None:
    door = LocalDoor(house)
    ids = [door.ask(QUESTION)["id"], ask(house, 1)["id"], door.ask({"question": "Who won the cup final?"})["id"]]
    house.close()
    with opened(home) as again:
        found = [LocalDoor(again).replay("default", answer_id) for answer_id in ids]
    assert [(body["same"], body["retrieval_now"]["same"]) for body in found] == [(True, True)] * 3
    assert [body["answer"]["status"] for body in found] == ["answered", "answered", "refused"]


def test_a_text_that_was_replaced_since_is_read_as_it_was(house: Consilium) -> None:
    door = LocalDoor(house)
    answer = door.ask(QUESTION)
    law(house, LAW.replace("ten", "six"))
    assert "six years" in str(door.ask(QUESTION)["claims"])
    body = door.replay("default", answer["id"])
    assert (body["same"], body["retrieval_now"]["same"]) == (True, False)
    assert "ten years" in str(body["answer"]["claims"])
    assert len(body["retrieval_now"]["lost"]) == len(body["retrieval_now"]["gained"]) == 1


def claims(passage_id: str, *texts: str) -> list[DraftedClaim]:
    return [DraftedClaim(quotes=(DraftedQuote(passage_id=passage_id, text=text),), text=text) for text in texts]


def test_another_drafter_and_its_claims_are_said(home: Path) -> None:
    kept, charge = "The controller may keep a health record for ten years.", "A copy is free of charge."
    with opened(home) as house:
        law(house)
        (passage,) = LocalDoor(house).search({"query": "health record"})["results"]
    with opened(home, ScriptedDrafter(claims(passage["passage_id"], kept))) as house:
        answer_id = LocalDoor(house).ask(QUESTION)["id"]
        assert LocalDoor(house).replay("default", answer_id)["same"]
    with opened(home, ScriptedDrafter(claims(passage["passage_id"], charge))) as house:
        body = LocalDoor(house).replay("default", answer_id)
        assert not body["same"]
        assert body["differs"]["claims_gained"] == [charge]
        (lost,) = body["differs"]["claims_lost"]
        assert (lost["verdict"], lost["quotes"][0]["passage_id"]) == ("supported", passage["passage_id"])
        assert body["differs"]["models"] == {}
    with opened(home, pack="legal") as house:
        body = LocalDoor(house).replay("default", answer_id)
        assert set(body["differs"]["models"]) == {"drafter"}
        assert "pack" not in body["differs"]["configuration"]


def test_an_answer_about_an_erased_subject_is_gone_and_one_whose_text_went_says_so(house: Consilium) -> None:
    about, door = ask(house, 1)["id"], LocalDoor(house)
    house.erasures.erase(subject("s01"))
    with pytest.raises(RequestError) as caught:
        door.replay("default", about)
    assert caught.value.code == "request.not_found"
    with pytest.raises(RequestError):
        door.replay("other", door.ask(QUESTION)["id"])


def test_a_replay_is_recorded_and_keeps_no_answer_of_its_own(house: Consilium) -> None:
    answer_id = LocalDoor(house).ask(QUESTION)["id"]
    before = house.database.rows("SELECT id FROM answers")
    LocalDoor(house).replay("default", answer_id)
    assert house.database.rows("SELECT id FROM answers") == before
    event = list(trail_of(house))[-1]
    assert (event.event, event.facts["answer_id"], event.facts["actor"]) == ("replay", answer_id, "local")


def test_the_store_keeps_no_text_of_an_answer_beside_its_question(house: Consilium) -> None:
    ask(house, 1)
    rows = house.database.rows("SELECT record FROM answers")
    assert CANARIES[1] not in str(rows)


def test_upkeep_over_http(house: Consilium) -> None:
    with client_of(house, raise_server_exceptions=False) as client:
        answer_id = client.post("/v1/answers", json=QUESTION).json()["id"]
        assert client.post(f"/v1/answers/{answer_id}/replay").json()["same"] is True
        assert client.post("/v1/answers/a_none/replay").json()["code"] == "request.not_found"
        assert client.post("/v1/doctor", json={}).json()["findings"] == []
        assert client.post("/v1/doctor", json={"repair": 3}).json()["code"] == "request.invalid"
        assert client.post("/v1/retention", json={}).json() == {"dry_run": True, "rules": []}
        archive = client.post("/v1/backups")
        assert (archive.status_code, archive.headers["content-type"]) == (200, "application/x-tar")
        assert b"manifest.json" in archive.content
