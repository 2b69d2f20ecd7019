"""Decides by facts, words and grammar whether quotes support a claim. No model: the same input has the same verdict.

A claim is supported when every word and fact of it stands in the quotes, in an order that keeps its sense, and when
nothing that it leaves out limits or denies what it keeps. What cannot be shown to follow is unsupported, however
likely it sounds: a faithful free paraphrase may fall, an altered digit may not stand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from domain.answers import Verdict, VerdictKind
from policies.grounding import lexicon
from policies.grounding.agreement import disagreement, negation_conflict
from policies.grounding.alignment import Alignment, align
from policies.grounding.blocks import texts
from policies.grounding.facts import Kind, agrees
from policies.grounding.folding import folded, has_override
from policies.grounding.quantities import Quantity
from policies.grounding.statement import Item, Statement, read

NAME: Final = "facts/1"
MAX_CLAIM: Final = 2_000
MAX_QUOTES: Final = 40_000
_MIN_LETTERS: Final = 3
_MOST_LIGHT: Final = 2
_NEARLY_ALL: Final = 0.6
_SAME_MATTER: Final = 0.4
_MOST_ALTERED: Final = 2
_PARAPHRASED: Final = 0.9
_LEAST_STANDING: Final = 0.6
_PER_CHANGE: Final = 0.05
_AMOUNTS: Final = frozenset({Kind.NUMBER, Kind.DATE, Kind.CITATION, Kind.FREQUENCY, Kind.ORDINAL})
_EDGES: Final = re.compile(r"^[\s\"'(\[\-•*·▪◦]+|[\s\"')\].,;:]+$")
_SPACE: Final = re.compile(r"\s+")


class FactVerifier:
    """Checks claims word by word; implements :class:`domain.ports.verifier.Verifier`. Never raises."""

    @property
    def name(self) -> str:
        """Return the checker's name and version."""
        return NAME

    def verify(self, claim: str, quotes: Sequence[str]) -> Verdict:
        """Return the verdict on ``claim``; the reason names the check that decided.

        ``score`` is 1 for a verbatim copy, less for each thing left out or worded anew, at most 0.5 for what is
        unsupported (half the share of the claim's words that stand in the quotes) and 0 for a contradiction.
        """
        refused = _unfit(claim, quotes)
        if refused:
            return _unsupported(refused, 0.0)
        told = [block for quote in quotes for block in texts(quote)]
        if _is_copy(claim, told):
            return _supported("repeats the quote word for word", 1.0)
        alignment = align(read(" ".join(claim.split())), [read(" ".join(block.split())) for block in told])
        return _judge(alignment)


def _unfit(claim: str, quotes: Sequence[str]) -> str | None:
    if sum(character.isalnum() for character in claim) < _MIN_LETTERS:
        return "says nothing that can be checked"
    if len(claim) > MAX_CLAIM:
        return f"is longer than {MAX_CLAIM} characters"
    if not any(quote.strip() for quote in quotes):
        return "rests on no quote"
    if sum(map(len, quotes)) > MAX_QUOTES:
        return f"rests on more than {MAX_QUOTES} characters of quotes"
    if has_override(claim):
        return "holds characters that turn the direction of reading"
    return None


def _judge(alignment: Alignment) -> Verdict:
    if not alignment.claim.items:
        return _unsupported("says nothing that can be checked", 0.0)
    half = alignment.coverage / 2
    missing = [index for index in alignment.missing if not _is_light(alignment, index)]
    if missing or len(alignment.missing) > _MOST_LIGHT:
        altered = _alteration(alignment, missing)
        if altered:
            return _contradicted(altered)
        item = alignment.claim.items[(missing or alignment.missing)[0]]
        return _unsupported(_absence(item), half)
    denial = negation_conflict(alignment)
    if denial:
        return _contradicted(denial) if _stands_together(alignment) else _unsupported(denial, half)
    reason = disagreement(alignment)
    if reason:
        return _unsupported(reason, half)
    return _supported("every word and fact stands in the quotes", _standing(alignment))


def _is_light(alignment: Alignment, index: int) -> bool:
    return alignment.claim.items[index].key in lexicon.LIGHT


def _absence(item: Item) -> str:
    what = {
        Kind.NUMBER: "the amount", Kind.DATE: "the date", Kind.CITATION: "the provision", Kind.ORDINAL: "the rank",
        Kind.FREQUENCY: "the frequency", Kind.CODE: "the code", Kind.SIGN: "the sign",
    }.get(item.token.kind, "the name" if item.token.name else "the word")  # fmt: skip
    return f"{what} “{item.token.text}” does not stand in the quotes"


