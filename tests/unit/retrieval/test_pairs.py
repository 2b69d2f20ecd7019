"""Pairs made from passages: what is asked of each kind of text, and that no answer gives its question away."""

from __future__ import annotations

import random

import pytest

from domain.documents import Interval, Labels, Locator, Passage
from retrieval.citations import RegexCitationFinder
from retrieval.tuning.negatives import HardNegatives
from retrieval.tuning.pairs import Excerpt, Pair, excerpt_of, is_held_out, make_pairs
from retrieval.tuning.references import find_cited


def excerpt(text: str, heading: str = "", key: str = "a", document: str = "d", keys: tuple[str, ...] = ()) -> Excerpt:
    return Excerpt(id=key, document=document, heading=heading, text=text, keys=keys)


def pairs_of(*excerpts: Excerpt, seed: int = 0) -> dict[str, Pair]:
    return {pair.kind: pair for pair in make_pairs(excerpts, limit=100, seed=seed)}


def test_a_heading_is_asked_of_its_passage_without_standing_in_it() -> None:
    text = "Keep the tablets dry, in the box they came in, out of the reach of children."
    pair = pairs_of(excerpt(text, "Storing warfarin"))["heading"]
    assert (pair.question, pair.passage, pair.excerpt) == ("Storing warfarin", text, "a")


def test_a_heading_of_words_that_most_headings_have_asks_nothing() -> None:
    text = "Each officer who keeps a register shows it to whoever asks politely for it."
    numbered = [excerpt(text, f"Document {n} Part {n}", key=str(n)) for n in range(200)]
    assert "heading" not in {pair.kind for pair in make_pairs(numbered, limit=400, seed=0)}


def test_a_question_that_a_text_asks_itself_is_answered_by_the_rest_of_it() -> None:
    text = "How is gout treated at home? Rest the joint, drink water and take the tablets that were prescribed."
    pair = pairs_of(excerpt(text, "Gout"))["asked"]
    assert pair.question == "How is gout treated at home?"
    assert pair.passage == "Gout\nRest the joint, drink water and take the tablets that were prescribed."


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        (
            "A Trustee must notify the Regulator within seven days.",
            "Must a Trustee notify the Regulator within seven days?",
        ),
        (
            "(3) An Authorised Person may not hold Client Money abroad.",
            "May an Authorised Person not hold Client Money abroad?",
        ),
        (
            "Warfarin is usually taken in the evening with water.",
            "Is Warfarin usually taken in the evening with water?",
        ),
    ],
)
def test_a_statement_becomes_a_question_and_leaves_its_passage(sentence: str, question: str) -> None:
    rest = "2. bring, take, fetch, carry, walk, read, write, sing, dance, swim"  # no sentence that could be asked
    found = {
        pair.question: pair.passage
        for seed in range(12)
        for pair in make_pairs([excerpt(f"{sentence}\n{rest}", "Duties")], limit=9, seed=seed)
        if pair.kind == "cloze" and "take, fetch" in pair.passage
    }
    assert found[question] == f"Duties\n{rest}"


def test_a_defined_term_is_asked_for() -> None:
    text = "“Relevant Person” means a person who carries on a business that this part of the rules applies to."
    assert pairs_of(excerpt(text))["definition"].question == "What is Relevant Person?"
    text = "Cowden syndrome is an inherited condition with many growths that are called hamartomas."
    assert pairs_of(excerpt(text))["definition"].question == "What is Cowden syndrome?"


def test_a_question_defines_nothing() -> None:
    text = "What are the signs of gout in adults? Pain and swelling of a joint that came over a single night."
    assert "definition" not in pairs_of(excerpt(text))


def test_a_sentence_that_cites_a_provision_asks_for_it() -> None:
    source = excerpt("Subject to Article 9, consent is needed.", key="s", keys=("art:4",))
    target = excerpt("Consent is given freely.", "Article 9", key="t", keys=("art:9",))
    cited = find_cited([source, target], RegexCitationFinder())
    assert cited == {"s": ["t"]}
    (pair,) = make_pairs([source, target], cited=cited, limit=9, seed=0)
    assert pair == Pair(
        kind="reference",
        question="Subject to Article 9, consent is needed.",
        passage="Article 9\nConsent is given freely.",
        excerpt="t",
    )


def test_a_provision_of_another_document_or_of_many_passages_is_not_taken_for_the_one_cited() -> None:
    source = excerpt("Subject to Article 9, consent is needed.", key="s", keys=("art:4",))
    elsewhere = excerpt("Other words.", key="t", document="other", keys=("art:9",))
    many = [excerpt("Words.", key=str(n), keys=("art:9",)) for n in range(3)]
    assert find_cited([source, elsewhere], RegexCitationFinder()) == {}
    assert find_cited([source, *many], RegexCitationFinder()) == {}


def test_the_seed_decides_the_pairs_and_the_limit_is_kept() -> None:
    text = "Officer {0} must keep a register of all visitors. {0} visitors came and were asked to sign it today."
    many = [excerpt(text.format(n), f"Visitors of {n}", key=str(n)) for n in range(30)]
    assert make_pairs(many, limit=10, seed=1) == make_pairs(many, limit=10, seed=1)
    assert make_pairs(many, limit=10, seed=1) != make_pairs(many, limit=10, seed=2)
    assert len(make_pairs(many, limit=10, seed=1)) == 10


def test_one_document_in_ten_is_held_out_and_always_the_same_ones() -> None:
    assert [number for number in range(1, 40) if is_held_out(f"rule-{number}")] == [1, 11, 30]
    assert 80 <= sum(is_held_out(str(number)) for number in range(1000)) <= 120


def test_a_hard_negative_shares_words_with_the_question_and_never_is_the_answer() -> None:
    answer = "Records of a breach are kept for five years."
    excerpts = [
        excerpt(answer, key="answer"),
        excerpt(answer, key="copy"),
        excerpt("A breach is notified within three days.", key="near"),
        excerpt("Tablets are taken with water.", key="far"),
    ]
    pair = Pair(kind="cloze", question="breach records", passage=answer, excerpt="answer")
    found = HardNegatives(excerpts).of(pair, 1, random.Random(0))
    assert found == ["A breach is notified within three days."]
    assert len(HardNegatives(excerpts).of(pair, 9, random.Random(0))) == 2


def test_a_passage_is_read_with_title_and_section_path() -> None:
    passage = Passage(
        id="p", document_id="d", version_id="v", start=0, end=5, text="Words", title="GDPR",
        section=("Chapter II", "Article 9"), locator=Locator(), labels=Labels(), in_force=Interval(),
        parent_start=0, parent_end=5,
    )  # fmt: skip
    assert excerpt_of(passage).heading == "GDPR > Chapter II > Article 9"
