"""Says any FHIR element by its shape, so that no type and no element is ever left unread."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from ingestion.fhir.datatypes import Names, clock, day, joined
from ingestion.fhir.node import Node, plain
from ingestion.fhir.shapes import Say, shape_of

_SKIPPED: Final = frozenset(
    {"id", "resourceType", "meta", "text", "contained", "implicitRules", "fhir_comments", "data", "sequence", "linkId"}
)
_WORDS: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[-_]")
_CHOICE: Final = re.compile(
    r"(value|effective|onset|performed|occurrence|deceased|multipleBirth|timing|scheduled|product|medication|item"
    r"|abatement|reported|allowed|serviced|location|diagnosis|procedure|answer|default|fixed|pattern|min|max)"
    r"(CodeableConcept|DateTime|Quantity|Reference|Boolean|String|Period|Integer|Decimal|Coding|Range|Ratio|Date|Age"
    r"|Uri|Canonical|Instant|Time|Money|Code|Identifier)"
)
_DATA_ABSENT: Final = "data-absent-reason"
_SAID_AS: Final = {"true": "yes", "false": "no"}


def label(*keys: str) -> str:
    """Return names of elements in words, the type of a choice left out ("valueQuantity" is "Value")."""
    words = []
    for key in keys:
        bare = key.lstrip("_")
        match = _CHOICE.fullmatch(bare)
        words.append(_WORDS.sub(" ", match[1] if match else bare).lower())
    text = ", ".join(words)
    return text[:1].upper() + text[1:]


def said(value: object, names: Names) -> str:
    """Return any value in one line."""
    if isinstance(value, list):
        return joined((said(item, names) for item in value), "; " if any(map(_is_object, value)) else ", ")
    if not isinstance(value, Mapping):
        text = plain(value)
        return _SAID_AS.get(text) or joined([day(text), clock(text)], " ")
    shape = _shape(value)
    if shape is not None:
        return shape(Node(value), names)
    parts = ((key, said(inner, names)) for key, inner in value.items() if key not in _SKIPPED)
    return "; ".join(f"{label(key).lower()} {text}" for key, text in parts if text)


def lines(keys: tuple[str, ...], value: object, names: Names) -> Iterator[str]:
    """Yield lines for an element; objects inside of it that are no data type go on in lines of their own."""
    if not _has_structure(value):
        yield from line(label(*keys), said(value, names))
        return
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, Mapping):
            yield from line(label(*keys), said(item, names))
            continue
        inside = {key: inner for key, inner in item.items() if key not in _SKIPPED}
        shallow = {key: inner for key, inner in inside.items() if not _has_structure(inner)}
        yield from line(label(*keys), said(shallow, names) if shallow else "")
        for key in inside.keys() - shallow.keys():
            yield from lines((*keys[-1:], key), inside[key], names)


def line(name: str, text: str) -> Iterator[str]:
    """Yield "Name: text." where there is a text."""
    if text:
        yield f"{name}: {text}{'' if text.endswith(('.', '!', '?')) else '.'}"


def _is_object(value: object) -> bool:
    return isinstance(value, Mapping)


def _has_structure(value: object) -> bool:
    """Say whether a value is an object with elements of its own and no data type, or a list with one."""
    if isinstance(value, list):
        return any(isinstance(item, Mapping) and _shape(item) is None for item in value)
    return isinstance(value, Mapping) and _shape(value) is None


def _shape(data: Mapping[str, object]) -> Say | None:
    if isinstance(data.get("resourceType"), str):
        return _resource
    if "url" in data and ("extension" in data or any(key.lstrip("_").startswith("value") for key in data)):
        return _extension
    if set(data) == {"extension"}:
        return _only_extensions
    return shape_of(data)


def _resource(node: Node, names: Names) -> str:  # noqa: ARG001 - as every other shape
    """Name a resource inside of another one; it has its own section."""
    return joined([node.word("resourceType"), node.word("id")], "/")


def _extension(node: Node, names: Names) -> str:
    name = label(re.split(r"[/:#]", node.word("url").rstrip("/"))[-1]).lower()
    kind, value = node.choice("value")
    text = said(value if kind else node.data.get("extension"), names)
    if _DATA_ABSENT in node.word("url"):
        return f"no value ({text})"
    return f"{name}: {text}" if text else name


def _only_extensions(node: Node, names: Names) -> str:
    return said(node.data["extension"], names)
