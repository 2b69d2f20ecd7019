"""Writes acts, bills, judgments and other documents in Akoma Ntoso.

Source: OASIS LegalDocumentML, Akoma Ntoso 1.0 (namespace akn/3.0) and its drafts. What an act quotes to insert into
another (``quotedStructure``, ``embeddedStructure``) stays text of the amending provision.
"""

from __future__ import annotations

from typing import Final

from lxml import etree

from ingestion.xml_flow import Flow, bare_number, clean
from ingestion.xml_tree import child, local_name, text_of

_CONTAINERS: Final = frozenset(
    {"part", "book", "tome", "title", "subtitle", "chapter", "subchapter", "subpart", "division", "subdivision",
     "hcontainer", "level", "transitional", "proviso"}
)  # fmt: skip
_PROVISIONS: Final = frozenset({"article", "section", "rule"})
_BELOW: Final = frozenset(
    {"subsection", "subrule", "paragraph", "subparagraph", "point", "indent", "alinea", "clause", "subclause", "item",
     "list", "sublist"}
)  # fmt: skip
_QUOTES: Final = frozenset({"quotedStructure", "embeddedStructure", "quotedText", "embeddedText"})
_NAMED: Final = {
    "preface": "Preface",
    "preamble": "Preamble",
    "conclusions": "Conclusions",
    "introduction": "Introduction",
    "background": "Background",
    "arguments": "Arguments",
    "remedies": "Remedies",
    "motivation": "Motivation",
    "decision": "Decision",
    "toc": "Contents",
}
_DOCUMENTS: Final = frozenset(
    {"doc", "statement", "amendment", "documentCollection", "act", "bill", "judgment", "debate", "debateReport",
     "officialGazette", "amendmentList", "portion"}
)  # fmt: skip


