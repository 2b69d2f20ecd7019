"""What a FHIR file says of a patient, as values: problems, medicines, visits, and every result with number and unit.

Nothing is converted, guessed or left out: a value that cannot be read stands there with the reason (:data:`UNREAD`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ingestion.fhir import datatypes
from ingestion.fhir.chart import Chart, Entry, View
from ingestion.fhir.clinical import observed
from ingestion.fhir.datatypes import clock, concept_name, day, joined, spaced
from ingestion.fhir.forms import from_json, from_xml
from ingestion.fhir.node import Node, plain
from ingestion.fhir.phrases import moment
from ingestion.fhir.resources import group_of

UNREAD: Final = ("no_name", "no_date", "date_not_a_day", "no_value", "value_absent", "not_a_number", "withdrawn")
LISTS: Final[dict[str, str]] = {
    "Condition": "problems",
    "MedicationRequest": "medications",
    "MedicationStatement": "medications",
    "MedicationUsage": "medications",
    "MedicationAdministration": "medications",
    "MedicationDispense": "medications",
    "AllergyIntolerance": "allergies",
    "Encounter": "encounters",
    "Immunization": "immunizations",
    "Procedure": "procedures",
    "DiagnosticReport": "reports",
}
_NUMBER: Final = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d{1,3})?\Z", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_NUMBERS: Final = {"Integer", "Decimal", "PositiveInt", "UnsignedInt"}
_WITHDRAWN: Final = frozenset({"entered-in-error", "cancelled"})
_BOM: Final = b"\xef\xbb\xbf\xff\xfe \t\r\n\0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One coding: system (a URI), code, and what it is called."""

    system: str
    code: str
    display: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One measured or stated value, of an observation or of one of its components.

    ``value`` is as written, with no unit; ``number`` is set only where it is a number of the unit. ``low`` and ``high``
    are the one reference range of the same unit, where there is exactly one.
    """

    name: str
    code: Code | None
    value: str = ""
    number: float | None = None
    comparator: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None
    range: str = ""
    interpretation: str = ""
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One resource. ``resource`` and ``element`` say where it stands, as its section's locator does.

    ``list`` is the list of a chart that it belongs to: a value of :data:`LISTS`, "results", or "" for all else.
    ``date`` and ``end`` are as written ("2019", "2019-03-04"); ``time`` is the clock of ``date``.
    """

    kind: str
    list: str
    group: str
    resource: str
    element: str
    name: str
    codes: tuple[Code, ...] = ()
    status: str = ""
    date: str = ""
    time: str = ""
    end: str = ""
    detail: str = ""
    results: tuple[Result, ...] = ()
    unread: tuple[str, ...] = ()


def items_of(content: bytes) -> list[Item]:
    """Return every resource of a file in its order. Raises DocumentError as the FHIR reader does."""
    is_xml = content.lstrip(_BOM).startswith(b"<")
    resources = from_xml(content) if is_xml else from_json(content)
    chart = Chart.of(resources)
    inside = len(chart.entries) > len(resources)
    return [_item(entry, View(chart, entry)) for entry in chart.entries if not (entry.kind == "Bundle" and inside)]


def _item(entry: Entry, view: View) -> Item:
    node = Node(entry.data)
    resource, element = _place(entry)
    of_list = "" if entry.owner is not None else LISTS.get(entry.kind, "")
    if entry.kind == "Observation":
        of_list = "results"
    if not of_list:
        return Item(kind=entry.kind, list="", group=group_of(entry), resource=resource, element=element, name="")
    name, codes = _named(node, view, entry.kind)
    date, end = _DATES.get(entry.kind, _no_date)(node)
    results = tuple(_results(node, view)) if entry.kind == "Observation" else ()
    return Item(
        kind=entry.kind,
        list=of_list,
        group=group_of(entry),
        resource=resource,
        element=element,
        name=name,
        codes=codes,
        status=_status(node),
        date=day(date),
        time=clock(date),
        end=day(end),
        detail=_DETAILS.get(entry.kind, _no_detail)(node, view),
        results=results,
        unread=tuple(_unread(name, date, _status(node))),
    )


