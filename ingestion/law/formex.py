"""Writes acts of the European Union in Formex: recitals, articles down to the point, annexes, tables, notes.

Source: Formex 4 schema, Publications Office (formex.publications.europa.eu). Citations follow the Interinstitutional
Style Guide in the language of the text: "Article 17(1)(b)", "Artikel 17 Absatz 1 Buchstabe b".
"""

from __future__ import annotations

from typing import Final

from lxml import etree

from ingestion.xml_flow import Flow, bare_number, clean
from ingestion.xml_tree import child, children, descendant, local_name, text_of

_WORDS: Final = {
    "de": {
        "preamble": "Präambel",
        "recital": "Erwägungsgrund",
        "paragraph": "Absatz",
        "alpha": "Buchstabe",
        "roman": "Ziffer",
        "arab": "Nummer",
        "subparagraph": "Unterabsatz",
    },
    "fr": {"preamble": "Préambule", "recital": "Considérant"},
    "es": {"preamble": "Preámbulo", "recital": "Considerando"},
    "it": {"preamble": "Preambolo", "recital": "Considerando"},
}
_ENGLISH: Final = {"preamble": "Preamble", "recital": "Recital"}
_ORDINALS: Final = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_UNNUMBERED: Final = frozenset({"—", "–", "-", "•", "·", ""})
_FIRST_GROUPED: Final = 10_000


