"""Parses C-CDA documents and fragments of them, whose prefixes are often declared in a document that is not there."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from ingestion.xml_tree import parse

_KNOWN: Final = {
    b"xsi": b"http://www.w3.org/2001/XMLSchema-instance",
    b"sdtc": b"urn:hl7-org:sdtc",
    b"voc": b"http://www.lantanagroup.com/voc",
    b"cda": b"urn:hl7-org:v3",
    b"hl7": b"urn:hl7-org:v3",
}
_ROOT: Final = re.compile(rb"<(?![?!])[^\s/>]+")
_COMMENT: Final = re.compile(rb"<!--.*?-->", re.DOTALL)
_PREFIX: Final = re.compile(rb"<([A-Za-z_][\w.-]*):[A-Za-z_]|\s([A-Za-z_][\w.-]*):[A-Za-z_][\w.-]*\s*=\s*[\"']")
_DECLARED: Final = re.compile(rb"xmlns:([\w.-]+)\s*=")
_RESERVED: Final = frozenset({b"xml", b"xmlns"})


def parsed(content: bytes) -> etree._Element:
    """Return the root with every prefix declared. Raises DocumentError as :func:`ingestion.xml_tree.parse` does.

    A file that is cut off or badly nested is refused: half a clinical document would read like a whole one.
    """
    return parse(_with_prefixes(content))


def _with_prefixes(content: bytes) -> bytes:
    """Declare on the root element what is used and not declared there; UTF-16 stays as it is."""
    if b"\0" in content[:64]:
        return content
    bare = _COMMENT.sub(lambda match: b" " * len(match[0]), content)
    root = _ROOT.search(bare)
    if root is None:
        return content
    head = bare[root.end() : max(bare.find(b">", root.end()), root.end())]
    used = {first or second for first, second in _PREFIX.findall(bare)} - _RESERVED
    missing = used - set(_DECLARED.findall(head))
    declared = b"".join(
        b' xmlns:%s="%s"' % (prefix, _KNOWN.get(prefix, b"urn:undeclared:" + prefix)) for prefix in sorted(missing)
    )
    return content[: root.end()] + declared + content[root.end() :]
