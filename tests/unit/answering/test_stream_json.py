from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.answering.stream_json import ClaimScanner, MalformedReplyError
from domain.answers import DraftedClaim, DraftedQuote
from tests.fakes.model_server import draft

TWO = draft(
    ([("P1", "Aspirin 75 mg daily."), ("P2", 'said 5" {[ \\ here')], "Aspirin is 75 mg."),
    ([("P3", "Naïve 5 µg")], "Five µg."),
)
FIRST = DraftedClaim(
    quotes=(
        DraftedQuote(passage_id="P1", text="Aspirin 75 mg daily."),
        DraftedQuote(passage_id="P2", text='said 5" {[ \\ here'),
    ),
    text="Aspirin is 75 mg.",
)
SECOND = DraftedClaim(quotes=(DraftedQuote(passage_id="P3", text="Naïve 5 µg"),), text="Five µg.")


def read(text: str, size: int = 1) -> list[DraftedClaim]:
    scanner = ClaimScanner()
    claims = [claim for at in range(0, len(text), size) for claim in scanner.feed(text[at : at + size])]
    scanner.finish()
    return claims


@pytest.mark.parametrize("size", [1, 2, 5, 64, 10_000])
def test_claims_are_read_whatever_the_size_of_the_pieces(size: int) -> None:
    assert read(TWO, size) == [FIRST, SECOND]


@given(st.lists(st.integers(1, 40)))
def test_no_cut_of_the_stream_changes_the_claims(sizes: list[int]) -> None:
    scanner, at, claims = ClaimScanner(), 0, []
    for size in [*sizes, len(TWO)]:
        claims += scanner.feed(TWO[at : at + size])
        at += size
    assert claims == [FIRST, SECOND]
    assert scanner.complete


def test_a_claim_is_given_as_soon_as_its_object_ends() -> None:
    scanner = ClaimScanner()
    end_of_first = TWO.index("}, {", TWO.index("75 mg."))
    assert scanner.feed(TWO[:end_of_first]) == []
    assert scanner.feed(TWO[end_of_first : end_of_first + 1]) == [FIRST]
    assert not scanner.complete


@pytest.mark.parametrize("text", ['{"claims": []}', ' \n{ "claims" :[ ] }', '```json\n{"claims": []}\n```'])
def test_an_empty_list_of_claims_is_a_complete_reply(text: str) -> None:
    assert read(text) == []


def test_what_follows_the_complete_object_is_ignored() -> None:
    assert read(TWO + ' {"claims": [] } <script>', 7) == [FIRST, SECOND]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ('{"claims": [', "truncated"),
        (TWO[:-2], "truncated"),
        (TWO[:60], "truncated"),
        ("I am sorry, but I cannot.", "truncated"),
        ("<html>" * 1000, "not_json"),
        (" " * 5000, "not_json"),
        ('{"claims": [' + " " * 5000, "not_json"),
        ('{"answers": [{"quotes": [], "claim": "x"}]}', "wrong_shape"),
        ('[{"quotes": [{"passage_id": "P1", "text": "x"}], "claim": "x"}]', "wrong_shape"),
        ('{"a": {"claims": [{"quotes": []}]}}', "wrong_shape"),
        ('{"claims": [1, {"quotes": [], "claim": "x"}]}', "wrong_shape"),
        ('{"claims": [{}]}', "wrong_shape"),
        ('{"claims": [{"quotes": [], "claim": "x"}]}', "wrong_shape"),
        ('{"claims": [{"quotes": {}, "claim": "x"}]}', "wrong_shape"),
        ('{"claims": [{"quotes": ["x"], "claim": "x"}]}', "wrong_shape"),
        ('{"claims": [{"quotes": [{"passage_id": 1, "text": "x"}], "claim": "x"}]}', "wrong_shape"),
        ('{"claims": [{"quotes": [{"passage_id": "P1", "text": null}], "claim": "x"}]}', "wrong_shape"),
        ('{"claims": [{"quotes": [{"passage_id": "P1", "text": "\\ud800"}], "claim": "x"}]}', "wrong_shape"),
        ('{"claims": [{"quotes": [{"passage_id": "P1", "text": "x"}], "claim": ["x"]}]}', "wrong_shape"),
        ('{"claims": [{"quotes": [{"passage_id": "P1", "text": "x"}], "claim": "  "}]}', "unfit_claim"),
        ('{"claims": [{"quotes": [{"passage_id": "P1", "text": "x"}], "claim": "5 \\u202egm"}]}', "unfit_claim"),
        ('{"claims": [{"quotes": [{"passage_id": "P1", "text": "x"}], "claim": "a\\u0000b"}]}', "unfit_claim"),
        (draft(([("P1", "x")], "x" * 2001)), "unfit_claim"),
        (draft(([("P1", "x")] * 11, "x")), "wrong_shape"),
        ('{"claims": [{"quotes": NaN, "claim": "x"}]}', "not_json"),
        ('{"claims": [{"quotes": -Infinity, "claim": "x"}]}', "not_json"),
        ('{"claims": [{"a": ' + "9" * 5000 + "}]}", "not_json"),
        ("{'claims': [{'quotes': []}]}", "wrong_shape"),
        ('{"claims": [{quotes: 1}]}', "not_json"),
        ('{"claims": [{"a": ' + "[" * 100_000, "too_deep"),
        ('{"claims": [{"a": "' + "x" * 50_000, "too_large"),
        ('{"claims": [{"quotes": [}]}', "not_json"),
        ("\x00\xff\x1f\ufffd{", "truncated"),
    ],
)
def test_rubbish_ends_in_a_code_of_ours(text: str, reason: str) -> None:
    with pytest.raises(MalformedReplyError) as caught:
        read(text, 1000)
    assert str(caught.value) == reason
    # a traceback would print the decoder's message, which quotes the text
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None or caught.value.__suppress_context__


@given(st.text(alphabet='{}[]":,\\ claimsquotetxP10u\n', max_size=200))
def test_no_text_at_all_raises_anything_else(text: str) -> None:
    try:
        read('{"claims": [' + text, 3)
    except MalformedReplyError:
        return
    json.JSONDecoder().raw_decode('{"claims": [' + text)
