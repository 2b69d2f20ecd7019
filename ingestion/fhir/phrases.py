"""Phrases that many types of records share: when, why, by whom, during which encounter."""

from __future__ import annotations

from collections.abc import Mapping

from ingestion.fhir import datatypes
from ingestion.fhir.chart import View
from ingestion.fhir.datatypes import concept_codes, concept_name, day, joined
from ingestion.fhir.node import Node, plain
from ingestion.fhir.sentences import labelled


def on(value: str, word: str = "on") -> str:
    """Return "on 2019-03-04" for a date or time."""
    return f"{word} {day(value)}" if value else ""


def moment(node: Node, stem: str) -> tuple[str, str]:
    """Return (as written, in words) of a choice between a date, a period, an age and words."""
    kind, value = node.choice(stem)
    if isinstance(value, Mapping):
        inner = Node(value)
        if kind == "Period":
            return inner.word("start") or inner.word("end"), datatypes.period(inner)
        return "", (f"at age {datatypes.quantity(inner)}" if kind == "Age" else datatypes.range_of(inner))
    text = plain(value)
    return (text, day(text)) if datatypes.day(text) != text or text[:4].isdigit() else ("", text)


def coded(node: Node, key: str) -> tuple[str, str]:
    """Return (name, codes) of the first concept of an element."""
    inner = node.node(key)
    name = concept_name(inner)
    codes = concept_codes(inner, name)
    inner.close()
    return name, codes


def during(node: Node, view: View, key: str = "encounter") -> list[str]:
    """Return a line that names the encounter."""
    text = view.during(node, key)
    return [f"During: {text}."] if text else []


def because(node: Node, view: View) -> str:
    """Return the reasons of something, codes and references alike."""
    parts = [datatypes.names(node.nodes(key)) for key in ("reasonCode", "reason", "statusReason")]
    parts += [datatypes.reference(ref, view) for ref in node.nodes("reasonReference")]
    return labelled("reason:", joined(parts))


def performers(node: Node, view: View) -> str:
    """Return who did something; a performer is an actor with a function, or a plain reference."""
    found = []
    for performer in node.nodes("performer"):
        if "reference" in performer or "display" in performer:
            found.append(datatypes.reference(performer, view))
            continue
        actor = datatypes.reference(performer.node("actor"), view)
        role = datatypes.names([*performer.nodes("function"), *performer.nodes("role")])
        found.append(f"{actor} ({role})" if role and actor else actor or role)
    return joined(found)
