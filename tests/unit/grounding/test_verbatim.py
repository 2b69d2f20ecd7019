"""Quoted words are found where they stand, or not at all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.grounding.verbatim import find_quote
from tests.unit.answering.cases import passage

TEXT = "The patient’s dose\n was  2.5\u00a0mg – not 12.5 mg – of the ﬁrst drug. Give treat\u00adment twice."


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("The patient's dose was 2.5 mg", "The patient’s dose\n was  2.5\u00a0mg"),
        ("2.5 mg - not 12.5 mg", "2.5\u00a0mg – not 12.5 mg"),
        ("of the first drug.", "of the ﬁrst drug."),
        ("Give treatment twice", "Give treat\u00adment twice"),
    ],
)
def test_the_drawing_of_characters_may_differ(words: str, found: str) -> None:
    span = find_quote(words, passage(TEXT))
    assert span is not None
    assert TEXT[span[0] : span[1]] == found


@pytest.mark.parametrize(
    "words",
    [
        "dose was 2.6 mg", "dose was 2,5 mg", "dose ... mg", "dose … mg", "Dose was 2.5 mg", "the patients dose",
        "5 mg – not", "2.5 mg – not 12", "irst drug", "atient’s dose", "", "  ", "mg", "–",
    ],
)  # fmt: skip
def test_anything_else_is_not_there(words: str) -> None:
    assert find_quote(words, passage(TEXT)) is None


def test_offsets_count_in_the_whole_version() -> None:
    moved = replace(passage("Give aspirin."), start=100, end=113)
    assert find_quote("aspirin", moved) == (105, 112)


def test_of_several_places_the_one_nearest_in_words_is_meant() -> None:
    text = "Lisinopril: 10 mg daily." + " " * 300 + "Metoprolol: 10 mg daily."
    assert find_quote("10 mg daily", passage(text)) == (12, 23)
    assert find_quote("10 mg daily", passage(text), "Metoprolol 10 mg is given daily.") == (336, 347)


@given(
    words=st.lists(st.sampled_from(["aspirin", "2.5 mg,", "“not”", "ﬁrst", "Art. 17(1)", "–", "naïve"]), min_size=3),
    spaces=st.lists(st.sampled_from([" ", "\n", " \u00a0", "\t\t", "\u2009"]), min_size=200, max_size=200),
)
def test_a_copy_with_other_white_space_is_found_as_written(words: list[str], spaces: list[str]) -> None:
    written = "".join(word + space for word, space in zip(words, spaces, strict=False)).strip()
    if sum(map(str.isalnum, written)) < 3:
        return
    text = f"Before. {written} After."
    span = find_quote(" ".join(words), passage(text))
    assert span is not None
    assert " ".join(text[span[0] : span[1]].split()) == " ".join(written.split())
