"""Whatever is said, nothing altered is supported, and nothing raises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.answers import VerdictKind
from policies.grounding.verifier import FactVerifier

VERIFIER = FactVerifier()
SENTENCES = (
    "Metformin 500 mg is taken twice a day with meals, 2 tablets at most.",
    "Hemoglobin A1c was 6.5 % on 2019-03-04 and 7.25 % on 12 May 2021.",
    "A fine of up to 20 000 000 EUR may be imposed under Article 83(5).",
    "Blood pressure was 142/91 mmHg; the pulse was 88 beats per minute.",
    "Of 1,204 patients 88 (7.3 %) had E11.9 and received 0.5 mL every 8 hours.",
    "Give 5 to 10 mL every 4 to 6 hours, 2-3 times a week for 10-14 days.",
    "Disclosure is permitted by 45 CFR 164.512(b)(1) within 30 days.",
    "Clause 2.1 of the Agreement of 01/02/2020 sets 4 % per year.",
    "MRN 00123 has the number 202-555-0143.",
)
PIECES = (
    "the no not if 5 mg 10 § Article 1 2019-01-01 between and or , ; : ( ) < > ½ ² \u200b \u202e ٣ ﬁ — … {} $€ %"
).split()


@given(sentence=st.sampled_from(SENTENCES), place=st.integers(min_value=0), digit=st.sampled_from("0123456789"))
def test_a_copy_with_one_digit_changed_is_never_supported(sentence: str, place: int, digit: str) -> None:
    digits = [index for index, character in enumerate(sentence) if character.isdigit()]
    at = digits[place % len(digits)]
    altered = f"{sentence[:at]}{digit}{sentence[at + 1 :]}"
    kind = VERIFIER.verify(altered, [sentence]).kind
    assert (kind is VerdictKind.SUPPORTED) == (altered == sentence)


@given(sentence=st.sampled_from(SENTENCES), place=st.integers(min_value=0), digit=st.sampled_from("123456789"))
def test_a_copy_with_a_digit_from_1_to_9_put_in_is_never_supported(sentence: str, place: int, digit: str) -> None:
    digits = [index for index, character in enumerate(sentence) if character.isdigit()]
    at = digits[place % len(digits)]
    altered = f"{sentence[:at]}{digit}{sentence[at:]}"
    assert VERIFIER.verify(altered, [sentence]).kind is not VerdictKind.SUPPORTED


@given(
    claim=st.text(max_size=80) | st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join),
    quotes=st.lists(st.text(max_size=80) | st.lists(st.sampled_from(PIECES), max_size=25).map("".join), max_size=3),
)
def test_garbage_never_raises(claim: str, quotes: list[str]) -> None:
    verdict = VERIFIER.verify(claim, quotes)
    assert 0 <= verdict.score <= 1
    assert verdict.checker == "facts/1"
    assert verdict.reason


@pytest.mark.parametrize(
    "word", ["1 ", ",1", "1-", "a@", "not x ", "§ 1(1)", "between 1 ", "if x, ", "- a:\n", "(", "May 5 "]
)
@pytest.mark.timeout(30)
def test_hostile_repetition_ends(word: str) -> None:
    claim, quote = (word * 2000)[:2000], (word * 10_000)[:10_000]
    assert VERIFIER.verify(claim, [quote]).checker == "facts/1"


def test_what_is_too_long_or_reads_backwards_is_unsupported() -> None:
    quote = SENTENCES[0]
    assert VERIFIER.verify("aspirin " * 300, ["aspirin " * 300]).reason == "is longer than 2000 characters"
    assert VERIFIER.verify(quote, ["x" * 40_001]).reason == "rests on more than 40000 characters of quotes"
    assert VERIFIER.verify(f"{quote}\u202e", [quote]).kind is VerdictKind.UNSUPPORTED
    assert VERIFIER.verify(quote, []).reason == "rests on no quote"


def test_the_reason_names_what_decided() -> None:
    quote = "Start lisinopril 10 mg once daily."
    reason = VERIFIER.verify("Start lisinopril 20 mg once daily.", [quote]).reason
    assert reason == "says “20 mg” where the quote says “10 mg”"
    assert (
        VERIFIER.verify("Start warfarin 10 mg.", [quote]).reason == "the word “warfarin” does not stand in the quotes"
    )
    assert VERIFIER.verify(quote, [quote]).score == 1.0


def test_a_paraphrase_scores_below_a_copy() -> None:
    quote = "The controller shall notify the breach within 72 hours."
    verdict = VERIFIER.verify("The breach shall be notified by the controller within 72 hours.", [quote])
    assert 0.6 <= verdict.score < 1.0
