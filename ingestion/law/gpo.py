"""Writes the XML that GPO and the Office of the Federal Register derive from typesetting: eCFR, CFR, Federal Register.

Sources: eCFR XML user guide and Federal Register XML user guide (github.com/usgpo/bulk-data). In the Federal Register,
text that amends the Code stays text of its amendment: it opens no sections of the Code.
"""

from __future__ import annotations

import re
from datetime import date as Date  # noqa: N812 - `date` is a field's name here
from typing import Final

from lxml import etree

from ingestion.law.dates import written_date
from ingestion.law.paragraphs import Piece, write_paragraphs
from ingestion.xml_flow import Flow, clean
from ingestion.xml_tree import child, children, descendant, local_name, text_of

_NUMBER: Final = re.compile(r"§+\s*([\w.–-]+[\w])|^\s*([\d.]+[\w-]*)")
_HIERARCHY: Final = re.compile(r'"citation"\s*:\s*"([^"]+)"')
_TITLE: Final = re.compile(r"[Tt]itle (\d+)")
_CONTAINER_NUMBER: Final = re.compile(r"^\s*(?:PART|SUBPART|CHAPTER|SUBCHAPTER)S?\s+([\w.-]+)", re.IGNORECASE)
_DEFINES: Final = re.compile(
    r"\s*(?:,[^.]{0,80})?\s*(?:means|includes|refers to|has the meaning|is defined)\b|\s*[—:.]"
)
_DOC_NUMBER: Final = re.compile(r"FR Doc\.?\s+([\w–-]+)")
_EFFECTIVE: Final = re.compile(r"\b[Ee]ffective\b(?: date)?(?: on| is|:)?[^.;]{0,40}?(?=\b[A-Z][a-z]+ \d{1,2}, \d{4})")

ISSUED: Final = {"RULE": "rule", "PRORULE": "proposed rule", "NOTICE": "notice", "PRESDOCU": "presidential document"}
_UNITS: Final = {
    "RULES": "Rules and Regulations",
    "PRORULES": "Proposed Rules",
    "NOTICES": "Notices",
    "PRESDOCS": "Presidential Documents",
    "CNTNTS": "Contents",
    "CFRTOC": "Contents",
    "CONTENTS": "Contents",
    "TOC": "Contents",
}
_LEVELS: Final = frozenset({"CHAPTER", "SUBCHAP", "SUBCHAPTER", "PART", "SUBPART", "SUBJGRP", "APPENDIX"})
_STATEMENTS: Final = frozenset(
    {"AGY", "ACT", "SUM", "EFFDATE", "DATES", "ADD", "FURINF", "SUPLINF", "LSTSUB", "PRIACT"}
)
_PARAGRAPHS: Final = frozenset({"P", "FP", "FP-1", "FP-2", "FP1", "FP1-2", "FP2"})
_AMENDMENT_LEVEL: Final = 9


