"""Reads HL7 FHIR (R4 and its neighbours) in JSON, in JSON with one resource a line, and in XML.

The walk is our own and forgives what validators refuse, because a chart that breaks a profile still has to be read;
fhir.resources would turn such files away, and it drops the numbers' own spelling ("6.50").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from domain.documents import Attachment, Locator, Reading
from domain.errors import DocumentError
from ingestion.base64_files import is_picture
from ingestion.fhir.attachments import files_in
from ingestion.fhir.chart import Chart, Entry, View
from ingestion.fhir.datatypes import calendar_day, day, joined
from ingestion.fhir.forms import from_json, from_xml
from ingestion.fhir.identities import known_identities
from ingestion.fhir.resources import GROUPS, group_of, render, title_of
from ingestion.fhir.sentences import Rendering
from ingestion.fhir.subjects import Subjects
from ingestion.outline import Outline

_HEAD: Final = 65_536
_MARKS: Final = b"\xef\xbb\xbf\xff\xfe \t\r\n"
_TOKEN: Final = re.compile(rb'"((?:[^"\\]|\\.)*)"(\s*:)?|[{}\[\]]')
_XML_ROOT: Final = re.compile(
    rb"""<(?:\w+:)?[A-Z]\w+(?:\s[^<>]*)?\sxmlns(?::\w+)?\s*=\s*["']http://hl7\.org/fhir["']"""
)
_LONGEST_LABEL: Final = 120


@dataclass(frozen=True, slots=True)
class FhirReader:
    """Every resource becomes one short section about its own patient, in groups, the newest first."""

    name: str = "fhir"
    media_types: tuple[str, ...] = ("application/fhir+json", "application/fhir+ndjson", "application/fhir+xml")
    suffixes: tuple[str, ...] = (".json", ".ndjson", ".jsonl", ".xml")

    def sniff(self, content: bytes, name: str) -> float:  # noqa: ARG002 - the port's signature
        """Look for a resourceType at the top of an object, or for FHIR's namespace on the root element."""
        head = content[:_HEAD].replace(b"\0", b"").lstrip(_MARKS)
        if head.startswith(b"<"):
            return 0.95 if _XML_ROOT.search(head) else 0.0
        return _sniff_json(head, cut=len(content) > _HEAD) if head.startswith((b"{", b"[")) else 0.0

    def read(self, content: bytes, name: str) -> Reading:  # noqa: ARG002 - the port's signature
        """Read a whole file. Raises document.malformed, .unsupported, .hostile and .bomb."""
        is_xml = content[:_HEAD].replace(b"\0", b"").lstrip(_MARKS).startswith(b"<")
        resources = from_xml(content) if is_xml else from_json(content)
        try:
            return _Record(resources, content).reading("application/fhir+xml" if is_xml else "application/fhir+json")
        except RecursionError as error:
            raise DocumentError("document.bomb") from error


def _sniff_json(head: bytes, *, cut: bool) -> float:
    """Walk the tokens: a resourceType on top is FHIR; below "entry" it is a bundle with its keys sorted."""
    depth, lists, below, entry = 0, 0, False, False
    for match in _TOKEN.finditer(head):
        mark = match[0][:1]
        if mark in b"{[":
            depth += 1
            lists += mark == b"[" and depth == 1
        elif mark in b"}]":
            depth -= 1
        elif match[2]:
            if match[1] == b"resourceType":
                if depth == 1 + lists:
                    return 0.95
                below = True
            entry = entry or (depth == 1 and match[1] == b"entry")
    if below and (entry or cut):
        return 0.8
    return 0.0


