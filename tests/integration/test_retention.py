"""Rules of retention: what is due goes by the same erasure, what is held stays, and a rule is understood or refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.bootstrap import Consilium, Replacements, build
from app.lifecycle.retention import read_rules
from app.settings import load_settings
from domain.documents import Interval, Labels
from domain.errors import RequestError
from ingestion.workflow import IngestRequest
from tests.clients import trail_of
from tests.fakes.embedder import FakeEmbedder
from tests.store_bytes import CANARIES, ask, files_with, keep, subject


class Calendar:
    """A clock that stands on a day until it is set on."""

    def __init__(self) -> None:
        self.time = datetime(2026, 5, 1, 12, tzinfo=UTC)

    def today(self) -> date:
        return self.time.date()

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return self.time.timestamp()


@pytest.fixture
def clock() -> Calendar:
    return Calendar()


@pytest.fixture
def house(tmp_path: Path, clock: Calendar) -> Iterator[Consilium]:
    settings = load_settings(home=tmp_path / "home")
    with build(settings, Replacements(embedder=FakeEmbedder(), clock=clock)) as consilium:
        keep(consilium, 2)
        clock.time = datetime(2026, 6, 1, 12, tzinfo=UTC)
        keep(consilium, 4, first=2)
        yield consilium


def rules(house: Consilium, text: str) -> None:
    (house.settings.home / "retention.toml").write_text(text, encoding="utf-8")


def test_without_rules_nothing_is_due(house: Consilium) -> None:
    assert house.retention.due() == []


def test_what_is_older_than_its_rule_goes_and_what_is_held_stays(house: Consilium, clock: Calendar) -> None:
    rules(house, '[[rule]]\ncollection = "charts"\ndays = 30\n')
    hold = house.erasures.place_hold(subject("s00"), "Litigation")
    clock.time = datetime(2026, 6, 1, 12, tzinfo=UTC)
    (due,) = house.retention.due()
    assert (len(due.documents), [one[1] for one in due.held], due.undated) == (1, [hold.id], 0)
    assert files_with(house.settings.home, *CANARIES) == CANARIES[:4]
    (done,) = house.retention.apply()
    assert [receipt.documents for receipt in done.receipts] == [due.documents]
    assert files_with(house.settings.home, *CANARIES) == [CANARIES[0], CANARIES[2], CANARIES[3]]
    events = [event.event for event in trail_of(house)]
    assert events[-3:] == ["retention_applied", "erasure_began", "erasure_done"]
    clock.time = datetime(2026, 7, 1, 12, tzinfo=UTC)
    house.erasures.release_hold("default", hold.id)
    assert len(next(iter(house.retention.apply())).receipts) == 3
    assert files_with(house.settings.home, *CANARIES) == []


def test_a_text_goes_so_many_days_after_it_ended_and_an_open_one_stays(house: Consilium) -> None:
    for name, ends in (("a.txt", date(2026, 1, 1)), ("b.txt", date(2026, 5, 20)), ("c.txt", None)):
        request = IngestRequest(labels=Labels(collection="law"), in_force=Interval(effective_to=ends))
        house.ingestor.ingest_bytes(f"The text of {name} holds.".encode(), name, request)
    rules(house, '[[rule]]\ncollection = "law"\ndays = 60\nbasis = "ended"\n')
    (due,) = house.retention.apply()
    assert (len(due.documents), due.undated) == (1, 1)
    paths = sorted(version.path for version in house.catalogue.every_version() if "note" not in version.path)
    assert paths == ["b.txt", "c.txt"]


def test_answers_go_by_their_own_rule(house: Consilium, clock: Calendar) -> None:
    early = ask(house, 0)["id"]
    clock.time = datetime(2026, 6, 20, 12, tzinfo=UTC)
    late = ask(house, 0)["id"]
    rules(house, "[[answers]]\ndays = 10\n")
    assert [due.answers for due in house.retention.due()] == [1]
    assert [due.answers for due in house.retention.apply()] == [1]
    assert house.replays.record("default", late).id == late
    with pytest.raises(RequestError):
        house.replays.record("default", early)


@pytest.mark.parametrize(
    "text",
    [
        "rule = 1",
        '[[rule]]\ncollection = "a"',
        '[[rule]]\ncollection = "a"\ndays = 0',
        '[[rule]]\ncollection = "a"\ndays = "30"',
        '[[rule]]\ncollection = "a"\ndays = true',
        '[[rule]]\ncollection = "a"\ndays = 30\nbasis = "moon"',
        '[[rule]]\ncollection = "a"\ndays = 30\nday = 3',
        '[[rule]]\ncollection = "a"\ndays = 30\n[[rule]]\ncollection = "a"\ndays = 40',
        "[[rules]]\ndays = 3",
        "not toml",
    ],
)
def test_a_rule_that_is_not_understood_is_refused_as_a_whole(tmp_path: Path, text: str) -> None:
    (tmp_path / "retention.toml").write_text(text, encoding="utf-8")
    with pytest.raises(RequestError) as caught:
        read_rules(tmp_path / "retention.toml")
    assert caught.value.code == "request.setting_invalid"
