"""Writes United States Legislative Markup: laws, bills, compilations, regulations and the Federal Register.

Source: USLM schema 2.1 (GPO, github.com/usgpo/uslm). What an act quotes to insert elsewhere stays text of the amending
section: it opens no sections and carries no citation of the amending act. The older bill DTD is read by the same
rules, its names for numbers, headings and quotations being different words for the same things.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date as Date  # noqa: N812 - `date` is a field's name here
from typing import Final

from lxml import etree

from ingestion.xml_flow import Flow, clean, iso_date
from ingestion.xml_tree import child, descendant, local_name, text_of

CONTAINERS: Final = frozenset(
    {
        "title", "subtitle", "chapter", "subchapter", "part", "subpart", "division", "subdivision", "article",
        "subarticle", "level", "appropriations", "appropriations-major", "appropriations-intermediate",
        "appropriations-small", "appendix",
    }
)  # fmt: skip
BELOW_SECTION: Final = frozenset(
    {"subsection", "paragraph", "subparagraph", "clause", "subclause", "item", "subitem", "subsubitem"}
)
QUOTES: Final = frozenset({"quotedContent", "quoted-block"})
_ISSUED: Final = {
    "rule": "rule",
    "notice": "notice",
    "proposedRule": "proposed rule",
    "presidentialDoc": "presidential document",
}
_NUMBERS: Final = ("num", "enum")
_HEADINGS: Final = ("heading", "header")
_NAMED: Final = {
    "preface": "Preface",
    "amendPreface": "Preface",
    "legislativeHistory": "Legislative history",
    "endorsement": "Endorsement",
    "toc": "Contents",
    "index": "Index",
    "backMatter": "Back matter",
}
_CFR: Final = re.compile(r"/us/cfr/t\s*(\w+)\s*/(?:s([\w.–-]+)((?:/\w+)*)|p([\w.-]+)(?:/sp(\w+))?)$")
_SECTION_NUMBER: Final = re.compile(r"§\s*(\d+\.[\w–-]+)")
_USC: Final = re.compile(r"/us/usc/t(\w+)/s([\w.–-]+)((?:/\w+)*)$")
_HEADING_LEVEL: Final = re.compile(r"\bHD(\d)\b")


class UslmFlow(Flow):
    """Writes one USLM document; ``volume`` and ``day`` are those of the Federal Register issue being written."""

    skipped = frozenset(
        {"meta", "amendMeta", "metadata", "page", "pagebreak", "ear", "leftRunningHead", "rightRunningHead", "img",
         "colgroup", "br", "line-break"}
    )  # fmt: skip
    blocks = frozenset(
        {"p", "text", "continuation", "continuation-text", "referenceItem", "headingItem", "groupItem", "toc-entry",
         "docTitle", "officialTitle", "enactingFormula", "resolvingClause", "action", "actionDescription",
         "actionInstruction", "recital", "whereas", "elided", "signature", "name", "role", "notation", "signatureDate",
         "affiliation", "note", "editorialNote", "editionNote", "explanationNote", "organizationNote", "citationNote",
         "findingAidsNote", "sourceCredit", "source", "authority", "slugLine", "distributionCode", "congress",
         "session", "currentChamber", "enrolledDateline", "docPublicationName", "subject", "organization", "affected",
         "provisionRange", "docReleasePoint", "creator", "billingCode", "frDocId", "endMarker", "subheading",
         "amendmentInstruction", "amendmentContent", "wordsOfIssuance", "statement", "form", "legis-num",
         "legis-type", "official-title", "current-chamber", "amendment-instruction", "amendment-block", "issue",
         "property"}
    )  # fmt: skip

    def __init__(self, root: etree._Element) -> None:
        super().__init__()
        self._quoted = 0
        self._citations: list[str] = [""]
        self._sections = Counter(_own_sections(root))
        self._uncertain = _sections_with_repeated_paragraphs(root)
        self._committees = {
            f"#{each.get('committeeId')}": text_of(each) for each in root.iter() if each.get("committeeId")
        }
        self.volume = text_of(descendant(root, "volume"))
        self.day: Date | None = None
        self.handlers = {
            **dict.fromkeys(CONTAINERS, self._container),
            **dict.fromkeys(BELOW_SECTION, self._below_section),
            **dict.fromkeys(QUOTES, self._quote),
            **dict.fromkeys(_ISSUED, self._issued),
            **dict.fromkeys(_NUMBERS, self._loose_number),
            **dict.fromkeys(_HEADINGS, self._loose_heading),
            **dict.fromkeys(_NAMED, self._named),
            "section": self._section,
            "component": self._component,
            "statement": self._statement,
            "table": self.html_table,
            "footnote": self._footnote,
            "sidenote": self._sidenote,
            "ref": self._reference,
            "sup": self.superscript,
            "designator": self._spaced,
            "label": self._spaced,
            "target": self._spaced,
            "type": self._spaced,
        }

    def _container(self, element: etree._Element) -> None:
        number, heading = self._header(element)
        if self._quoted or self.capturing or not (number or heading):
            self.block(element)
            return
        kind = local_name(element)
        citation = _citation_of(element) or (self._place(element) if number else None)
        label = _joined(number, heading)
        self._level(element, label=label, kind=kind, citation=citation, inherited="")
        self.close()

    def _section(self, element: etree._Element) -> None:
        number, heading = self._header(element)
        if self._quoted or self.capturing or not (number or heading):
            self.block(element)
            return
        citation = _citation_of(element) or self._section_citation(element, number)
        label = _joined(number, heading)
        if element.get("role") == "instruction":
            label = f"Amendment {_value(element)}"
            citation = f"{self._citations[-1]}, {label.lower()}" if self._citations[-1] else None
        self._level(element, label=label, kind="section", citation=citation, inherited=citation or "")
        self.close()

    def _below_section(self, element: etree._Element) -> None:
        number, heading = self._header(element)
        if self._quoted or self.capturing or not (number or heading):
            self.block(element)
            return
        value, above = _value(element), self._citations[-1]
        citation = f"{above}({value})" if value and above else _citation_of(element)
        if above in self._uncertain:
            citation = None
        label = _joined(f"({value})" if value else "", heading)
        self._level(element, label=label, kind=local_name(element), citation=citation, inherited=citation or above)
        self.close()

    def _level(self, element: etree._Element, *, label: str, kind: str, citation: str | None, inherited: str) -> None:
        """Open a level, write its number and heading in front of its text, and then everything inside it."""
        number, heading = child(element, *_NUMBERS), child(element, *_HEADINGS)
        self.open(label.rstrip(".:—– ") or kind, kind=kind, citation=citation, element=_identity(element))
        self._citations.append(inherited)
        for part in (number, heading):
            if part is not None:
                self.enter(part)
        if heading is not None and kind not in BELOW_SECTION:
            self.end_line()
        self.run_in = heading is None or kind in BELOW_SECTION
        self.write(element.text)
        for part in element:
            if part is number or part is heading:
                self.write((part.tail or "").strip())
            else:
                self.enter(part)
                self.write(part.tail)
        self._citations.pop()

    def _header(self, element: etree._Element) -> tuple[str, str]:
        """Return the number and the heading as they will be written."""
        return (
            clean(_without_marks(child(element, *_NUMBERS))),
            clean(_without_marks(child(element, *_HEADINGS))),
        )

    def _section_citation(self, element: etree._Element, number: str) -> str | None:
        if not number:
            return None
        value = _value(element)
        if number.startswith("§"):
            title = next((above for above in element.iterancestors() if local_name(above) == "title"), None)
            code = _value(title) if title is not None else ""
            return f"{code} U.S.C. {value}" if code.isdigit() else f"§ {value}"
        return f"Sec. {value}" if self._sections[value] == 1 else self._place(element, f"Sec. {value}")

    def _place(self, element: etree._Element, own: str = "") -> str:
        """Return a citation with everything that the element lies in, as numbers start afresh there."""
        places = [own or f"{local_name(element).capitalize()} {_value(element)}"]
        for above in element.iterancestors():
            if local_name(above) in CONTAINERS and _value(above):
                places.append(f"{local_name(above).capitalize()} {_value(above)}")
            elif local_name(above) == "component" and (label := self._component_label(above)):
                places.append(label)
        return ", ".join(reversed(places))

    def _component_label(self, element: etree._Element) -> str:
        """Return the title of a unit of an issue, or which committee added or deleted this text of a bill."""
        meta = child(element, "meta")
        if meta is not None:
            return text_of(child(meta, "title"))
        committee = self._committees.get(element.get("origin", ""), "")
        changed = element.get("changed", "")
        return f"Text {changed}{' by the ' if committee else ''}{committee}" if changed else ""

    def _quote(self, element: etree._Element) -> None:
        self._quoted += 1
        self.block(element)
        self._quoted -= 1

    def _named(self, element: etree._Element) -> None:
        parent = element.getparent()
        if self._quoted or self.capturing or (parent is not None and local_name(parent) in _ISSUED):
            self.block(element)
            return
        self.open(_NAMED[local_name(element)], kind="contents" if local_name(element) == "toc" else "heading")
        self.walk(element)
        self.close()

    def _loose_number(self, element: etree._Element) -> None:
        self.walk(element)
        self.write(" ")

    def _loose_heading(self, element: etree._Element) -> None:
        """Write a heading: of a level, run in with its text; inside running text, a section of its own."""
        found = _HEADING_LEVEL.search(element.get("style", ""))
        parent = element.getparent()
        inside = parent is not None and local_name(parent) in {"content", "statement", "level", "main"}
        if not (found and inside) or self._quoted or self.capturing:
            self.walk(element)
            if parent is not None and local_name(parent) not in BELOW_SECTION:
                self.end_line()
            elif not text_of(element).endswith("—"):
                self.write(" ")
            return
        self.heading(_without_marks(element), int(found.group(1)))
        self.block(element)

    def _statement(self, element: etree._Element) -> None:
        content = child(element, "content")
        heading = child(element if content is None else content, "heading")
        if heading is None or self._quoted or self.capturing:
            self.block(element)
            return
        self.open(_without_marks(heading).rstrip(":"), kind="heading")
        self.running_text(element)
        self.close()

    def _component(self, element: etree._Element) -> None:
        """Write a unit of an issue, such as its notices, or one committee's text of a bill."""
        label = self._component_label(element)
        if not label or self.capturing:
            self.block(element)
            return
        self.open(label, kind="part")
        self.walk(element)
        self.close()

    def _issued(self, element: etree._Element) -> None:
        """Write one document of a Federal Register issue."""
        meta, preface = child(element, "meta"), child(element, "preface")
        subject = text_of(descendant(preface, "subject")) if preface is not None else ""
        page = text_of(descendant(meta, "startingPage")) if meta is not None else ""
        title = text_of(child(meta, "subject", "title")) if meta is not None else ""
        citation = f"{self.volume} FR {page}" if self.volume and page else ""
        self.open(
            subject or title,
            kind=_ISSUED[local_name(element)],
            citation=citation or None,
            element=_identity(element),
            date=_effective(element) or self.day,
        )
        self._citations.append(citation)
        self.running_text(element)
        self._citations.pop()
        self.close()

    def _footnote(self, element: etree._Element) -> None:
        self.note(self.text_of(element))

    def _sidenote(self, element: etree._Element) -> None:
        text = self.text_of(element)
        self.note(f"[{text}]" if text else "")
        self.write(" ")

    def _reference(self, element: etree._Element) -> None:
        if element.get("idref") and not element.get("href"):
            self.write(f" [{text_of(element).strip('()[]')}]")
        else:
            self.walk(element)

    def _spaced(self, element: etree._Element) -> None:
        self.walk(element)
        self.write(" ")