class _Record:
    """One file being written out."""

    def __init__(self, resources: Sequence[Mapping[str, Any]], content: bytes) -> None:
        self._resources = resources
        self._chart = Chart.of(resources)
        self._subjects = Subjects(self._chart, content)
        self._outline = Outline()

    def reading(self, media_type: str) -> Reading:
        entries = self._shown()
        patients = {subjects for entry in entries if (subjects := self._subjects.of(entry))}
        if len(patients) > 1:
            self._by_patient(entries)
        else:
            self._by_group(entries)
        if not self._outline.size:
            raise DocumentError("document.empty")
        return self._outline.finish(
            media_type=media_type,
            title=self._title(),
            identities=known_identities(self._chart, self._subjects),
            subjects=self._subjects.all,
            metadata={"resources": str(len(entries))},
        )

    def _shown(self) -> list[Entry]:
        """Return the entries that get a section: bundles and parameters only where nothing is inside of them."""
        inside = len(self._chart.entries) > len(self._resources)
        return [
            entry
            for entry in self._chart.entries
            if not (entry.kind == "Bundle" and inside)
            and not (entry.owner is not None and entry.owner.get("resourceType") in {"Claim", "ExplanationOfBenefit"})
        ]

    def _by_patient(self, entries: Sequence[Entry]) -> None:
        """Keep patients apart: a passage is read with what stands around it, and that must be the same patient's."""
        groups: dict[tuple[str, ...], list[Entry]] = {}
        for entry in entries:
            groups.setdefault(self._subjects.of(entry), []).append(entry)
        for subjects, own in groups.items():
            self._outline.open(self._heading(subjects), kind="record", subjects=subjects)
            self._by_group(own)
            self._outline.close()

    def _heading(self, subjects: tuple[str, ...]) -> str:
        if len(subjects) > 1:
            return f"About {len(subjects)} patients together"
        names = (self._chart.name(entry) for entry in self._patients() if (self._subjects.id_of(entry),) == subjects)
        return f"Patient record of {next(names, '') or subjects[0]}" if subjects else "About no patient"

    def _by_group(self, entries: Iterable[Entry]) -> None:
        groups: dict[str, list[tuple[Entry, Rendering]]] = {}
        for entry in entries:
            groups.setdefault(group_of(entry), []).append((entry, render(entry, View(self._chart, entry))))
        for group in sorted(groups, key=GROUPS.index):
            self._outline.open(group, kind="category")
            ordered = sorted(groups[group], key=lambda pair: day(pair[1].when), reverse=True)
            for entry, rendering in ordered:
                self._section(entry, rendering)
            self._outline.close()

    def _section(self, entry: Entry, rendering: Rendering) -> None:
        when = day(rendering.when)
        name = rendering.name[:_LONGEST_LABEL] or joined([entry.kind, entry.id], " ")
        self._outline.open(
            joined([name, when], " "),
            kind="resource",
            heading="",
            locator=_locator(entry),
            subjects=self._subjects.of(entry),
            date=calendar_day(rendering.when) if rendering.when else None,
        )
        for line in rendering.lines:
            self._outline.add(line)
        self._attach(entry)
        self._outline.close()

    def _attach(self, entry: Entry) -> None:
        for name, media_type, content in files_in(entry.data):
            if is_picture(media_type):
                continue
            if content is None:
                self._outline.add(f"The attached file ({media_type}) cannot be decoded.")
                continue
            self._outline.attachments.append(
                Attachment(name=name, media_type=media_type, content=content, section=self._outline.current)
            )

    def _patients(self) -> list[Entry]:
        return [entry for entry in self._chart.entries if entry.kind == "Patient" and entry.owner is None]

    def _title(self) -> str:
        """Name the patient only where there is one: a title is shown with every passage, whomever it is about."""
        first = self._chart.entries[0]
        patients = self._patients()
        if len(self._subjects.all) == 1 and patients and first.kind in {"Bundle", "Patient", "Parameters"}:
            name = self._chart.name(patients[0]) or patients[0].id
            return f"Patient record of {name}" if name else "Patient record"
        if len(self._resources) > 1:
            kinds = {entry.kind for entry in self._chart.entries}
            return f"{len(self._resources)} {next(iter(kinds)) if len(kinds) == 1 else 'FHIR'} resources"
        return title_of(first.kind, first.id)


def _locator(entry: Entry) -> Locator:
    if entry.owner is not None:
        owner = f"{entry.owner.get('resourceType')}/{entry.owner.get('id') or ''}".rstrip("/")
        return Locator(resource=owner, element=f"contained[{entry.id}]" if entry.id else "contained")
    own = f"{entry.kind}/{entry.id}" if entry.id else entry.kind
    return Locator(resource=own, element=None if entry.id else f"entry[{entry.place}]")
