from __future__ import annotations

import pytest

from policies.disclosure.folding import fold, fold_deeply


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("555‑0142–1", "555-0142-1"),
        ("５５５\u00a0０１４２", "555 0142"),
        ("ca\u00adna\u200bry", "canary"),
        ("O’Brien", "O'Brien"),
        ("José", "José"),
        ("jo%40example.org", "jo@example.org"),
        ("50% of ٣", "50% of 3"),
    ],
)
def test_look_alikes_become_plain(text: str, folded: str) -> None:
    assert fold(text).text == folded


@pytest.mark.parametrize(
    ("text", "folded"),
    [("JOSÉ", "jose"), ("Jose\u0301", "jose"), ("Straße", "strasse"), ("ﬁnn", "finn"), ("Jos%C3%A9%20Doe", "jose doe")],
)
def test_deep_folding_drops_accents_and_capitals(text: str, folded: str) -> None:
    assert fold_deeply(text).text == folded


def test_a_letter_that_folds_into_two_moves_what_follows() -> None:
    folded = fold_deeply("Straße 7")
    assert folded.span(folded.text.index("7"), len(folded.text)) == (7, 8)


def test_a_folded_span_leads_back_to_the_original() -> None:
    text = "→ Stra\u00adße%20É!"
    folded = fold_deeply(text)
    start = folded.text.index("strasse")
    assert text[slice(*folded.span(start, start + 7))] == "Stra\u00adße"
    start = folded.text.index(" e!")
    assert text[slice(*folded.span(start, start + 2))] == "%20É"
