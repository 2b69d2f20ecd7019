"""Reads texts with marked personal data: presidio-research's JSON, or a JSONL of ours.

The JSONL has ``_id``, ``text`` and ``spans``, a list of ``start``, ``end`` (characters, exclusive) and ``type``, one of
the kinds in policies/disclosure/kinds.py. presidio-research (Microsoft) is a JSON list of ``full_text`` and ``spans``
with ``entity_type``, ``start_position`` and ``end_position``; its types keep their names, and :data:`TYPES` says what
they are called here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from evaluation.datasets.questions import invalid, rows
from policies.disclosure.kinds import KINDS


@dataclass(frozen=True, slots=True, kw_only=True)
class PiiType:
    """What a dataset's type means here.

    ``kinds`` are those of the product that it corresponds to. ``rule`` is its letter in the list of identifiers of
    HIPAA's Safe Harbor, 45 CFR 164.514(b)(2)(i), or "" for what the list allows to stay. ``claimed`` says whether the
    product claims to find it wherever it stands.
    """

    kinds: tuple[str, ...] = ()
    rule: str = ""
    claimed: bool = False


# Found only where something announces them (a title, a label, a state behind a town) or where the record states them.
_ANNOUNCED: Final = frozenset({"PERSON", "LOCATION"})
_OURS: Final = {
    kind.name: PiiType(kinds=(kind.name,), rule=kind.rule, claimed=kind.name not in _ANNOUNCED)
    for kind in KINDS.values()
}
_FOREIGN: Final = {
    "AGE": PiiType(kinds=("AGE_OVER_89",), rule="C", claimed=True),
    "DATE_TIME": PiiType(kinds=("DATE", "BIRTH_DATE"), rule="C", claimed=True),
    "DOMAIN_NAME": PiiType(kinds=("URL",), rule="N", claimed=True),
    # towns, which the list names, and countries, which it does not
    "GPE": PiiType(kinds=("LOCATION",)),
    "NRP": PiiType(),
    "ORGANIZATION": PiiType(),
    "STREET_ADDRESS": PiiType(kinds=("ADDRESS",), rule="B", claimed=True),
    "TITLE": PiiType(),
    "US_DRIVER_LICENSE": PiiType(kinds=("DRIVER_LICENSE",), rule="K", claimed=True),
}
TYPES: Final[Mapping[str, PiiType]] = {**_OURS, **_FOREIGN}

_YEAR: Final = re.compile(r"\s*(?:18|19|20)\d\d\s*")
_OLDEST_THAT_MAY_STAY: Final = 89


@dataclass(frozen=True, slots=True, kw_only=True)
class PiiSpan:
    """A marked span; ``end`` is exclusive. ``listed`` by Safe Harbor; ``claimed`` by the product."""

    start: int
    end: int
    type: str
    listed: bool
    claimed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PiiText:
    """A text with its marked spans."""

    id: str
    text: str
    spans: tuple[PiiSpan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PiiDataset:
    """Texts by id; ``names`` gives the dataset's type for a kind of the product, where it has another name."""

    name: str
    texts: Mapping[str, PiiText]
    names: Mapping[str, str]


def read_pii(path: Path) -> PiiDataset:
    """Return the dataset of a file. Raises RequestError ``request.dataset_invalid`` with the place at fault."""
    found = list(_presidio(path) if path.suffix.lower() == ".json" else _ours(path))
    if not any(text.spans for text in found):
        raise invalid(path.name, "marks nothing")
    used = {span.type for text in found for span in text.spans}
    names = {kind: name for name, own in _FOREIGN.items() if name in used for kind in own.kinds}
    return PiiDataset(name=path.stem, texts={text.id: text for text in found}, names=names)


def _ours(path: Path) -> Iterator[PiiText]:
    for place, row in rows(path.parent, path.name):
        yield _text(row["_id"], row, place, ("text", "spans", "start", "end", "type"))


def _presidio(path: Path) -> Iterator[PiiText]:
    try:
        items = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise invalid(path.name, "cannot be read as JSON") from error
    if not isinstance(items, list):
        raise invalid(path.name, "is no list of texts with spans")
    for number, item in enumerate(items, start=1):
        fields = ("full_text", "spans", "start_position", "end_position", "entity_type")
        yield _text(str(number), item, f"{path.name}: text {number}", fields)


def _text(key: str, row: object, place: str, fields: tuple[str, str, str, str, str]) -> PiiText:
    text_field, spans_field, *inner = fields
    text = row.get(text_field) if isinstance(row, dict) else None
    if not isinstance(row, dict) or not isinstance(text, str) or not text.strip():
        raise invalid(place, f"has no {text_field}")
    listed = row.get(spans_field)
    if not isinstance(listed, list):
        raise invalid(place, f"has no list of {spans_field}")
    return PiiText(id=key, text=text, spans=tuple(_span(span, text, place, inner) for span in listed))


def _span(span: Any, text: str, place: str, fields: list[str]) -> PiiSpan:
    try:
        start, end, name = (span[field] for field in fields)
        fits = type(start) is int and type(end) is int and 0 <= start < end <= len(text)
    except (KeyError, TypeError):
        raise invalid(place, f"has a span without {', '.join(fields)}") from None
    if not fits:
        raise invalid(place, "has a span outside its text")
    if not isinstance(name, str) or name not in TYPES:
        raise invalid(place, "has a span of a type that is not known here")
    own, stays = TYPES[name], _may_stay(name, text[start:end])
    return PiiSpan(
        start=start, end=end, type=name, listed=bool(own.rule) and not stays, claimed=own.claimed and not stays
    )


def _may_stay(name: str, words: str) -> bool:
    """Say whether Safe Harbor lets it stay although it lists the type: a year alone, an age up to 89."""
    if name == "AGE":
        return not any(int(number) > _OLDEST_THAT_MAY_STAY for number in re.findall(r"\d{1,3}", words))
    return name in {"DATE", "DATE_TIME"} and _YEAR.fullmatch(words) is not None
