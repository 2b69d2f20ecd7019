"""Checks drafted claims against their quotes, and sentences written by anybody against the evidence. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import log
from typing import Final

from domain.answers import Claim, DraftedClaim, Evidence, Quote, Verdict, VerdictKind
from domain.documents import Passage
from domain.ports.verifier import Verifier
from policies.grounding.blocks import blocks
from policies.grounding.lexicon import key_of
from policies.grounding.statement import read
from policies.grounding.verbatim import find_quote

# how many of the best overlapping sentences are tried, alone and in pairs; the rest share too little to support
_TRIED: Final = 8
_PAIRED: Final = 4
_LEAST_OVERLAP: Final = 0.3
_MAX_SENTENCE: Final = 2_000
_WITHDRAWN: Final = re.compile(
    r"\bstatus\b[^\n.;|]{0,20}?\b(entered[ -]in[ -]error|refuted|not[ -]done|cancelled|revoked|retracted)\b",
    re.IGNORECASE,
)


def ground(drafted: DraftedClaim, evidence: Sequence[Evidence], verifier: Verifier) -> Claim:
    """Return the drafted claim with its verdict and the quotes that stand where it says; invented ones are left out.

    The claim must follow from the words quoted, and from the whole sentences that they were taken from: a quote that
    begins after "does not" supports nothing.
    """
    passages = {item.passage.id: item.passage for item in evidence}
    quotes: list[Quote] = []
    refused = "" if drafted.quotes else "rests on no quote"
    for stated in drafted.quotes:
        passage = passages.get(stated.passage_id)
        found = find_quote(stated.text, passage, drafted.text) if passage else None
        if passage is None:
            refused = "names a passage that was not among the evidence"
        elif found is None:
            refused = refused or "the quoted words do not stand in the passage"
        else:
            quotes.append(_quote(passage, *found))
    verdict = _unsupported(refused, verifier) if refused else _verdict(drafted.text, quotes, verifier)
    return Claim(text=drafted.text, verdict=verdict, quotes=tuple(quotes))


def best_quotes(
    sentence: str, evidence: Sequence[Evidence], verifier: Verifier, limit: int = 2
) -> tuple[Verdict, tuple[Quote, ...]]:
    """Return the best verdict on ``sentence`` with the quotes that it rests on, at most ``limit`` of them.

    Support comes first, from one sentence of the evidence or from two together; then a contradiction with the sentence
    that contradicts; else it is unsupported, with the nearest sentence when one is near.
    """
    if len(sentence) > _MAX_SENTENCE:
        return verifier.verify(sentence, [""]), ()
    ranked = _ranked(sentence, evidence)[:_TRIED]
    tried = [(_verdict(sentence, [quote], verifier), (quote,)) for quote in ranked]
    best = _strongest(tried)
    if best and best[0].kind is VerdictKind.SUPPORTED:
        return best
    if limit > 1:
        pairs = combinations(ranked[:_PAIRED], 2)
        together = _strongest((_verdict(sentence, pair, verifier), pair) for pair in pairs)
        if together and together[0].kind is VerdictKind.SUPPORTED:
            return together
    contradiction = next((item for item in tried if item[0].kind is VerdictKind.CONTRADICTED), None)
    if contradiction:
        return contradiction
    return best or (_unsupported("nothing in the evidence speaks of it", verifier), ())


def _strongest(
    tried: Iterable[tuple[Verdict, tuple[Quote, ...]]],
) -> tuple[Verdict, tuple[Quote, ...]] | None:
    order = {VerdictKind.SUPPORTED: 1, VerdictKind.UNSUPPORTED: 0, VerdictKind.CONTRADICTED: 0}
    return max(tried, key=lambda item: (order[item[0].kind], item[0].score), default=None)


def _verdict(text: str, quotes: Sequence[Quote], verifier: Verifier) -> Verdict:
    """Return the verdict given the quotes' own words, unless the sentences around them say otherwise."""
    verdict = verifier.verify(text, [quote.text for quote in quotes])
    if verdict.kind is not VerdictKind.SUPPORTED:
        return verdict
    withdrawn = next((word for quote in quotes if (word := _withdrawal(quote, text))), None)
    if withdrawn:
        return _unsupported(f"the record that it quotes is marked “{withdrawn}”", verifier)
    whole = [_widened(quote) for quote in quotes]
    if whole == [quote.text for quote in quotes]:
        return verdict
    around = verifier.verify(text, whole)
    return verdict if around.kind is VerdictKind.SUPPORTED else around


def _widened(quote: Quote) -> str:
    """Return the whole sentences, lists with their lead-in, of which the quote is a part."""
    passage = quote.passage
    start, end = quote.start - passage.start, quote.end - passage.start
    touched = [span for span in blocks(passage.text) if span[0] < end and start < span[1]]
    if not touched:
        return quote.text
    return passage.text[min(start, touched[0][0]) : max(end, touched[-1][1])]


def _withdrawal(quote: Quote, text: str) -> str | None:
    found = _WITHDRAWN.search(quote.passage.text)
    if found and found[1].casefold() not in f"{text} {quote.text}".casefold():
        return found[1]
    return None


def _quote(passage: Passage, start: int, end: int) -> Quote:
    text = passage.text[start - passage.start : end - passage.start]
    return Quote(passage=passage, start=start, end=end, text=text)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sentence:
    quote: Quote
    terms: frozenset[str]


def _ranked(sentence: str, evidence: Sequence[Evidence]) -> list[Quote]:
    """Return the sentences of the evidence that share most of the rare terms of ``sentence``, best first."""
    wanted = _terms(sentence)
    found: list[_Sentence] = []
    for item in evidence:
        passage = item.passage
        for start, end in blocks(passage.text):
            terms = _terms(passage.text[start:end])
            quote = _quote(passage, passage.start + start, passage.start + end)
            found.append(_Sentence(quote=quote, terms=terms))
    frequency = Counter(term for one in found for term in one.terms & wanted)
    weights = {term: 1 + log(len(found) / count) for term, count in frequency.items()}
    total = sum(weights.values()) or 1.0
    scored = [(sum(weights[term] for term in one.terms & wanted) / total, one) for one in found]
    near = [(score, one) for score, one in scored if score >= _LEAST_OVERLAP]
    # of two that share as much the shorter one is nearer
    near.sort(key=lambda pair: (-round(pair[0], 3), len(pair[1].terms)))
    return [one.quote for _, one in near]


@lru_cache(maxsize=4096)
def _terms(sentence: str) -> frozenset[str]:
    return frozenset(str(item.key) if item.is_word else key_of(item.token.text) for item in read(sentence).items)


def _unsupported(reason: str, verifier: Verifier) -> Verdict:
    return Verdict(kind=VerdictKind.UNSUPPORTED, reason=reason, score=0.0, checker=verifier.name)
