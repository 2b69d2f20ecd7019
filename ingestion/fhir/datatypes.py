"""FHIR R4 data types in words: concepts with their codes, quantities, periods, names, dosages.

Source: hl7.org/fhir/R4/datatypes.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date as Date  # noqa: N812 - `date` is a field's name elsewhere
from typing import Final, Protocol

from ingestion.code_systems import TIMING_EVENTS, system_name
from ingestion.fhir.node import Node, plain
from ingestion.identity_forms import PersonName

_DATE: Final = re.compile(r"(\d{4}(?:-\d{2}(?:-\d{2})?)?)(?:T(\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$")
_ANY_URI: Final = "urn:ietf:rfc:3986"
_DATA_ABSENT: Final = "data-absent-reason"
_UNITS_OF_TIME: Final = {
    "s": "second", "min": "minute", "h": "hour", "d": "day", "wk": "week", "mo": "month", "a": "year",
}  # fmt: skip


class Names(Protocol):
    """Resolves references to readable names."""

    def name_of(self, reference: Node) -> str:
        """Return the name of what is referred to; empty where nothing is known of it."""


def spaced(code: str) -> str:
    """Return a code of FHIR's own as words ("entered-in-error", "inProgress")."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", code.replace("-", " ").replace("_", " ")).lower()


def day(value: str) -> str:
    """Return the date of a date or time as written (a year, a month or a day), without its clock."""
    match = _DATE.match(value.strip())
    return match[1] if match else value


def clock(value: str) -> str:
    """Return hours, minutes and offset of a time as written; empty for a date alone."""
    match = _DATE.match(value.strip())
    if not match or not match[2]:
        return ""
    offset = "UTC" if match[3] in {"Z", "+00:00"} else match[3] or ""
    return f"{match[2]} {offset}".strip()


def calendar_day(value: str) -> Date | None:
    """Return the day of a date or time; ``None`` for less than a day, because a day would be made up."""
    try:
        return Date.fromisoformat(day(value))
    except ValueError:
        return None


def joined(parts: Iterable[str], mark: str = ", ") -> str:
    """Join the parts that say anything, none twice."""
    return mark.join(dict.fromkeys(part for part in parts if part))


def coding_name(node: Node) -> str:
    """Return what a Coding says; its code where it has no display."""
    return node.word("display") or node.word("text") or node.word("code")


def code_of(node: Node, name: str = "") -> str:
    """Return a Coding's system and code, with its display where that adds to ``name``."""
    code, display = node.word("code"), node.word("display")
    system = system_name(node.word("system"))
    if not code or (code == name and not system):
        return ""
    other = f", {display}" if display and display.casefold() not in name.casefold() else ""
    return f"{system or 'code'} {code}{other}"


def concept_name(node: Node) -> str:
    """Return what a CodeableConcept, Coding or CodeableReference says, without its codes."""
    inner = node.nodes("concept")
    if inner:
        return concept_name(inner[0])
    displays = [coding_name(coding) for coding in node.nodes("coding")]
    return node.word("text") or next((text for text in displays if text), "") or coding_name(node)


def concept_codes(node: Node, name: str | None = None) -> str:
    """Return the codes of a CodeableConcept or Coding with their systems, separated by semicolons."""
    name = concept_name(node) if name is None else name
    return joined(
        (code_of(coding, name) for coding in (node, *node.nodes("concept"), *node.nodes("coding"))), "; "
    ) or joined((code_of(coding, name) for inner in node.nodes("concept") for coding in inner.nodes("coding")), "; ")


def concept(node: Node) -> str:
    """Return what a CodeableConcept says, with its codes in brackets."""
    name, codes = concept_name(node), concept_codes(node)
    node.close()
    return f"{name} ({codes})" if codes else name


def concepts(nodes: Sequence[Node]) -> str:
    """Return several CodeableConcepts, with their codes."""
    return joined(concept(node) for node in nodes)


def names(nodes: Sequence[Node]) -> str:
    """Return several CodeableConcepts without their codes."""
    for node in nodes:
        node.close()
    return joined(map(concept_name, nodes))


def quantity(node: Node) -> str:
    """Return a Quantity with its number as written and its unit; in words why there is none."""
    node.close()
    number = node.word("value")
    unit = node.word("unit") or node.word("code")
    if not number:
        return joined([node.word("text"), unit], " ") or absent_reason(node)
    return joined([node.word("comparator"), number], " ") + (f" {unit}" if unit and unit != "1" else "")


def absent_reason(node: Node) -> str:
    """Return why a value is missing, in words; empty where nothing says so."""
    reason = node.node("dataAbsentReason")
    if name := concept_name(reason):
        reason.close()
        return f"no value ({spaced(name) if name.islower() else name})"
    for extension in node.nodes("extension"):
        if _DATA_ABSENT in extension.word("url"):
            return f"no value ({spaced(plain(extension.choice('value')[1]))})"
    return ""


def range_of(node: Node) -> str:
    """Return a Range, "from 4.0 % to 5.6 %" or one of its ends."""
    node.close()
    low, high = quantity(node.node("low")), quantity(node.node("high"))
    if low and high:
        unit = low.partition(" ")[2]
        return f"{low.partition(' ')[0]} to {high}" if unit and high.endswith(f" {unit}") else f"{low} to {high}"
    return f"at least {low}" if low else f"up to {high}" if high else node.word("text")


def ratio(node: Node) -> str:
    """Return a Ratio, such as "1 : 128" or "500 mg / 5 mL"."""
    node.close()
    above, below = quantity(node.node("numerator")), quantity(node.node("denominator"))
    mark = " / " if " " in above or " " in below else " : "
    return mark.join(part for part in (above, below) if part)