class AkomaNtosoFlow(Flow):
    """Writes one document; attached documents become sections of it."""

    skipped = frozenset({"meta", "img", "br", "eol", "eop", "marker", "noteRef"})
    blocks = frozenset(
        {"p", "content", "intro", "wrapUp", "block", "blockContainer", "citation", "recitals", "citations", "formula",
         "longTitle", "tocItem", "crossHeading", "subheading", "blockList", "listIntroduction", "listWrapUp", "ul",
         "ol", "li", "signature", "heading", "container", "docTitle", "address", "from", "speech", "question", "answer",
         "scene", "narrative", "summary", "tblock", "interstitial"}
    )  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self._quoted = 0
        self._note_count = 0
        self._citation = ""
        self._depth = 0
        self.handlers = {
            **dict.fromkeys(_CONTAINERS, self._container),
            **dict.fromkeys(_PROVISIONS, self._provision),
            **dict.fromkeys(_BELOW, self._below),
            **dict.fromkeys(_QUOTES, self._quote),
            **dict.fromkeys(_NAMED, self._named),
            **dict.fromkeys(_DOCUMENTS, self._document),
            "recital": self._recital,
            "authorialNote": self._footnote,
            "num": self._number,
            "table": self.html_table,
            "sup": self.superscript,
            "remark": self._spaced,
        }

    def _level(self, element: etree._Element, *, kind: str, label: str, citation: str | None, run_in: bool) -> None:
        """Open a level, write its number and heading in front of its text, and then everything inside it."""
        number, heading = child(element, "num"), child(element, "heading")
        name = element.get("eId") or element.get("wId") or element.get("id")
        self.open(label, kind=kind, citation=citation, element=name)
        outside, self._citation = self._citation, citation or ""
        if number is not None:
            self.walk(number)
            self.write(" ")
        if heading is not None:
            self.walk(heading)
            if run_in:
                self.write(" ")
            else:
                self.end_line()
        self.run_in = run_in or heading is None
        self.write(element.text)
        for part in element:
            if part is not number and part is not heading:
                self.enter(part)
            self.write(part.tail)
        self.close()
        self._citation = outside

    def _header(self, element: etree._Element) -> tuple[str, str]:
        return self.text_of(child(element, "num")), self.text_of(child(element, "heading"))

    def _closed(self, number: str, heading: str) -> bool:
        """Say whether a level may open no section: inside quotes and captured text, or without a name."""
        return bool(self._quoted) or self.capturing or not (number or heading)

    def _container(self, element: etree._Element) -> None:
        number, heading = self._header(element)
        if self._closed(number, heading):
            self.block(element)
            return
        kind = element.get("name") or local_name(element)
        citation = _worded(kind, number)
        below_schedule = self._citation.startswith(("Schedule", "Annex"))
        if below_schedule and citation:
            citation = f"{self._citation}, {citation}"
        self._level(element, kind=kind, label=f"{number} {heading}", citation=citation, run_in=False)

    def _provision(self, element: etree._Element) -> None:
        number, heading = self._header(element)
        if self._closed(number, heading):
            self.block(element)
            return
        kind = local_name(element)
        citation = _worded(kind, number)
        label = f"{number} {heading}" if not bare_number(number)[:1].isdigit() or " " in number else ""
        label = label or f"{kind.capitalize()} {number.rstrip('.')} {heading}"
        self._level(element, kind=kind, label=label, citation=citation, run_in=False)

    def _below(self, element: etree._Element) -> None:
        number, heading = self._header(element)
        if self._closed(number, heading):
            self.block(element)
            return
        bare = bare_number(number)
        citation = f"{self._citation}({bare})" if self._citation and bare else None
        if not self._citation and bare:
            citation = _worded(local_name(element), number)
        elif self._citation.startswith("Schedule") and local_name(element) == "paragraph":
            citation = f"{self._citation}, paragraph {bare}"
        label = f"({bare}) {heading}" if bare else heading
        self._level(element, kind=local_name(element), label=label, citation=citation, run_in=True)

    def _recital(self, element: etree._Element) -> None:
        number = bare_number(self.text_of(child(element, "num")))
        if self._quoted or self.capturing or not number:
            self.block(element)
            return
        label = f"Recital {number}"
        self._level(element, kind="recital", label=label, citation=label, run_in=True)

    def _named(self, element: etree._Element) -> None:
        if self._quoted or self.capturing or not text_of(element):
            self.block(element)
            return
        kind = "contents" if local_name(element) == "toc" else "heading"
        self.open(_NAMED[local_name(element)], kind=kind, element=element.get("eId"))
        self.walk(element)
        self.close()

    def _document(self, element: etree._Element) -> None:
        """Write an attached document, such as an annex, as a section; the main document is the root."""
        if self._depth == 0 or self._quoted or self.capturing:
            self._depth += 1
            self.block(element)
            self._depth -= 1
            return
        title = next((text_of(each) for each in element.iter() if local_name(each) in {"docTitle", "docType"}), "")
        label = title or clean(element.get("name") or "annex").capitalize()
        outside, self._citation = self._citation, ""
        self.open(label, kind="annex", element=element.get("eId"))
        self.walk(element)
        self.close()
        self._citation = outside

    def _quote(self, element: etree._Element) -> None:
        if local_name(element) in {"quotedText", "embeddedText"}:
            self.write(element.get("startQuote", ""))
            self.walk(element)
        else:
            self.end_line()
            self.write(element.get("startQuote", "") + (element.text or "").strip())
            self.run_in = True
            self._quoted += 1
            for part in element:
                self.enter(part)
                self.write((part.tail or "").rstrip())
            self._quoted -= 1
            self.end_line()
        self.write(element.get("endQuote", ""))

    def _footnote(self, element: etree._Element) -> None:
        self._note_count += 1
        mark = element.get("marker") or str(self._note_count)
        self.write(f" [{mark}]")
        self.note(f"[{mark}] {self.text_of(element)}")

    def _number(self, element: etree._Element) -> None:
        self._spaced(element)
        self.run_in = True

    def _spaced(self, element: etree._Element) -> None:
        self.walk(element)
        self.write(" ")


def _worded(kind: str, number: str) -> str | None:
    """Return a citation such as "Article 5": with the number's own word, where it has one."""
    bare = bare_number(number)
    if not bare:
        return None
    words = clean(number).rstrip(".").split()
    if len(words) > 1:
        return f"{words[0].capitalize()} {bare}"
    return f"{kind.capitalize()} {bare}"
