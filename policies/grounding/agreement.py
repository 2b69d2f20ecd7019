"""Checks that what a claim keeps of its quotes means the same: order, negation, modality, conditions, relations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from policies.grounding import lexicon
from policies.grounding.alignment import Alignment, Place
from policies.grounding.facts import Kind
from policies.grounding.omissions import forbidden_omission
from policies.grounding.quantities import Quantity
from policies.grounding.statement import Governor, Statement

_BLOCKS_OF_A_PASSIVE: Final = 2
_JOINTS: Final = frozenset({"and", "but", "while", "whereas", ";", ",", "."})
_FREE: Final = frozenset({"to", "per", "into"})
_BOUND_SIGNS: Final = frozenset("≤≥<>≈")
_FORMS_OF_BE: Final = frozenset("be is are was were been being".split())

Check = Callable[[Alignment], str | None]


def negation_conflict(alignment: Alignment) -> str | None:
    """Return which side denies what the other says, or ``None`` when they agree."""
    for item, place in zip(alignment.claim.items, alignment.places, strict=True):
        if place is not None and item.negations != alignment.item(place).negations:
            if item.negations > alignment.item(place).negations:
                return "denies what the quote says"
            return "says what the quote denies"
    return None


def disagreement(alignment: Alignment) -> str | None:
    """Return why the claim does not follow although its words stand in the quotes, or ``None``."""
    for check in _CHECKS:
        reason = check(alignment)
        if reason:
            return reason
    return None


def _segments(alignment: Alignment) -> list[list[tuple[int, Place]]]:
    """Return runs of claim items that lie in one quoted sentence, in the claim's order."""
    segments: list[list[tuple[int, Place]]] = []
    for index, place in enumerate(alignment.places):
        if place is None:
            continue
        if segments and segments[-1][-1][1].sentence == place.sentence:
            segments[-1].append((index, place))
        else:
            segments.append([(index, place)])
    return segments


def _joining(alignment: Alignment) -> str | None:
    """Refuse to build one statement out of pieces of several sentences; whole clauses may follow each other."""
    segments = _segments(alignment)
    if len({segment[0][1].sentence for segment in segments}) < len(segments):
        return "mixes the words of several quoted sentences"
    for segment in segments[1:]:
        lead = alignment.claim.items[segment[0][0]].lead
        joint = next((place for place, word in enumerate(lead) if word in _JOINTS), None)
        if joint is None:
            return "mixes the words of several quoted sentences"
        if (lexicon.AUXILIARIES | lexicon.RELATIVES) & set(lead[joint:]):
            return "joins two quoted sentences under one subject"
    return None


def _order(alignment: Alignment) -> str | None:
    for segment in _segments(alignment):
        turns = [later for earlier, later in pairwise(segment) if later[1].index <= earlier[1].index]
        if not turns:
            continue
        if len(turns) == 1 and _moved_whole(alignment, segment, turns[0]):
            continue
        if len(turns) == _BLOCKS_OF_A_PASSIVE and _turns_voice(alignment, segment):
            continue
        return "puts the quoted words in another order"
    return None


def _moved_whole(alignment: Alignment, segment: Sequence[tuple[int, Place]], turn: tuple[int, Place]) -> bool:
    """Say whether a phrase was moved as it is ("within 72 hours, the controller …"), or a list is turned."""
    ahead = next((index, place) for index, place in segment if place.index > turn[1].index)
    moved = [
        lexicon.ADJUNCTS & set(alignment.claim.items[index].lead) & set(alignment.item(place).lead)
        for index, place in (ahead, turn)
    ]
    # "a decrease in our sales" is not "sales in our decrease", though each has its "in"
    if moved[0] != moved[1]:
        return True
    claimed = alignment.claim.items[turn[0]].lead
    if _is_bounded(alignment, ahead[1]) and "," in claimed:
        return True
    parts = {"and", ","}
    are_neighbours = ahead[1].index - turn[1].index == 1 and turn[0] - ahead[0] == 1
    return are_neighbours and bool(parts & set(claimed)) and bool(parts & set(alignment.item(ahead[1]).lead))