def _own_sections(root: etree._Element) -> list[str]:
    """Return the numbers of the sections that are the document's own, not quoted by it."""
    return [
        _value(element)
        for element in root.iter()
        if local_name(element) == "section"
        and not any(local_name(above) in QUOTES for above in element.iterancestors())
    ]


def _sections_with_repeated_paragraphs(root: etree._Element) -> frozenset[str]:
    """Return the citations of sections in which numbers start afresh, as below each of several definitions.

    GPO's identifiers do not name the definition, so they would cite a paragraph that does not exist.
    """
    found = set()
    for section in root.iter():
        if local_name(section) == "section" and (citation := _citation_of(section)):
            below = Counter(each.get("identifier") for each in section.iterdescendants() if each.get("identifier"))
            if any(count > 1 for count in below.values()):
                found.add(citation)
    return frozenset(found)


def _identity(element: etree._Element) -> str | None:
    return element.get("identifier") or element.get("id")


def _value(element: etree._Element) -> str:
    """Return a level's number without words and brackets around it."""
    number = child(element, *_NUMBERS)
    if number is None:
        return ""
    words = clean(number.get("value") or _without_marks(number)).strip("()[].:—–-“”\"'‘’■ ").split()
    return words[-1].strip("()[].:—–-“”") if words else ""