def _stands_together(alignment: Alignment) -> bool:
    """Say whether the claim lies on one sentence, so that a difference contradicts it rather than speaks of another."""
    sentences = [place.sentence for place in alignment.places if place is not None]
    if len(set(sentences)) != 1:
        return False
    return len(sentences) > 1 and len(sentences) >= _SAME_MATTER * len(alignment.told[sentences[0]].items)


def _alteration(alignment: Alignment, missing: Sequence[int]) -> str | None:
    """Return what the claim alters, when all the rest of it stands in one sentence of the quotes."""
    places = [place for place in alignment.places if place is not None]
    if not places or len(missing) > _MOST_ALTERED:
        return None
    sentences = [place.sentence for place in places]
    sentence = max(set(sentences), key=sentences.count)
    if sentences.count(sentence) < len(sentences):
        return None
    told = alignment.told[sentence]
    taken = {place.index for place in places}
    is_whole = len(told.items) - len(taken) == len(missing)
    if not is_whole and (alignment.coverage < _NEARLY_ALL or not _stands_together(alignment)):
        return None
    reasons = []
    for index in missing:
        item = alignment.claim.items[index]
        reason = next(
            (
                reason
                for other in _around(alignment, index, sentence, taken, told)
                if (reason := _altered(item, told.items[other]))
            ),
            None,
        )
        if reason is None:
            return None
        reasons.append(reason)
    return "; ".join(reasons) or None


def _around(alignment: Alignment, index: int, sentence: int, taken: set[int], told: Statement) -> list[int]:
    """Return the untold items of the sentence that stand where the claim's item should, nearest first."""
    before = next((p.index for p in reversed(alignment.places[:index]) if p and p.sentence == sentence), -1)
    free = [other for other in range(len(told.items)) if other not in taken]
    return sorted(free, key=lambda other: abs(other - before - 1))


def _altered(claimed: Item, told: Item) -> str | None:
    if claimed.token.kind in _AMOUNTS and claimed.token.kind is told.token.kind:
        if agrees(claimed.token, told.token) or not _comparable(claimed, told):
            return None
        return f"says “{claimed.token.text}” where the quote says “{told.token.text}”"
    if claimed.is_word and told.is_word and lexicon.opposed(str(claimed.key), str(told.key)):
        return f"says “{claimed.token.text}” where the quote says “{told.token.text}”"
    return None


def _comparable(claimed: Item, told: Item) -> bool:
    """Say whether two amounts measure one thing, or are one number in two units."""
    one, other = claimed.token.key, told.token.key
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        if one.values == other.values and one.unit == other.unit:
            # "ten years" is not what "at least ten years" says, but only "at most" says the opposite
            return {one.bound, other.bound} & set("≤<") != set() != {one.bound, other.bound} & set("≥>")
        return one.unit == other.unit or one.values == other.values
    return isinstance(one, str) == isinstance(other, str)


def _standing(alignment: Alignment) -> float:
    kept = {place for place in alignment.places if place is not None}
    sentences = {place.sentence for place in kept}
    left_out = sum(len(alignment.told[number].items) for number in sentences) - len(kept)
    reworded = sum(
        item.token.text.casefold() != alignment.item(place).token.text.casefold()
        for item, place in zip(alignment.claim.items, alignment.places, strict=True)
        if place is not None
    )
    return max(_LEAST_STANDING, _PARAPHRASED - _PER_CHANGE * (left_out + reworded) / len(sentences))


@lru_cache(maxsize=4096)
def _bare(text: str) -> str:
    return _SPACE.sub(" ", _EDGES.sub("", folded(text))).strip().casefold()


def _is_copy(claim: str, told: Sequence[str]) -> bool:
    """Say whether the claim is one or more whole blocks of the quotes, one after the other."""
    wanted = _bare(claim)
    if len(wanted.split()) < len(("one", "word")):
        return False
    plain = [_bare(block) for block in told]
    if wanted in plain:
        return True
    copies = [_SPACE.sub(" ", folded(block)).strip().casefold() for block in told]
    for start in range(len(told)):
        if not copies[start] or not _SPACE.sub(" ", folded(claim)).strip().casefold().startswith(copies[start]):
            continue
        for end in range(start + 2, len(told) + 1):
            joined = _bare(" ".join(told[start:end]))
            if joined == wanted:
                return True
            if len(joined) > len(wanted):
                break
    return False


def _supported(reason: str, score: float) -> Verdict:
    return Verdict(kind=VerdictKind.SUPPORTED, reason=reason, score=round(score, 3), checker=NAME)


def _contradicted(reason: str) -> Verdict:
    return Verdict(kind=VerdictKind.CONTRADICTED, reason=reason, score=0.0, checker=NAME)


def _unsupported(reason: str, score: float) -> Verdict:
    return Verdict(kind=VerdictKind.UNSUPPORTED, reason=reason, score=round(score, 3), checker=NAME)
