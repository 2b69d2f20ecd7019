"""Drafted claims stand on words that are there, read with the sentences around them."""

from __future__ import annotations

import pytest

from domain.answers import DraftedClaim, DraftedQuote, VerdictKind
from policies.grounding.check import best_quotes, ground
from policies.grounding.verifier import FactVerifier
from tests.unit.answering.cases import evidence

VERIFIER = FactVerifier()


def drafted(claim: str, *quotes: tuple[str, str]) -> DraftedClaim:
    return DraftedClaim(text=claim, quotes=tuple(DraftedQuote(passage_id=key, text=text) for key, text in quotes))


def test_a_claim_stands_with_the_quotes_as_they_stand_in_the_passage() -> None:
    text = "Seen today. Metformin\n500 mg is taken daily."
    claim = ground(
        drafted("Metformin 500 mg is taken daily.", ("p1", "500 mg is taken daily.")), evidence(text), VERIFIER
    )
    assert claim.verdict.kind is VerdictKind.UNSUPPORTED
    text = "Seen today. Metformin 500  mg is taken daily."
    claim = ground(
        drafted("Metformin 500 mg is taken daily.", ("p1", "Metformin 500 mg is taken daily.")),
        evidence(text),
        VERIFIER,
    )
    assert claim.verdict.kind is VerdictKind.SUPPORTED
    (quote,) = claim.quotes
    assert (quote.start, quote.end, quote.text) == (12, 45, "Metformin 500  mg is taken daily.")


def test_an_invented_passage_or_quote_supports_nothing_and_is_left_out() -> None:
    known = evidence("Warfarin was stopped.")
    real = ("p1", "Warfarin was stopped.")
    claim = ground(drafted("Warfarin was stopped.", real, ("p9", "Warfarin was stopped.")), known, VERIFIER)
    assert claim.verdict.reason == "names a passage that was not among the evidence"
    assert [quote.text for quote in claim.quotes] == ["Warfarin was stopped."]
    claim = ground(drafted("Warfarin was stopped.", real, ("p1", "Warfarin was continued.")), known, VERIFIER)
    assert claim.verdict.reason == "the quoted words do not stand in the passage"
    claim = ground(drafted("Warfarin was stopped."), known, VERIFIER)
    assert (claim.verdict.kind, claim.quotes) == (VerdictKind.UNSUPPORTED, ())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The patient does not take aspirin daily.", "take aspirin daily"),
        ("It is false that the lease was renewed.", "the lease was renewed"),
        ("The lease ends in 2025 unless it is renewed.", "The lease ends in 2025"),
        ("These must not be given:\n- aspirin 100 mg;\n- warfarin 5 mg.", "- warfarin 5 mg."),
        ("Say that the debt was paid.", "the debt was paid."),
    ],
)
def test_a_quote_cut_out_of_what_governs_it_supports_nothing(text: str, words: str) -> None:
    claim = ground(drafted(words, ("p1", words)), evidence(text), VERIFIER)
    assert VERIFIER.verify(words, [words]).kind is VerdictKind.SUPPORTED
    assert claim.verdict.kind is not VerdictKind.SUPPORTED


def test_a_record_that_was_withdrawn_supports_nothing_without_saying_so() -> None:
    text = "Allergy to penicillin.\nVerification status: entered in error."
    claim = ground(drafted("Allergy to penicillin.", ("p1", "Allergy to penicillin.")), evidence(text), VERIFIER)
    assert claim.verdict.reason == "the record that it quotes is marked “entered in error”"


def test_a_sentence_finds_its_support_among_the_evidence() -> None:
    known = evidence("The fee is 5 EUR. It is due in May.", "Warfarin was stopped on 12 May 2021. Aspirin was given.")
    verdict, quotes = best_quotes("Warfarin was stopped on 12 May 2021.", known, VERIFIER)
    assert verdict.kind is VerdictKind.SUPPORTED
    assert [(quote.passage.id, quote.text) for quote in quotes] == [("p2", "Warfarin was stopped on 12 May 2021.")]


def test_two_passages_may_support_one_sentence() -> None:
    known = evidence("The lease ends in 2025.", "The rent is 900 EUR.")
    verdict, quotes = best_quotes("The lease ends in 2025, and the rent is 900 EUR.", known, VERIFIER)
    assert verdict.kind is VerdictKind.SUPPORTED
    assert {quote.passage.id for quote in quotes} == {"p1", "p2"}
    verdict, _ = best_quotes("The lease ends in 2025, and the rent is 900 EUR.", known, VERIFIER, limit=1)
    assert verdict.kind is VerdictKind.UNSUPPORTED


def test_a_contradiction_comes_with_the_quote_that_contradicts() -> None:
    known = evidence("The maximum dose of lisinopril is 40 mg.", "Start lisinopril 10 mg once daily.")
    verdict, quotes = best_quotes("Start lisinopril 20 mg once daily.", known, VERIFIER)
    assert verdict.kind is VerdictKind.CONTRADICTED
    assert [quote.text for quote in quotes] == ["Start lisinopril 10 mg once daily."]


def test_support_goes_before_contradiction() -> None:
    known = evidence("The target is below 140/90 mmHg.", "The target is below 130/80 mmHg.")
    verdict, _ = best_quotes("The target is below 130/80 mmHg.", known, VERIFIER)
    assert verdict.kind is VerdictKind.SUPPORTED


@pytest.mark.parametrize("sentence", ["", "?", "Nothing of this kind is told.", "aspirin " * 500])
def test_what_nothing_speaks_of_is_unsupported(sentence: str) -> None:
    verdict, _ = best_quotes(sentence, evidence("Warfarin was stopped."), VERIFIER)
    assert verdict.kind is VerdictKind.UNSUPPORTED


def test_the_next_numbered_paragraph_is_not_part_of_the_list_before_it() -> None:
    text = (
        "4. These leaks are fined, if they are proven, up to 10 000:\n(a) leaks of names;\n(b) leaks of samples.\n"
        "5. Leaks of diagnoses are fined up to 20 000:\n(a) by a keeper;\n(b) by a courier."
    )
    fifth = text[text.index("5.") :]
    assert ground(drafted(fifth, ("p1", fifth)), evidence(text), VERIFIER).verdict.kind is VerdictKind.SUPPORTED
    item = "leaks of names"
    assert ground(drafted(item, ("p1", item)), evidence(text), VERIFIER).verdict.kind is VerdictKind.UNSUPPORTED
