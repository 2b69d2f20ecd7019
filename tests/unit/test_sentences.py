"""Sentences are cut where a reader would cut them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.sentences import split


def texts(text: str) -> list[str]:
    return [text[start:end] for start, end in split(text)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Disclosure is permitted under 45 CFR 164.512(b) without consent.",
        "Under Art. 17 the controller erases the data.",
        "See Sec. 5. of the Act.",
        "Dr. Brown saw the patient.",
        "Some drugs, e.g. Aspirin, are not given.",
        "Regulation No. 5 applies.",
        "He took 5 mg. twice daily.",
        "The level was 2.5 mmol/L.",
        "Smith v. Jones, 5 F.3d 12 (2d Cir. 1999), decides it.",
        "(a) the notice is given in writing.",
    ],
)
def test_a_sentence_with_points_inside_stays_whole(sentence: str) -> None:
    assert texts(f"{sentence} Then it ends.") == [sentence, "Then it ends."]


def test_lines_and_list_items_are_sentences_of_their_own() -> None:
    text = "Give:\n- aspirin\n- warfarin\r\n\n  Stop it. \n"
    assert texts(text) == ["Give:", "- aspirin", "- warfarin", "Stop it."]


def test_offsets_are_those_of_the_text_even_with_contractions_and_hyphens() -> None:
    text = "  It isn't well-known. She can't say.  "
    assert split(text) == [(2, 22), (23, 37)]


def test_no_is_the_end_of_an_answer_but_not_of_a_number() -> None:
    assert texts("No. The lease ends.") == ["No.", "The lease ends."]
    assert texts("See No. 5 of the list.") == ["See No. 5 of the list."]


@given(st.text(alphabet=st.sampled_from("aB1 .!?\n\r\t-(),'\u2028é…"), max_size=60) | st.text(max_size=60))
def test_any_text_is_covered_in_order_and_trimmed(text: str) -> None:
    spans = split(text)
    assert "".join(text[a:b] for a, b in spans).split() == text.split() or "".join(
        "".join(text[a:b].split()) for a, b in spans
    ) == "".join(text.split())
    assert all(start < end and text[start:end] == text[start:end].strip() for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