def _is_bounded(alignment: Alignment, place: Place) -> bool:
    key = alignment.item(place).token.key
    return isinstance(key, Quantity) and bool(key.bound)


def _turns_voice(alignment: Alignment, segment: Sequence[tuple[int, Place]]) -> bool:
    """Say whether one of claim and quote is the other in the passive voice: only one says "by" whom."""
    told = alignment.told[segment[0][1].sentence]
    claimed_by = any("by" in alignment.claim.items[index].lead for index, _ in segment)
    told_by = any("by" in alignment.item(place).lead for _, place in segment)
    if claimed_by == told_by:
        return False
    passive = alignment.claim if claimed_by else told
    return any(_FORMS_OF_BE & set(item.lead) for item in passive.items)


def _relations(alignment: Alignment) -> str | None:
    """Compare the prepositions and signs that say how two things relate (before, than, against, without, ≤)."""
    turned = any(
        len([1 for one, two in pairwise(segment) if two[1].index <= one[1].index]) == _BLOCKS_OF_A_PASSIVE
        for segment in _segments(alignment)
    )
    for index, (item, place) in enumerate(zip(alignment.claim.items, alignment.places, strict=True)):
        if place is None:
            continue
        before, there = set(item.lead), set(alignment.item(place).lead)
        if _joins_otherwise(alignment, index, place):
            return f"joins “{item.token.text}” in another way than the quote does"
        claimed, told = lexicon.DIRECTIONAL & before, lexicon.DIRECTIONAL & there
        if claimed == told:
            continue
        changed = claimed ^ told
        if changed == {"by"} and turned:
            continue
        prepositions = lexicon.PREPOSITIONS & (there if claimed else before)
        if item.is_word and changed <= _FREE and not prepositions:
            continue
        return f"relates “{item.token.text}” in another way than the quote does"
    return None


def _joins_otherwise(alignment: Alignment, index: int, place: Place) -> bool:
    """Say whether "and" or "or" parts the item from the one before it on one side only."""
    before, there = set(alignment.claim.items[index].lead), set(alignment.item(place).lead)
    if bool({"or", "nor"} & before) != bool({"or", "nor"} & there):
        return True
    previous = alignment.places[index - 1] if index else None
    if previous is None or previous.sentence != place.sentence:
        return False
    if "and" in before:
        return not _JOINTS & there
    follows = previous.index == place.index - 1
    return follows and "and" in there and not _JOINTS & before


def _tense(alignment: Alignment) -> str | None:
    for item, place in zip(alignment.claim.items, alignment.places, strict=True):
        if place is None:
            continue
        claimed, told = set(item.lead), set(alignment.item(place).lead)
        if _is_present(claimed) and _is_past(told) and not _is_present(told):
            return "tells as present what the quote tells as past"
        if _is_past(claimed) and _is_present(told) and not _is_past(told):
            return "tells as past what the quote tells as present"
    return None


def _is_present(lead: set[str]) -> bool:
    return bool(lead & lexicon.PRESENT) and not lead & {"been"}


def _is_past(lead: set[str]) -> bool:
    return bool(lead & lexicon.PAST)


def _modality(alignment: Alignment) -> str | None:
    claimed_at = alignment.claimed_at()
    told_heads: dict[Place, str] = {}
    for number, told in enumerate(alignment.told):
        for modal in told.modals:
            places = (Place(number, index) for index in range(modal.start, modal.end))
            head = next((place for place in places if place in claimed_at), None)
            if head is None:
                continue
            told_heads[head] = modal.kind
            if not _covered(alignment.claim.modals, modal.kind, claimed_at[head]):
                return f"leaves out that the quote says “{modal.kind}”"
    for modal in alignment.claim.modals:
        head = next((place for place in alignment.places[modal.start : modal.end] if place is not None), None)
        if head is None or told_heads.get(head) != modal.kind:
            return f"says “{modal.kind}” where the quote does not"
    return None


