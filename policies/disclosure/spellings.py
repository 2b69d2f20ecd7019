"""How a known identity may be written: names in any order, initials, dates in every style, numbers without separators.

Everything here is folded (lower case, no accents) and split into words: runs of letters, runs of digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Final

from domain.identities import KnownIdentity
from policies.disclosure.folding import fold_deeply
from policies.disclosure.us_states import STATE_NAMES

WORD: Final = re.compile(r"[^\W\d_]+|\d+")

_TITLE_WORDS: Final = (
    "mr mrs ms mx miss dr drs prof professor sir dame rev hon herr frau jr sr ii iii iv md rn phd dds esq"
)
# Behind a comma only: Do is a family name too.
_DEGREES: Final = frozenset({"do", "np", "pa"})
_PARTICLE_WORDS: Final = "de del della di da dos du la le van von der den zu zum bin ibn al el ter ten st san"
# Names that are everyday words: a family name among these counts only with a capital, a given name never on its own.
_EVERYDAY_WORDS: Final = """
    abbey able ace alba an and angel april are art ash august autumn baker banks bar bass bay bean bell bill birch
    bird black blue bond book born bowl brown buck bud burns bush butcher butler can carpenter case cash chance
    chase christian church clay cliff cole colt cook coral court crane cross crystal dale dawn day dean destiny
    diamond do does dot drew duke earl early east ember english even fair faith farmer field fine fish fisher flower
    for ford forest fox frank free french friend frost gay gene gift glass gold good grace grant gray green grey guy
    had hale hall hand hardy has have haven hazel head heath heather held hill holly home hope house hunter
    iris ivory ivy jack jade jean jewel josh joy june just justice keen kidd kind king knight lake lance lane large
    law lead lean less light lily little long lord love low major man mark marsh mason max may mercy merit mike
    miles mill miller mills misty moon moss nick noble norm north nurse ocean olive opal page park parks patience
    pearl penny pink piper pitts pleasant pope porter powers price prince rain ranger ray red reed rich ring rivers
    rob robin rock rod roman root rose rowe ruby rush rusty sage sales sandy savage sharp short sierra skip sky
    small smart snow so son sparks spring star steel sterling stone storm strong sue summer summers swan sweet tab
    taylor temple terry thorn tiller trinity trip true tucker tyler van victor victory violet wade walker wall ward
    was waters way weaver weeks wells west white wild will willow winter wise wolf wood woods worth wright young
