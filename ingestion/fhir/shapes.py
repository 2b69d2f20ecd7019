"""Recognises FHIR's data types by the elements that only they have, for elements whose type is not known by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from ingestion.fhir import datatypes
from ingestion.fhir.datatypes import Names, joined
from ingestion.fhir.node import Node

Say = Callable[[Node, Names], str]
_Data = Mapping[str, object]
_CONTACTS: Final = frozenset({"phone", "fax", "email", "pager", "url", "sms", "other"})
_ALWAYS: Final = frozenset({"id", "extension"})


def shape_of(data: _Data) -> Say | None:
    """Return how to say an object of a data type; ``None`` for an object with a structure of its own."""
    return next((say for fits, say in _SHAPES if fits(data)), None)


def _alone(say: Callable[[Node], str]) -> Say:
    return lambda node, _: say(node)


def _only(data: _Data, *keys: str) -> bool:
    return data.keys() - _ALWAYS <= set(keys)


def _is_text(data: _Data, *keys: str) -> bool:
    return all(isinstance(data.get(key), str) for key in keys)


def _range_and_more(node: Node, names: Names) -> str:  # noqa: ARG001 - as every other shape
    """Return a range, and a reference range's meaning and text."""
    text = node.word("text")
    kind = datatypes.names([*node.nodes("type"), *node.nodes("appliesTo")])
    return joined([kind, datatypes.range_of(node) if "low" in node or "high" in node else "", text], " ")


def _money(node: Node, names: Names) -> str:  # noqa: ARG001 - as every other shape
    return joined([node.word("value"), node.word("currency")], " ")


def _coding(node: Node, names: Names) -> str:  # noqa: ARG001 - as every other shape
    name = datatypes.coding_name(node)
    code = datatypes.code_of(node, name)
    return f"{name} ({code})" if code else name


_SHAPES: Final[tuple[tuple[Callable[[_Data], bool], Say], ...]] = (
    (lambda d: "div" in d, lambda *_: ""),
    (lambda d: "coding" in d or ("concept" in d and _only(d, "concept", "reference")), _alone(datatypes.concept)),
    (lambda d: _is_text(d, "reference"), datatypes.reference),
    (lambda d: "numerator" in d or "denominator" in d, _alone(datatypes.ratio)),
    (lambda d: ("low" in d or "high" in d) and _only(d, "low", "high", "type", "text", "appliesTo"), _range_and_more),
    (lambda d: "currency" in d and _only(d, "value", "currency"), _money),
    (lambda d: _is_text(d, "value", "system") and d["system"] in _CONTACTS, _alone(datatypes.contact_point)),
    (lambda d: _is_text(d, "value") and _only(d, "value", "unit", "code", "system", "comparator") and len(d) > 1
     and ("system" not in d or "unit" in d or "code" in d), _alone(datatypes.quantity)),
    (lambda d: _is_text(d, "value") and _only(d, "value", "system", "type", "use", "period", "assigner") and len(d) > 1,
     _alone(datatypes.identifier)),
    (lambda d: _is_text(d, "code") and _only(d, "code", "system", "display", "version", "userSelected"), _coding),
    (lambda d: ("start" in d or "end" in d) and _only(d, "start", "end", "_start", "_end"), _alone(datatypes.period)),
    (lambda d: ("family" in d or "given" in d) and "birthDate" not in d,
     lambda node, _: datatypes.person_name(node).full),
    (lambda d: "postalCode" in d or ("line" in d and "city" in d), _alone(datatypes.address)),
    (lambda d: "contentType" in d and "attachment" not in d, _alone(datatypes.attachment)),
    (lambda d: isinstance(d.get("repeat"), Mapping), _alone(datatypes.timing)),
    (lambda d: "text" in d and ("authorString" in d or "authorReference" in d or "time" in d), datatypes.annotation),
    (lambda d: _is_text(d, "text") and _only(d, "text"), lambda node, _: node.word("text")),
    (lambda d: "display" in d and _only(d, "display", "type", "identifier"), datatypes.reference),
)  # fmt: skip