def _covered(governors: Sequence[Governor], kind: str, index: int) -> bool:
    return any(governor.kind == kind and governor.start <= index < governor.end for governor in governors)


def _conditions(alignment: Alignment) -> str | None:
    used = {place.sentence for place in alignment.places if place is not None}
    claimed_at = alignment.claimed_at()
    for condition in alignment.claim.conditions:
        head = next((place for place in alignment.places[condition.start : condition.end] if place is not None), None)
        if head is None or not _covered(alignment.told[head.sentence].conditions, condition.kind, head.index):
            return f"sets a condition (“{condition.kind}”) that the quote does not set"
    for number in sorted(used):
        told = alignment.told[number]
        for condition in told.conditions:
            if _stands_apart(told, condition, number, claimed_at):
                continue
            kept = [
                claimed_at[Place(number, index)]
                for index in range(condition.start, condition.end)
                if Place(number, index) in claimed_at
            ]
            if not kept or not _covered(alignment.claim.conditions, condition.kind, kept[0]):
                return f"leaves out a condition or an exception (“{condition.kind}”)"
    return None


def _stands_apart(told: Statement, condition: Governor, number: int, claimed_at: dict[Place, int]) -> bool:
    """Say whether a semicolon parts the condition from everything that the claim keeps."""
    start, end = condition.start, condition.end
    while start > 0 and ";" not in told.items[start].lead:
        start -= 1
    while end < len(told.items) and ";" not in told.items[end].lead:
        end += 1
    return not any(Place(number, index) in claimed_at for index in range(start, end))


def _limits(alignment: Alignment) -> str | None:
    """Refuse universals ("all", "every", "each") that the quote does not use, and "any" outside of what is denied."""
    for item, place in zip(alignment.claim.items, alignment.places, strict=True):
        if place is None:
            continue
        claimed = {"all", "every", "each", "both"} & set(item.lead)
        if claimed and not {"all", "every", "each", "any", "both", "no"} & set(alignment.item(place).lead):
            return f"says “{min(claimed)}” where the quote does not"
        signs = _BOUND_SIGNS & set(item.lead)
        if signs != _BOUND_SIGNS & set(alignment.item(place).lead):
            return f"sets another bound on “{item.token.text}”"
    return None


def _omissions(alignment: Alignment) -> str | None:
    segments = _segments(alignment)
    for number, segment in enumerate(segments):
        told = alignment.told[segment[0][1].sentence]
        leads = {place.index: alignment.claim.items[index].lead for index, place in segment}
        kept = {index: leads[index] for index in sorted(leads)}
        reason = forbidden_omission(told, kept, opens=number == 0)
        if reason:
            return reason
    return None


def _is_whole(alignment: Alignment) -> str | None:
    """Refuse a claim that ends on "the", "with" or "and" where the quote goes on."""
    left = {word for word in alignment.claim.tail if word.isalpha()}
    last = alignment.places[-1]
    if last is not None:
        told = alignment.told[last.sentence]
        left -= set(told.tail) if last.index == len(told.items) - 1 else set()
    return f"breaks off after “{min(left)}”" if left else None


def _says_enough(alignment: Alignment) -> str | None:
    """Refuse a single word: it can be laid over anything."""
    kept = [item for item, place in zip(alignment.claim.items, alignment.places, strict=True) if place is not None]
    has_word = any(item.token.kind in {Kind.WORD, Kind.CODE} for item in kept)
    return None if len(kept) > 1 and has_word else "says too little to be checked"


_CHECKS: Final[tuple[Check, ...]] = (
    _says_enough, _is_whole, _joining, _limits, _modality, _conditions, _order, _relations, _tense,
    _omissions,
)  # fmt: skip
