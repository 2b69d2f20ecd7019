from __future__ import annotations

from domain.answers import Finding
from policies.disclosure.overlaps import without_overlaps


def finding(start: int, end: int, kind: str, score: float = 0.6) -> Finding:
    return Finding(start=start, end=end, kind=kind, score=score, recogniser=kind.lower())


def spans(*findings: Finding) -> list[tuple[int, int, str]]:
    return [(found.start, found.end, found.kind) for found in without_overlaps(findings)]


def test_findings_apart_stay_apart_and_come_in_order() -> None:
    assert spans(finding(7, 9, "URL"), finding(0, 3, "DATE"), finding(3, 5, "DATE")) == [
        (0, 3, "DATE"),
        (3, 5, "DATE"),
        (7, 9, "URL"),
    ]


def test_of_two_kinds_of_one_level_the_longer_gives_its_name() -> None:
    assert spans(finding(0, 20, "EMAIL_ADDRESS"), finding(0, 8, "PERSON", 1.0)) == [(0, 20, "EMAIL_ADDRESS")]


def test_findings_that_overlap_in_part_become_one_that_covers_both() -> None:
    assert spans(finding(0, 10, "PERSON"), finding(6, 14, "ADDRESS")) == [(0, 14, "PERSON")]


def test_a_secret_inside_something_longer_names_the_whole() -> None:
    assert spans(finding(0, 40, "URL"), finding(20, 36, "CREDIT_CARD")) == [(0, 40, "CREDIT_CARD")]


def test_a_kind_that_nobody_declared_counts_as_secret() -> None:
    assert spans(finding(0, 40, "EMAIL_ADDRESS"), finding(20, 36, "STRANGE")) == [(0, 40, "STRANGE")]


def test_equal_spans_take_the_higher_score() -> None:
    (found,) = without_overlaps([finding(0, 9, "PASSPORT", 0.5), finding(0, 9, "OTHER_ID", 0.7)])
    assert (found.kind, found.score, found.recogniser) == ("OTHER_ID", 0.7, "other_id")
