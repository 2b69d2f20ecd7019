"""All resources of one file, with the references between them resolved to readable names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ingestion.fhir import datatypes
from ingestion.fhir.datatypes import day, joined
from ingestion.fhir.node import Node, plain

_RESTFUL: Final = re.compile(r"(?:^|/)([A-Z][A-Za-z]+)/([A-Za-z0-9\-._]{1,128})(?:/_history/[^/]+)?$")
_CONTAINERS: Final = frozenset({"Bundle", "Parameters"})
_NAMED_BY: Final = (
    "code", "vaccineCode", "medicationCodeableConcept", "medication", "title", "description", "serviceType",
    "relationship", "type", "category", "class", "topic", "name",
)  # fmt: skip
_PEOPLE: Final = frozenset({"Patient", "Practitioner", "RelatedPerson", "Person"})
_BY_THEIR_NAME: Final = frozenset(
    {"PractitionerRole", "Organization", "Location", "CareTeam", "HealthcareService", "Device"}
)
_DATED: Final = frozenset({"Encounter", "Procedure", "DiagnosticReport", "Observation", "ImagingStudy"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One resource. ``owner`` is the resource that contains it, if one does; ``place`` numbers it in its file."""

    data: Mapping[str, Any]
    url: str = ""
    owner: Mapping[str, Any] | None = None
    place: int = 0

    @property
    def kind(self) -> str:
        """Return the resource's type."""
        return plain(self.data.get("resourceType"))

    @property
    def id(self) -> str:
        """Return the resource's id; from its global address in the bundle where it has none of its own."""
        is_global = self.url.startswith(("urn:", "http:", "https:"))
        return plain(self.data.get("id")) or (last_segment(self.url) if is_global else "")


def last_segment(url: str) -> str:
    """Return the id at the end of a URL or URN, without its version."""
    return re.split(r"[/:]", url.partition("/_history/")[0].partition("|")[0].rstrip("/"))[-1]


@dataclass(slots=True)
class Chart:
    """The resources of one file in order; bundles and parameters are opened."""

    entries: list[Entry] = field(default_factory=list)
    _by_url: dict[str, Entry] = field(default_factory=dict)
    _by_value: dict[str, Entry] = field(default_factory=dict)
    _inside: dict[tuple[int, str], Entry] = field(default_factory=dict)
    _names: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, resources: Sequence[Mapping[str, Any]]) -> Chart:
        """Return the chart of these resources and all inside of them."""
        chart = cls()
        for resource in resources:
            for data, url, owner in _opened(resource, "", None):
                chart._add(Entry(data=data, url=url, owner=owner, place=len(chart.entries)))
        return chart

    def _add(self, entry: Entry) -> None:
        self.entries.append(entry)
        if entry.owner is not None:
            self._inside.setdefault((id(entry.owner), entry.id), entry)
            return
        if entry.url:
            self._by_url.setdefault(entry.url, entry)
        if entry.id:
            self._by_url.setdefault(f"{entry.kind}/{entry.id}", entry)
        for identifier in Node(entry.data).nodes("identifier"):
            if value := identifier.word("value"):
                self._by_value.setdefault(f"{entry.kind} {value}", entry)

    def resolve(self, reference: str, owner: Mapping[str, Any] | None = None) -> Entry | None:
        """Return the entry that a reference points at, contained ones within ``owner``."""
        if reference.startswith("#"):
            return self._inside.get((id(owner), reference[1:]))
        found = self._by_url.get(reference) or self._by_url.get(reference.partition("/_history/")[0])
        if found is None and (match := _RESTFUL.search(reference)):
            found = self._by_url.get(f"{match[1]}/{match[2]}")
        if found is None and "identifier=" in reference:
            kind, _, value = reference.partition("?identifier=")
            found = self._by_value.get(f"{kind} {value.rpartition('|')[2]}")
        return found

    def by_identifier(self, kind: str, value: str) -> Entry | None:
        """Return the entry of that type with that business identifier."""
        return self._by_value.get(f"{kind} {value}")

    def name(self, entry: Entry) -> str:
        """Return a short name of a resource: a person's name, what a code says, a title; empty where it has none."""
        key = id(entry.data)
        if key not in self._names:
            self._names[key] = _name(entry)
        return self._names[key]

    def label(self, entry: Entry) -> str:
        """Return the name of a resource, with its date for an event."""
        when = event_date(Node(entry.data)) if entry.kind in _DATED else ""
        name = self.name(entry)
        return f"{name or entry.kind} on {day(when)}" if when else name


