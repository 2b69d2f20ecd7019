"""Reads HL7 CDA R2 / C-CDA documents, and fragments of them: sections, entries, participants."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from domain.documents import Attachment, Locator, Reading
from domain.errors import DocumentError
from ingestion.base64_files import decoded_base64, is_picture, suffix_of
from ingestion.ccda.fragments import parsed
from ingestion.ccda.header import RecordTarget, known_identities, patient_lines, record_targets
from ingestion.ccda.narrative import write_narrative
from ingestion.ccda.participations import PARTICIPATIONS, anything, label_of, participation
from ingestion.ccda.statements import STATEMENTS, Frame, moment_of, name_of, sentences, template_of
from ingestion.ccda.values import Codes, calendar_day, iso, joined, null_words
from ingestion.identity_forms import unidentified
from ingestion.outline import Outline
from ingestion.xml_tree import child, children, descendant, local_name, text_of

_HEAD: Final = 65_536
_ROOT: Final = re.compile(rb"<(?![?!])(?:[\w.-]+:)?([\w.-]+)([^<>]*)>")
_COMMENT: Final = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_FRAGMENTS: Final = frozenset(name.encode() for name in (*PARTICIPATIONS, *STATEMENTS)) | frozenset(
    b"""
    section entry entryRelationship component structuredBody nonXMLBody recordTarget patientRole documentationOf
    serviceEvent componentOf encompassingEncounter inFulfillmentOf order authorization consent relatedDocument
    externalDocument externalObservation externalAct criterion precondition signatureText organizer
    """.split()
)
_SIGNS: Final = re.compile(
    rb"\b(?:classCode|moodCode|codeSystem|typeCode|nullFlavor|representation)\s*=|templateId\s+root"
    rb"|<(?:\w+:)?(?:assigned|templateId|patientRole|intendedRecipient|id\s+(?:root|extension)=|(?:observation|act)[\s>])"
)
_HEADER: Final = frozenset(
    {"id", "code", "title", "effectiveTime", "confidentialityCode", "languageCode", "setId", "versionNumber"}
)
_QUIET: Final = frozenset({"realmCode", "typeId", "templateId", "component", "recordTarget"})
_LONGEST_LABEL: Final = 120


@dataclass(frozen=True, slots=True)
class CcdaReader:
    """Sections by title with their narrative, then every entry in sentences with its codes, dates and negation."""

    name: str = "ccda"
    media_types: tuple[str, ...] = ("application/hl7-cda+xml", "application/cda+xml")
    suffixes: tuple[str, ...] = (".xml", ".cda", ".ccda", ".ccd")

    def sniff(self, content: bytes, name: str) -> float:  # noqa: ARG002 - the port's signature
        """Look for a ClinicalDocument, or for an element of one with HL7's attributes."""
        head = _COMMENT.sub(b"", content[:_HEAD].replace(b"\0", b""))
        root = _ROOT.search(head)
        if root is None:
            return 0.0
        if root[1] == b"ClinicalDocument":
            return 0.97
        return 0.8 if root[1] in _FRAGMENTS and b"hl7.org/fhir" not in root[2] and _SIGNS.search(head) else 0.0

    def read(self, content: bytes, name: str) -> Reading:  # noqa: ARG002 - the port's signature
        """Read a whole document or fragment. Raises document.malformed, .hostile, .bomb and .empty."""
        root = parsed(content)
        if local_name(root).encode() not in _FRAGMENTS | {b"ClinicalDocument"}:
            raise DocumentError("document.unsupported", "XML that is not C-CDA")
        return _Record(root, content).reading()


