"""What every keeper of answers does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from app.store.answer_records import SqlAnswerRecords
from app.store.cipher import Cipher
from app.store.database import Database
from app.store.tables import documents
from domain.errors import ServiceError
from domain.ports.answer_records import AnswerRecords
from domain.provenance import AnswerRecord, PinnedClaim, PinnedPassage
from domain.questions import Actor, Question, Scope
from tests.conftest import Empty
from tests.fakes.answer_records import MemoryAnswerRecords

LABELS = '{"tenant": "acme", "collection": "c", "subjects": [], "walls": []}'


@pytest.fixture(params=["sqlite", "memory", pytest.param("postgres", marks=pytest.mark.xdist_group("postgres"))])
def records(request: pytest.FixtureRequest, empty: Empty) -> Iterator[AnswerRecords]:
    if request.param == "memory":
        yield MemoryAnswerRecords(gone=["d_gone"])
        return
    database = empty(request.param)
    with database.write() as connection:
        for name in ("d_1", "d_2"):
            connection.execute(documents.insert().values(row(name)))
    yield SqlAnswerRecords(database)


def row(document: str) -> dict[str, str]:
    return {
        "id": document, "tenant": "acme", "collection": "c", "identity": document, "title": "Chart", "labels": LABELS
    }  # fmt: skip


def record(name: str, *, subject: str = "anna", document: str = "d_1", day: str = "02") -> AnswerRecord:
    return AnswerRecord(
        id=name,
        asked_at=f"2026-05-{day}T10:00:00+00:00",
        question=Question(
            text="Which dose does she take?",
            scope=Scope(as_of=date(2026, 5, 1), tenant="acme", subjects=(subject,), collections=("c",)),
            actor=Actor(id="dr", tenant="acme", walls=("team",)),
            purpose="research",
            k=7,
        ),
        names=(subject, f"mrn-{subject}"),
        evidence=(PinnedPassage(passage_id="p_1", version_id="v_1", document_id=document, start=3, end=9),),
        claims=(PinnedClaim(digest="0" * 64, verdict="supported", quotes=(("p_1", 3, 9),)),),
        refusal="",
        configuration={"pack": "general"},
        models={"drafter": "extractive/1"},
    )


def test_an_answer_comes_back_as_it_was_kept_within_its_tenant(records: AnswerRecords) -> None:
    assert records.keep(record("a_1"))
    assert records.record("acme", "a_1") == record("a_1")
    assert records.record("other", "a_1") is None
    assert records.record("acme", "a_2") is None


def test_answers_go_with_any_name_of_their_subject_and_with_any_document_they_read(records: AnswerRecords) -> None:
    for name, subject, document in (("a_1", "anna", "d_1"), ("a_2", "bert", "d_1"), ("a_3", "carl", "d_2")):
        assert records.keep(record(name, subject=subject, document=document))
    assert records.forget("other", ["anna"], ["d_1"]) == 0
    assert records.forget("acme", ["mrn-anna"], []) == 1
    assert records.forget("acme", ["nobody"], ["d_2"]) == 1
    assert [records.record("acme", name) is None for name in ("a_1", "a_2", "a_3")] == [True, False, True]


def test_an_answer_from_a_document_that_was_erased_meanwhile_is_not_kept(records: AnswerRecords) -> None:
    assert not records.keep(record("a_1", document="d_gone"))
    assert records.record("acme", "a_1") is None


def test_answers_go_by_the_time_when_they_were_asked(records: AnswerRecords) -> None:
    for name, day in (("a_1", "01"), ("a_2", "02"), ("a_3", "03")):
        records.keep(record(name, day=day))
    assert records.count_before("acme", "2026-05-02T10:00:00+00:00") == 1
    assert records.forget_before("acme", "2026-05-03T00:00:00+00:00") == 2
    assert records.record("acme", "a_3") is not None


def test_an_old_answer_about_what_is_held_stays(records: AnswerRecords) -> None:
    for name, subject, document in (("a_1", "anna", "d_1"), ("a_2", "bert", "d_1"), ("a_3", "carl", "d_2")):
        records.keep(record(name, subject=subject, document=document))
    held, late = [("subject", "mrn-anna"), ("document", "d_2")], "2026-06-01T00:00:00+00:00"
    assert records.count_before("acme", late, held) == 1
    assert records.forget_before("acme", late, held) == 1
    assert [records.record("acme", name) is None for name in ("a_1", "a_2", "a_3")] == [False, True, False]


def test_with_a_key_the_database_shows_no_word_of_a_question(tmp_path: Path) -> None:
    with closing(Database(tmp_path / "answers.db")) as database:
        with database.write() as connection:
            connection.execute(documents.insert().values(row("d_1")))
        sealed = SqlAnswerRecords(database, Cipher([b"k" * 32]))
        sealed.keep(record("a_1"))
        database.scrub()
        assert sealed.record("acme", "a_1") == record("a_1")
        with pytest.raises(ServiceError):
            SqlAnswerRecords(database).record("acme", "a_1")
    assert not any(b"Which dose" in file.read_bytes() for file in tmp_path.iterdir())
