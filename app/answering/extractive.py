"""Drafts without a model: picks verbatim sentences of the evidence that answer the question, or nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.answering.asked import Asked, Order, cites, mentions, read_question
from app.answering.candidates import Candidate, one_per_thing
from app.answering.hints import fit
from app.answering.units import units
from app.answering.vocabulary import Vocabulary, vocabulary
from domain.answers import DraftedClaim, DraftedQuote, Evidence
from domain.documents import Passage
from domain.questions import Question

# Tuned on the development halves of two public question sets (financial regulation, biomedicine) so that questions put
# to the other set's texts are refused: a passage answers when it covers this share of the question's weighted terms. A
# short question needs more, because one chance word is much of it.
_COVERAGE: Final = 0.42
_SHORT_QUESTION: Final = 0.2
# splitting sentences is what takes the time, so that less of long passages is read
_MOST_CHARACTERS: Final = 8_000
_NEAR_BEST_SENTENCE: Final = 0.65
_NEAR_BEST_RECORD: Final = 0.85
_CONTEXT: Final = 0.5
_FOCUS: Final = 0.25
_CITED: Final = 2.0
_RANK_DECAY: Final = 0.1
_RANK_WORTH: Final = 0.03
_TYPICAL_WORDS: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A passage with its rank and the terms of its title and headings.

    ``coverage`` is the share of the question that it covers, ``focus`` the share of its innermost heading that the
    question names. It is ``cited`` when the question names its article, ``named`` when it speaks of that article.
    """

    passage: Passage
    rank: int
    context: frozenset[str]
    coverage: float
    focus: float
    cited: bool
    named: bool


class ExtractiveDrafter:
    """Picks and orders verbatim sentences; each claim is its own quote. Needs no model and takes milliseconds.

    ``max_claims`` bounds the answer. It yields nothing when no passage covers enough of the question's own words: it
    would rather not answer than quote something that only sounds near.
    """

    def __init__(self, *, max_claims: int = 5) -> None:
        self._max_claims = max_claims

    @property
    def name(self) -> str:
        """Return the drafter's name and version."""
        return "extractive/1"

    def draft(
        self,
        question: Question,
        evidence: Sequence[Evidence],
        deadline: float,  # noqa: ARG002 - of the port; there is nothing here to wait for
    ) -> Iterator[DraftedClaim]:
        """Yield at most ``max_claims`` claims, the most relevant first."""
        known = vocabulary()
        asked = read_question(question.text, known)
        reads = [_read(rank, item.passage, asked, known) for rank, item in enumerate(evidence)]
        for chosen in _choose(_answering(reads, asked), asked, known)[: self._max_claims]:
            quote = DraftedQuote(passage_id=chosen.passage.id, text=chosen.text)
            yield DraftedClaim(quotes=(quote,), text=chosen.text)


def _read(rank: int, passage: Passage, asked: Asked, known: Vocabulary) -> _Read:
    headings = (passage.title, *passage.section, passage.locator.citation or "")
    context = known.terms(" ".join(headings))
    held = known.terms(passage.text) | context
    total = sum(asked.weights.values())
    hit = sum(weight for term, weight in asked.weights.items() if term in held)
    leaf = {term for term in known.terms(passage.section[-1] if passage.section else "") if term.isalpha()}
    return _Read(
        passage=passage,
        rank=rank,
        context=context,
        coverage=hit / total if total else 0.0,
        focus=len(leaf & asked.weights.keys()) / (len(leaf) or 1),
        cited=any(cites(heading, number) for heading in headings for number in asked.citations),
        named=any(mentions(text, number) for text in (*headings, passage.text) for number in asked.citations),
    )


def _answering(reads: Sequence[_Read], asked: Asked) -> list[_Read]:
    """Return the passages that may answer; none when no article asked for is there, or the best covers too little."""
    best = max((read.coverage for read in reads), default=0.0)
    if asked.citations and not any(read.named for read in reads):
        return []
    if best < _COVERAGE + _SHORT_QUESTION / max(1, len(asked.strong)):
        return []
    kept: list[_Read] = []
    size = 0
    for read in sorted(reads, key=lambda read: (not read.cited, _RANK_WORTH * read.rank - read.coverage)):
        size += len(read.passage.text)
        if size <= _MOST_CHARACTERS or not kept:
            kept.append(read)
    return kept


def _choose(reads: Sequence[_Read], asked: Asked, known: Vocabulary) -> list[Candidate]:
    cut = [(read, unit, known.terms(unit.text)) for read in reads for unit in units(read.passage)]
    worth = _worth(asked.weights, [terms for _, _, terms in cut])
    candidates = [
        Candidate(
            passage=read.passage,
            text=unit.text,
            start=unit.start,
            terms=terms,
            score=_relevance(read, terms, len(unit.text.split()), worth) * fit(asked, unit.text, read.passage, known),
            rank=read.rank,
        )
        for read, unit, terms in cut
    ]
    kept = one_per_thing([candidate for candidate in candidates if candidate.score > 0], asked.order)
    near = _NEAR_BEST_SENTENCE if asked.order is Order.ANY else _NEAR_BEST_RECORD
    return [candidate for candidate in kept if candidate.score >= kept[0].score * near]


def _worth(weights: Mapping[str, float], sentences: Sequence[frozenset[str]]) -> dict[str, float]:
    """Return each term's weight times its inverse frequency among the candidate sentences."""
    return {
        term: weight * math.log(1 + len(sentences) / (1 + sum(term in terms for terms in sentences)))
        for term, weight in weights.items()
    }


def _relevance(read: _Read, terms: frozenset[str], size: int, worth: Mapping[str, float]) -> float:
    own = sum(value for term, value in worth.items() if term in terms)
    around = sum(value for term, value in worth.items() if term in read.context and term not in terms)
    length = 0.7 + 0.3 * max(1.0, size / _TYPICAL_WORDS)
    # among dated records the date decides, not the place that retrieval gave them
    decay = 1.0 if read.passage.date else 1 + _RANK_DECAY * read.rank
    place = (0.5 + read.coverage) * (1 + _FOCUS * read.focus) * (_CITED if read.cited else 1.0) / decay
    return (own + _CONTEXT * around) * place / length