def _without_marks(element: etree._Element | None) -> str:
    """Return the text without footnotes and the marks that refer to them."""
    if element is None:
        return ""
    parts = [element.text or ""]
    for part in element:
        name = local_name(part)
        mark = name in {"footnote", "sidenote", "sup", "page"} or (name == "ref" and "idref" in part.attrib)
        parts += ["" if mark else _without_marks(part), part.tail or ""]
    return clean("".join(parts))


def _joined(number: str, heading: str) -> str:
    return f"{number}{'' if number.endswith('—') or not number else ' '}{heading}".strip()


def _citation_of(element: etree._Element) -> str | None:
    """Return the citation of a level of the Code of Federal Regulations or the United States Code."""
    identifier = element.get("identifier", "")
    if found := _CFR.match(identifier):
        title, section, below, part, subpart = found.groups()
        if section:
            printed = _SECTION_NUMBER.match(_without_marks(child(element, "num")))  # "478.25a" has the id of 478.25
            return f"{title} CFR {printed.group(1) if printed and not below else section}{_bracketed(below)}"
        return f"{title} CFR Part {part}" + (f", Subpart {subpart}" if subpart else "")
    if found := _USC.match(identifier):
        return f"{found.group(1)} U.S.C. {found.group(2)}{_bracketed(found.group(3))}"
    return None


def _bracketed(below: str) -> str:
    return "".join(f"({number})" for number in below.split("/") if number)


def _effective(element: etree._Element) -> Date | None:
    """Return the first date that a rule's statement of its effective date names."""
    for statement in element.iter():
        if local_name(statement) == "statement" and statement.get("role") == "effectiveDate":
            named = descendant(statement, "date")
            return iso_date(named.get("date")) if named is not None else None
    return None