"""
_TITLES: Final = frozenset(_TITLE_WORDS.split())
_PARTICLES: Final = frozenset(_PARTICLE_WORDS.split())
_EVERYDAY: Final = frozenset(_EVERYDAY_WORDS.split())
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_STREETS: Final = {
    "street": "st", "avenue": "ave", "boulevard": "blvd", "road": "rd", "lane": "ln", "drive": "dr", "court": "ct",
    "place": "pl", "square": "sq", "terrace": "ter", "parkway": "pkwy", "circle": "cir", "highway": "hwy",
    "apartment": "apt", "suite": "ste", "north": "n", "south": "s", "east": "e", "west": "w",
}  # fmt: skip
_LONG_STREETS: Final = {short: long for long, short in _STREETS.items() if len(short) > 1}
_LARGER_THAN_A_CITY: Final = frozenset(STATE_NAMES.lower().split("|")) | {
    "usa", "united states", "united states of america", "germany", "deutschland", "united kingdom", "england", "canada",
}  # fmt: skip
_UMLAUTS: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ø": "oe", "å": "aa"},
)
_SHORTEST_NAME: Final = 3
_SHORTEST_CITY: Final = 4
_SHORTEST_NUMBER: Final = 4
_SHORTEST_STRIPPED: Final = 5
_SSN_DIGITS: Final = re.compile(r"\d{3}-?\d{2}-?\d{4}")
_NANP_DIGITS: Final = 10
_FEWEST_LOCAL_DIGITS: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """Words that stand for an identity, one after the other; ``capital`` where the text must capitalise the first."""

    words: tuple[str, ...]
    capital: bool = False


def words_of(value: str) -> list[str]:
    """Return the folded words of a value."""
    return WORD.findall(fold_deeply(value).text)


def kind_of(identity: KnownIdentity) -> str:
    """Return the kind of finding that a known identity makes."""
    if identity.kind == "national_id":
        return "US_SSN" if _SSN_DIGITS.fullmatch(identity.value.strip()) else "NATIONAL_ID"
    return {
        "name": "PERSON",
        "relative": "PERSON",
        "address": "ADDRESS",
        "record_number": "MEDICAL_RECORD_NUMBER",
        "phone": "PHONE_NUMBER",
        "email": "EMAIL_ADDRESS",
        "url": "OTHER_ID",
        "birth_date": "BIRTH_DATE",
        "other_id": "OTHER_ID",
    }[identity.kind]


def spellings(identity: KnownIdentity) -> Iterator[Spelling]:
    """Yield the ways in which a name, an address, a birth date, an e-mail address or a URL may be written."""
    if identity.kind in {"name", "relative"}:
        values = {identity.value, _spelled_umlauts(identity.value)}
        for value in values:
            yield from _names(value)
    elif identity.kind == "address":
        yield from _addresses(identity.value)
    elif identity.kind == "birth_date":
        yield from _dates(identity.value)
    elif identity.kind in {"email", "url"}:
        yield Spelling(words=tuple(words_of(re.sub(r"^\w+:(?://)?(?:www\.)?", "", identity.value))))


def numbers(identity: KnownIdentity) -> Iterator[str]:
    """Yield the ways in which a number may be written, separators left out; none for very short numbers."""
    if identity.kind not in {"record_number", "national_id", "phone", "other_id"}:
        return
    candidates = _phones(identity.value) if identity.kind == "phone" else _codes(identity.value)
    yield from (candidate for candidate in candidates if len(candidate) >= _SHORTEST_NUMBER)


def _phones(value: str) -> set[str]:
    """Return a telephone number's digits with and without its country code; extensions are left out."""
    number = "".join(word for word in words_of(re.split(r"(?i)x|ext", value)[0]) if word.isdigit())
    national = number.removeprefix("00").removeprefix("0")
    if len(national) > _NANP_DIGITS and national.startswith("1"):
        national = national[1:]
    numbers = {number, national}
    if len(national) == _NANP_DIGITS:
        numbers.add("1" + national)
    if value.strip().startswith(("+", "00")):
        # A country code has one to three digits; at home a nought takes its place.
        cuts = range(1, min(3, len(national) - _FEWEST_LOCAL_DIGITS) + 1)
        numbers.update("0" + national[cut:] for cut in cuts)
    return numbers


def _codes(value: str) -> set[str]:
    """Return a number without separators, without leading noughts, and without letters in front of many digits."""
    compact = "".join(words_of(value))
    bare = compact.lstrip("abcdefghijklmnopqrstuvwxyz")
    codes = {compact}
    if bare.isdigit():
        codes.update(code for code in (bare, bare.lstrip("0")) if len(code) >= _SHORTEST_STRIPPED)
    return codes


def _names(value: str) -> Iterator[Spelling]:
    family, given = _family_and_given(value)
    last = tuple(words_of(" ".join(family)))
    firsts = [tuple(words_of(name)) for name in given]
    if not last:
        return
    for family_words, first in product(_with_joined(last), _first_names(firsts) if firsts else ()):
        yield Spelling(words=(*first, *family_words))
        yield Spelling(words=(*family_words, *first))
    yield from _family_alone(last)
    for name in firsts:
        for form in {*_with_joined(name), tuple(word for word in name if not word.isdigit())}:
            if sum(map(len, form)) >= _SHORTEST_NAME and form[0] not in _EVERYDAY:
                yield Spelling(words=form, capital=True)


def _family_alone(family: tuple[str, ...]) -> Iterator[Spelling]:
    """Yield a family name on its own, and the parts of a double one, except where it reads as another word."""
    everyday = len(family) == 1 and family[0] in _EVERYDAY
    for form in _with_joined(family):
        size = sum(map(len, form))
        if size >= _SHORTEST_NAME or (size > 1 and not everyday):
            yield Spelling(words=form, capital=everyday or size < _SHORTEST_NAME or form[0] in _PARTICLES)
    for part in family if len(family) > 1 else ():
        if len(part) > _SHORTEST_NAME and part not in _EVERYDAY and part not in _PARTICLES:
            yield Spelling(words=(part,), capital=True)


