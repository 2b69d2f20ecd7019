"""Reads United States Legislative Markup, and bills in the older bill DTD."""

from __future__ import annotations

import re
from datetime import date as Date  # noqa: N812 - `date` is a field's name here
from typing import Final

from lxml import etree

from domain.documents import Interval, Reading
from domain.errors import DocumentError
from ingestion.law.dates import written_date
from ingestion.law.uslm import UslmFlow
from ingestion.xml_flow import clean, iso_date
from ingestion.xml_tree import child, children, descendant, local_name, parse, text_of

_HEAD: Final = 65_536
_NAMESPACES: Final = (b"schemas.gpo.gov/xml/uslm", b"xml.house.gov/schemas/uslm/1.0")
_OLD_BILL: Final = re.compile(rb"<(?:bill|resolution|amendment-doc)\b[^>]*\b(?:bill|resolution|amend)-(?:stage|type)=")
_BILLS: Final = frozenset({"bill", "resolution", "engrossedAmendment", "amendment", "amendment-doc"})
_TYPES: Final = {
    "House Bill": "hr",
    "Senate Bill": "s",
    "House Joint Resolution": "hjres",
    "Senate Joint Resolution": "sjres",
    "House Concurrent Resolution": "hconres",
    "Senate Concurrent Resolution": "sconres",
    "House Simple Resolution": "hres",
    "Senate Simple Resolution": "sres",
}


class UslmReader:
    """Public laws, bills, statute compilations, the United States Code, the CFR and the Federal Register in USLM."""

    name = "uslm"
    media_types = ("application/uslm+xml",)
    suffixes = (".xml",)

    def sniff(self, content: bytes, name: str) -> float:  # noqa: ARG002 - the port's signature
        """Go by the namespace, or by the attributes that only the bill DTD has."""
        head = content[:_HEAD].replace(b"\0", b"")
        if any(namespace in head for namespace in _NAMESPACES):
            return 0.98
        return 0.95 if _OLD_BILL.search(head) else 0.0

    def read(self, content: bytes, name: str) -> Reading:  # noqa: ARG002 - the port's signature
        """Read a whole file. Raises DocumentError as :func:`ingestion.xml_tree.parse` does."""
        root = parse(content)
        flow = UslmFlow(root)
        meta = child(root, "meta", "amendMeta")
        flow.day = iso_date(_first(meta, "date"))
        try:
            flow.walk(root)
        except RecursionError as error:
            raise DocumentError("document.bomb") from error
        flow.end_notes()
        facts = _metadata(root, meta)
        return flow.outline.finish(
            media_type=self.media_types[0],
            title=_title(root, meta),
            in_force=Interval(effective_from=_in_force_from(root, meta)),
            work=_work(root, meta),
            jurisdiction="US",
            language=(_first(meta, "language") or "en").lower()[:2],
            metadata=facts,
        )


def _first(meta: etree._Element | None, name: str) -> str:
    return text_of(child(meta, name)) if meta is not None else ""


def _title(root: etree._Element, meta: etree._Element | None) -> str:
    title = _first(meta, "title") or text_of(descendant(root, "officialTitle", "official-title", "docTitle"))
    if local_name(root) == "cfrDoc" and not title.startswith("Title"):
        title = f"Title {_first(meta, 'docNumber')} {title}"
    return title.rstrip(": ") or local_name(root)


def _work(root: etree._Element, meta: etree._Element | None) -> str | None:
    """Return the identity over time: a bill's stages are separate texts, a compilation is not the law it compiles."""
    kind = local_name(root)
    number, congress = _first(meta, "docNumber"), _first(meta, "congress")
    cited = [text_of(each) for each in children(meta, "citableAs")] if meta is not None else []
    if kind in _BILLS:
        package = next((each for each in cited if re.fullmatch(r"\d+[a-z]+\d+[a-z]+\d*", each)), "")
        kind_of_bill = _TYPES.get(_first(meta, "type"))
        if not package and kind_of_bill and number:
            package = f"{congress}{kind_of_bill}{number}{_first(meta, 'docStage').lower()}"
        return f"BILLS-{package}" if package else _old_bill(root)
    if kind == "statuteCompilation" and meta is not None:
        file = next((text_of(each) for each in children(meta, "property") if each.get("role") == "fileId"), "")
        return f"COMPS-{file}" if file else _title(root, meta)
    if kind == "frDoc":
        return f"FR-{_first(meta, 'date')}" if _first(meta, "date") else None
    if kind == "cfrDoc":
        return f"{number} CFR Parts {_first(meta, 'startingProvision')}-{_first(meta, 'endingProvision')}"
    if kind == "pLaw":
        words = "Private Law" if _first(meta, "publicPrivate") == "private" else "Public Law"
        return f"{words} {congress}-{number}"
    return root.get("identifier") or (f"{_first(meta, 'type')} {number}".strip() or None)


def _old_bill(root: etree._Element) -> str | None:
    stage = root.get("bill-stage") or root.get("resolution-stage") or ""
    parts = [text_of(descendant(root, name)) for name in ("congress", "legis-num")]
    return clean(f"{' '.join(parts)} {stage}") or None


def _in_force_from(root: etree._Element, meta: etree._Element | None) -> Date | None:
    """Return the day from which this text speaks: approval, last amendment, release or last action."""
    kind = local_name(root)
    if kind == "frDoc":
        return iso_date(_first(meta, "date"))
    if kind == "cfrDoc":
        return iso_date(_first(meta, "docReleasePoint"))
    if kind == "statuteCompilation":
        edition = descendant(root, "editionNote")
        named = descendant(edition, "date") if edition is not None else None
        return (iso_date(named.get("date")) if named is not None else None) or iso_date(_first(meta, "approvedDate"))
    days = [day for action in root.iter() if local_name(action) == "action" and (day := _day_in(action))]
    if kind == "pLaw" and not days:
        days = [day for note in root.iter() if local_name(note) == "sidenote" and (day := _day_in(note))][:1]
    return max(days, default=None)


def _day_in(element: etree._Element) -> Date | None:
    """Return the day that an action names, in its attribute or in words."""
    for named in element.iter():
        if local_name(named) in {"date", "action-date"} and (day := iso_date(named.get("date"))):
            return day
    return written_date(text_of(element))


def _metadata(root: etree._Element, meta: etree._Element | None) -> dict[str, str]:
    """Return the bibliographic facts that the file states."""
    names = {
        "publisher": "publisher",
        "docNumber": "number",
        "congress": "congress",
        "session": "session",
        "docStage": "stage",
        "type": "type",
        "date": "date",
        "approvedDate": "date",
        "currentThroughPublicLaw": "current_through",
        "volume": "volume",
        "issue": "issue",
    }
    facts = {key: value for name, key in names.items() if (value := _first(meta, name))}
    cited = [text_of(each) for each in children(meta, "citableAs")] if meta is not None else []
    if cited:
        facts["citation"] = "; ".join(cited)
    if (day := _in_force_from(root, meta)) and "date" not in facts:
        facts["date"] = day.isoformat()
    return facts