def _place(entry: Entry) -> tuple[str, str]:
    if entry.owner is not None:
        owner = f"{entry.owner.get('resourceType')}/{entry.owner.get('id') or ''}".rstrip("/")
        return owner, f"contained[{entry.id}]" if entry.id else "contained"
    return (f"{entry.kind}/{entry.id}", "") if entry.id else (entry.kind, f"entry[{entry.place}]")


def _unread(name: str, date: str, status: str) -> Iterator[str]:
    if not name:
        yield "no_name"
    if not date:
        yield "no_date"
    elif not _DAY.match(day(date)):
        yield "date_not_a_day"
    if status in _WITHDRAWN:
        yield "withdrawn"


def _status(node: Node) -> str:
    """Return the status as coded; "entered-in-error" wins wherever it stands."""
    words = []
    for key in ("status", "clinicalStatus", "verificationStatus"):
        inner = node.nodes(key)
        word = node.word(key) or next(
            (code.word("code") for one in inner for code in one.nodes("coding") if code.word("code")), ""
        )
        words.append(word or (concept_name(inner[0]) if inner else ""))
    if "entered-in-error" in words:
        return "entered-in-error"
    return joined(words, ", ")


def _named(node: Node, view: View, kind: str) -> tuple[str, tuple[Code, ...]]:
    if kind.startswith("Medication"):
        return _medicine(node, view)
    keys = {"Immunization": ("vaccineCode",), "Encounter": ("type", "serviceType", "class")}.get(kind, ("code",))
    for key in keys:
        for inner in node.nodes(key):
            if name := concept_name(inner):
                return name, _codes(inner)
    return "", ()


def _medicine(node: Node, view: View) -> tuple[str, tuple[Code, ...]]:
    _, value = node.choice("medication")
    inner = Node(value) if isinstance(value, Mapping) else node.node("medication")
    if "concept" in inner:
        inner = inner.node("concept")
    elif "reference" in inner and isinstance(inner.data["reference"], Mapping):
        inner = inner.node("reference")
    if name := concept_name(inner) if "reference" not in inner else "":
        return name, _codes(inner)
    entry = view.resolve(inner)
    return view.name_of(inner), _codes(Node(entry.data).node("code")) if entry else ()


def _codes(node: Node) -> tuple[Code, ...]:
    inner = node.node("concept") if "concept" in node else node
    found = inner.nodes("coding") or [inner]
    return tuple(
        Code(system=one.word("system"), code=code, display=one.word("display"))
        for one in found
        if (code := one.word("code"))
    )


def _between(stem: str, *more: str) -> Callable[[Node], tuple[str, str]]:
    """Return what reads (begin, end) of ``stem[x]``, or the first of other elements that holds a date."""

    def read(node: Node) -> tuple[str, str]:
        kind, value = node.choice(stem)
        if value is None and stem in node.data:
            kind, value = "Period", node.data[stem]
        if kind == "Period" and isinstance(value, Mapping):
            inner = Node(value)
            return inner.word("start") or inner.word("end"), inner.word("end") if inner.word("start") else ""
        written = moment(node, stem)[0]
        return written or next((text for key in more if (text := node.word(key))), ""), ""

    return read


def _condition_dates(node: Node) -> tuple[str, str]:
    return _between("onset", "recordedDate", "dateRecorded")(node)[0], _between("abatement")(node)[0]


def _no_date(_node: Node) -> tuple[str, str]:
    return "", ""


def _performed(node: Node) -> tuple[str, str]:
    found = _between("performed")(node)
    return found if found[0] else _between("occurrence")(node)


_DATES: Final[Mapping[str, Callable[[Node], tuple[str, str]]]] = {
    "Observation": _between("effective", "issued"),
    "Condition": _condition_dates,
    "MedicationRequest": _between("authored", "authoredOn"),
    "MedicationStatement": _between("effective", "dateAsserted"),
    "MedicationUsage": _between("effective", "dateAsserted"),
    "MedicationAdministration": lambda node: (
        _between("effective")(node) if node.choice("effective")[0] else (_between("occurrence")(node))
    ),
    "MedicationDispense": _between("handedOver", "whenHandedOver", "whenPrepared"),
    "AllergyIntolerance": _between("onset", "recordedDate"),
    "Encounter": _between("period"),
    "Immunization": _between("occurrence", "date"),
    "Procedure": _performed,
    "DiagnosticReport": _between("effective", "issued"),
}


