"""HL7 v3 data types in words: times, codes with their systems, quantities, names, addresses (ISO 21090, CDA R2)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date as Date  # noqa: N812 - `date` is a field's name elsewhere
from typing import Final

from lxml import etree

from ingestion.code_systems import TIMING_EVENTS, system_name
from ingestion.identity_forms import PersonName
from ingestion.xml_tree import child, children, descendant, local_name, text_of

_XSI_TYPE: Final = "{http://www.w3.org/2001/XMLSchema-instance}type"
_TIME: Final = re.compile(r"(\d{4})(?:(\d{2})(?:(\d{2})(?:(\d{2})(\d{2})?(?:\d{2}(?:\.\d+)?)?)?)?)?([+-]\d{4})?$")
_NULL: Final = {
    "NI": "no information", "UNK": "unknown", "ASKU": "asked but unknown", "NASK": "not asked",
    "NAV": "not available now",
    "NA": "not applicable", "OTH": "other", "MSK": "masked", "NP": "not present", "INV": "invalid", "TRC": "a trace",
    "QS": "a sufficient quantity", "NINF": "negative infinity", "PINF": "positive infinity", "DER": "derived",
}  # fmt: skip
_PERIODS: Final = {"s": "second", "min": "minute", "h": "hour", "d": "day", "wk": "week", "mo": "month", "a": "year"}


def joined(parts: Iterable[str], mark: str = ", ") -> str:
    """Join the parts that say anything, none twice."""
    return mark.join(dict.fromkeys(part for part in parts if part))


def null_words(element: etree._Element | None) -> str:
    """Return why an element is empty, in words; empty where it has no nullFlavor."""
    code = element.get("nullFlavor") if element is not None else None
    return _NULL.get(code, "") if code else ""


def iso(value: str | None) -> str:
    """Return an HL7 time ("20110706122735-0800") as ISO 8601 ("2011-07-06 12:27 -08:00"); what is none, as it is."""
    match = _TIME.match((value or "").strip())
    if not match:
        return (value or "").strip()
    year, month, day, hour, minute, zone = match.groups()
    day_text = "-".join(part for part in (year, month, day) if part)
    clock = f" {hour}:{minute or '00'}" if hour else ""
    return day_text + clock + (f" {zone[:3]}:{zone[3:]}" if zone and clock else "")


def calendar_day(value: str) -> Date | None:
    """Return the day of a time in ISO form; ``None`` for less than a day."""
    try:
        return Date.fromisoformat(value[:10])
    except ValueError:
        return None


def first_moment(act: etree._Element) -> str:
    """Return when an act took place or began, in ISO form; empty where it does not say."""
    for name in ("effectiveTime", "time"):
        for element in children(act, name):
            for part in (element, child(element, "low"), child(element, "center"), child(element, "high")):
                if part is not None and part.get("value"):
                    return iso(part.get("value"))
    return ""


def time_words(element: etree._Element) -> str:
    """Return a point in time, an interval, or a repetition in words."""
    period = child(element, "period")
    if period is not None:
        return f"every {_period(period)}"
    event = child(element, "event")
    if event is not None:
        code = event.get("code", "")
        offset = child(element, "offset")
        return joined([TIMING_EVENTS.get(code, code), value_words(offset) if offset is not None else ""], " ")
    if element.get("value"):
        return iso(element.get("value"))
    low, high, width = (child(element, name) for name in ("low", "high", "width"))
    start, end = (iso(part.get("value")) if part is not None else "" for part in (low, high))
    lasting = f"for {_period(width)}" if width is not None else ""
    center = child(element, "center")
    if start and end:
        return joined([start if start == end else f"{start} to {end}", lasting])
    if start or end:
        return joined([f"since {start}" if start else f"until {end}", lasting])
    return lasting or (iso(center.get("value")) if center is not None else "")


def _period(element: etree._Element) -> str:
    low, high = child(element, "low"), child(element, "high")
    if low is not None or high is not None:
        return " to ".join(_period(part) for part in (low, high) if part is not None)
    value, unit = element.get("value", ""), element.get("unit", "")
    word = _PERIODS.get(unit, unit)
    return f"{value} {word}{'s' if unit in _PERIODS and value != '1' else ''}".strip() or null_words(element)


class Codes:
    """Says codes; knows the narrative that codes and acts refer to by id."""

    def __init__(self, root: etree._Element) -> None:
        self._root = root
        self._texts: Mapping[str, etree._Element] | None = None
        self._entries: dict[tuple[str | None, str | None], etree._Element] | None = None

    def referred(self, holder: etree._Element | None) -> str:
        """Return the text of an element, or the narrative that its reference points at."""
        if holder is None:
            return ""
        own = text_of(holder)
        if own:
            return own if holder.get("representation") != "B64" else ""
        reference = child(holder, "reference")
        target = (reference.get("value") or "") if reference is not None else ""
        found = self._by_id().get(target.removeprefix("#")) if target.startswith("#") else None
        return text_of(found) if found is not None and local_name(found) not in {"text", "table"} else ""

    def _by_id(self) -> Mapping[str, etree._Element]:
        if self._texts is None:
            self._texts = {name: element for element in self._root.iter() if (name := element.get("ID"))}
        return self._texts

    def same_as(self, act: etree._Element) -> etree._Element | None:
        """Return the statement with more to say that has an id of this one; ``None`` where there is none."""
        if self._entries is None:
            self._entries = {}
            for element in self._root.iter():
                if local_name(element) == "id" and element.get("root") and (parent := element.getparent()) is not None:
                    code = child(parent, "code")
                    if parent.get("moodCode") and code is not None and code.get("code"):
                        self._entries.setdefault((element.get("root"), element.get("extension")), parent)
        found = (self._entries.get((i.get("root"), i.get("extension"))) for i in children(act, "id"))
        return next((entry for entry in found if entry is not None and entry is not act), None)

    def name(self, code: etree._Element | None) -> str:
        """Return what a code says: display name, original text, a translation's name, or the code itself."""
        if code is None:
            return ""
        said = (code.get("displayName") or "").strip()
        said = said or self.referred(child(code, "originalText"))
        said = said or next(
            (t.get("displayName", "") for t in children(code, "translation") if t.get("displayName")), ""
        )
        return " ".join((said or code.get("code") or null_words(code)).split())

    def codes(self, code: etree._Element | None, name: str = "") -> str:
        """Return a code and its translations with their systems, separated by semicolons."""
        if code is None:
            return ""
        return joined((_coded(part, name) for part in (code, *children(code, "translation"))), "; ")

    def phrase(self, code: etree._Element | None) -> str:
        """Return what a code says with its codes in brackets and its qualifiers."""
        name = self.name(code)
        if code is None or not name:
            return ""
        qualifiers = joined(
            f"{self.name(child(q, 'name'))} {self.name(child(q, 'value'))}".strip() for q in children(code, "qualifier")
        )
        codes = self.codes(code, name)
        return f"{name}{f', {qualifiers}' if qualifiers else ''}{f' ({codes})' if codes else ''}"

    def value(self, element: etree._Element) -> str:
        """Return a value of any data type."""
        kind = (element.get(_XSI_TYPE) or "").rpartition(":")[2]
        if kind in {"TS", "IVL_TS", "PIVL_TS", "EIVL_TS"}:
            return time_words(element) or null_words(element)
        if kind == "II":
            return joined([element.get("extension", ""), system_name(element.get("root", ""))], " ")
        if kind == "BL":
            return {"true": "yes", "false": "no"}.get(element.get("value", ""), element.get("value", ""))
        if element.get("code") or (
            child(element, "originalText", "translation") is not None and not element.get("value")
        ):
            return joined([self.phrase(element), element.get("value", "")])
        return value_words(element) or self.referred(element) or null_words(element)


