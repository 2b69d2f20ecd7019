"""Clinical statements in sentences: what was observed, done, given or planned, with negation said in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from ingestion.ccda.participations import PARTICIPATIONS, anything, participation, product, who
from ingestion.ccda.templates import template_name
from ingestion.ccda.values import Codes, calendar_day, iso, joined, null_words, time_words, value_words
from ingestion.xml_tree import child, children, descendant, local_name, text_of

STATEMENTS: Final = frozenset(
    {"observation", "act", "procedure", "encounter", "substanceAdministration", "supply", "organizer",
     "observationMedia", "regionOfInterest"}
)  # fmt: skip
_WRAPPERS: Final = frozenset({"entry", "entryRelationship", "component", "reference", "sequenceNumber"})
_PLACEHOLDERS: Final = frozenset({"ASSERTION", "CONC", "..."})
_MOODS: Final = {
    "INT": "Planned", "RQO": "Ordered", "PRMS": "Promised", "PRP": "Proposed", "ARQ": "Requested appointment",
    "APT": "Appointment", "GOL": "Goal", "DEF": "Defined", "EXPEC": "Expected",
}  # fmt: skip
_KINDS: Final = {
    "observation": "Observation", "act": "Act", "procedure": "Procedure", "encounter": "Encounter",
    "substanceAdministration": "Medication", "supply": "Supply", "organizer": "Group",
    "observationMedia": "Image", "regionOfInterest": "Region of interest",
}  # fmt: skip
_NOT: Final = {
    "procedure": "not done", "act": "not done", "encounter": "did not take place",
    "substanceAdministration": "not given", "supply": "not supplied", "organizer": "not done",
    "observationMedia": "not done", "regionOfInterest": "not done",
}  # fmt: skip
_RELATIONS: Final = {"RSON": "Reason", "CAUS": "Caused by", "MFST": "Reaction", "SPRT": "Supported by"}
_BESIDE: Final = (
    ("interpretationCode", "interpretation"), ("methodCode", "method"), ("targetSiteCode", "site"),
    ("approachSiteCode", "approach"), ("routeCode", "route"), ("administrationUnitCode", "unit"),
    ("priorityCode", "priority"), ("dischargeDispositionCode", "discharge"),
)  # fmt: skip
_AMOUNTS: Final = (
    ("doseQuantity", "dose"), ("rateQuantity", "rate"), ("maxDoseQuantity", "at most"), ("quantity", "quantity"),
    ("repeatNumber", "repeats"),
)  # fmt: skip
_SAID: Final = frozenset(
    {"templateId", "id", "code", "text", "statusCode", "effectiveTime", "value", "consumable", "product",
     "referenceRange", "derivationExpr", "languageCode", "independentInd", "confidentialityCode", "title"}
    | {name for name, _ in (*_BESIDE, *_AMOUNTS)}
)  # fmt: skip
_ORDERS: Final = ("instruction", "instructions", "order")
# Templates whose observations belong into the sentence of what they describe.
_DETAILS: Final = frozenset(
    {"Severity", "Reaction", "Criticality", "Allergy status", "Problem status", "Health status", "Age", "Indication",
     "Medication instructions", "Priority preference"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Frame:
    """How a statement stands in its document: its ``relation`` to another one, and whom it is ``about``."""

    relation: str = ""
    about: str = ""


def sentences(act: etree._Element, codes: Codes, frame: Frame = Frame(), *, with_members: bool = True) -> Iterator[str]:
    """Yield the sentence of a statement, those of the statements it is linked to, then who took part in it.

    A concern only frames what it is about, so its own sentence comes after that.
    """
    said, notes = _statement(act, codes)
    beside, linked, people = _around(act, codes, with_members=with_members)
    what = joined([*said, *(text.rstrip(".") for text in beside)], "; ")
    own = f"{_head(act, frame)}{': ' if what else ''}{what}{f' ({notes})' if notes else ''}."
    if not (what or notes):
        own = ""
    if _code(act) == "CONC" and linked:
        linked, own = [*linked, own], ""
    yield from (line for line in (own, *linked, *people) if line)


def _around(act: etree._Element, codes: Codes, *, with_members: bool) -> tuple[list[str], list[str], list[str]]:
    """Return what is said beside a statement in its own sentence, in lines of their own, and about people."""
    beside: list[str] = []
    linked: list[str] = []
    people: list[str] = []
    for inner in children(act):
        name = local_name(inner)
        if name in PARTICIPATIONS:
            people += [_participant(inner, codes)] if inner.get("typeCode") != "CSM" else []
        elif name == "precondition":
            beside.append(_precondition(inner, codes))
        elif name == "component" and not with_members:
            continue
        elif name in STATEMENTS or name in _WRAPPERS:
            lines = list(_linked(inner, codes))
            (beside if len(lines) == 1 and _is_detail(inner) else linked).extend(lines)
        elif name not in _SAID:
            linked.extend(anything(inner, codes))
    return beside, linked, people


def name_of(act: etree._Element, codes: Codes) -> str:
    """Return a short name of a statement for a heading."""
    value = child(act, "value")
    coded = value is not None and (value.get("code") or child(value, "originalText") is not None)
    own = product(act, codes)[0] or _substance(act, codes)[0] or _named(act, codes)
    own = own or (codes.name(value) if coded else "")
    inner = next((found for found in act.iterdescendants() if local_name(found) in STATEMENTS), None)
    if not own and inner is not None:
        return name_of(inner, codes)
    return own or template_of(act) or _KINDS.get(local_name(act), "")


def _named(act: etree._Element, codes: Codes) -> str:
    """Return what the code of a statement says; empty where it only holds a place or has no words."""
    code = child(act, "code")
    if code is None or code.get("code") in _PLACEHOLDERS:
        return ""
    name = codes.name(code)
    if name in {code.get("code"), null_words(code)}:
        return ""
    return name


def _substance(act: etree._Element, codes: Codes) -> tuple[str, str]:
    """Return (name, codes) of what an allergy is to."""
    for part in children(act, "participant"):
        entity = descendant(part, "playingEntity") if part.get("typeCode") == "CSM" else None
        if entity is not None:
            code = child(entity, "code")
            name = codes.name(code) if code is not None else ""
            name = text_of(child(entity, "name")) if name == null_words(code) else name
            return name, codes.codes(code, name)
    return "", ""


def template_of(element: etree._Element) -> str:
    """Return the name of the first known template of an element."""
    return next((name for t in children(element, "templateId") if (name := template_name(t.get("root", "")))), "")


def _code(act: etree._Element) -> str:
    code = child(act, "code")
    return (code.get("code") or "") if code is not None else ""


def _is_detail(wrapper: etree._Element) -> bool:
    return any(template_of(inner) in _DETAILS for inner in children(wrapper))


def _statement(act: etree._Element, codes: Codes) -> tuple[list[str], str]:
    """Return what a statement says in parts, and its status and codes."""
    medicine, medicine_codes, made = product(act, codes)
    substance, substance_codes = _substance(act, codes)
    name = _named(act, codes)
    shown = name if name.casefold() != _head(act, Frame()).casefold() else ""
    values = joined((codes.value(value).rstrip(".") for value in children(act, "value")), " | ")
    what = joined([medicine, substance, shown])
    if act.get("negationInd") == "true" and local_name(act) == "observation":
        what = joined([what, f"No {values}"], ": ") if values else f"No {what}"
    elif values:
        what = f"{what} {values}" if what and _is_amount(act) else joined([what, values], ": " if shown else ", ")
    if not what:
        what = _referred(act, codes)
    parts = [joined([what, _times(act)], " "), *_beside(act, codes), made]
    code = child(act, "code")
    coded = codes.codes(code, name) if code is not None and code.get("code") not in _PLACEHOLDERS else ""
    return parts, joined([_state(act), coded, medicine_codes, substance_codes], "; ")


def _referred(act: etree._Element, codes: Codes) -> str:
    """Return the narrative that a statement without words points at, or the name of the entry that it stands for."""
    if child(act, "entryRelationship") is not None:
        return ""
    entry = codes.same_as(act)
    return name_of(entry, codes) if entry is not None else codes.referred(child(act, "text"))


def _times(act: etree._Element) -> str:
    times = joined(time_words(time) for time in children(act, "effectiveTime"))
    if not times[:4].isdigit() or " to " in times:
        return times
    return f"{'on' if calendar_day(times) else 'in'} {times}"


def _state(act: etree._Element) -> str:
    status = child(act, "statusCode")
    return (status.get("code") or null_words(status)) if status is not None else ""


def _beside(act: etree._Element, codes: Codes) -> Iterator[str]:
    """Yield the parts of a statement that have one short word: interpretation, site, route, dose and the like."""
    for tag, word in _BESIDE:
        if text := joined(codes.name(code) for code in children(act, tag)):
            yield f"{word} {text}"
    for tag, word in _AMOUNTS:
        if text := joined(value_words(amount) or text_of(amount) for amount in children(act, tag)):
            yield f"{word} {text}"
    for element in children(act, "referenceRange"):
        if text := _range(element, codes):
            yield f"reference range {text}"


def _is_amount(act: etree._Element) -> bool:
    value = child(act, "value")
    return value is not None and value.get("value") is not None


def _head(act: etree._Element, frame: Frame) -> str:
    """Return what kind of statement it is: planned or not, negated or not, about whom, and how it is linked."""
    kind = local_name(act)
    name = template_of(act) or _KINDS.get(kind, kind)
    mood = _MOODS.get(act.get("moodCode", ""), "")
    if mood == "Planned" and name == "Medication":
        mood = "Prescribed"  # the intent of a medication that the patient should be taking
    if mood and not (name.lower().startswith((mood.lower(), "planned", "goal")) or name.endswith(_ORDERS)):
        name = f"{mood} {name.lower()}"
    if act.get("negationInd") == "true" and kind in _NOT:
        planned = act.get("moodCode", "EVN") != "EVN" and kind != "substanceAdministration"
        name = f"{name}, not to be done" if planned else f"{name} {_NOT[kind]}"
        name = f"No {name.removesuffix(f' {_NOT[kind]}').lower()}" if "concern" in name else name
    name = joined([name, frame.about])
    if frame.relation and frame.relation.lower() not in name.lower():
        name = f"{frame.relation}, {name.lower()}"
    return f"Entered in error, not valid: {name}" if _state(act) == "nullified" else name


def _range(element: etree._Element, codes: Codes) -> str:
    inner = child(element, "observationRange")
    if inner is None:
        return ""
    value = child(inner, "value")
    text = codes.referred(child(inner, "text"))
    return joined(
        [value_words(value) if value is not None else "", text, codes.name(child(inner, "interpretationCode"))]
    )


def _participant(element: etree._Element, codes: Codes) -> str:
    """Say who took part in a statement; an author only with name and time, for contacts stand in the header."""
    if local_name(element) in {"author", "performer", "informant"}:
        text = who(element, codes, reach=False)
        label = {"author": "Recorded by", "performer": "Performed by", "informant": "Reported by"}[local_name(element)]
        return f"{label}: {text}." if text else ""
    return participation(element, codes)


def _precondition(element: etree._Element, codes: Codes) -> str:
    criterion = child(element, "criterion")
    if criterion is None:
        return ""
    value = child(criterion, "value")
    text = joined([codes.value(value) if value is not None else "", codes.referred(child(criterion, "text"))])
    return f"condition: {text}" if text else ""


def _linked(wrapper: etree._Element, codes: Codes) -> Iterator[str]:
    """Yield what a wrapper holds: a statement with the kind of the link, a document, or anything else."""
    if local_name(wrapper) in STATEMENTS:
        yield from sentences(wrapper, codes)
        return
    relation = _RELATIONS.get(wrapper.get("typeCode", ""), "")
    for inner in children(wrapper):
        name = local_name(inner)
        if name in STATEMENTS:
            yield from sentences(inner, codes, Frame(relation=relation))
        elif name not in {"templateId", "seperatableInd", "sequenceNumber"}:
            yield from anything(inner, codes)


def moment_of(act: etree._Element) -> str:
    """Return when a statement, or the first one inside of it, took place or began."""
    for element in act.iter():
        if local_name(element) == "effectiveTime":
            for part in (element, *children(element, "low", "center", "high")):
                if part.get("value") and child(element, "period") is None:
                    return iso(part.get("value"))
    return ""
