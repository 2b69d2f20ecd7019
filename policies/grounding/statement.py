"""Reads one sentence as a statement: what it says, and what governs it (negation, modality, conditions)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from policies.grounding import lexicon
from policies.grounding.facts import Kind, Token, stem, tokens
from policies.grounding.folding import folded

_MARKER: Final = re.compile(
    r"^\s*(?:[-•*–▪◦·]\s+|\(?(?:\d{1,3}|[ivxlc]{1,5}|[A-Za-z])[.)]\s+(?=\S)|\d{1,3}(?:\.\d{1,3}){1,4}\.?\s+(?=[A-Z“\"]))"
)
_QUIET: Final = frozenset(".,;:()[]!?\"'/|•*-–—&=≤≥<>≈±%§·▪◦")
_HARD: Final = frozenset({";", ":", "?", "!", ".", "|"})
_WHOLE_CLAUSE: Final = frozenset({"not", "never", "cannot"})
_ENDS_NO: Final = frozenset("on at since after before during until".split())
_UNIVERSAL: Final = frozenset("all any every each no none".split())
_NO_NEW_CLAUSE: Final = frozenset({"without", "except"})
_UNIVERSAL_REACH: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A word or fact that says something. ``lead`` holds the function words and signs before it, in order.

    ``negations`` counts what denies it. ``strict`` says that what stands beside it may not be left out: under a
    negation, a permission or a condition, less said is more claimed.
    """

    token: Token
    key: Hashable
    lead: tuple[str, ...]
    clause: int
    negations: int
    strict: bool

    @property
    def is_word(self) -> bool:
        """Say whether it is a plain word, not a fact such as a number."""
        return self.token.kind is Kind.WORD


@dataclass(frozen=True, slots=True, kw_only=True)
class Governor:
    """A modal or a condition over the items ``start..end``; ``kind`` is "must", "may", "if", "unless" and the like."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One sentence. ``tail`` is what follows its last item."""

    text: str
    items: tuple[Item, ...]
    tail: tuple[str, ...]
    modals: tuple[Governor, ...]
    conditions: tuple[Governor, ...]


_SAME_CONDITION: Final = {
    "when": "if", "where": "if", "whenever": "if", "provided": "if", "once": "if", "till": "until",
}  # fmt: skip


@lru_cache(maxsize=4096)
def read(sentence: str) -> Statement:
    """Return the statement that a sentence makes; list markers and clause numbers before it are left out."""
    read_tokens = tokens(_MARKER.sub("", folded(sentence), count=1))
    said: list[Token] = []
    leads: list[tuple[str, ...]] = []
    lead: list[str] = []
    for token in read_tokens:
        key = token.key
        quiet = (token.kind is Kind.WORD and key in lexicon.FUNCTION) or (
            token.kind is Kind.SIGN and token.text in _QUIET
        )
        if quiet:
            lead.append(str(key))
        else:
            said.append(token)
            leads.append(tuple(lead))
            lead = []
    clauses = _clauses(leads)
    keys: list[Hashable] = [stem(token) if token.kind is Kind.WORD else (token.kind, token.key) for token in said]
    tail = tuple(lead)
    denied = [str(token.key) in lexicon.DENIALS for token in said]
    negations = _negations(leads, clauses, denied, tail)
    conditions = tuple(_conditions(leads, clauses))
    modals = tuple(_modals(leads, clauses))
    strict = _strict(leads, clauses, conditions, modals)
    items = tuple(
        Item(token=token, key=key, lead=before, clause=clause, negations=count, strict=index in strict)
        for index, (token, key, before, clause, count) in enumerate(
            zip(said, keys, leads, clauses, negations, strict=True)
        )
    )
    return Statement(text=sentence, items=items, tail=tail, modals=modals, conditions=conditions)


