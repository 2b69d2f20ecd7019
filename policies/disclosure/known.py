"""Finds what is known to identify a subject, however it is written."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Final

from domain.answers import Finding
from domain.identities import KnownIdentity
from policies.disclosure.folding import Folded, fold_deeply
from policies.disclosure.spellings import WORD, Spelling, kind_of, numbers, spellings

NAME: Final = "known"
_HEAD: Final = 4  # every number has at least this many characters, by which it is looked up
_WIDEST_GAP: Final = 3  # characters between two words of one identity, white space not counted
_WITHIN_A_NUMBER: Final = re.compile(r"[\s\-./()·_:#+]*")
# Between two names of one person: at most a middle initial.
_BETWEEN_NAMES: Final = re.compile(r"[\s,.'’\-]{0,3}(?:[^\W\d_]\.)?[\s,.'’\-]{0,3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Index:
    """Spellings by their first word, the longest first, and numbers by their first four characters."""

    words: dict[str, list[tuple[Spelling, str]]]
    numbers: dict[str, list[tuple[str, str]]]


def find_known(text: str, known: Sequence[KnownIdentity]) -> list[Finding]:
    """Return where identities stand in a text, in order, none of one kind overlapping another of that kind.

    Case, accents, widths, URL escapes, punctuation and white space do not matter. A family name counts on its own, a
    given name on its own where it is capitalised and no everyday word; numbers of under four characters never count.
    """
    if not known or not text.strip():
        return []
    index = _index(tuple(known))
    folded = fold_deeply(text)
    tokens = [(match.group(), match.start(), match.end()) for match in WORD.finditer(folded.text)]
    spans = [*_words(text, folded, tokens, index), *_numbers(folded, tokens, index)]
    return [
        Finding(start=start, end=end, kind=kind, score=1.0, recogniser=NAME)
        for start, end, kind in _joined(text, spans)
    ]


# Few texts are about other subjects than the text before them, and building costs more than searching.
@lru_cache(maxsize=8)
def _index(known: tuple[KnownIdentity, ...]) -> _Index:
    words: dict[str, set[tuple[Spelling, str]]] = {}
    heads: dict[str, set[tuple[str, str]]] = {}
    for identity in known:
        kind = kind_of(identity)
        for spelling in spellings(identity):
            if spelling.words:
                words.setdefault(spelling.words[0], set()).add((spelling, kind))
        for number in numbers(identity):
            heads.setdefault(number[:_HEAD], set()).add((number, kind))
    return _Index(
        words={
            word: sorted(found, key=lambda entry: (-len(entry[0].words), entry[0].capital, entry[0].words, entry[1]))
            for word, found in words.items()
        },
        numbers={head: sorted(found, key=lambda entry: (-len(entry[0]), entry)) for head, found in heads.items()},
    )


_Token = tuple[str, int, int]
_Span = tuple[int, int, str]


def _words(text: str, folded: Folded, tokens: list[_Token], index: _Index) -> Iterator[_Span]:
    for place, (word, start, _) in enumerate(tokens):
        for spelling, kind in index.words.get(word, ()):
            last = place + len(spelling.words) - 1
            if last >= len(tokens) or not _follow(folded.text, tokens, place, spelling.words):
                continue
            begin, end = folded.span(start, tokens[last][2])
            if not spelling.capital or text[begin].isupper() or text[begin] == "%":
                yield begin, end, kind
                break


def _follow(text: str, tokens: list[_Token], place: int, words: tuple[str, ...]) -> bool:
    for offset in range(1, len(words)):
        word, start, _ = tokens[place + offset]
        if word != words[offset]:
            return False
        gap = text[tokens[place + offset - 1][2] : start]
        if len(gap) > _WIDEST_GAP and len("".join(gap.split())) > _WIDEST_GAP:
            return False
    return True


def _numbers(folded: Folded, tokens: list[_Token], index: _Index) -> Iterator[_Span]:
    if not index.numbers:
        return
    compact = "".join(word for word, _, _ in tokens)
    ends = list(accumulate(len(word) for word, _, _ in tokens))
    begin = 0
    for place, (word, start, _) in enumerate(tokens):
        for number, kind in index.numbers.get(compact[begin : begin + _HEAD], ()):
            last = bisect_left(ends, begin + len(number))
            if compact.startswith(number, begin) and ends[last] == begin + len(number):
                gaps = (folded.text[tokens[at][2] : tokens[at + 1][1]] for at in range(place, last))
                if all(len(gap) <= _WIDEST_GAP and _WITHIN_A_NUMBER.fullmatch(gap) for gap in gaps):
                    yield *folded.span(start, tokens[last][2]), kind
                    break
        begin += len(word)


def _joined(text: str, spans: list[_Span]) -> list[_Span]:
    """Join spans of one kind that overlap, and names of one person with no more than an initial between them."""
    joined: dict[str, list[tuple[int, int]]] = {}
    for start, end, kind in sorted(spans):
        done = joined.setdefault(kind, [])
        if done and (start < done[-1][1] or (kind == "PERSON" and _BETWEEN_NAMES.fullmatch(text, done[-1][1], start))):
            done[-1] = (done[-1][0], max(end, done[-1][1]))
        else:
            done.append((start, end))
    return sorted((start, end, kind) for kind, found in joined.items() for start, end in found)