class FormexFlow(Flow):
    """Writes one act in the language ``language`` (two letters)."""

    skipped = frozenset(
        {"INFO.CONSLEG", "INFO.PROD", "BIB.INSTANCE", "BIB.INSTANCE.CONS", "BIB.DATA", "BIB.DOC", "FAM.COMP",
         "FAM.COMP.CL", "GR.CORRIG", "GR.MOD.ACT", "INCL.ELEMENT", "PROLOG"}
    )  # fmt: skip
    blocks = frozenset(
        {"P", "ALINEA", "TITLE", "TI", "STI", "PREAMBLE.INIT", "PREAMBLE.FINAL", "VISA", "GR.CONSID.INIT", "ITEM", "NP",
         "LIST", "FINAL", "SIGNATURE", "TI.ART", "STI.ART", "DLIST", "DLIST.ITEM", "GR.NOTES", "CONTENTS", "TOC",
         "TOC.ITEM", "COMMENT", "ANNOTATION", "INTRO", "FORMULA", "CAT.OLD", "CAT.NEW", "PL.DATE"}
    )  # fmt: skip

    def __init__(self, language: str) -> None:
        super().__init__()
        self.words = {**_ENGLISH, **_WORDS.get(language, {})}
        self._german = language == "de"
        self._quoted = 0
        self._note_count = 0
        self._base = ""  # the citation of the open article, paragraph or point
        self._short = ""  # the same for the path, "17(1)(b)"
        self._alinea = 0
        self._used: set[str] = set()
        self.handlers = {
            "DIVISION": self._division,
            "ARTICLE": self._article,
            "PARAG": self._paragraph,
            "ALINEA": self._subparagraph,
            "ITEM": self._item,
            "NP": self._numbered,
            "CONSID": self._recital,
            "PREAMBLE": self._preamble,
            "ANNEX": self._annex,
            "CONS.ANNEX": self._annex,
            "GR.SEQ": self._group,
            "QUOT.S": self._quote,
            "QUOT.START": self._quotation_mark,
            "QUOT.END": self._quotation_mark,
            "NOTE": self._footnote,
            "HT": self._highlight,
            "FT": self._figure,
            "TBL": self._table,
            "TERM": self._spaced,
            "NO.P": self._number,
            "NO.PARAG": self._number,
        }

    def _title_of(self, element: etree._Element) -> tuple[str, str]:
        """Return the number and the subject of a division, annex or group, as its title prints them."""
        title = child(element, "TITLE")
        if title is None:
            return "", ""
        return self.text_of(child(title, "TI")), self.text_of(child(title, "STI"))

    def _titled(self, element: etree._Element, *, kind: str, citation: str | None, label: str, base: str = "") -> None:
        """Open a section for an element with a title and write what follows the title."""
        outside, self._base, self._short = (self._base, self._short), base, ""
        self.open(label, kind=kind, citation=citation, element=element.get("IDENTIFIER"), heading=label)
        self.write(element.text)
        for part in element:
            if local_name(part) != "TITLE" or part is not child(element, "TITLE"):
                self.enter(part)
            self.write(part.tail)
        self.close()
        self._base, self._short = outside

    def _division(self, element: etree._Element) -> None:
        number, subject = self._title_of(element)
        if self._quoted or self.capturing or not number:
            self.block(element)
            return
        words = number.split()
        outer = [each for each in element.iterancestors("DIVISION") if child(each, "TITLE") is not None]
        numbers = [self._title_of(each)[0].split() for each in reversed(outer)] + [words]
        places = [" ".join([number[0].capitalize(), *number[1:]]) for number in numbers if len(number) > 1]
        citation = ", ".join(places) if len(words) > 1 else None
        self._titled(element, kind=words[0].lower(), citation=citation, label=f"{number} {subject}")

    def _annex(self, element: etree._Element) -> None:
        number, subject = self._title_of(element)
        words = number.split()
        citation = " ".join([words[0].capitalize(), *words[1:2]]) if words else None
        self._titled(
            element,
            kind="annex",
            citation=citation,
            label=f"{number} {subject}".strip() or "Annex",
            base=citation or "",
        )

    def _group(self, element: etree._Element) -> None:
        number, subject = self._title_of(element)
        if self._quoted or self.capturing or not number:
            self.block(element)
            return
        self._titled(element, kind="heading", citation=None, label=f"{number} {subject}", base=self._base)

    def _preamble(self, element: etree._Element) -> None:
        if self.capturing or not text_of(element):
            self.block(element)
            return
        self.open(self.words["preamble"], kind="preamble")
        self.walk(element)
        self.close()

    def _recital(self, element: etree._Element) -> None:
        number = bare_number(self.text_of(descendant(element, "NO.P")))
        if self._quoted or self.capturing or not number:
            self.block(element)
            return
        label = f"{self.words['recital']} {number}"
        self.open(label, kind="recital", citation=label, element=element.get("IDENTIFIER"))
        self._contents(element)
        self.close()

    def _contents(self, element: etree._Element) -> None:
        """Write a numbered element without opening a section for its number again."""
        for part in element:
            if local_name(part) == "NP":
                self.walk(part)
            else:
                self.enter(part)
            self.write(part.tail)

    def _article(self, element: etree._Element) -> None:
        title = self.text_of(child(element, "TI.ART"))
        subject = self.text_of(child(element, "STI.ART"))
        if self._quoted or self.capturing or not title:
            self.block(element)
            return
        self.open(
            f"{title} {subject}", kind="article", citation=title, element=element.get("IDENTIFIER"),
            heading=f"{title} {subject}",
        )  # fmt: skip
        self._base, self._short, self._alinea = title, bare_number(title), 0
        self.write(element.text)
        for part in element:
            if local_name(part) not in {"TI.ART", "STI.ART"}:
                self.enter(part)
            self.write(part.tail)
        self.close()
        self._base = self._short = ""

    def _paragraph(self, element: etree._Element) -> None:
        number = bare_number(self.text_of(child(element, "NO.PARAG")))
        if self._quoted or self.capturing or not number:
            self.block(element)
            return
        citation = f"{self._base} {self.words['paragraph']} {number}" if self._german else f"{self._base}({number})"
        outside = self._base, self._short
        self._base, self._short, self._alinea = citation, f"{self._short}({number})", 0
        self.open(self._short, kind="paragraph", citation=citation, element=element.get("IDENTIFIER"))
        self.walk(element)
        self.close()
        self._base, self._short = outside

    def _subparagraph(self, element: etree._Element) -> None:
        self._alinea += 1
        self.block(element)

    def _item(self, element: etree._Element) -> None:
        """Write a point of a list, as a section of its own where it is numbered."""
        number = bare_number(self.text_of(child(part, "NO.P"))) if (part := child(element, "NP")) is not None else ""
        if self._quoted or self.capturing or number in _UNNUMBERED or not self._base:
            self.block(element)
            return
        above = element.getparent()
        kind = (above.get("TYPE") or "").lower() if above is not None else ""
        self._point(element, number, kind)

    def _numbered(self, element: etree._Element) -> None:
        """Write a numbered paragraph outside of lists, as annexes have them."""
        number = bare_number(self.text_of(child(element, "NO.P")))
        if self._quoted or self.capturing or number in _UNNUMBERED or not self._base:
            self.block(element)
            return
        self._point(element, number, "arab")

    def _point(self, element: etree._Element, number: str, kind: str) -> None:
        outside = self._base, self._short
        self._base, self._short = self._place(number, kind), f"{self._short}({number})"
        self._used.add(self._base)
        self.open(self._short, kind="point", citation=self._base)
        if local_name(element) == "NP":
            self.walk(element)
        else:
            self._contents(element)
        self.close()
        self._base, self._short = outside

    def _place(self, number: str, kind: str) -> str:
        """Return the citation of a point; a letter used before in this paragraph is that of a later subparagraph."""
        word = self.words.get(kind, self.words.get("alpha", ""))
        citation = f"{self._base} {word} {number}" if self._german else f"{self._base}({number})"
        if citation not in self._used or not 1 < self._alinea < len(_ORDINALS):
            return citation
        if self._german:
            return f"{self._base} {self.words['subparagraph']} {self._alinea} {word} {number}"
        return f"{self._base}, {_ORDINALS[self._alinea]} subparagraph, point ({number})"

    def _quote(self, element: etree._Element) -> None:
        self._quoted += 1
        self.block(element)
        self._quoted -= 1

    def _quotation_mark(self, element: etree._Element) -> None:
        try:
            self.write(chr(int(element.get("CODE", "22"), 16)))
        except (ValueError, OverflowError):
            self.write('"')

    def _footnote(self, element: etree._Element) -> None:
        if element.get("TYPE", "FOOTNOTE") == "FOOTNOTE":
            self._note_count += 1
            mark = self._note_count
            self.write(f" [{mark}]")
            self.note(f"[{mark}] {self.text_of(element)}")
        else:
            self.block(element)

    def _highlight(self, element: etree._Element) -> None:
        if element.get("TYPE") == "SUP":
            self.superscript(element)
        else:
            self.walk(element)

    def _figure(self, element: etree._Element) -> None:
        """Write a number in groups of three digits, as the Official Journal prints it."""
        text = clean(element.text or "")
        grouped = element.get("TYPE") == "NUMBER" and text.isascii() and text.isdigit() and int(text) >= _FIRST_GROUPED
        self.write(f"{int(text):,}".replace(",", " ") if grouped else text)

    def _spaced(self, element: etree._Element) -> None:
        self.walk(element)
        self.write(" ")

    def _number(self, element: etree._Element) -> None:
        self._spaced(element)
        self.run_in = True

    def _table(self, element: etree._Element) -> None:
        self.end_line()
        for title in children(element, "TITLE"):
            self.block(title)
        header: list[list[str]] = []
        body: list[list[str]] = []
        for row in element.iterdescendants():
            if local_name(row) == "ROW":
                rows = header if row.get("TYPE") == "HEADER" else body
                rows.append([self.text_of(cell) for cell in children(row, "CELL")])
        self.table(header, body)
        for notes in children(element, "GR.NOTES"):
            self.block(notes)
