"""Builds the sentences of a record: what it is first, then how and when, the codes last in brackets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from ingestion.fhir.chart import View
from ingestion.fhir.datatypes import annotation, concept_name, joined, spaced
from ingestion.fhir.generic import lines as generic_lines
from ingestion.fhir.node import Node

_VOID: Final = {
    "entered-in-error": "Entered in error, not valid",
    "refuted": "Refuted (ruled out)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """What a resource says: its short ``name``, its ``lines`` and ``when`` it happened (as written, or empty)."""

    name: str
    lines: tuple[str, ...]
    when: str = ""


Render = Callable[[Node, View], Rendering]


def sentence(head: str, main: Iterable[str], more: Iterable[str] = (), notes: Iterable[str] = ()) -> str:
    """Return "Head: a, b; c; d (e; f)." with the parts that say anything."""
    text = joined([joined(main), *more], "; ")
    notes_text = joined(notes, "; ")
    start = f"{head}{'' if head.endswith('?') else ':'} {text}" if text else head
    return start + (f" ({notes_text})" if notes_text else "") + "."


def labelled(name: str, value: str) -> str:
    """Return "name value" where there is a value."""
    return f"{name} {value}" if value else ""


def status_of(node: Node, *keys: str) -> tuple[str, str]:
    """Return (words, warning) of the statuses: a warning is what must be said first, because the rest is not so."""
    words, warnings = [], []
    for key in keys:
        for value in [*node.words(key), *(_status(inner) for inner in node.nodes(key))]:
            if value in _VOID:
                warnings.append(_VOID[value])
            elif value:
                words.append(spaced(value) if value.islower() else value)
        for inner in node.nodes(key):
            inner.close()
    return joined(words), joined(warnings)


def _status(node: Node) -> str:
    codes = [coding.word("code") for coding in node.nodes("coding")]
    return next((code for code in codes if code in _VOID), "") or concept_name(node)


def warned(warning: str, head: str) -> str:
    """Return the head of a sentence with its warning in front."""
    return f"{warning}: {head}" if warning else head


def notes_lines(node: Node, view: View, *keys: str) -> list[str]:
    """Return a line for each annotation."""
    return [
        f"Note: {text}{'' if text.endswith(('.', '!', '?')) else '.'}"
        for key in keys or ("note",)
        for note in node.nodes(key)
        if (text := annotation(note, view))
    ]


def finished(
    node: Node, view: View, name: str, lines: Iterable[str], when: str = "", *, rest: bool = True
) -> Rendering:
    """Return the rendering, with a line for every element that nobody read unless ``rest`` is off."""
    said = [line for line in lines if line]
    if rest:
        for keys, value in node.rest():
            said.extend(generic_lines(keys, value, view))
    return Rendering(name=name, lines=tuple(said), when=when)
