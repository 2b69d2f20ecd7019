"""New text is found by words as soon as it is read; its vectors follow, whatever happens in between."""

from __future__ import annotations

import array
import signal
import textwrap
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.bootstrap import Consilium, Replacements, build
from app.cli.door import LocalDoor
from app.settings import load_settings
from domain.documents import Reading
from domain.errors import ServiceError
from domain.ports.passage_index import IndexFilter
from ingestion.limits import Limits
from ingestion.outcomes import MemberOutcome, Progress
from ingestion.sandbox import ReadingSandbox
from tests import forked
from tests.fakes.embedder import FakeEmbedder
from tests.readings import TODAY, asked, reading, request

TEN = ("act.txt", reading(("Article 1", "The deadline is ten days.")))
FEES = ("fees.txt", reading(("Article 1", "Fees are twelve euro."), title="Fees"))


class Encoder(FakeEmbedder):
    """Calls ``before`` each time it is to embed several texts or a passage; a question alone is embedded at once."""

    def __init__(self) -> None:
        super().__init__()
        self.before: Callable[[], None] = lambda: None

    def embed(self, texts: Sequence[str]) -> list[array.array[float]]:
        if any("\n" in text for text in texts):
            self.before()
        return super().embed(texts)


@pytest.fixture
def encoder() -> Encoder:
    return Encoder()


@pytest.fixture
def house(tmp_path: Path, encoder: Encoder) -> Iterator[Consilium]:
    with build(load_settings(home=tmp_path / "home"), Replacements(embedder=encoder)) as consilium:
        yield consilium


def found(
    house: Consilium, text: str, mode: str = "words", *, subjects: tuple[str, ...] = (), collection: str = "law"
) -> list[str]:
    question = asked(text, subjects=subjects, collections=(collection,))
    return [evidence.passage.text for evidence in house.retriever.retrieve(question, mode)]


def statuses(house: Consilium, *items: tuple[str, Reading]) -> list[str]:
    return [outcome.status for outcome in house.ingestor.ingest_readings(items, request())]


def fail() -> None:
    raise ServiceError("service.encoder_unavailable")


def left_without_vectors(house: Consilium, encoder: Encoder, *items: tuple[str, Reading]) -> None:
    encoder.before = fail
    with pytest.raises(ServiceError):
        statuses(house, *items)
    encoder.before = lambda: None


