"""Decides what a claim may leave out of a quoted sentence without changing what the rest says.

A fact may be dropped with the words that introduce it ("on 4 March", "because of bleeding"), an item of a list may be
dropped, and so may a modifier. What limits, denies or heads the rest may not: "cancer" is not "cancer risk", "take
aspirin" is not "does not take aspirin", and "no adverse events" is not "no severe adverse events".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from policies.grounding import lexicon
from policies.grounding.facts import Kind
from policies.grounding.quantities import Quantity
from policies.grounding.statement import Item, Statement

_MOST_MODIFIERS: Final = 2
_AMOUNTS: Final = frozenset({Kind.NUMBER, Kind.DATE, Kind.FREQUENCY})
_QUOTE_MARKS: Final = frozenset("\"'")
_PARTING: Final = frozenset({"and", "but", ",", ";", ":", "|"})
_POPULATION_LEADS: Final = frozenset({"in", "for", "among", "amongst", "of", "to"})


def forbidden_omission(told: Statement, kept: Mapping[int, tuple[str, ...]], *, opens: bool) -> str | None:
    """Return why what is left out of ``told`` may not be left out, or ``None``.

    ``kept`` has the index of each item that the claim tells, in order, and what leads to it there. ``opens`` says that
    the claim begins with them, so that they cannot have borrowed their subject from elsewhere in the claim.
    """
    items, indices = told.items, list(kept)
    for reason in (
        _hedges(items, indices),
        _strictness(items, indices),
        _pairs(items, indices),
        _before(items, indices[0], opens=opens),
        _after(items, indices[-1]),
    ):
        if reason:
            return reason
    for left, right in pairwise(indices):
        reason = _between(items, left, right, kept[right]) if right > left + 1 else None
        if reason:
            return reason
    return None


def _hedges(items: Sequence[Item], kept: Sequence[int]) -> str | None:
    there = set(kept)
    clauses = {items[index].clause for index in kept}
    for index, item in enumerate(items):
        if index not in there and item.clause in clauses and item.key in lexicon.HEDGES:
            return f"leaves out “{item.token.text}”"
    return None


def _strictness(items: Sequence[Item], kept: Sequence[int]) -> str | None:
    """Refuse to leave anything out of a denial, a permission or a condition that is partly told."""
    there = set(kept)
    clauses = {items[index].clause for index in kept if items[index].strict}
    for index, item in enumerate(items):
        if index not in there and item.strict and item.clause in clauses:
            return f"leaves out “{item.token.text}”, which a negation, a permission or a condition covers"
    return None


def _pairs(items: Sequence[Item], kept: Sequence[int]) -> str | None:
    """Refuse a value with another's date: of "4.1 on Monday and 5.6 on Friday", "5.6 on Monday" keeps no pair."""
    there = set(kept)
    series: dict[str, list[int]] = {}
    for index, item in enumerate(items):
        if item.token.kind in _AMOUNTS:
            series.setdefault(_measure(item), []).append(index)
    partly = [[index in there for index in places] for places in series.values()]
    partly = [places for places in partly if any(places) and not all(places)]
    if any(places != partly[0] for places in partly[1:]):
        return "joins what the quote keeps apart: amounts that stand with others there"
    return None


def _before(items: Sequence[Item], first: int, *, opens: bool) -> str | None:
    if first == 0:
        return None
    lead, dropped = items[first].lead, items[:first]
    if ";" in lead and not any(":" in item.lead for item in (*dropped, items[first])):
        return None
    reason = f"leaves out how the quoted sentence begins (“{dropped[0].token.text}”)"
    words = {word for item in dropped for word in item.lead} | set(lead)
    if words & lexicon.CONDITIONS or any(item.negations for item in dropped):
        return reason
    if "," in lead and dropped[0].lead and dropped[0].lead[0] in lexicon.ADJUNCTS:
        limits = any(_is_population(item) for item in dropped)
        return reason if limits or {"and", "or"} & set(lead) else None
    joints = [place for place, word in enumerate(lead) if word in {"and", "but", "while", "whereas"}]
    if opens and joints and "or" not in lead and not words & lexicon.RELATIVES and "that" not in words:
        after = set(lead[joints[-1] + 1 :])
        has_verb = any(lexicon.AUXILIARIES & set(item.lead) for item in dropped)
        if has_verb and not after & lexicon.AUXILIARIES:
            return None
    return reason