def _clauses(leads: list[tuple[str, ...]]) -> list[int]:
    """Return the number of each item's clause; a coordinated verb with its own auxiliary begins a new one."""
    clauses: list[int] = []
    current, joint, has_auxiliary, closes_at_comma = 0, -1, False, False
    for index, lead in enumerate(leads):
        for place, word in enumerate(lead):
            joined = bool({",", "and", "but"} & set(lead[:place]))
            if (
                word in _HARD
                or word in lexicon.RELATIVES
                or (word in lexicon.SEPARATORS and word != "and")
                or (word in lexicon.CONDITIONS and word not in _NO_NEW_CLAUSE)
                or (word in lexicon.NEGATORS and joined)
                or (word == "that" and lexicon.DETERMINERS & set(lead[place + 1 :]))
                or (word == "," and closes_at_comma)
            ):
                current, joint, has_auxiliary = current + 1, -1, False
                opens = word in lexicon.CONDITIONS and index == 0
                closes_at_comma = opens or (word in lexicon.RELATIVES and "," in lead[:place])
            elif word in {"and", ","}:
                joint = index
            elif word in lexicon.AUXILIARIES:
                if has_auxiliary and joint >= 0:
                    current += 1
                    clauses[joint:] = [current] * len(clauses[joint:])
                    joint = -1
                has_auxiliary = True
        clauses.append(current)
    return clauses


def _end_of(clauses: list[int], start: int) -> int:
    end = start
    while end < len(clauses) and clauses[end] == clauses[start]:
        end += 1
    return end


def _negations(
    leads: list[tuple[str, ...]], clauses: list[int], denied: list[bool], tail: tuple[str, ...]
) -> list[int]:
    whole = Counter(clauses[index] for index, lead in enumerate(leads) for word in lead if word in _WHOLE_CLAUSE)
    counts = [whole[clause] for clause in clauses]
    for index, lead in enumerate(leads):
        for _ in range(len([word for word in lead if word in lexicon.NEGATORS and word not in _WHOLE_CLAUSE])):
            for other in range(index, _end_of(clauses, index)):
                if other > index and _ENDS_NO & set(leads[other]):
                    break
                counts[other] += 1
    for index, denies in enumerate(denied):
        if denies:
            alone = clauses.count(clauses[index]) == 1
            for other, clause in enumerate(clauses):
                counts[other] += clause == clauses[index] or (alone and other < index)
    if lexicon.NEGATORS & set(tail):
        # as in "Pregnant: no", the answer denies what was asked
        counts = [count + 1 for count in counts]
    lead_in = next((index for index, lead in enumerate(leads) if index and ":" in lead), len(leads))
    if lead_in < len(leads) and counts[lead_in - 1]:
        # what is denied before a colon is denied of every item after it
        counts[lead_in:] = [count + counts[lead_in - 1] for count in counts[lead_in:]]
    return counts


def _conditions(leads: list[tuple[str, ...]], clauses: list[int]) -> Iterator[Governor]:
    for index, lead in enumerate(leads):
        for word in lead:
            if word in lexicon.CONDITIONS:
                yield Governor(kind=_SAME_CONDITION.get(word, word), start=index, end=_end_of(clauses, index))


def _modals(leads: list[tuple[str, ...]], clauses: list[int]) -> Iterator[Governor]:
    for index, lead in enumerate(leads):
        for place, word in enumerate(lead):
            if word in lexicon.MODALS:
                kind = lexicon.MODALS[word]
                denied = word == "cannot" or {"not", "never"} & set(lead[place:])
                if kind in {"must", "may"} and denied:
                    # "shall not", "must not" and "may not" forbid alike
                    kind = "must not"
                yield Governor(kind=kind, start=index, end=_end_of(clauses, index))


def _strict(
    leads: list[tuple[str, ...]],
    clauses: list[int],
    conditions: tuple[Governor, ...],
    modals: tuple[Governor, ...],
) -> set[int]:
    strict: set[int] = set()
    for governor in (*conditions, *(modal for modal in modals if modal.kind in {"may", "might", "must not"})):
        strict.update(range(governor.start, governor.end))
    for index, lead in enumerate(leads):
        if lexicon.NEGATORS & set(lead):
            strict.update(range(index, _end_of(clauses, index)))
        if _UNIVERSAL & set(lead):
            end = index + 1
            while end < min(len(leads), index + _UNIVERSAL_REACH) and not lexicon.AUXILIARIES & set(leads[end]):
                end += 1
            strict.update(range(index, end))
    return strict
