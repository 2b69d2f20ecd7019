"""Splits text into sentences: syntok on each line, then joins what it cuts inside citations, titles and doses."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from syntok import segmenter
from syntok.tokenizer import Tokenizer

# readers write one paragraph, list item or table row a line, so that a line break ends a sentence
_LINE: Final = re.compile(r"[^\n\r\f\v\x1c-\x1e\x85\u2028\u2029]+")
_END: Final = re.compile(r"[.!?;:…][)\]\"'”’»\]]*\s")
_ABBREVIATIONS: Final = frozenset(
    """
    art arts artt sec secs sect sects § para paras par subpara cl cls ch chap chs pt pts subpt reg regs fig figs
    tab app annex sched no nos nr vol vols ed eds p pp ex exh n nn ff dr drs prof mr mrs ms mx sr jr st hon rev gen
    lt col sgt capt messrs esq e.g i.e cf viz approx ca resp incl excl v vs al etc op cit ibid id inc ltd corp co
    llc plc cir dist app supp
    """.split()
)
_ENDS_ABBREVIATED: Final = re.compile(r"(?:^|[\s(\[“\"'])([^\W\d_][^\s(\[“\"']*|§)\.$")
# words that also end ordinary sentences: only a digit after them shows that they are abbreviations
_NEEDS_DIGIT: Final = frozenset(
    """
    no nos nr p pp n nn ed ch pt pts fig tab app ex ff id etc co corp inc ltd llc plc al art par
    """.split()
)
_STARTS_LOW: Final = re.compile(r"[a-zà-öø-ÿ,;:)\]%/=<>≤≥]")
_MARKER: Final = re.compile(r"^(?:\(?(?:[0-9]{1,3}|[ivxlc]{1,5}|[A-Za-z])[.)]|[-•*–▪◦§])$")
_HARD_END: Final = re.compile(r"[!?][)\]\"'”’»]*$")
_INITIAL: Final = re.compile(r"(?:^|\s)(?:[^\W\d_a-z]\.)+$")
_LOW_WORD: Final = re.compile(r"[a-z]")


def split(text: str) -> list[tuple[int, int]]:
    """Return the spans of the sentences of ``text`` in order, white space trimmed; line breaks are boundaries.

    A sentence is never cut inside a citation ("45 CFR 164.512(b)", "Art. 17", "No. 5"), after a title ("Dr."), "e.g.",
    or an abbreviated unit that the sentence goes on after ("5 mg. daily").
    """
    spans: list[tuple[int, int]] = []
    for line in _LINE.finditer(text):
        start, end = _trimmed(text, line.start(), line.end())
        if start < end:
            spans.extend((start + first, start + last) for first, last in _of_line(text[start:end]))
    return spans


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return end - len(piece.lstrip()), start + len(piece.rstrip())


@lru_cache(maxsize=4096)
def _of_line(line: str) -> tuple[tuple[int, int], ...]:
    # most lines of records and lists are one sentence, and syntok takes a millisecond to say so
    if not _END.search(line):
        return ((0, len(line)),)
    joined: list[tuple[int, int]] = []
    for start, end in _segments(line):
        if joined and _belongs_together(line[joined[-1][0] : joined[-1][1]], line[start:end]):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined) or ((0, len(line)),)


def _segments(line: str) -> list[tuple[int, int]]:
    """Return spans that tile the line but for white space, whatever syntok leaves out or spells anew."""
    # hyphens and contractions kept as written, so that offsets are those of the line
    tokens = Tokenizer(emit_hyphen_or_underscore_sep=True, replace_not_contraction=False).tokenize(line)
    starts = [sentence[0].offset for sentence in segmenter.segment(tokens) if sentence]
    starts = sorted({0, *(start for start in starts if 0 <= start < len(line))})
    spans = (_trimmed(line, start, end) for start, end in zip(starts, [*starts[1:], len(line)], strict=True))
    return [(start, end) for start, end in spans if start < end]


def _belongs_together(left: str, right: str) -> bool:
    if _MARKER.match(left) or (_STARTS_LOW.match(right) and not _HARD_END.search(left)):
        return True
    found = _ENDS_ABBREVIATED.search(left)
    if not found:
        return bool(_INITIAL.search(left)) and bool(_LOW_WORD.match(right))
    word, first = found[1].casefold(), right[0]
    if word not in _ABBREVIATIONS:
        return False
    # "The answer is no. 5 of them left." ends a sentence; "see No. 5" does not
    if word in _NEEDS_DIGIT:
        return (first.isdigit() or first in "([§") and not (word == "no" and found[1].islower())
    return True