def _coded(code: etree._Element, name: str) -> str:
    value, display = code.get("code"), (code.get("displayName") or "").strip()
    if not value or code.get("nullFlavor"):
        return ""
    system = system_name(code.get("codeSystem", ""))
    if not system or system == code.get("codeSystem"):
        system = code.get("codeSystemName") or system
    other = f", {display}" if display and display.casefold() not in name.casefold() else ""
    return f"{system or 'code'} {value}{other}"


def value_words(element: etree._Element) -> str:
    """Return a quantity, an interval or a ratio of quantities with numbers and units as written."""
    low, high = child(element, "low"), child(element, "high")
    if low is not None or high is not None:
        ends = [(_quantity(part) if part is not None else "") for part in (low, high)]
        if all(ends):
            unit = ends[0].partition(" ")[2]
            return f"{ends[0].partition(' ')[0] if unit and ends[1].endswith(f' {unit}') else ends[0]} to {ends[1]}"
        return f"at least {ends[0]}" if ends[0] else f"up to {ends[1]}" if ends[1] else null_words(element)
    above, below = child(element, "numerator"), child(element, "denominator")
    if above is not None:
        return " / ".join(text for text in (_quantity(above), _quantity(below) if below is not None else "") if text)
    return _quantity(element)


def _quantity(element: etree._Element) -> str:
    value, unit = element.get("value"), element.get("unit", "")
    if value is None:
        return null_words(element) if child(element, "translation") is None else ""
    return f"{value} {unit}".strip() if unit != "1" else value


def person(element: etree._Element) -> PersonName:
    """Return a person's name in its parts."""

    def parts(name: str) -> tuple[str, ...]:
        return tuple(text for part in children(element, name) if (text := text_of(part)))

    family = " ".join(parts("family"))
    return PersonName(
        given=parts("given"), family=family, prefix=parts("prefix"), suffix=parts("suffix"),
        text="" if family else text_of(element),
    )  # fmt: skip


def address(element: etree._Element) -> str:
    """Return an address in one line."""
    if child(element) is None:
        return text_of(element)
    lines = [text_of(line) for line in children(element, "streetAddressLine", "additionalLocator")]
    city = joined((text_of(child(element, name)) for name in ("city", "state", "postalCode")), " ")
    return joined([*lines, city, text_of(child(element, "country"))])


def contact(element: etree._Element) -> str:
    """Return a phone number, an e-mail address or a web address without its scheme."""
    return re.sub(r"^(?:tel|mailto|fax|sms):\s*", "", (element.get("value") or "").strip())


def first_name(element: etree._Element, *inside: str) -> str:
    """Return the first name below an element, within a child so named where names are given."""
    holder = descendant(element, *inside) if inside else element
    name = descendant(holder, "name") if holder is not None else None
    return person(name).full if name is not None else ""