class _Record:
    """One document being written out."""

    def __init__(self, root: etree._Element, content: bytes) -> None:
        self._root = root
        self._codes = Codes(root)
        self._outline = Outline()
        self._targets = self._named(record_targets(root), content)
        self._subjects = tuple(dict.fromkeys(self._targets.values())) or (unidentified(content),)

    @staticmethod
    def _named(targets: list[RecordTarget], content: bytes) -> dict[RecordTarget, str]:
        return {target: target.id or unidentified(content) for target in targets}

    def reading(self) -> Reading:
        title = self._title()
        self._write(self._root)
        if not self._outline.size and not self._outline.attachments:
            self._open(title, "section", self._root)
            self._outline.close()
        return self._outline.finish(
            media_type="application/hl7-cda+xml",
            title=title,
            identities=known_identities(self._root, self._targets),
            subjects=self._subjects,
            language=self._language(),
            metadata=self._metadata(),
        )

    def _title(self) -> str:
        """Return the title; the template's or the element's name where there is none."""
        own = text_of(child(self._root, "title"))
        section = self._root if local_name(self._root) == "section" else child(self._root, "section")
        if section is not None:
            own = own or self._section_title(section)
        name = next((target.name for target in self._targets if target.name), "")
        if local_name(self._root) == "recordTarget" and name:
            return f"Patient record of {name}"
        act = (
            self._root
            if local_name(self._root) in STATEMENTS
            else next((inner for inner in children(self._root) if local_name(inner) in STATEMENTS), None)
        )
        if not own and act is not None:
            own = name_of(act, self._codes)
        return own or self._codes.name(child(self._root, "code")) or template_of(self._root) or label_of(self._root)

    def _section_title(self, section: etree._Element) -> str:
        title = text_of(child(section, "title")) or template_of(section)
        return title or self._codes.name(child(section, "code")) or "Section"

    def _language(self) -> str | None:
        code = child(self._root, "languageCode")
        return ((code.get("code") or "")[:2].lower() or None) if code is not None else None

    def _metadata(self) -> dict[str, str]:
        written = child(self._root, "effectiveTime")
        date = iso(written.get("value")) if written is not None else ""
        kind = self._codes.name(child(self._root, "code")) if local_name(self._root) == "ClinicalDocument" else ""
        return {key: value for key, value in (("date", date), ("type", kind)) if value}

    def _write(self, element: etree._Element) -> None:
        """Write an element of any kind in its own sections."""
        name = local_name(element)
        if name == "ClinicalDocument":
            self._document(element)
        elif name in {"recordTarget", "patientRole"}:
            self._patients(element)
        elif name == "section":
            self._section(element)
        elif name == "nonXMLBody":
            self._body(element)
        elif name in STATEMENTS:
            self._entry(element)
        elif name in {"structuredBody", "component", "entry", "entryRelationship"}:
            for inner in children(element):
                if local_name(inner) not in {"templateId", "sequenceNumber", "seperatableInd", "separatableInd"}:
                    self._write(inner)
        else:
            self._lines(label_of(element), element, self._said(element))

    def _said(self, element: etree._Element) -> Iterator[str]:
        if local_name(element) in PARTICIPATIONS and (text := participation(element, self._codes)):
            yield text
        else:
            yield from anything(element, self._codes)

    def _lines(self, title: str, element: etree._Element, lines: Iterator[str]) -> None:
        texts = [line for line in lines if line]
        if not texts and self._outline.size and not _holds_file(element):
            return
        self._open(title, "entry", element, heading="" if texts else None, date=moment_of(element))
        for text in texts:
            self._outline.add(text)
        self._attach(element)
        self._outline.close()

    def _document(self, document: etree._Element) -> None:
        for inner in children(document, "recordTarget"):
            self._patients(inner)
        self._open("Document", "section", document, heading="")
        written = child(document, "effectiveTime")
        head = joined([text_of(child(document, "title")), self._codes.phrase(child(document, "code"))])
        when = iso(written.get("value")) if written is not None else ""
        if head or when:
            self._outline.add(f"Document: {joined([head, when and f'of {when}'], ' ')}.")
        for inner in children(document):
            if local_name(inner) not in _HEADER | _QUIET:
                for line in self._said(inner):
                    self._outline.add(line)
        self._outline.close()
        for inner in children(document, "component"):
            self._write(inner)

    def _patients(self, element: etree._Element) -> None:
        for target, subject in self._targets.items():
            if element in (target.role, target.role.getparent()):
                self._open("Patient", "section", target.role, heading="", subjects=(subject,))
                for line in patient_lines(target, self._codes):
                    self._outline.add(line)
                self._outline.close()

    def _section(self, section: etree._Element) -> None:
        self._open(
            self._section_title(section),
            "section",
            section,
            date=moment_of(section) if child(section, "effectiveTime") is not None else "",
        )
        text = child(section, "text")
        if text is not None and not text.get("mediaType", "").startswith("image/"):
            write_narrative(self._outline, text)
        if section.get("nullFlavor"):
            self._outline.add(f"{null_words(section)[:1].upper()}{null_words(section)[1:]}.")
        for inner in children(section):
            name = local_name(inner)
            if name in {"entry", "component"}:
                self._write(inner)
            elif name not in {"templateId", "id", "code", "title", "text", "confidentialityCode", "languageCode"}:
                for line in self._said(inner):
                    self._outline.add(line)
        self._outline.close()

    def _entry(self, act: etree._Element, about: str = "") -> None:
        """Write a statement; the members of an organizer are sections of their own below it."""
        if local_name(act) != "organizer":
            self._lines(self._entry_label(act), act, sentences(act, self._codes, Frame(about=about)))
            return
        parts = (inner for part in children(act, "component") for inner in children(part))
        members = [inner for inner in parts if local_name(inner) in STATEMENTS]
        lines = list(sentences(act, self._codes, with_members=False))
        if not lines and not members and self._outline.size:
            return
        self._open(self._entry_label(act), "entry", act, heading="", date=moment_of(act))
        for line in lines:
            self._outline.add(line)
        relative = descendant(act, "relatedSubject")
        who = self._codes.name(child(relative, "code")) if relative is not None else ""
        for member in members:
            self._entry(member, who)
        self._outline.close()

    def _entry_label(self, act: etree._Element) -> str:
        return joined([name_of(act, self._codes)[:_LONGEST_LABEL], moment_of(act)[:10]], " ")

    def _body(self, body: etree._Element) -> None:
        """Hand an embedded file to the reader of its own type; plain text is read here, a reference is named."""
        text = child(body, "text")
        self._open("Body", "section", body)
        if text is not None and text.get("representation") != "B64":
            reference = child(text, "reference")
            if reference is not None and reference.get("value"):
                self._outline.add(f"The body is another file: {reference.get('value')}.")
            self._outline.add(text_of(text))
        self._attach(body)
        self._outline.close()

    def _attach(self, element: etree._Element) -> None:
        for inner in element.iter():
            if inner.get("representation") == "B64" and inner.get("mediaType"):
                self._attach_file(inner, inner.get("mediaType") or "")

    def _attach_file(self, holder: etree._Element, media_type: str) -> None:
        content = decoded_base64(holder.text or "")
        if is_picture(media_type) or content is None:
            what = "is a picture or a recording" if is_picture(media_type) else "cannot be decoded"
            self._outline.add(f"The attached file ({media_type}) {what}.")
            return
        number = len(self._outline.attachments) + 1
        self._outline.attachments.append(
            Attachment(
                name=f"attachment {number}{suffix_of(media_type)}",
                media_type=media_type,
                content=content,
                section=self._outline.current,
            )
        )

    def _open(
        self,
        label: str,
        kind: str,
        element: etree._Element,
        *,
        heading: str | None = None,
        date: str = "",
        subjects: tuple[str, ...] = (),
    ) -> None:
        self._outline.open(
            label,
            kind=kind,
            heading=heading,
            locator=Locator(element=_element_of(element)),
            subjects=subjects or self._subjects,
            date=calendar_day(date) if date else None,
        )


def _holds_file(element: etree._Element) -> bool:
    return any(inner.get("representation") == "B64" for inner in element.iter())


def _element_of(element: etree._Element) -> str | None:
    """Return the code of a section, or the template of an entry; the element's name where it has neither."""
    code = child(element, "code") if local_name(element) == "section" else None
    if code is not None and code.get("code"):
        return code.get("code")
    template = child(element, "templateId")
    return (template.get("root") if template is not None else None) or local_name(element)