def _opened(
    data: Mapping[str, Any], url: str, owner: Mapping[str, Any] | None
) -> Iterator[tuple[Mapping[str, Any], str, Mapping[str, Any] | None]]:
    """Yield a resource and those inside of it with their address in the bundle and what contains them."""
    yield data, url, owner
    stack: list[tuple[object, str, bool]] = [
        (value, "", key == "contained") for key, value in reversed(list(data.items()))
    ]
    while stack:
        value, address, contained = stack.pop()
        if isinstance(value, list):
            stack.extend((item, address, contained) for item in reversed(value))
        elif isinstance(value, Mapping):
            if isinstance(value.get("resourceType"), str) and value["resourceType"]:
                yield from _opened(value, address, None if data["resourceType"] in _CONTAINERS else data)
                continue
            stack.extend((inner, plain(value.get("fullUrl")), contained) for inner in reversed(list(value.values())))


def _name(entry: Entry) -> str:
    node = Node(entry.data)
    if entry.kind in _PEOPLE and (people := node.nodes("name")):
        return datatypes.person_name(people[0]).full
    if entry.kind in _BY_THEIR_NAME:
        spoken = [*node.words("name"), *(name.word("name") for name in node.nodes("deviceName"))]
        if name := next((text for text in spoken if text), ""):
            return name
    return next((text for key in _NAMED_BY if (text := _named(node, key, entry.kind))), "")


def _named(node: Node, key: str, kind: str) -> str:
    if key in {"type", "class", "category"} and kind in {"Patient", "Bundle"}:
        return ""
    for inner in node.nodes(key):
        if name := datatypes.concept_name(inner):
            return name
    return ""


def event_date(node: Node) -> str:
    """Return the date or time at which an event took place or began, as written; empty where nothing is said."""
    for stem in ("effective", "performed", "occurrence", "onset", "started", "period", "date"):
        value = node.data.get(stem)
        if value is None:
            _, value = node.choice(stem)
        if isinstance(value, Mapping):
            inner = Node(value)
            text = inner.word("start") or inner.word("end")
        else:
            text = plain(value)
        if datatypes.day(text) != text or datatypes.calendar_day(text):
            return text
    return ""


@dataclass(frozen=True, slots=True)
class View:
    """The chart as one resource sees it: references to contained resources mean its own."""

    chart: Chart
    entry: Entry

    def resolve(self, reference: Node) -> Entry | None:
        """Return the entry in this file that a Reference points at."""
        owner = self.entry.data if self.entry.owner is None else self.entry.owner
        text = reference.word("reference")
        if text:
            return self.chart.resolve(text, owner)
        value = reference.node("identifier").word("value")
        return self.chart.by_identifier(reference.word("type"), value) if value else None

    def name_of(self, reference: Node) -> str:
        """Return the readable name of what a Reference points at."""
        entry = self.resolve(reference)
        display = reference.word("display")
        named = self.chart.label(entry) if entry else ""
        if display and named and display.casefold() not in named.casefold():
            return display
        return named or display or self._unresolved(reference)

    def _unresolved(self, reference: Node) -> str:
        text = reference.word("reference") or reference.word("text")
        if text.startswith(("#", "urn:uuid:")) or not text:
            value = datatypes.identifier(reference.node("identifier"))
            return value or (text if not text.startswith("#") else "")
        match = _RESTFUL.search(text)
        return f"{match[1]}/{match[2]}" if match else text

    def during(self, node: Node, key: str = "encounter") -> str:
        """Return type and day of the encounter of a resource."""
        return joined((self._encounter(reference) for reference in node.nodes(key)), "; ")

    def _encounter(self, reference: Node) -> str:
        reference.close()
        entry = self.resolve(reference)
        if entry is None:
            return self.name_of(reference)
        return joined([self.chart.name(entry) or entry.kind, day(event_date(Node(entry.data)))])
