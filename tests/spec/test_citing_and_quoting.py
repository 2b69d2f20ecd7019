"""What becomes of citations and quotations of a draft, case by case."""

from __future__ import annotations

import pytest

from domain.documents import Interval, Labels, Locator, Passage
from policies.citing import Candidate, judge
from policies.quoting import compare, difference, quotations_in
from retrieval.acts import written
from retrieval.citations import RegexCitationFinder

FINDER = RegexCitationFinder()
OTHER_ACTS = "documents in scope have it of other acts, not of this one"
ERASURE = "The data subject shall have the right to erasure where: (a) the data are no longer needed; (b) consent goes."
NOTICE = "The controller shall give notice of a breach within 72 hours after having become aware of it."


def passage(text: str, *, citation: str, title: str = "Regulation (EU) 2016/679", name: str = "p_1") -> Passage:
    return Passage(
        id=name, document_id="d_1", version_id="v_1", start=0, end=len(text), text=text, title=title,
        section=(citation,), locator=Locator(citation=citation), labels=Labels(), in_force=Interval(),
        parent_start=0, parent_end=len(text),
    )  # fmt: skip


def candidate(one: Passage) -> Candidate:
    return Candidate(passage=one, keys=frozenset(FINDER.keys_of(one)), head=one.title)


HAVE = [candidate(passage(ERASURE, citation="Article 17(1)")), candidate(passage(NOTICE, citation="Article 33(1)"))]


@pytest.mark.parametrize(
    ("draft", "state", "reason"),
    [
        ("See Article 17(1).", "found", "a document in scope has it"),
        ("See Article 17(1)(b) GDPR.", "found", "a document in scope has it"),
        ("See point (b) of Article 17(1).", "found", "a document in scope has it"),
        ("See Article 17(1)(f).", "unknown", "the provision around it is there, but not this part of it"),
        ("See Article 99.", "unknown", "no document in scope has it on this date"),
        ("See Article 17(1) of Regulation (EU) 2024/1689.", "unknown", OTHER_ACTS),
        ("See Roe v. Wade, 410 U.S. 113 (1973).", "unknown", "no document in scope has it on this date"),
    ],
)
def test_a_citation_is_found_where_a_document_in_scope_has_it(draft: str, state: str, reason: str) -> None:
    (citation,) = FINDER.citations_in(draft)
    found = judge(citation, HAVE, written(citation.act) if citation.act else ())
    assert (found.state, found.reason) == (state, reason)


@pytest.mark.parametrize(
    ("draft", "places"),
    [
        ("Under Articles 6 and 9 GDPR", ["Articles 6", "9"]),
        ("see 45 CFR 164.512(b)(1)(i) and § 7.2", ["45 CFR 164.512(b)(1)(i)", "§ 7.2"]),
        ("Art. 17 Abs. 1 lit. b DSGVO", ["Art. 17 Abs. 1 lit. b"]),
        ("in the article of 17 May", []),
    ],
)
def test_each_provision_is_a_place_of_its_own(draft: str, places: list[str]) -> None:
    assert [draft[one.start : one.end] for one in FINDER.citations_in(draft)] == places


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("He wrote “within 72 hours after”, and left.", ["within 72 hours after"]),
        ('It says "no longer needed at all" there.', ["no longer needed at all"]),
        ("„binnen 72 Stunden danach“ und «dans les 72 heures»", ["binnen 72 Stunden danach", "dans les 72 heures"]),
        ('The "controller" is a term; 5" is a length; 6" too.', []),
        ('An open "quote that ends\non another line" is none.', []),
    ],
)
def test_words_in_quotation_marks_are_found(text: str, words: list[str]) -> None:
    assert [text[start:end] for start, end in quotations_in(text)] == words


@pytest.mark.parametrize(
    ("words", "state", "nearest"),
    [
        ("shall give notice of a breach within 72 hours", "verbatim", "shall give notice of a breach within 72 hours"),
        ("Shall give notice of a breach,", "verbatim", "shall give notice of a breach"),
        ("shall give notice … within 72 hours", "verbatim", "shall give notice of a breach within 72 hours"),
        ("shall give notice of a breach within 24 hours", "misquoted", "shall give notice of a breach within 72 hours"),
        ("the data are no longer needed", "elsewhere", "the data are no longer needed"),
        ("a controller may ignore complaints of any kind", "not_found", None),
    ],
)
def test_quoted_words_are_compared_with_what_is_cited(words: str, state: str, nearest: str | None) -> None:
    found = compare(words, [HAVE[1].passage], [HAVE[0].passage])
    assert found.state == state
    place = found.place
    assert (place.passage.text[place.start : place.end] if place else None) == nearest


def test_a_difference_says_who_has_which_words() -> None:
    assert difference("within 24 hours", "within 72 hours") == [
        ("same", "within "), ("quoted", "24 "), ("source", "72 "), ("same", "hours"),
    ]  # fmt: skip
