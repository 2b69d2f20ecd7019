"""Reads Akoma Ntoso (OASIS LegalDocumentML)."""

from __future__ import annotations

import re
from datetime import date as Date  # noqa: N812 - `date` is a field's name here
from typing import Final

from lxml import etree

from domain.documents import Interval, Reading
from domain.errors import DocumentError
from ingestion.law.akoma_ntoso import AkomaNtosoFlow
from ingestion.xml_flow import iso_date
from ingestion.xml_tree import child, children, descendant, local_name, parse, text_of

_HEAD: Final = 65_536
_NAMESPACES: Final = (b"legaldocml/ns/akn", b"akomantoso.org/", b"<akomaNtoso")
# ISO 639-2 of the official languages of the European Union and a few more, to ISO 639-1.
_LANGUAGES: Final = dict(
    re.findall(
        r"(\w{3}):(\w{2})",
        "bul:bg ces:cs cze:cs dan:da deu:de ger:de ell:el gre:el eng:en est:et fin:fi fra:fr fre:fr gle:ga hrv:hr"
        " hun:hu ita:it lav:lv lit:lt mlt:mt nld:nl dut:nl pol:pl por:pt ron:ro rum:ro slk:sk slo:sk slv:sl spa:es"
        " swe:sv nor:no isl:is tur:tr ara:ar zho:zh jpn:ja kor:ko rus:ru ukr:uk cym:cy afr:af swa:sw",
    )
)


class AkomaNtosoReader:
    """Acts, bills, judgments and documents with FRBR metadata."""

    name = "akoma_ntoso"
    media_types = ("application/akn+xml",)
    suffixes = (".akn", ".xml")

    def sniff(self, content: bytes, name: str) -> float:  # noqa: ARG002 - the port's signature
        """Go by the namespace or the root element."""
        head = content[:_HEAD].replace(b"\0", b"")
        return 0.98 if any(mark in head for mark in _NAMESPACES) else 0.0

    def read(self, content: bytes, name: str) -> Reading:  # noqa: ARG002 - the port's signature
        """Read a whole file. Raises DocumentError as :func:`ingestion.xml_tree.parse` does."""
        root = parse(content)
        document = next(children(root), None) if local_name(root) == "akomaNtoso" else root
        if document is None:
            raise DocumentError("document.empty")
        flow = AkomaNtosoFlow()
        try:
            flow.enter(document)
        except RecursionError as error:
            raise DocumentError("document.bomb") from error
        flow.end_notes()
        meta = child(document, "meta")
        work = _part(meta, "FRBRWork")
        code = _value(_part(meta, "FRBRExpression"), "FRBRlanguage", "language").lower()
        uri = _value(work, "FRBRuri") or _value(work, "FRBRthis")
        country = _value(work, "FRBRcountry").upper()
        return flow.outline.finish(
            media_type=self.media_types[0],
            title=_title(document, work),
            in_force=_in_force(document, meta),
            work=f"{uri}/{code}" if uri and code else uri or None,
            jurisdiction=country[:2] or None,
            language=_LANGUAGES.get(code, code[:2]) or None,
            metadata=_metadata(meta, work),
        )


def _part(meta: etree._Element | None, name: str) -> etree._Element | None:
    """Return the description of the work or of the expression."""
    return descendant(meta, name) if meta is not None else None


def _value(part: etree._Element | None, name: str, attribute: str = "value") -> str:
    found = child(part, name) if part is not None else None
    return found.get(attribute, "") if found is not None else ""


def _title(document: etree._Element, work: etree._Element | None) -> str:
    front = child(document, "preface", "coverPage", "header")
    for name in ("docTitle", "shortTitle"):
        found = descendant(front, name) if front is not None else None
        if found is not None and text_of(found):
            return text_of(found)
    named = _value(work, "FRBRalias") or _value(work, "FRBRname")
    return named or text_of(descendant(document, "longTitle", "docTitle", "heading")) or local_name(document)


def _in_force(document: etree._Element, meta: etree._Element | None) -> Interval:
    """Return the period that the document refers to, or else that of its expression until an event of repeal."""
    if meta is None:
        return Interval()
    events = {key: each for each in meta.iter() if local_name(each) == "eventRef" and (key := _key(each))}
    period = document.get("period") or _body_period(document)
    for group in meta.iter():
        if local_name(group) == "temporalGroup" and period.lstrip("#") and _key(group) == period.lstrip("#"):
            interval = child(group, "timeInterval")
            if interval is not None:
                return _interval(_event(events, interval.get("start")), _event(events, interval.get("end")))
    repeals = [day for each in events.values() if each.get("type") == "repeal" and (day := iso_date(each.get("date")))]
    return _interval(_from(meta, events), min(repeals, default=None))


def _from(meta: etree._Element, events: dict[str, etree._Element]) -> Date | None:
    expression = _part(meta, "FRBRExpression")
    dates = list(children(expression, "FRBRdate")) if expression is not None else []
    valid = [each for each in dates if any(word in each.get("name", "").lower() for word in ("valid", "force"))]
    for each in [*valid, *dates, *(e for e in events.values() if e.get("type") == "generation")]:
        if day := iso_date(each.get("date")):
            return day
    publication = descendant(meta, "publication")
    return iso_date(publication.get("date")) if publication is not None else None


def _interval(start: Date | None, end: Date | None) -> Interval:
    return Interval(effective_from=start, effective_to=end if not (start and end and end < start) else None)


def _key(element: etree._Element) -> str:
    return element.get("eId") or element.get("id") or ""


def _body_period(document: etree._Element) -> str:
    body = child(document, "body", "mainBody", "judgmentBody")
    return body.get("period", "") if body is not None else ""


def _event(events: dict[str, etree._Element], reference: str | None) -> Date | None:
    event = events.get((reference or "").lstrip("#"))
    return iso_date(event.get("date")) if event is not None else None


def _metadata(meta: etree._Element | None, work: etree._Element | None) -> dict[str, str]:
    facts = {
        "number": _value(work, "FRBRnumber"),
        "date": _value(work, "FRBRdate", "date"),
        "type": _value(work, "FRBRsubtype"),
        "uri": _value(_part(meta, "FRBRExpression"), "FRBRuri"),
    }
    author = _value(work, "FRBRauthor", "href").lstrip("#")
    for each in meta.iter() if meta is not None and author else ():
        if local_name(each).startswith("TLC") and _key(each) == author:
            facts["publisher"] = each.get("showAs") or ""
    publication = descendant(meta, "publication") if meta is not None else None
    if publication is not None:
        facts["published"] = publication.get("date", "")
        facts["gazette"] = publication.get("showAs") or publication.get("name") or ""
    return {key: value for key, value in facts.items() if value}
