"""Measures how much of a text is in another: ROUGE, content words, and whether words stand there verbatim."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from Stemmer import Stemmer

# Words that any two English texts share. Negations are not among them: an answer that lacks one is another answer.
_FUNCTION_WORDS: Final = frozenset(
    "a about also am an and any are as at be because been being but by can could did do does for from had has have"
    " having he her his how i if in into is it its itself me might my of on or our shall she should so some such than"
    " that the their them then there these they this those through to upon us was we were what when where which while"
    " who whom whose why will with would you your".split()
)
_WORD: Final = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Shares of content words: ``precision`` of the answer's, ``recall`` of the ideal's own, ``f1`` of both."""

    precision: float
    recall: float
    f1: float


def rouge_l(answer: str, ideals: Sequence[str]) -> float:
    """Return ROUGE-L, the F-measure (beta 1) of the longest common subsequence of words; the best of the ideals.

    Lin, "ROUGE: A Package for Automatic Evaluation of Summaries", 2004, section 3.1, over the whole answer as one
    sequence; words are folded to lower case and not stemmed.
    """
    given = words(answer)
    wanted = [words(ideal) for ideal in ideals]
    return max((_f(_longest_common(given, own), len(given), len(own)) for own in wanted), default=0.0)


def rouge_2_recall(answer: str, ideals: Sequence[str]) -> float:
    """Return ROUGE-2, the share of an ideal's pairs of neighbouring words that the answer has; the best of the ideals.

    Lin, 2004, section 2: matches are clipped to how often the answer has the pair. An ideal of one word has no pair.
    """
    given = _pairs(answer)
    return max((_share((given & wanted).total(), wanted.total()) for wanted in map(_pairs, ideals)), default=0.0)


def content_overlap(answer: str, ideals: Sequence[str]) -> Overlap:
    """Return the overlap of content words, counted as often as they occur; each share is the best of the ideals.

    The F1 is that of Rajpurkar et al., "SQuAD", 2016, over stems (Snowball, English) without function words.
    """
    given = content_words(answer)
    best = Overlap(precision=0.0, recall=0.0, f1=0.0)
    for wanted in map(content_words, ideals):
        both = (given & wanted).total()
        best = Overlap(
            precision=max(best.precision, _share(both, given.total())),
            recall=max(best.recall, _share(both, wanted.total())),
            f1=max(best.f1, _f(both, given.total(), wanted.total())),
        )
    return best


def content_words(text: str) -> Counter[str]:
    """Return the stems of the words of a text that carry its content, with how often each occurs."""
    # a stemmer is not safe to share between threads, and costs microseconds to make
    return Counter(Stemmer("english").stemWords([word for word in words(text) if word not in _FUNCTION_WORDS]))


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, without accents; numbers stay whole ("2.5").

    >>> words("Ménière's: 2.5 mg, 1,000 times")
    ['meniere', 's', '2.5', 'mg', '1,000', 'times']
    """
    return _WORD.findall(_folded(text))


def says(text: str, phrase: str) -> bool:
    """Say whether a text has a phrase, in whatever case, accents and white space; words and numbers are never cut."""
    return is_verbatim(_folded(phrase), _folded(text))


def is_verbatim(quote: str, text: str) -> bool:
    """Say whether a quote stands in a text letter for letter; runs of white space may differ.

    Words and numbers are never cut ("5 mg" does not stand in "2.5 mg"). A quote without a word stands nowhere.
    """
    wanted = " ".join(quote.split())
    if not _WORD.search(wanted):
        return False
    before = r"(?<![^\W_])" if wanted[0].isalnum() else ""
    before += r"(?<!\d[.,])" if wanted[0].isdigit() else ""
    after = r"(?![^\W_])" if wanted[-1].isalnum() else ""
    after += r"(?![.,]\d)" if wanted[-1].isdigit() else ""
    return re.search(before + re.escape(wanted) + after, " ".join(text.split())) is not None


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _pairs(text: str) -> Counter[tuple[str, str]]:
    return Counter(pairwise(words(text)))


def _longest_common(first: Sequence[str], second: Sequence[str]) -> int:
    """Return the length of the longest common subsequence, row by row."""
    row = [0] * (len(second) + 1)
    for word in first:
        diagonal = 0
        for at, other in enumerate(second, start=1):
            above = row[at]
            row[at] = diagonal + 1 if word == other else max(above, row[at - 1])
            diagonal = above
    return row[-1]


def _f(both: int, given: int, wanted: int) -> float:
    """Return the harmonic mean of ``both / given`` and ``both / wanted``."""
    return _share(2 * both, given + wanted)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
