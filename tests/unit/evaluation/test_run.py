"""Runs can be interrupted, resumed and repeated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from domain.errors import RequestError
from evaluation.means import means
from evaluation.report import Case, Curve, Figure, Report
from evaluation.run import digest, evaluate
from evaluation.subject import Subject
from evaluation.suite import Progress, Suite
from tests.unit.evaluation.scripted import ScriptedSubject


class StoppedError(Exception):
    """Somebody pressed Ctrl-C."""


@dataclass
class Counting:
    """Ten cases that score their number; stops before the case ``stop``."""

    stop: str = ""
    prepared: int = 0
    measured: list[str] = field(default_factory=list)

    name = "ten"
    keys = tuple(str(number) for number in range(10))

    def prepare(self, subject: Subject, progress: Progress) -> None:
        self.prepared += 1

    def measure(self, key: str, subject: Subject) -> Case:
        if key == self.stop:
            raise StoppedError
        self.measured.append(key)
        return Case(id=key, scores={"number": float(key)}, tags={"odd": str(int(key) % 2)}, passages=("p",))

    def conclude(self, cases: Sequence[Case], seed: int) -> tuple[tuple[Figure, ...], tuple[Curve, ...]]:
        return means(cases, seed), ()


class Newer(ScriptedSubject):
    """Another version of the product."""

    def describe(self) -> Mapping[str, Mapping[str, str]]:
        return {**super().describe(), "product": {"version": "10.0"}}


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    file = tmp_path / "ten.txt"
    file.write_text("ten")
    return file


def measured(
    work: Counting, dataset: Path, *, limit: int | None = None, subject: ScriptedSubject | None = None
) -> Report:
    suite = Suite(name="count", summary="", formats="", main=("number", "other"), read=lambda _: work)
    journal = dataset.with_suffix(".journal")
    return evaluate(suite, dataset, subject or ScriptedSubject(), limit=limit, journal=journal)


def test_a_run_goes_on_where_it_was_stopped(dataset: Path) -> None:
    with pytest.raises(StoppedError):
        measured(Counting(stop="6"), dataset)
    with dataset.with_suffix(".journal").open("a") as journal:
        journal.write('{"id": "6", "sco')
    second = Counting()
    report = measured(second, dataset)
    assert second.measured == ["6", "7", "8", "9"]
    assert report.figure("number").value == 4.5
    assert report.cases[3] == Case(id="3", scores={"number": 3.0}, tags={"odd": "1"}, passages=("p",))
    assert not dataset.with_suffix(".journal").exists()


def test_nothing_is_taken_from_a_run_of_another_product_dataset_or_limit(dataset: Path) -> None:
    for change in ("product", "dataset", "limit"):
        with pytest.raises(StoppedError):
            measured(Counting(stop="6"), dataset)
        if change == "dataset":
            dataset.write_text("other")
        again = Counting()
        measured(
            again, dataset, limit=5 if change == "limit" else None, subject=Newer() if change == "product" else None
        )
        assert again.measured[0] == "0", change


def test_a_limit_takes_cases_from_all_over(dataset: Path) -> None:
    work = Counting()
    assert [case.id for case in measured(work, dataset, limit=4).cases] == ["0", "2", "5", "7"]
    with pytest.raises(RequestError):
        measured(Counting(), dataset, limit=0)


def test_a_report_says_what_it_was_made_of(dataset: Path) -> None:
    report = measured(Counting(), dataset)
    assert (report.origin.dataset, report.origin.product, report.origin.seed) == ("ten", "9.9", 0)
    assert report.origin.dataset_digest == digest(dataset)
    assert report.origin.models == {"encoder": "none"}
    assert report.main == ("number",)
    assert int(report.origin.machine["cores"]) >= 1


def test_a_digest_changes_with_names_and_contents(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "a.txt").write_text("one")
    first = digest(folder)
    (folder / "a.txt").write_text("two")
    second = digest(folder)
    (folder / "a.txt").rename(folder / "b.txt")
    assert len({first, second, digest(folder)}) == 3


def test_a_mean_is_over_the_cases_that_have_it() -> None:
    cases = [Case(id="1", scores={"a": 1.0, "cost": 3.0}), Case(id="2", scores={"a": 0.0})]
    first, second = means(cases, 0, lower_is_better=lambda name: name == "cost")
    assert (first.name, first.value, first.count, first.higher_is_better) == ("a", 0.5, 2, True)
    assert (second.name, second.value, second.count, second.higher_is_better) == ("cost", 3.0, 1, False)