def period(node: Node) -> str:
    """Return a Period in days, "2012-01-20 to 2013-02-01", or its one end."""
    node.close()
    start, end = day(node.word("start")), day(node.word("end"))
    if start and end:
        return start if start == end else f"{start} to {end}"
    return f"since {start}" if start else f"until {end}" if end else node.word("text")


def person_name(node: Node) -> PersonName:
    """Return a HumanName in its parts; a bare string is the whole name."""
    node.close()
    return PersonName(
        given=tuple(node.words("given")),
        family=node.word("family") or " ".join(node.words("family")),
        prefix=tuple(node.words("prefix")),
        suffix=tuple(node.words("suffix")),
        text=node.word("text"),
    )


def address(node: Node) -> str:
    """Return an Address in one line."""
    node.close()
    city = joined([node.word("city"), node.word("district"), node.word("state"), node.word("postalCode")], " ")
    return joined([*node.words("line"), city, node.word("country")]) or node.word("text")


def contact_point(node: Node) -> str:
    """Return a ContactPoint, "phone 555-0101 (home)"."""
    node.close()
    use = node.word("use")
    value = node.word("value") or node.word("text")
    return f"{node.word('system')} {value}".strip() + (f" ({use})" if use and value else "") if value else ""


def identifier(node: Node) -> str:
    """Return an Identifier, "Medical record number 123"."""
    node.close()
    value = node.word("value") or node.word("text")
    system = node.word("system")
    kind = concept_name(node.node("type")) or ("" if system == _ANY_URI else system_name(system))
    return f"{kind} {value}".strip() if value else ""


def reference(node: Node, names_: Names) -> str:
    """Return the name of what a Reference points at; the reference itself where nothing is known of it."""
    node.close()
    return names_.name_of(node)


def annotation(node: Node, names_: Names) -> str:
    """Return an Annotation's text with who wrote it and when."""
    node.close()
    author = node.word("authorString") or (
        reference(node.node("authorReference"), names_) if "authorReference" in node else ""
    )
    source = joined([author, day(node.word("time"))])
    return node.word("text") + (f" ({source})" if source else "")


def attachment(node: Node) -> str:
    """Return what an Attachment is: title, media type, place and date."""
    node.close()
    title = node.word("title") or node.word("text") or node.word("url").rpartition("/")[2]
    details = joined([node.word("contentType"), node.word("url"), day(node.word("creation"))])
    return f"{title} ({details})" if title and details else title or details


def timing(node: Node) -> str:
    """Return a Timing, "2 times every 1 day for 7 days"."""
    node.close()
    repeat = node.node("repeat")
    repeat.close()
    parts = []
    count, span = repeat.word("frequency"), repeat.word("period")
    if count or span:
        most, longest = repeat.word("frequencyMax"), repeat.word("periodMax")
        times = f"{count or '1'}{f' to {most}' if most else ''} time{'' if (count or '1') == '1' and not most else 's'}"
        unit = repeat.word("periodUnit")
        parts.append(
            f"{times} every {span or '1'}{f' to {longest}' if longest else ''} {_in_words(unit, longest or span)}"
        )
    parts += [TIMING_EVENTS.get(code, code) for code in repeat.words("when")]
    parts += [f"at {time[:5]}" for time in repeat.words("timeOfDay")]
    parts += [f"on {weekday}" for weekday in repeat.words("dayOfWeek")]
    if length := repeat.word("duration"):
        parts.append(f"lasting {length} {_in_words(repeat.word('durationUnit'), length)}")
    if limit := repeat.word("count"):
        parts.append(f"{limit} times in all")
    kind, bounds = repeat.choice("bounds")
    if isinstance(bounds, Mapping):
        inner = Node(bounds)
        parts.append(
            period(inner) if kind == "Period" else f"for {range_of(inner) if kind == 'Range' else quantity(inner)}"
        )
    parts += [day(moment) for moment in node.words("event")]
    code = concept_name(node.node("code"))
    return joined([code, " ".join(part for part in parts if part)]) or node.word("text")


def _in_words(unit: str, count: str) -> str:
    word = _UNITS_OF_TIME.get(unit, unit)
    return f"{word}s" if word and count not in {"", "1"} and unit in _UNITS_OF_TIME else word


def dosage(node: Node) -> str:
    """Return a Dosage: its text, then what the structure adds to it."""
    text = joined([node.word("text"), node.word("patientInstruction")], "; ")
    parts = [_dose(rate) for rate in node.nodes("doseAndRate")] or [_dose(node)]
    parts.append(timing(node.node("timing")))
    if node.is_true("asNeededBoolean") or node.is_true("asNeeded"):
        parts.append("as needed")
    for key in ("asNeededCodeableConcept", "asNeededFor"):
        parts.extend([f"as needed for {names(node.nodes(key))}"] if key in node else [])
    parts += [names(node.nodes(key)) for key in ("route", "method", "site", "additionalInstruction")]
    for key in ("maxDosePerPeriod", "maxDosePerAdministration", "maxDosePerLifetime"):
        for limit in node.nodes(key):
            parts.append(f"{spaced(key)} {ratio(limit) if 'numerator' in limit else quantity(limit)}")
    node.skip("sequence", "asNeededBoolean")
    said = text.casefold()
    return joined([text, *(part for part in parts if part.casefold() not in said)], "; " if text else ", ")


def _dose(node: Node) -> str:
    parts = []
    for stem in ("dose", "rate"):
        kind, value = node.choice(stem)
        if isinstance(value, Mapping):
            inner = Node(value)
            said = range_of(inner) if kind == "Range" else ratio(inner) if kind == "Ratio" else quantity(inner)
            parts.append(f"{stem} {said}" if stem == "rate" else said)
    node.skip("type")
    return joined(parts)