def _after(items: Sequence[Item], last: int) -> str | None:
    if last == len(items) - 1:
        return None
    following, rest = items[last + 1], items[last + 2 :]
    lead = tuple(word for word in following.lead if word not in _QUOTE_MARKS)
    if lead:
        ends = ";" in lead or lead[0] in {".", "?", "!"}
        droppable = ends or not _cuts_short(lead, items[last + 1 : last + 4])
    else:
        stands_alone = not rest or bool(rest[0].lead)
        droppable = following.token.kind in _AMOUNTS or (_is_adverb(following) and stands_alone)
    return None if droppable else f"breaks off before “{' '.join((*following.lead, following.token.text))}”"


def _cuts_short(lead: tuple[str, ...], following: Sequence[Item]) -> bool:
    """Say whether the claim ends where the quoted words still need what follows."""
    words = set(lead)
    plain = [word for word in lead if word not in lexicon.DETERMINERS]
    is_object = not plain
    is_alternative = lead[0] in {"/", "-", ":"} or bool({"or", "nor"} & words)
    is_complement = (
        "that" in words or bool(set(plain) & lexicon.COMPLEMENTS) or bool(set(plain[:1]) & lexicon.RELATIVES)
    )
    is_limit = bool(words & _POPULATION_LEADS) and any(_is_population(item) for item in following)
    # the claim would keep a subject and drop what is said of it
    is_predicate = bool(words & lexicon.AUXILIARIES) and not {"and", "but", ","} & words
    return is_object or is_alternative or is_complement or is_limit or is_predicate


def _between(items: Sequence[Item], left: int, right: int, claimed: tuple[str, ...]) -> str | None:
    """Return why what stands between two kept items may not go; ``claimed`` is what parts them in the claim."""
    dropped = items[left + 1 : right]
    if _rival(dropped, items[left], items[right]):
        return f"joins what the quote keeps apart: “{items[right].token.text}” stands with other words there"
    if _is_knotted(dropped, items[right]) or not _may_drop(items, left, right, claimed):
        return f"leaves out “{dropped[0].token.text}” from the middle of the quoted sentence"
    return None


def _is_knotted(dropped: Sequence[Item], right: Item) -> bool:
    """Say whether what is dropped is tied to what follows: by a possessive, a colon, "or", "that" or a bracket."""
    first, last = dropped[0].lead, right.lead
    owns = any(item.lead[:1] == ("'",) or item.token.text.endswith("'s") for item in (*dropped, right))
    signs = [word for item in (*dropped, right) for word in item.lead]
    return (
        (owns and not {",", "and"} & set(last))
        or ":" in first
        or signs.count("(") != signs.count(")")
        or bool({"or", "nor"} & {*first, *last})
        or bool({"that", "than"} & set(last))
    )


def _may_drop(items: Sequence[Item], left: int, right: int, claimed: tuple[str, ...]) -> bool:
    dropped = items[left + 1 : right]
    first, last = dropped[0].lead, items[right].lead
    if items[right].token.kind in _AMOUNTS and "to" in last and _begins_phrase(first):
        # "from 10 mg to 20 mg" keeps its end
        return True
    if _is_modifier(dropped, last):
        return _links(claimed) == _links(first)
    if _links(claimed) != _links(last) and not {"and", ","} & {*claimed, *last}:
        return False
    if any(_PARTING & set(item.lead) for item in items[left + 1 : right + 1]):
        return _may_drop_up_to(items, left, right, claimed)
    return not lexicon.COMPLEMENTS & set(last) and _is_phrase(dropped, last)


