from __future__ import annotations

import pytest

from ingestion.designators import Mark, nest, scan


def paths(text: str) -> list[str]:
    """Return the accepted paths of a text, without brackets."""
    return [".".join(numbers) for numbers in nest(scan(text, 0, len(text))) if numbers is not None]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ("h 1 2 i j", "h h.1 h.2 i j"),
        ("h 1 i ii 2 i", "h h.1 h.1.i h.1.ii h.2 i"),
        ("h 1 2 i ii iii", "h h.1 h.2 h.2.i h.2.ii h.2.iii"),
        ("h i 1 i ii j", "h i i.1 i.1.i i.1.ii j"),
        ("a 1 i A 1 i ii 2 B ii", "a a.1 a.1.i a.1.i.A a.1.i.A.1 a.1.i.A.1.i a.1.i.A.1.ii a.1.i.A.2 a.1.i.B a.1.ii"),
        ("a b d e", "a b d e"),
        ("1 i ii 2", "1 1.i 1.ii 2"),
        ("y z aa bb", "y z aa bb"),
        ("a 1 iv v", "a a.1"),
    ],
)
def test_a_number_is_placed_by_the_sequence_around_it(numbers: str, expected: str) -> None:
    first = numbers.split(maxsplit=1)[0]
    lead = [] if first in {"a", "1"} else [chr(code) for code in range(ord("a"), ord(first))]
    marks = [Mark(start=0, end=0, numbers=(number,)) for number in [*lead, *numbers.split()]]
    found = [".".join(place) for place in nest(marks) if place is not None]
    assert found[len(lead) :] == expected.split()


def test_several_numbers_in_a_row_nest_in_one_another() -> None:
    assert paths("(a)(1)(i) One.\n(ii) Two.\n(2) Three.\n(b)(1) Four.") == ["a.1.i", "a.1.ii", "a.2", "b.1"]


def test_a_number_after_a_heading_on_the_same_line_counts() -> None:
    text = "(a) Uses. (1) Permitted uses. The\nagency may: (i) Act; or(ii) Wait."
    assert paths(text) == ["a", "a.1", "a.1.i", "a.1.ii"]


def test_a_line_that_starts_with_a_reference_opens_nothing() -> None:
    text = "(a) One.\n(1) As in paragraph\n(b)(1) of this section, and under\n(b) Or so.\n(2) Two.\n(b) Three."
    assert paths(text) == ["a", "a.1", "a.2", "b"]
    assert paths("(a) One.\n(1) As in paragraph\n(2) of this section.\n(b) Two.") == ["a", "a.1", "b"]


def test_a_lost_opening_bracket_is_made_up_for() -> None:
    assert paths("(a) One.\n1) Two.\n2) Three.\n(b) Four.\nA) plan") == ["a", "a.1", "a.2", "b"]


def test_a_definition_starts_the_numbering_afresh() -> None:
    marks = [Mark(start=n, end=n, numbers=numbers) for n, numbers in enumerate([("1",), ("2",), (), ("1",), ("i",)])]
    assert nest(marks) == [("1",), ("2",), (), ("1",), ("1", "i")]


def test_thousands_of_marks_take_no_long_time() -> None:
    text = "(a) x\n(1) y\n(i) z\n" * 2_000
    assert len(nest(scan(text, 0, len(text)))) == 6_000
    assert set(nest(scan(text * 10, 0, len(text) * 10))) == {None}