class GpoFlow(Flow):
    """Writes one file; ``title`` is the number of its title of the Code, ``volume`` that of the Register."""

    skipped = frozenset(
        {"HEADER", "EAR", "LRH", "RRH", "FTREF", "HRULE", "GID", "GPH", "GPHCTY", "MATH", "PRTPAGE", "STYLE", "AC",
         "CROSSREF-ID"}
    )  # fmt: skip
    blocks = frozenset(
        {"P", "FP", "FP-1", "FP-2", "FP1", "FP1-2", "FP2", "FP-DASH", "FRP", "HD", "HD1", "HD2", "HD3", "HEAD", "HED",
         "AUTH", "SOURCE", "CITA", "SECAUTH", "EDNOTE", "NOTE", "EFFDNOT", "CROSSREF", "PARAUTH", "EXTRACT", "EXAMPLE",
         "SECTION", "SECTNO", "SUBJECT", "AGENCY", "SUBAGY", "CFR", "DEPDOC", "RIN", "SIG", "DATED", "NAME", "TITLE",
         "PSIG", "PLACE", "FRDOC", "BILCOD", "FILED", "STARS", "UNITNAME", "VOL", "NO", "DATE", "AMDDATE", "AGCY",
         "CAT", "SJ", "SJDENT", "DOCENT", "SEE", "PTS", "AIDS", "CHAPTI", "PTHD", "PTITLE", "PARTNO", "TITLE3", "PRES",
         "PROC", "PREAMHD", "SECHD", "WIDE", "DIV", "TTITLE", "TNOTE", "TDESC", "PREAMB", "PROCLA", "EXECORD", "DETERM",
         "PRNOTICE", "RESERVED", "BOXTXT", "OLNOTE1", "FMTR", "TITLEPG", "BTITLE", "TITLENUM", "SUBTITLE", "PARTS",
         "REVISED", "CONTAINS"}
    )  # fmt: skip

    def __init__(self, root: etree._Element) -> None:
        super().__init__()
        self.title = _title_number(root)
        self.volume = text_of(descendant(root, "VOL"))
        self.page = ""
        self.day: Date | None = None
        self._part = ""
        self._register = local_name(root) == "FEDREG" or local_name(root) in ISSUED
        self._amending = 0
        self._citation = ""
        self.handlers = {
            **{f"DIV{level}": self._division for level in range(1, 10)},
            **dict.fromkeys(_UNITS, self._unit),
            **dict.fromkeys(ISSUED, self._issued),
            **dict.fromkeys(_LEVELS, self._level),
            **dict.fromkeys(_STATEMENTS, self._statement),
            "SECTION": self._section,
            "HD": self._heading,
            "REGTEXT": self._amended_text,
            "EXTRACT": self._amended_text,
            "AMDPAR": self._amendment,
            "SU": self._raised,
            "E": self._emphasis,
            "FTNT": self._footnote,
            "PRTPAGE": self._new_page,
            "TABLE": self.html_table,
            "GPOTABLE": self._table,
            "LI": self._spaced,
            "HED": self._spaced_line,
            "SECTNO": self._spaced_line,
            "PGS": self._spaced,
            "FRDOCBP": self._spaced,
            "SJDOC": self._spaced,
            "DOC": self._spaced,
        }

    def _division(self, element: etree._Element) -> None:
        """Write a level of the eCFR, from DIV1 (title) to DIV8 (section) and DIV9 (appendix)."""
        kind = (element.get("TYPE") or local_name(element)).lower()
        head = child(element, "HEAD")
        label = self.text_of(head)
        if self.capturing or not label:
            self.block(element)
            return
        found = _HIERARCHY.search(element.get("hierarchy_metadata", ""))
        citation = found.group(1) if found else self._citation_of(kind, element.get("N", ""), label)
        self._write_level(element, head, kind=kind, label=label, citation=citation, name=element.get("NODE"))

    def _level(self, element: etree._Element) -> None:
        """Write a level of the CFR as GPO publishes it in bulk."""
        head = child(element, "HD", "RESERVED")
        label = self.text_of(head)
        if self._register or self.capturing or not label:
            self.block(element)
            return
        kind = local_name(element).lower()
        number = found.group(1) if (found := _CONTAINER_NUMBER.match(label)) else ""
        self._write_level(element, head, kind=kind, label=label, citation=self._citation_of(kind, number, label))

    def _write_level(
        self,
        element: etree._Element,
        head: etree._Element | None,
        *,
        kind: str,
        label: str,
        citation: str | None,
        name: str | None = None,
    ) -> None:
        self.open(label.rstrip("."), kind=kind, citation=citation, element=name, heading=label)
        if kind == "section":
            self._body(element, head, citation or "", label)
        else:
            self.write(element.text)
            for part in element:
                if part is not head:
                    self.enter(part)
                self.write(part.tail)
        self.close()

    def _citation_of(self, kind: str, number: str, label: str) -> str | None:
        code = f"{self.title} CFR" if self.title else ""
        if kind == "part":
            self._part = number
            return f"{code} Part {number}".strip()
        if kind == "subpart":
            part = f"{code} Part {self._part}, " if self._part else ""
            return f"{part}Subpart {number}"
        if kind == "section":
            found = _NUMBER.search(number or label)
            return f"{code or '§'} {found.group(1) or found.group(2)}" if found else None
        if kind in {"chapter", "subchap", "subchapter"} and number:
            return f"{code} {'Chapter' if kind == 'chapter' else 'Subchapter'} {number}".strip()
        if kind == "title" and self.title:
            return code
        return number or None if kind == "appendix" else None

    def _section(self, element: etree._Element) -> None:
        number, subject = self.text_of(child(element, "SECTNO")), self.text_of(child(element, "SUBJECT", "RESERVED"))
        if self._register or self.capturing or not number:
            self.block(element)
            return
        label = f"{number} {subject}"
        citation = self._citation_of("section", number, label)
        self.open(label.rstrip("."), kind="section", citation=citation, heading=label)
        self._body(element, None, citation or "", label)
        self.close()

    def _body(self, element: etree._Element, head: etree._Element | None, citation: str, label: str) -> None:
        """Write a section's paragraphs nested by their numbers; what is no paragraph stays where it stands."""
        pieces = []
        defines = "definition" in label.lower() or "meaning of terms" in label.lower()
        for part in children(element):
            if part is head or (head is None and local_name(part) in {"SECTNO", "SUBJECT"}):
                continue
            if local_name(part) in _PARAGRAPHS:
                pieces.append(Piece(text=self.text_of(part), term=_term(part) if defines else ""))
            else:
                pieces.append(Piece(element=part))
        closing = len(pieces)
        while closing and pieces[closing - 1].element is not None:
            closing -= 1
        write_paragraphs(self, pieces[:closing], citation)
        for piece in pieces[closing:]:
            if piece.element is not None:
                self.enter(piece.element)

    def _unit(self, element: etree._Element) -> None:
        if self.capturing or self._amending:
            self.block(element)
            return
        name = local_name(element)
        self.open(_UNITS[name], kind="contents" if _UNITS[name] == "Contents" else "part")
        self.walk(element)
        self.close()

    def _issued(self, element: etree._Element) -> None:
        """Write one document of the Federal Register; it is cited by the page that it begins on."""
        subject = text_of(descendant(element, "SUBJECT", "HD"))
        preamble = child(element, "PREAMB", "PROCLA")
        first = next(children(preamble), None) if preamble is not None else None
        if first is not None and local_name(first) == "PRTPAGE":
            self._new_page(first)
        citation = f"{self.volume} FR {self.page}" if self.volume and self.page else None
        found = _DOC_NUMBER.search(text_of(descendant(element, "FRDOC")))
        self._citation = citation or ""
        self.open(
            subject,
            kind=ISSUED[local_name(element)],
            citation=citation,
            element=found.group(1) if found else None,
            date=_effective(element) or self.day,
        )
        self.running_text(element)
        self.close()

    def _statement(self, element: etree._Element) -> None:
        heading = child(element, "HD")
        if heading is None or self.capturing or self._amending:
            self.block(element)
            return
        self.open(text_of(heading).rstrip(":"), kind="heading")
        self.running_text(element)
        self.close()

    def _heading(self, element: etree._Element) -> None:
        source = element.get("SOURCE", "")
        if self.capturing or self._amending or not re.fullmatch(r"HD\d", source):
            self.block(element)
            return
        self.heading(self.text_of(element), int(source[2:]))
        self.block(element)

    def _amended_text(self, element: etree._Element) -> None:
        self._amending += 1
        self.block(element)
        self._amending -= 1

    def _amendment(self, element: etree._Element) -> None:
        """Open a section for an instruction to amend; the text that it inserts follows inside."""
        text = self.text_of(element)
        number = re.match(r"[■\s]*(\d+|[a-z])\.", text)
        if self.capturing or not number or not number.group(1).isdigit():
            self.block(element)
            return
        label = f"Amendment {number.group(1)}"
        citation = f"{self._citation}, {label.lower()}" if self._citation else None
        self.heading(label, _AMENDMENT_LEVEL, kind="amendment", citation=citation)
        self.block(element)

    def _raised(self, element: etree._Element) -> None:
        follower = element.getnext()
        if follower is not None and local_name(follower) == "FTREF":
            self.write(f" [{text_of(element)}]")
        else:
            self.superscript(element)

    def _emphasis(self, element: etree._Element) -> None:
        if element.get("T") == "51":
            self.superscript(element)
        else:
            self.walk(element)

    def _footnote(self, element: etree._Element) -> None:
        self.note(self.text_of(element))

    def _new_page(self, element: etree._Element) -> None:
        self.page = element.get("P", self.page)
        self.write(" ")

    def _spaced(self, element: etree._Element) -> None:
        self.write(" ")
        self.walk(element)
        self.write(" ")

    def _spaced_line(self, element: etree._Element) -> None:
        """Begin a line that the next element goes on with, as "Authority:" does."""
        self.end_line()
        self.walk(element)
        self.write(" ")
        self.run_in = True

    def _table(self, element: etree._Element) -> None:
        self.end_line()
        for title in children(element, "TTITLE", "TDESC"):
            self.block(title)
        levels: dict[str, list[str]] = {}
        for heading in element.iterdescendants():
            if local_name(heading) == "CHED":
                levels.setdefault(heading.get("H", "1"), []).append(self.text_of(heading))
        rows = [[self.text_of(entry) for entry in children(row, "ENT")] for row in children(element, "ROW")]
        self.table([levels[level] for level in sorted(levels)], rows)
        for note in children(element, "TNOTE", "SIGDAT"):
            self.block(note)


def _term(element: etree._Element) -> str:
    """Return the term that a paragraph in italics defines; empty where it begins otherwise."""
    if (element.text or "").strip() or not len(element):
        return ""
    first = element[0]
    marked = local_name(first) == "I" or (local_name(first) == "E" and first.get("T") == "03")
    return clean(text_of(first)).rstrip(".:") if marked and _DEFINES.match(first.tail or " .") else ""


def _title_number(root: etree._Element) -> str:
    """Return the number of the title of the Code, where the file says it."""
    for element in root.iter():
        name = local_name(element)
        if name == "DIV1" or (name == "IDNO" and element.get("TYPE") == "title"):
            return element.get("N") or text_of(element)
        if name in {"TITLEHD", "TITLENUM", "CFRTITLE"} and (found := _TITLE.search(text_of(element))):
            return found.group(1)
        if found := re.match(r"(\d+) CFR", next(iter(_HIERARCHY.findall(element.get("hierarchy_metadata", ""))), "")):
            return found.group(1)
    return ""


def _effective(element: etree._Element) -> Date | None:
    """Return the date that a rule states as its effective date."""
    text = text_of(descendant(element, "EFFDATE"))
    found = _EFFECTIVE.search(text)
    return written_date(text[found.end() :]) if found else None