def _is_phrase(dropped: Sequence[Item], last: tuple[str, ...]) -> bool:
    """Say whether a whole phrase goes ("for adults" is a limit, "on Monday" is not), or only adverbs and amounts."""
    first = dropped[0].lead
    if _begins_phrase(first) and last and not lexicon.PREPOSITIONS & set(first) & set(last):
        return not any(_is_population(item) for item in dropped)
    return all(_is_adverb(item) or item.token.kind in _AMOUNTS for item in dropped)


def _is_modifier(dropped: Sequence[Item], last: tuple[str, ...]) -> bool:
    """Say whether at most two plain words after an article or a preposition are dropped before their noun."""
    first = dropped[0].lead
    return (
        not last
        and bool(first)
        and first[-1] in lexicon.DETERMINERS | lexicon.PREPOSITIONS
        and len(dropped) <= _MOST_MODIFIERS
        and all(item.is_word and not item.token.name for item in dropped)
        and not any(item.lead for item in dropped[1:])
    )


def _links(lead: tuple[str, ...]) -> bool:
    """Say whether a preposition or an auxiliary links what follows to what was before."""
    return bool((lexicon.PREPOSITIONS | lexicon.AUXILIARIES) & set(lead))


def _may_drop_up_to(items: Sequence[Item], left: int, right: int, claimed: tuple[str, ...]) -> bool:
    """Say whether the dropped items are whole members of a list, or an insertion with its own ends."""
    dropped = items[left + 1 : right]
    first, last = dropped[0].lead, items[right].lead
    breaks = [index for index in range(left + 1, right + 1) if _PARTING & set(items[index].lead)]
    if first[:1] == ("(",) and last[:1] == (")",) and not any(")" in item.lead for item in dropped):
        return True
    if breaks[-1] == right:
        if not first:
            # "takes aspirin, ibuprofen and warfarin": members of one word each
            return len(breaks) == len(dropped) or all(item.token.kind in _AMOUNTS for item in dropped)
        if "and" in last or ";" in last:
            return True
        if last == (",",) and len(dropped) == 1 and first == claimed:
            return True
        return "," in last and ("," in first or ("," in claimed and not lexicon.AUXILIARIES & set(first)))
    is_single = breaks == [left + 1] and first[:1] == ("and",) and len(dropped) <= _MOST_MODIFIERS
    only_words = all(item.is_word for item in items[left + 1 : right + 1])
    has_phrases = any(item.lead for item in dropped[1:])
    return is_single and only_words and not has_phrases and bool(lexicon.AUXILIARIES & set(last))


def _begins_phrase(lead: Sequence[str]) -> bool:
    words = [word for word in lead if word not in lexicon.DETERMINERS and word not in {"(", ",", *_QUOTE_MARKS}]
    return bool(words) and words[0] in lexicon.PREPOSITIONS and words[0] not in {"to", "than", "against"}


def _rival(dropped: Sequence[Item], left: Item, right: Item) -> bool:
    """Say whether a dropped amount would be the one that belongs to the words kept."""
    for kept in (left, right):
        if kept.token.kind is Kind.WORD or {"to", "from"} & set(kept.lead):
            continue
        for item in dropped:
            if item.token.kind is kept.token.kind and _measure(item) == _measure(kept):
                return True
    return False


def _measure(item: Item) -> str:
    return item.token.key.unit if isinstance(item.token.key, Quantity) else item.token.kind.value


def _is_adverb(item: Item) -> bool:
    return item.is_word and item.token.text.endswith("ly") and item.key not in lexicon.HEDGES


def _is_population(item: Item) -> bool:
    return item.is_word and str(item.token.key) in lexicon.POPULATIONS
