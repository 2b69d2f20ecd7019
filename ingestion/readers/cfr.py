"""Reads the Code of Federal Regulations and the Federal Register in the XML of GPO and eCFR."""

from __future__ import annotations

import re
from datetime import date as Date  # noqa: N812 - `date` is a field's name here
from typing import Final

from lxml import etree

from domain.documents import Interval, Reading
from domain.errors import DocumentError
from ingestion.law.dates import written_date
from ingestion.law.gpo import ISSUED, GpoFlow
from ingestion.xml_tree import child, descendant, local_name, parse, text_of

_HEAD: Final = 65_536
_ROOT: Final = re.compile(
    rb"<(?:DLPSTEXTCLASS|ECFR|ECFRBRWS|FEDREG|CFRDOC|CFRGRANULE)[\s>]"
    rb"|<DIV[1-9]\b[^>]*\bTYPE=[\"'](?:TITLE|CHAPTER|PART|SUBPART|SECTION)"
    rb"|<(?:RULE|PRORULE|NOTICE)>\s*<PREAMB>"
)
_USLM: Final = b"schemas.gpo.gov/xml/uslm"


class CfrReader:
    """eCFR, the CFR in bulk XML, and the Federal Register in XML other than USLM."""

    name = "cfr"
    media_types = ("application/cfr+xml",)
    suffixes = (".xml",)

    def sniff(self, content: bytes, name: str) -> float:  # noqa: ARG002 - the port's signature
        """Go by the root elements, which no other vocabulary has."""
        head = content[:_HEAD].replace(b"\0", b"")
        return 0.97 if _USLM not in head and _ROOT.search(head) else 0.0

    def read(self, content: bytes, name: str) -> Reading:  # noqa: ARG002 - the port's signature
        """Read a whole file. Raises DocumentError as :func:`ingestion.xml_tree.parse` does."""
        root = parse(content)
        flow = GpoFlow(root)
        day = _day(root)
        flow.day = day
        try:
            flow.enter(root)
        except RecursionError as error:
            raise DocumentError("document.bomb") from error
        flow.end_notes()
        facts = {"publisher": "Office of the Federal Register", "date": day.isoformat() if day else ""}
        facts |= {"volume": flow.volume, "issue": text_of(descendant(root, "NO")) if flow.volume else ""}
        facts |= {"number": flow.title}
        return flow.outline.finish(
            media_type=self.media_types[0],
            title=_title(root, flow),
            in_force=Interval(effective_from=day),
            work=_work(root, flow, day),
            jurisdiction="US",
            language="en",
            metadata={key: value for key, value in facts.items() if value},
        )


def _day(root: etree._Element) -> Date | None:
    """Return the day from which this text speaks: of amendment, revision or publication."""
    stated = (written_date(text_of(descendant(root, name))) for name in ("AMDDATE", "REVISED", "DATE"))
    return next((day for day in stated if day), None)


def _title(root: etree._Element, flow: GpoFlow) -> str:
    if local_name(root) == "FEDREG":
        number, day = text_of(descendant(root, "NO")), text_of(descendant(root, "DATE"))
        return f"Federal Register Volume {flow.volume}, Number {number} ({day})"
    if local_name(root) in ISSUED:
        return text_of(descendant(root, "SUBJECT")) or "Federal Register document"
    return text_of(descendant(root, "TITLE", "HEAD", "TITLENUM", "HD")) or f"Title {flow.title}"


def _work(root: etree._Element, flow: GpoFlow, day: Date | None) -> str | None:
    """Return the identity over time: an issue or document of the Register, or a title or part of the Code."""
    name = local_name(root)
    if name == "FEDREG":
        return f"FR-{day.isoformat()}" if day else None
    if name in ISSUED:
        found = re.search(r"FR Doc\.?\s+([\w–-]+)", text_of(descendant(root, "FRDOC")))
        return f"FR-{found.group(1)}" if found else None
    if not flow.title:
        return None
    if root.get("TYPE") and root.get("TYPE") != "TITLE":
        return f"{flow.title} CFR {root.get('N', '').lstrip('§ ')}"
    front = child(root, "FMTR")
    parts = text_of(descendant(front, "PARTS")) if front is not None else ""
    return f"{flow.title} CFR {parts}".strip()
