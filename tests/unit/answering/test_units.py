from __future__ import annotations

import pytest

from app.answering.units import units
from tests.unit.answering.cases import passage


def cut(text: str, *section: str, title: str = "") -> list[str]:
    return [unit.text for unit in units(passage(text, *section, title=title))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One is a sentence. Two is one as well.", ["One is a sentence.", "Two is one as well."]),
        ("Allergy: Peanut\nAllergy: Latex", ["Allergy: Peanut", "Allergy: Latex"]),
        ("Ibuprofen | 400 mg\nNaproxen | 250 mg", ["Ibuprofen | 400 mg", "Naproxen | 250 mg"]),
        (
            "The pack holds these parts:\n(a) a sterile needle;\n(b) a syringe of glass.\n2. The pack is kept cold.",
            ["The pack holds these parts: (a) a sterile needle; (b) a syringe of glass.", "2. The pack is kept cold."],
        ),
        (
            "The pack holds these parts:\n- a sterile needle\n- a syringe of glass\nThe pack is kept cold.",
            ["The pack holds these parts: - a sterile needle - a syringe of glass", "The pack is kept cold."],
        ),
        (
            "The pack holds these parts:\na sterile needle;\na syringe of glass.\nThe pack is kept cold.",
            ["The pack holds these parts: a sterile needle; a syringe of glass.", "The pack is kept cold."],
        ),
        ("Go on. It is so. The pack is kept cold.", ["The pack is kept cold."]),
        ("Article 5 Storage of packs and needles in cold rooms\nPacks are kept cold.", ["Packs are kept cold."]),
        (
            "What is done with packs that came warm? They are sent back at once. (Is it so in winter as well?)",
            ["They are sent back at once."],
        ),
        ("Smoking status: former?", ["Smoking status: former?"]),
        ("Storage of cold packs\nPacks are kept very cold.", ["Packs are kept very cold."]),
    ],
)
def test_units_can_be_quoted_alone(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


def test_a_heading_of_the_passage_is_no_unit() -> None:
    assert cut("How packs are stored at home now\nPacks are kept cold.", "How packs are stored at home now") == [
        "Packs are kept cold."
    ]
    assert cut("How packs are stored at home. Packs are kept cold.", title="1. How packs are stored at home") == [
        "Packs are kept cold."
    ]


def test_a_list_is_not_joined_without_end() -> None:
    text = "The pack holds these parts:\n" + "\n".join(f"({n}) part number {n} of the whole set;" for n in range(100))
    assert len(cut(text)[0]) <= 1500


def test_a_unit_says_where_it_stands() -> None:
    found = units(passage("Packs  are kept cold. Needles are kept dry."))
    assert [(unit.start, unit.text) for unit in found] == [
        (0, "Packs are kept cold."),
        (22, "Needles are kept dry."),
    ]