def test_the_words_of_all_come_before_the_vectors_of_any(
    house: Consilium, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingestion.workflow._READINGS", 1)
    seen: list[tuple[list[str], list[str]]] = []
    encoder.before = lambda: seen.append((found(house, "deadline"), found(house, "fees", collection="prices")))
    each = [(*TEN, request()), (*FEES, request(collection="prices"))]
    outcomes = list(house.ingestor.ingest_each(each))
    assert [(o.path, o.status, o.passages) for o in outcomes] == [("act.txt", "indexed", 1), ("fees.txt", "indexed", 1)]
    assert seen == [(["Article 1\nThe deadline is ten days."], ["Article 1\nFees are twelve euro."])]
    assert house.catalogue.waiting() == {}


def test_a_text_without_vectors_is_found_by_words_and_listed_but_is_not_acknowledged(
    house: Consilium, encoder: Encoder
) -> None:
    statuses(house, FEES)
    left_without_vectors(house, encoder, TEN)
    assert found(house, "deadline", "dense") == found(house, "fees", "dense")
    assert any("ten days" in text for text in found(house, "deadline days", "hybrid"))
    assert any("twelve euro" in text for text in found(house, "deadline days", "hybrid"))
    assert len(list(house.catalogue.documents("default", []))) == 2
    assert house.ingestor.ledger.entry("default", "law", "fees.txt") is not None
    assert house.ingestor.ledger.entry("default", "law", "act.txt") is None
    assert len(LocalDoor(house).search({"query": "deadline"})["results"]) == 2


def test_its_labels_hold_at_once(house: Consilium, encoder: Encoder) -> None:
    encoder.before = fail
    with pytest.raises(ServiceError):
        list(house.ingestor.ingest_readings([("a.txt", reading(("Note", "Anna sleeps.")))], request(subject="anna")))
    assert found(house, "sleeps") == []
    assert found(house, "sleeps", subjects=("anna",)) == ["Note\nAnna sleeps."]
    assert found(house, "sleeps", subjects=("anna",), collection="other") == []


def test_the_same_command_finishes_what_was_left_and_duplicates_nothing(house: Consilium, encoder: Encoder) -> None:
    left_without_vectors(house, encoder, TEN, FEES)
    (waiting, *_) = house.catalogue.waiting()
    assert statuses(house, TEN, FEES) == ["indexed", "indexed"]
    assert statuses(house, TEN, FEES) == ["unchanged", "unchanged"]
    assert house.index.count() == 2
    assert len(found(house, "deadline", "dense")) == 2
    assert house.catalogue.version(waiting) is not None


def test_any_next_ingestion_finishes_what_was_left(house: Consilium, encoder: Encoder) -> None:
    left_without_vectors(house, encoder, TEN)
    assert statuses(house, FEES) == ["indexed"]
    assert house.catalogue.waiting() == {}
    assert len(found(house, "deadline", "dense")) == 2


def test_finishing_embeds_what_was_left_and_an_upload_may_come_in_between(house: Consilium, encoder: Encoder) -> None:
    left_without_vectors(house, encoder, TEN, FEES)
    finishing = house.ingestor.finish()
    assert next(finishing) == 2
    (uploaded,) = house.ingestor.ingest_bytes(b"# Note\n\nThe dose is 5 mg.\n", "note.md", request())
    assert uploaded.status == "indexed"
    assert list(finishing) == []
    assert house.catalogue.waiting() == {}
    assert len(found(house, "deadline", "dense")) == 3


def test_a_correction_is_found_and_the_corrected_text_gone_before_the_vectors_follow(
    house: Consilium, encoder: Encoder
) -> None:
    statuses(house, TEN)
    left_without_vectors(house, encoder, ("act.txt", reading(("Article 1", "The deadline is twenty days."))))
    for mode in ("words", "dense", "hybrid"):
        assert not any("ten days" in text for text in found(house, "deadline", mode))
    assert found(house, "deadline") == ["Article 1\nThe deadline is twenty days."]
    assert house.index.count() == 1


def test_a_later_edition_closes_the_dates_of_the_one_before_while_its_vectors_are_missing(
    house: Consilium, encoder: Encoder
) -> None:
    for year, days in ((2020, "Ten"), (2024, "Twenty")):
        read = reading(("Article 1", f"{days} days."), work="act/1", since=date(year, 1, 1))
        left_without_vectors(house, encoder, (f"{year}.xml", read))
    for day, said in ((date(2023, 12, 31), "Ten"), (date(2024, 1, 1), "Twenty")):
        (evidence,) = house.retriever.retrieve(asked("days", as_of=day), "words")
        assert said in evidence.passage.text
        assert house.index.count(IndexFilter(tenant="default", as_of=day)) == 1


@pytest.mark.parametrize("same", [True, False], ids=["by the same command", "by another"])
def test_an_index_that_missed_a_publication_is_put_right(
    house: Consilium, monkeypatch: pytest.MonkeyPatch, *, same: bool
) -> None:
    statuses(house, TEN)
    corrected = ("act.txt", reading(("Article 1", "The deadline is twenty days.")))

    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(type(house.index), "delete_version", cut_off)
        with pytest.raises(KeyboardInterrupt):
            statuses(house, corrected)
    assert found(house, "deadline") == ["Article 1\nThe deadline is twenty days."]
    assert house.index.count() == 2
    assert statuses(house, corrected if same else FEES) == ["indexed"]
    assert house.index.count() == (1 if same else 2)
    assert len(found(house, "deadline", "dense")) == house.index.count()


def test_a_version_that_is_corrected_while_it_waits_is_passed_over(house: Consilium, encoder: Encoder) -> None:
    left_without_vectors(house, encoder, TEN)
    finishing = house.ingestor.finish()
    corrected = ("act.txt", reading(("Article 1", "The deadline is twenty days.")))
    left_without_vectors(house, encoder, corrected)
    assert list(finishing) == [1]
    assert house.catalogue.waiting() == {}
    assert found(house, "deadline", "dense") == ["Article 1\nThe deadline is twenty days."]


class SlowSandbox(ReadingSandbox):
    """Reads the second file only once the first one's vectors are asked for."""

    def __init__(self, limits: Limits, go_on: threading.Event) -> None:
        super().__init__(limits)
        self._go_on = go_on
        self.waited_for_nothing = False

    def read_bytes(self, content: bytes, name: str) -> list[MemberOutcome]:
        if name == "b.txt":
            self.waited_for_nothing = not self._go_on.wait(60)
        return [MemberOutcome(name=name, reading=reading(("Note", content.decode())), code=None)]


def test_while_a_file_takes_long_to_read_the_encoder_works_on_those_before_it(
    house: Consilium, encoder: Encoder, tmp_path: Path
) -> None:
    go_on = threading.Event()
    encoder.before = go_on.set
    sandbox = SlowSandbox(house.sandbox.limits, go_on)
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(f"Text of {name}", encoding="utf-8")
    told: list[Progress] = []
    ingestor = replace(house.ingestor, sandbox=sandbox)
    outcomes = [o.status for o in ingestor.ingest([tmp_path / "a.txt", tmp_path / "b.txt"], request(), told.append)]
    assert outcomes == ["indexed", "indexed"]
    assert not sandbox.waited_for_nothing
    assert told[0] == Progress(files=1, searchable=1, embedded=0)
    assert told[-1] == Progress(files=2, searchable=2, embedded=2)


KILLED = textwrap.dedent(
    """
    import sys, time
    from pathlib import Path
    from app.bootstrap import Replacements, build
    from app.settings import load_settings
    from tests.fakes.embedder import FakeEmbedder
    from tests.integration.test_words_first import many
    from tests.readings import request

    class Slow(FakeEmbedder):
        calls = 0

        def embed(self, texts):
            self.calls += 1
            if self.calls > 1:
                print("embedding", flush=True)
                time.sleep(600)
            return super().embed(texts)

    house = build(load_settings(home=Path(sys.argv[1])), Replacements(embedder=Slow()))
    for _ in house.ingestor.ingest_readings(many(), request()):
        print("acknowledged", flush=True)
    """
)


def many() -> list[tuple[str, Reading]]:
    return [(f"{n}.txt", reading(("Article 1", f"The deadline of case{n} is {n} days."))) for n in range(1_500)]


def test_a_run_that_is_killed_while_vectors_follow_is_finished_by_the_same_command(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with forked.talking([str(home)], what=KILLED) as child:
        acknowledged = sum(1 for _ in iter(lambda: next(child.stdout).strip(), "embedding"))
        child.process.kill()
    assert child.process.returncode == -signal.SIGKILL
    assert acknowledged == 1_024
    with build(load_settings(home=home), Replacements(embedder=FakeEmbedder())) as house:
        assert found(house, "case1499") == ["Article 1\nThe deadline of case1499 is 1499 days."]
        assert len(house.catalogue.waiting()) == 1_500 - 1_024
        outcomes = statuses(house, *many())
        assert (outcomes.count("unchanged"), outcomes.count("indexed")) == (1_024, 1_500 - 1_024)
        assert house.index.count() == 1_500
        everything = IndexFilter(tenant="default", as_of=TODAY)
        assert len(house.index.search_dense(FakeEmbedder().embed(["x"])[0], everything, 2_000)) == 1_500
