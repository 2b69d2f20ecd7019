"""Reads Formex, the format of the Official Journal of the European Union."""

from __future__ import annotations

import re
from datetime import date as Date  # noqa: N812 - `date` is a field's name here
from datetime import timedelta
from typing import Final

from lxml import etree

from domain.documents import Interval, Reading
from domain.errors import DocumentError
from ingestion.law.formex import FormexFlow
from ingestion.xml_flow import iso_date
from ingestion.xml_tree import child, descendant, local_name, parse, text_of

_HEAD: Final = 65_536
_ROOT: Final = re.compile(rb"<(?:CONS\.ACT|ACT|CONS\.DOC|ANNEX|CONS\.ANNEX|DECISION)[\s>]")
_SCHEMA: Final = (b"formex", b"INFO.CONSLEG", b"BIB.INSTANCE")
_KINDS: Final = {"REG": ("R", "reg"), "DIR": ("L", "dir"), "DEC": ("D", "dec")}
_KIND_WORDS: Final = {"REG": ("regulation", "verordnung"), "DIR": ("directive", "richtlinie"), "DEC": ("decision",)}
# A whole act's own date, right before the date; what only some articles do starts with their names instead.
_APPLIES: Final = re.compile(
    r"(?:^|[.;] )(?:(?:It|This (?:Regulation|Directive|Decision)) shall apply (?:as )?from"
    r"|(?:Sie|Er|Diese (?:Verordnung|Richtlinie)|Dieser Beschluss) gilt ab(?: dem)?"
    r"|(?:Il|Elle) est applicable à partir du) ?$"
)
_ENTERS: Final = re.compile(
    r"(?:^|[.;] )(?:(?:It|This (?:Regulation|Directive|Decision)) shall enter into force on"
    r"|(?:Sie|Er|Diese (?:Verordnung|Richtlinie)|Dieser Beschluss) tritt am"
    r"|(?:Il|Elle) entre en vigueur le) ?$"
)
_DAYS_AFTER: Final = (
    (re.compile(r"twentieth day following|zwanzigsten Tag nach|vingtième jour suivant"), 20),
    (re.compile(r"third day following|dritten Tag nach|troisième jour suivant"), 3),
    (re.compile(r"(?:on the day following|Tag nach|lendemain de)"), 1),
    (re.compile(r"day of its publication|Tag ihrer Veröffentlichung|jour de sa publication"), 0),
)
_FINAL_ARTICLES: Final = 3


class FormexReader:
    """Acts and consolidated acts of the European Union."""

    name = "formex"
    media_types = ("application/formex+xml",)
    suffixes = (".xml",)

    def sniff(self, content: bytes, name: str) -> float:  # noqa: ARG002 - the port's signature
        """Go by the root element together with a name that only Formex has."""
        head = content[:_HEAD].replace(b"\0", b"")
        return 0.97 if _ROOT.search(head) and any(mark in head for mark in _SCHEMA) else 0.0

    def read(self, content: bytes, name: str) -> Reading:  # noqa: ARG002 - the port's signature
        """Read a whole act. Raises DocumentError as :func:`ingestion.xml_tree.parse` does."""
        root = parse(content)
        language = (text_of(descendant(root, "LG.DOC", "LG.OJ")) or "en").lower()[:2]
        flow = FormexFlow(language)
        try:
            flow.walk(root)
        except RecursionError as error:
            raise DocumentError("document.bomb") from error
        flow.end_notes()
        celex = _celex(root)
        return flow.outline.finish(
            media_type=self.media_types[0],
            title=_title(root),
            in_force=_in_force(root),
            work=f"CELEX:{celex}:{language}" if celex else None,
            jurisdiction="EU",
            language=language,
            metadata=_metadata(root, celex),
        )


def _title(root: etree._Element) -> str:
    title = descendant(root, "TITLE")
    lines = [text_of(line) for line in (title.iter() if title is not None else ()) if local_name(line) == "P"]
    return " ".join(line for line in lines if not line.startswith("(")) or text_of(title) or local_name(root)


