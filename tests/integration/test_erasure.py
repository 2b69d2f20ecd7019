"""Erasure reaches every copy, keeps what must be kept, and is finished after a kill -9 at any step."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.bootstrap import Consilium, Replacements, build
from app.cli.door import LocalDoor
from app.settings import load_settings
from domain.audit import faults
from domain.documents import Labels
from domain.erasure import Target
from domain.errors import PolicyUnavailableError, RequestError
from domain.ports.embedder import Embedder
from ingestion.workflow import IngestRequest
from tests.clients import client_of
from tests.store_bytes import CANARIES, files_with


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def house(home: Path, encoder: Embedder) -> Iterator[Consilium]:
    with build(load_settings(home=home), Replacements(embedder=encoder)) as consilium:
        keep(consilium, 10)
        yield consilium


def keep(consilium: Consilium, subjects: int) -> None:
    """Ingest a note about each of so many subjects, with its original."""
    for number, canary in enumerate(CANARIES[:subjects]):
        note = f"The patient takes {canary} twice a day.\n\nNo allergy to {canary} is known.".encode()
        labels = Labels(subjects=(f"s{number:02}",))
        (outcome,) = consilium.ingestor.ingest_bytes(note, f"note {number}.txt", IngestRequest(labels=labels))
        assert outcome.status in {"indexed", "unchanged"}, outcome


def ingest(consilium: Consilium, file: Path, **options: str) -> str:
    (outcome,) = LocalDoor(consilium).ingest([file], options)
    assert outcome["status"] == "indexed", outcome
    return str(outcome["document_id"])


def subject(name: str) -> Target:
    return Target(tenant="default", kind="subject", id=name)


def answer(consilium: Consilium, name: str) -> dict[str, Any]:
    return LocalDoor(consilium).ask({"question": "What does the patient take twice a day?", "subjects": [name]})


@pytest.mark.slow
def test_fifty_subjects_are_gone_from_every_byte_of_the_store(house: Consilium, home: Path) -> None:
    keep(house, 50)
    assert files_with(home, *CANARIES) == CANARIES
    assert CANARIES[7] in str(answer(house, "s07"))
    for number in range(50):
        receipt = house.erasures.erase(subject(f"s{number:02}"))
        assert (len(receipt.documents), len(receipt.originals), receipt.kept) == (1, 1, ())
        assert receipt.passages >= 1
    assert files_with(home, *CANARIES) == []
    assert answer(house, "s07")["status"] == "refused"
    assert house.index.count() == 0
    house.close()
    assert files_with(home, *CANARIES) == []


def test_no_file_of_the_index_names_a_subject_that_was_erased(house: Consilium, home: Path) -> None:
    labels = Labels(subjects=("zqsubjectx",))
    house.ingestor.ingest_bytes(b"The patient takes insulin.", "note.txt", IngestRequest(labels=labels))
    assert files_with(home / "index", "zqsubjectx") == ["zqsubjectx"]
    house.erasures.erase(subject("zqsubjectx"))
    assert files_with(home / "index", "zqsubjectx") == []


def test_the_others_stay_as_they_were(house: Consilium, home: Path) -> None:
    before = house.index.count()
    passages = house.erasures.erase(subject("s03")).passages
    assert house.index.count() == before - passages
    assert files_with(home, CANARIES[3]) == []
    assert CANARIES[4] in str(answer(house, "s04"))
    with pytest.raises(RequestError) as caught:
        house.erasures.erase(subject("s03"))
    assert caught.value.code == "request.not_found"


def test_what_is_under_a_hold_stays_until_it_is_released(house: Consilium, home: Path) -> None:
    hold = house.erasures.place_hold(subject("s01"), "Litigation 12/2026")
    receipt = house.erasures.erase(subject("s01"))
    assert receipt.documents == ()
    assert [(kept.because, kept.hold_id) for kept in receipt.kept] == [("held", hold.id)]
    assert CANARIES[1] in str(answer(house, "s01"))
    with pytest.raises(RequestError):
        house.erasures.release_hold("other", hold.id)
    house.erasures.release_hold("default", hold.id)
    assert house.erasures.erase(subject("s01")).kept == ()
    assert files_with(home, CANARIES[1]) == []


def test_a_document_about_others_too_stays_unless_it_is_meant_as_a_whole(
    house: Consilium, home: Path, tmp_path: Path
) -> None:
    both = tmp_path / "both.json"
    both.write_text(
        """{"resourceType": "Bundle", "type": "collection", "entry": [
        {"resource": {"resourceType": "Patient", "id": "one", "name": [{"family": "zqfamilyonex", "given": ["A"]}]}},
        {"resource": {"resourceType": "Patient", "id": "two", "name": [{"family": "zqfamilytwox", "given": ["B"]}]}},
        {"resource": {"resourceType": "Condition", "id": "c1", "subject": {"reference": "Patient/one"},
          "code": {"text": "zqfluonex"}}},
        {"resource": {"resourceType": "Condition", "id": "c2", "subject": {"reference": "Patient/two"},
          "code": {"text": "zqflutwox"}}}]}""",
        encoding="utf-8",
    )
    ingest(house, both)
    receipt = house.erasures.erase(subject("one"))
    assert [kept.because for kept in receipt.kept] == ["shared"]
    assert files_with(home, "zqfluonex") != []
    receipt = house.erasures.erase(subject("one"), shared=True)
    assert len(receipt.documents) == 1
    for word in ("zqfluonex", "zqflutwox", "zqfamilyonex", "zqfamilytwox"):
        assert files_with(home, word) == []


def test_the_same_bytes_under_another_name_keep_their_original(house: Consilium, tmp_path: Path) -> None:
    first, second = tmp_path / "first.txt", tmp_path / "second.txt"
    for file in (first, second):
        file.write_text("A rule that stands in two places.", encoding="utf-8")
    one, two = ingest(house, first), ingest(house, second)
    assert house.erasures.erase(Target(tenant="default", kind="document", id=one)).originals == ()
    (digest,) = house.erasures.erase(Target(tenant="default", kind="document", id=two)).originals
    assert house.ingestor.blobs.get(digest) is None
    assert ingest(house, first) == one


def test_an_original_that_is_also_a_held_document_stays(house: Consilium) -> None:
    note = b"The patient takes zqsharedx twice a day."
    for collection in ("one", "two"):
        labels = Labels(subjects=("s99",), collection=collection)
        house.ingestor.ingest_bytes(note, f"{collection}.txt", IngestRequest(labels=labels))
    held = next(house.catalogue.documents("default", ["two"]))
    hold = house.erasures.place_hold(Target(tenant="default", kind="document", id=held.id), "Litigation")
    receipt = house.erasures.erase(subject("s99"))
    assert len(receipt.documents) == 1
    assert receipt.originals == ()
    assert {(kept.document_id, kept.hold_id) for kept in receipt.kept} == {(held.id, hold.id)}
    assert house.ingestor.blobs.get(hashlib.sha256(note).hexdigest()) == note


class Killed(BaseException):
    pass


STEPS = ("begin", "delete_version", "delete", "forget", "erase_documents", "compact", "append", "end")


class _Dying:
    """A part of the store that dies in one of its methods, before or after it did its work."""

    def __init__(self, part: Any, method: str, *, after: bool, calls: int = 1) -> None:
        self._part, self._method, self._after, self._calls = part, method, after, calls

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._part, name)
        if name != self._method:
            return real

        def dying(*arguments: Any, **named: Any) -> Any:
            self._calls -= 1
            if self._calls:
                return real(*arguments, **named)
            if self._after:
                real(*arguments, **named)
            raise Killed

        return dying


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", STEPS)
def test_an_erasure_that_ends_in_the_middle_is_finished_by_the_next_start(
    home: Path, encoder: Embedder, step: str, *, after: bool
) -> None:
    with build(load_settings(home=home), Replacements(embedder=encoder)) as house:
        keep(house, 1)
        parts = {
            "begin": "queue", "end": "queue", "delete_version": "index", "compact": "index", "delete": "blobs",
            "forget": "ledger", "erase_documents": "catalogue", "append": "audit",
        }  # fmt: skip
        part = getattr(house.erasures, parts[step])
        dying: Any = _Dying(part, step, after=after, calls=2 if step == "append" else 1)
        broken = dataclasses.replace(house.erasures, **{parts[step]: dying})
        with pytest.raises(Killed):
            broken.erase(subject("s00"))
    with build(load_settings(home=home), Replacements(embedder=encoder)) as house:
        if (step, after) == ("begin", False):
            # Only what is remembered was promised.
            assert CANARIES[0] in str(answer(house, "s00"))
            house.erasures.erase(subject("s00"))
        assert files_with(home, CANARIES[0]) == []
        assert house.index.count() == 0
        assert house.erasures.queue.unfinished() == []
        assert answer(house, "s00")["status"] == "refused"


def test_without_an_audit_trail_nothing_is_erased(house: Consilium, home: Path) -> None:
    (home / "audit-head.json").unlink(missing_ok=True)
    (home / "audit-head.json").mkdir()
    with pytest.raises(PolicyUnavailableError):
        house.erasures.erase(subject("s05"))
    assert files_with(home, CANARIES[5]) != []


def test_the_trail_says_what_was_erased_by_ids(house: Consilium) -> None:
    receipt = house.erasures.erase(subject("s09"))
    assert house.trail is not None
    events = list(house.trail.events())
    done = events[-1]
    assert (done.event, done.facts["erasure_id"], done.facts["documents"]) == (
        "erasure_done", receipt.id, list(receipt.documents)
    )  # fmt: skip
    assert list(faults(events, house.trail.checkpoints(), house.trail.verified)) == []


def test_erasures_and_holds_over_http(house: Consilium) -> None:
    with client_of(house, raise_server_exceptions=False) as client:
        hold = client.post("/v1/holds", json={"subject": "s02", "reason": "Audit of 2026"}).json()
        assert client.get("/v1/holds").json() == {"holds": [hold]}
        kept = client.post("/v1/erasures", json={"subject": "s02"}).json()["kept"]
        assert [(one["because"], one["hold_id"]) for one in kept] == [("held", hold["id"])]
        assert client.delete(f"/v1/holds/{hold['id']}").status_code == 204
        assert client.delete(f"/v1/holds/{hold['id']}").status_code == 404
        receipt = client.post("/v1/erasures", json={"subject": "s02"}).json()
        assert (receipt["kind"], receipt["target"], len(receipt["documents"]), receipt["kept"]) == (
            "subject",
            "s02",
            1,
            [],
        )
        for body in ({}, {"subject": "a", "document": "b"}, {"subject": " "}, {"subject": "a", "colour": "red"}):
            assert client.post("/v1/erasures", json=body).json()["code"] == "request.invalid"
        assert client.post("/v1/erasures", json={"subject": "nobody"}).status_code == 404
        assert client.post("/v1/holds", json={"subject": "s04"}).status_code == 422
