"""Parses XML from anywhere without trusting it, and the few questions that every XML reader asks of a tree.

No DTD is loaded, no entity is resolved, nothing is fetched, and depth and size stay within limits (OWASP XML External
Entity Prevention; CWE-776 for entity expansion).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from domain.errors import DocumentError

MAX_DEPTH: Final = 200
MAX_EXPANSION: Final = 1_000_000  # characters that all references to declared entities would add

_BOMS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_DOCTYPE: Final = re.compile(r"(?>\s+|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL)
_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_START_TAG: Final = re.compile(r"<[A-Za-z_:]")
_ENTITY: Final = re.compile(r"""<!ENTITY\s+(?:%\s+)?([^\s"'>]+)\s+(?:"([^"]*)"|'([^']*)')?""")
_REFERENCE: Final = re.compile(r"[&%]([A-Za-z_:][\w.:-]*);")
_RESOURCE_CODES: Final = frozenset({etree.ErrorTypes.ERR_RESOURCE_LIMIT, etree.ErrorTypes.ERR_ENTITY_LOOP})


def parse(content: bytes, *, recover: bool = False) -> etree._Element:
    """Return the root element of ``content``, without comments and processing instructions.

    ``recover`` reads on past errors of form (undeclared prefixes, bad nesting); never past the safety checks. A DOCTYPE
    is allowed as long as it declares no entity. Raises DocumentError: ``document.hostile`` for declared or used
    entities, ``document.bomb`` where they nest or expand or elements nest deeper than :data:`MAX_DEPTH`,
    ``document.empty``, ``document.malformed``.
    """
    _refuse_entities(_decoded(content))
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise _explained(error) from None
    except (ValueError, LookupError) as error:
        raise DocumentError("document.malformed") from error
    if root is None:
        raise DocumentError("document.malformed")
    _check(root)
    return root


def local_name(element: etree._Element) -> str:
    """Return the element's name without its namespace; empty for nodes that are no elements."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def namespace(element: etree._Element) -> str:
    """Return the element's namespace; empty where it has none."""
    tag = element.tag
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag.startswith("{") else ""


def text_of(element: etree._Element | None) -> str:
    """Return all text inside the element in document order, white space collapsed; empty for ``None``."""
    return "" if element is None else " ".join("".join(map(str, element.itertext())).split())


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Yield the child elements with one of these local names; all child elements when none is named."""
    for child in element:
        name = local_name(child)
        if name and (not names or name in names):
            yield child


def child(element: etree._Element, *names: str) -> etree._Element | None:
    """Return the first child element with one of these local names."""
    return next(children(element, *names), None)


def descendant(element: etree._Element, *names: str) -> etree._Element | None:
    """Return the first element below this one, in document order, with one of these local names."""
    return next((below for below in element.iterdescendants() if local_name(below) in names), None)


def _refuse_entities(text: str) -> None:
    if not text.strip():
        raise DocumentError("document.empty")
    found = _DOCTYPE.match(text)
    if found is None:
        return
    rest = _COMMENT.sub("", text[found.end() :])
    root = _START_TAG.search(rest)
    if "<!ENTITY" not in (rest[: root.start()] if root else rest):
        return
    values = {name: double or single for name, double, single in _ENTITY.findall(rest)}
    nested = any(name in values for value in values.values() for name in _REFERENCE.findall(value))
    expansion = sum(len(values.get(name, "")) for name in _REFERENCE.findall(rest))
    raise DocumentError("document.bomb" if nested or expansion > MAX_EXPANSION else "document.hostile")


def _decoded(content: bytes) -> str:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return content.decode(encoding, "replace").lstrip("\ufeff")
    return content.decode("latin-1")


def _explained(error: etree.XMLSyntaxError) -> DocumentError:
    line = error.lineno or 0
    if getattr(error, "code", 0) in _RESOURCE_CODES or "Excessive depth" in str(error.msg):
        return DocumentError("document.bomb", f"line {line}")
    return DocumentError("document.malformed", f"line {line}")


def _check(root: etree._Element) -> None:
    """Catch what an unusual encoding hid from the look at the bytes, and depth below the parser's own limit."""
    internal: Any = root.getroottree().docinfo.internalDTD
    if internal is not None and next(iter(internal.iterentities()), None) is not None:
        raise DocumentError("document.hostile")
    if next(root.iter(etree.Entity), None) is not None:
        raise DocumentError("document.hostile")
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise DocumentError("document.bomb", f"deeper than {MAX_DEPTH} elements")