def _no_detail(_node: Node, _view: View) -> str:
    return ""


def _dosage(node: Node, _view: View) -> str:
    found = [*node.nodes("dosageInstruction"), *node.nodes("dosage")]
    return joined([datatypes.dosage(one) for one in found], "; ")


def _reactions(node: Node, _view: View) -> str:
    found = [datatypes.names(one.nodes("manifestation")) or one.word("description") for one in node.nodes("reaction")]
    high = f"criticality {spaced(word)}" if (word := node.word("criticality")) else ""
    return joined([high, *found], "; ")


def _reasons(node: Node, view: View) -> str:
    found = [concept_name(one) for key in ("reasonCode", "reason") for one in node.nodes(key)]
    found += [view.name_of(one) for one in node.nodes("reasonReference")]
    return joined(found, "; ")


def _severity(node: Node, _view: View) -> str:
    return joined([datatypes.names(node.nodes("severity")), datatypes.names(node.nodes("bodySite"))], "; ")


def _conclusion(node: Node, _view: View) -> str:
    return joined([node.word("conclusion"), datatypes.names(node.nodes("conclusionCode"))], "; ")


_DETAILS: Final[Mapping[str, Callable[[Node, View], str]]] = {
    **dict.fromkeys([kind for kind, name in LISTS.items() if name == "medications"], _dosage),
    "AllergyIntolerance": _reactions,
    "Encounter": _reasons,
    "Procedure": _reasons,
    "Immunization": lambda node, _view: datatypes.quantity(node.node("doseQuantity")),
    "Condition": _severity,
    "DiagnosticReport": _conclusion,
}


def _results(node: Node, view: View) -> Iterator[Result]:
    """Yield the value of an observation, then those of its components; at least one, also where there is none."""
    components = node.nodes("component")
    if node.choice("value")[0] or not components:
        yield _result(node, view)
    for part in components:
        yield _result(part, view)


def _result(node: Node, view: View) -> Result:
    code = node.node("code")
    codes = _codes(code)
    value, number, comparator, unit, unread = _value(node, view)
    low, high, text = _range(node, unit)
    return Result(
        name=concept_name(code),
        code=codes[0] if codes else None,
        value=value,
        number=number,
        comparator=comparator,
        unit=unit,
        low=low,
        high=high,
        range=text,
        interpretation=joined(concept_name(one) for one in node.nodes("interpretation")),
        unread=unread,
    )


def _value(node: Node, view: View) -> tuple[str, float | None, str, str, tuple[str, ...]]:
    """Return (value as written, number, comparator, unit, why it cannot be read)."""
    kind, value = node.choice("value")
    if not kind:
        absent = datatypes.absent_reason(node)
        return absent, None, "", "", ("value_absent" if absent else "no_value",)
    if kind in {"Quantity", "SimpleQuantity"} and isinstance(value, Mapping):
        inner = Node(value)
        written, unit = inner.word("value"), inner.word("unit") or inner.word("code")
        unit = "" if unit in {"1", "{score}"} else unit
        if not written:
            return datatypes.absent_reason(inner), None, "", unit, ("no_value",)
        number = _number(written)
        return written, number, inner.word("comparator"), unit, () if number is not None else ("not_a_number",)
    if kind in _NUMBERS:
        number = _number(plain(value))
        return plain(value), number, "", "", () if number is not None else ("not_a_number",)
    text = observed(node, view)
    return text, None, "", "", () if text else ("no_value",)


def _number(text: str) -> float | None:
    return float(text) if _NUMBER.match(text) else None


def _range(node: Node, unit: str) -> tuple[float | None, float | None, str]:
    """Return (low, high, in words); numbers only where there is one range, of the value's own unit."""
    ranges = node.nodes("referenceRange")
    words = joined((one.word("text") or datatypes.range_of(Node(one.data)) for one in ranges), "; ")
    if len(ranges) != 1:
        return None, None, words
    found: list[float | None] = []
    for end in ("low", "high"):
        inner = ranges[0].node(end)
        own = inner.word("unit") or inner.word("code")
        found.append(_number(inner.word("value")) if not own or own == unit else None)
    return found[0], found[1], words
