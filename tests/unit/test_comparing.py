"""What changed between two texts."""

from __future__ import annotations

import random
import time

import pytest

from app.comparing import changes, pieces
from app.sources import windows
from domain.answers import Redacted

OLD = "Act\n\n1. Keep records for ten years. Ask the patient first.\n2. Tell the authority within 72 hours.\n3. End."
NEW = "Act\n\n1. Keep records for six years. Ask the patient first.\n2. Tell the authority within 24 hours.\n3. End."
NEW += "\n4. More."


def told(before: str, after: str) -> list[tuple[str | None, str | None]]:
    return [
        (before[slice(*one.before)] if one.before else None, after[slice(*one.after)] if one.after else None)
        for one in changes(before, after)[0]
    ]


def test_sentences_that_changed_stand_side_by_side() -> None:
    assert told(OLD, NEW) == [
        ("1. Keep records for ten years.", "1. Keep records for six years."),
        ("2. Tell the authority within 72 hours.", "2. Tell the authority within 24 hours."),
        (None, "4. More."),
    ]


def test_sentences_that_have_nothing_in_common_are_removed_and_added() -> None:
    assert told("Apples grow on trees here.", "Nobody may enter without a key.") == [
        ("Apples grow on trees here.", None),
        (None, "Nobody may enter without a key."),
    ]


@pytest.mark.parametrize("text", ["", "One.", OLD, "a\n" * 500])
def test_nothing_changes_in_the_same_text(text: str) -> None:
    assert changes(text, text) == ([], 0)


def test_white_space_alone_is_no_change() -> None:
    assert told("Keep  it for\tten years.", "Keep it for ten years.") == []


def test_everything_was_added_to_an_empty_text() -> None:
    assert told("", "One. Two.") == [(None, "One."), (None, "Two.")]


def test_pieces_join_to_both_sentences() -> None:
    generator = random.Random(7)
    words = "the controller keeps no record of a patient for ten years".split()
    for _ in range(200):
        before = " ".join(generator.choices(words, k=generator.randrange(0, 20)))
        after = " ".join(generator.choices(words, k=generator.randrange(0, 20)))
        found = pieces(before, after)
        assert "".join(text for kind, text in found if kind != "added") == before
        assert "".join(text for kind, text in found if kind != "removed") == after


def test_every_change_is_told_once_and_in_order() -> None:
    generator = random.Random(11)
    lines = [f"Line {n} says so." for n in range(60)]
    for _ in range(50):
        old = generator.sample(lines, 40)
        new = [line for line in old if generator.random() > 0.2] + generator.sample(lines, 3)
        found, _ = changes("\n".join(old), "\n".join(new))
        places = [one.after for one in found if one.after]
        assert places == sorted(places)
        assert len(set(places)) == len(places)


@pytest.mark.parametrize("line", ["The same line.", "Line {n} of one text, no other is like it: {n}."])
def test_texts_of_a_megabyte_that_share_nothing_are_compared_in_seconds(line: str) -> None:
    before = "\n".join(line.format(n=n) for n in range(12_000))
    after = "\n".join("Other words, again. " + line.format(n=-n) for n in range(12_000))
    began = time.process_time()
    found, more = changes(before, after)
    assert (len(found), more > 10_000) == (500, True)
    assert time.process_time() - began < 6


def test_windows_are_cut_after_lines_or_words_and_cover_everything() -> None:
    generator = random.Random(3)
    for separator in ("\n", " ", ""):
        text = separator.join("x" * generator.randrange(1, 90) for _ in range(2_000))
        cuts = windows(text)
        assert cuts[0] == 0
        assert all(0 < two - one <= 6_000 for one, two in zip(cuts, [*cuts[1:], len(text)], strict=True))
        assert all(not separator or text[cut - 1] == separator for cut in cuts[1:])


def test_places_move_with_what_is_hidden_before_them() -> None:
    text = "call 555-0143 or mail a@b.example now"
    redacted = Redacted(text="call [PHONE] or mail [EMAIL] now", counts={}, hidden=((5, 13, 7), (22, 33, 7)))
    assert redacted.text[redacted.place(0) : redacted.place(5)] == "call "
    assert redacted.text[redacted.place(14) : redacted.place(16)] == "or"
    assert redacted.text[redacted.place(34) :] == "now"
    assert redacted.text[redacted.place(7) : redacted.place(9, after=True)] == "[PHONE]"
    assert text[34:] == "now"
