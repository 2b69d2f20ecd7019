"""Reads numbers with their units, bounds and ranges, and how often a thing is done."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from policies.grounding.lexicon import CONVERSIONS, UNITS

_ONES: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS: Final = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS: Final = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
_SCALE: Final[Mapping[str, int]] = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_VALUE: Final[Mapping[str, int]] = {
    **{word: value for value, word in enumerate(_ONES)},
    **{word: value * 10 for value, word in enumerate(_TENS, 2)},
}
_WORDED: Final = (
    rf"(?:(?:{'|'.join(_TENS)})(?:[-\s](?:{'|'.join(_ONES[1:10])}))?|{'|'.join(sorted(_ONES, key=len, reverse=True))})"
    rf"(?:\s(?:hundred|thousand|million|billion))?"
)
_DIGITS: Final = (
    r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\s\d{3})+(?![\d.,]\d|\d)|\d+(?:[.,]\d+)?(?:\^-?\d+)?|\.\d+)"
)
_PERIODS: Final = frozenset({"day", "week", "month", "year"})
_UNIT: Final = "|".join(re.escape(name) for name in sorted(UNITS, key=len, reverse=True))
# "20 mg/day" is a dose and how often it is given
_PER: Final = "|".join(re.escape(name) for name in sorted(UNITS, key=len, reverse=True) if UNITS[name] not in _PERIODS)
_CURRENCY: Final = r"(?:EUR|USD|GBP|CHF|US\$|[€$£])"
_TIMES: Final = rf"(?:once|twice|thrice|(?:{_WORDED}|\d+)\stimes|\d+x)"
_PERIOD: Final = r"hour|day|week|month|quarter|year|night|annum"

PATTERN: Final = rf"""
    (?P<freq>(?i:\b(?:{_TIMES}\s(?:(?:a|an|per|each|every|in\sa)\s(?:{_PERIOD})|daily|weekly|monthly|yearly|annually|hourly|nightly)|
        (?:every|each)\s(?:other\s)?(?:(?:{_WORDED}|\d+)(?:\s?(?:-|to)\s?\d+)?\s)?(?:hour|day|week|month|year|night)s?|
        per\s(?:{_PERIOD})|(?:{_WORDED}|\d+)[-\s]hourly|q\s?\d+\s?(?:hours?|hrs?|h|d)\b|
        daily|weekly|monthly|yearly|annually|hourly|nightly|b\.?i\.?d\b\.?|t\.?i\.?d\b\.?|q\.?i\.?d\b\.?|q\.?d\b\.?)(?!\w)|
        (?<=\S)\s?/\s?(?:day|week|month|year|d)\b)) |
    (?P<ordinal>\b(?i:{"|".join(_ORDINALS[1:])})\b(?!\s(?:hand|name))|(?<![\w.])\d+(?:st|nd|rd|th)\b) |
    (?P<number>
        (?P<sign>(?:(?<=\s)|(?<=\()|^)[-+]\s?(?=\d))?
        (?P<between>\b[Bb]etween\s(?=[^,;.]{{1,24}}\sand\s))?
        (?P<bound>(?:[≤≥<>≈~±]|<=|>=)\s?(?:(?:a|an|the|age|of|from)\s)?)?
        (?P<before>{_CURRENCY}\s?)?
        (?:(?P<digits>(?<![\w.,]){_DIGITS})|(?P<worded>\b(?i:{_WORDED})\b(?:\s?\(\s?{_DIGITS}\s?\))?))
        (?:(?P<slash>/\d+(?:\.\d+)?(?![\w/]))|
           (?P<range>\s?(?(between)(?:-|\bto\b|\band\b)|(?:-|\bto\b))\s?(?:(?:{_DIGITS})(?![\w-]|/\d)|(?:{_DIGITS})(?=\s?(?:{_UNIT})(?!\w))|{_WORDED}\b)))?
        (?P<scale>\s(?:thousand|million|billion)\b)?
        (?P<unit>(?:[\s-]?|\s?/\s?)(?:{_UNIT})(?![\w])(?:\s?(?:/|\bper\b)\s?(?:{_PER})(?![\w]))*(?:'s?)?|\s?{_CURRENCY}(?!\w))?
        (?P<after>\s(?:or|and)\s(?:more|over|above|older|higher|greater|longer|less|fewer|below|under|younger|lower|shorter)\b)?
    )
"""
_UNIT_PART: Final = re.compile(r"\s?(?:/|\bper\b)\s?")
_NUMBERS: Final = re.compile(_DIGITS)
_WORD: Final = re.compile(r"[a-z]+")
_OPEN: Final[Mapping[str, str]] = {"<=": "≤", ">=": "≥", "~": "≈"}
_UPWARD: Final = frozenset("more over above older higher greater longer".split())
_FREQUENCIES: Final[Mapping[str, tuple[int, str]]] = {
    "bid": (2, "day"), "tid": (3, "day"), "qid": (4, "day"), "qd": (1, "day"),
}  # fmt: skip
_ONCE: Final[Mapping[str, int]] = {"once": 1, "twice": 2, "thrice": 3}
_ADVERBS: Final[Mapping[str, str]] = {
    "daily": "day", "weekly": "week", "monthly": "month", "yearly": "year", "annually": "year", "hourly": "hour",
    "nightly": "night", "annum": "year", "d": "day",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number (or the two ends of a range, or of a ratio) with its unit and which side of it is meant.

    ``bound`` is "≤", "<", "≥", ">", "≈", "±" or empty; ``shape`` is "one", "range" or "ratio".
    """

    values: tuple[Decimal, ...]
    unit: str
    bound: str
    shape: str


def quantity_of(match: re.Match[str]) -> Quantity:
    """Return what a match of the group "number" of :data:`PATTERN` says."""
    values = [_value(match["digits"] or match["worded"])]
    shape = "one"
    if match["slash"]:
        values.append(_value(match["slash"][1:]))
        shape = "ratio"
    elif match["range"]:
        values.append(_value(re.sub(r"^\s?(?:-|to|and)\s?", "", match["range"])))
        shape = "range"
    if (match["sign"] or "").strip() == "-":
        values[0] = -values[0]
    scale = _SCALE[match["scale"].strip()] if match["scale"] else 1
    unit = _unit(match["unit"] or match["before"] or "")
    factor, unit = CONVERSIONS.get(unit, (Decimal(1), unit))
    bound = (match["bound"] or "").split()[0] if (match["bound"] or "").strip() else ""
    if match["after"]:
        bound = "≥" if match["after"].split()[-1] in _UPWARD else "≤"
    bound = _OPEN.get(bound, bound)[:1]
    return Quantity(values=tuple((v * scale * factor).normalize() for v in values), unit=unit, bound=bound, shape=shape)


def frequency_of(written: str) -> tuple[str, tuple[int, ...], str]:
    """Return how often: ("freq", times, period), or ("every", n, unit) for an interval of n or of n to m units.

    >>> frequency_of("twice a day") == frequency_of("b.i.d.")
    True
    """
    plain = written.casefold().replace(".", "").strip(" /")
    if plain in _FREQUENCIES:
        times, period = _FREQUENCIES[plain]
        return "freq", (times,), period
    words = plain.replace("-", " ").split()
    period = _ADVERBS.get(words[-1], words[-1].rstrip("s"))
    is_counted = words[0] in {"every", "each"} and len(words) > len(("every", "day"))
    if is_counted or plain.startswith("q") or words[-1] == "hourly":
        unit = "hour" if plain.startswith("q") and plain.endswith(("h", "hr", "hrs")) else period
        return "every", _counts([word for word in words if word not in {"every", "each"}]), unit
    return "freq", _times(words), period


def _counts(words: Sequence[str]) -> tuple[int, ...]:
    if "other" in words:
        return (2,)
    numbers = tuple(int(digits) for word in words for digits in re.findall(r"\d+", word))
    return numbers or (int(_value(" ".join(words[:-1]))),)


def _times(words: Sequence[str]) -> tuple[int, ...]:
    if words[0] in _ONCE:
        return (_ONCE[words[0]],)
    if "times" in words:
        return (int(_value(" ".join(words[: words.index("times")]))),)
    return (int(words[0][:-1]) if words[0][:1].isdigit() else 1,)


def ordinal_of(written: str) -> int:
    """Return the number of an ordinal such as "third" or "3rd"."""
    word = written.casefold()
    return _ORDINALS.index(word) if word in _ORDINALS else int(re.sub(r"\D", "", written))


def _value(written: str) -> Decimal:
    """Return the value of digits ("1,000", "20 000", "2.5", "10^9") or number words ("twenty-one", "two hundred")."""
    digits = _NUMBERS.search(written)
    if digits:
        plain = digits[0]
        if "^" in plain:
            base, power = plain.split("^")
            return _decimal(base) ** max(-99, min(99, int(power)))
        return _decimal(plain)
    total = 0
    for word in _WORD.findall(written.casefold()):
        total = total * _SCALE[word] if word in _SCALE else total + _VALUE.get(word, 0)
    return Decimal(total)


def _decimal(digits: str) -> Decimal:
    plain = re.sub(r"\s", "", digits)
    # "1,000" is a thousand in these texts, "1,5" one and a half
    plain = plain.replace(",", "") if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", plain) else plain.replace(",", ".")
    return Decimal(plain)


def _unit(written: str) -> str:
    parts = _UNIT_PART.split(written.strip(" -'").removesuffix("'s").strip(" -'"))
    return "/".join(
        UNITS.get(part.strip()) or UNITS.get(part.strip().replace("-", " "), part.strip()) for part in parts
    )