def _number(root: etree._Element) -> tuple[str, str]:
    """Return year and running number of the act."""
    number = descendant(root, "NO.DOC")
    if number is None:
        return "", ""
    return text_of(child(number, "YEAR")), text_of(child(number, "NO.CURRENT"))


def _kind(root: etree._Element) -> str:
    """Return "REG", "DIR" or "DEC", as stated or as the title begins."""
    for element in root.iter():
        if value := element.get("LEG.VAL"):
            return value
    title = _title(root).lower()
    return next((kind for kind, words in _KIND_WORDS.items() if any(word in title[:60] for word in words)), "")


def _celex(root: etree._Element) -> str:
    """Return the CELEX number, stated or put together (sector 3, year, kind, four digits)."""
    stated = text_of(descendant(root, "NO.CELEX"))
    year, number = _number(root)
    letter = _KINDS.get(_kind(root), ("", ""))[0]
    if stated or not (letter and year.isdigit() and number.isdigit()):
        return stated
    return f"3{year}{letter}{int(number):04d}"


def _metadata(root: etree._Element, celex: str) -> dict[str, str]:
    facts = {"publisher": "Publications Office of the European Union"}
    if celex:
        facts["celex"] = celex
    year, number = _number(root)
    kind = _KINDS.get(_kind(root))
    if kind and year and number:
        facts["number"] = f"{year}/{number}"
        facts["eli"] = f"http://data.europa.eu/eli/{kind[1]}/{year}/{number}"
    if adopted := _adopted(root):
        facts["date"] = adopted.isoformat()
    if published := _published(root):
        facts["published"] = published.isoformat()
    return facts


def _adopted(root: etree._Element) -> Date | None:
    """Return the date in the act's title."""
    title = descendant(root, "TITLE")
    named = descendant(title, "DATE") if title is not None else None
    return iso_date(named.get("ISO")) if named is not None else None


def _published(root: etree._Element) -> Date | None:
    """Return the date of the issue of the Official Journal."""
    conslist = descendant(root, "INFO.CONSLEG")
    stated = iso_date(conslist.get("START.DATE")) if conslist is not None else None
    bibliography = descendant(root, "BIB.INSTANCE.CONS", "BIB.INSTANCE")
    named = descendant(bibliography, "DATE") if bibliography is not None else None
    return stated or (iso_date(named.get("ISO")) if named is not None else None)


def _in_force(root: etree._Element) -> Interval:
    """Return when the text applies: as the final articles say, and not before a consolidation took its shape."""
    start = _stated_start(root)
    consolidation = descendant(root, "INFO.CONSLEG")
    if consolidation is None:
        return Interval(effective_from=start)
    days = [day for day in (start, iso_date(consolidation.get("CONSLEG.DATE"))) if day]
    end = iso_date(consolidation.get("END.DATE")) if not consolidation.get("END.DATE", "").startswith("9999") else None
    effective_from = max(days, default=None)
    if end and effective_from and end < effective_from:
        end = None
    return Interval(effective_from=effective_from, effective_to=end)


def _stated_start(root: etree._Element) -> Date | None:
    articles = [article for article in root.iter() if local_name(article) == "ARTICLE"][-_FINAL_ARTICLES:]
    sentences = [each for article in articles for each in article.iter() if local_name(each) in {"ALINEA", "P"}]
    enters: Date | None = None
    for sentence in sentences:
        before = sentence.text or ""
        for part in sentence:
            day = iso_date(part.get("ISO")) if local_name(part) == "DATE" else None
            so_far = " ".join(before.split())
            if day and _APPLIES.search(so_far):
                return day
            if day and _ENTERS.search(so_far):
                enters = day
            before += text_of(part) + (part.tail or "")
    published = _published(root)
    text = " ".join(text_of(sentence) for sentence in sentences)
    for pattern, days in _DAYS_AFTER if published else ():
        if enters is None and published and pattern.search(text):
            enters = published + timedelta(days=days)
    return enters