def _with_joined(words: tuple[str, ...]) -> set[tuple[str, ...]]:
    """Return the words apart and as one: "o brien" and "obrien"."""
    return {words, ("".join(words),)}


def _first_names(given: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return all given names, the first alone, and initials: "jane quincy", "jane", "jane q", "j", "j q", "jq"."""
    initials = tuple(name[0][0] for name in given)
    forms = {
        tuple(word for name in given for word in name),
        given[0],
        ("".join(given[0]),),
        initials[:1],
        initials,
        ("".join(initials),),
        (*given[0], *initials[1:]),
    }
    return sorted(forms)


def _family_and_given(value: str) -> tuple[list[str], list[str]]:
    """Split a name, titles and degrees left out, into the words of the family name and the given names."""

    def named(part: str) -> list[str]:
        return [word for word in part.replace(".", ". ").split() if "".join(words_of(word)) not in _TITLES | {""}]

    before, comma, after = value.partition(",")
    if comma and after.strip(" .").lower() not in _DEGREES and named(after):
        return named(before), named(after)
    parts = named(before)
    if not parts:
        return [], []
    first = len(parts) - 1
    while first > 1 and "".join(words_of(parts[first - 1])) in _PARTICLES:
        first -= 1
    return parts[first:], parts[:first]


def _spelled_umlauts(value: str) -> str:
    return value.translate(_UMLAUTS)


def _addresses(value: str) -> Iterator[Spelling]:
    everything = words_of(value)
    if any(word.isdigit() for word in everything) and len(everything) > 1:
        yield from _streets(everything)
    for line in re.split(r"[\n;,]", value):
        words = words_of(line)
        text = " ".join(words)
        if any(word.isdigit() for word in words) and (len(words) > 1 or len(text) >= _SHORTEST_STRIPPED):
            yield from _streets(words)
        elif (
            not any(word.isdigit() for word in words)
            and len(text) >= _SHORTEST_CITY
            and text not in _LARGER_THAN_A_CITY
        ):
            yield Spelling(words=tuple(words), capital=True)


def _streets(words: list[str]) -> Iterator[Spelling]:
    """Yield a street as written, with every word abbreviated and written out, and without its unit."""
    units = {"apt", "apartment", "suite", "ste", "unit", "room", "floor"}
    cut = next((place for place, word in enumerate(words) if word in units and place > 1), len(words))
    for part in (words, words[:cut]):
        yield Spelling(words=tuple(part))
        yield Spelling(words=tuple(_STREETS.get(word, word) for word in part))
        yield Spelling(words=tuple(_LONG_STREETS.get(word, word) for word in part))


def _dates(value: str) -> Iterator[Spelling]:
    try:
        day = date.fromisoformat(value.strip()[:10])
    except ValueError:
        words = tuple(words_of(value))
        if len(words) > 1:
            yield Spelling(words=words)
        return
    years = (f"{day.year:04d}", f"{day.year % 100:02d}")
    for year, month, number in product(years, {f"{day.month}", f"{day.month:02d}"}, {f"{day.day}", f"{day.day:02d}"}):
        yield Spelling(words=(month, number, year))
        yield Spelling(words=(number, month, year))
        yield Spelling(words=(year, month, number))
    yield Spelling(words=(f"{day.year:04d}{day.month:02d}{day.day:02d}",))
    name = _MONTHS[day.month - 1]
    endings: tuple[tuple[str, ...], ...] = ((), ("st",), ("nd",), ("rd",), ("th",))
    for month, number, ending in product({name, name[:3], name[:4]}, {f"{day.day}", f"{day.day:02d}"}, endings):
        for year in years:
            yield Spelling(words=(month, number, *ending, year))
            yield Spelling(words=(number, *ending, month, year))
            yield Spelling(words=(number, *ending, "of", month, year))
