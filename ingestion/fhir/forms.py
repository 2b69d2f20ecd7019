"""Takes FHIR out of its two written forms, JSON (also one resource a line) and XML, into the same plain objects."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from lxml import etree

from domain.errors import DocumentError
from ingestion import xml_tree

MAX_DEPTH: Final = 120
_XHTML: Final = "http://www.w3.org/1999/xhtml"

Resource = dict[str, Any]


def from_json(content: bytes) -> list[Resource]:
    """Return the resources of a JSON file or of one with a resource on each line; numbers stay as written.

    Raises document.malformed (with the number of the line, where there are several), .unsupported where no resource
    is on top, and .bomb for nesting deeper than :data:`MAX_DEPTH`.
    """
    try:
        whole = _loaded(content)
    except DocumentError as error:
        lines = content.splitlines()
        if error.code != "document.malformed" or sum(1 for line in lines if line.strip()) < 2:  # noqa: PLR2004 - several
            raise
        if not _is_resource(_first_loaded(lines)):
            raise
        return [_line(line, number) for number, line in enumerate(lines, start=1) if line.strip()]
    found = whole if isinstance(whole, list) else [whole]
    if not found or not all(map(_is_resource, found)):
        raise DocumentError("document.unsupported", "JSON that is not FHIR")
    return list(found)


def _first_loaded(lines: list[bytes]) -> object:
    """Return the first line that holds anything; ``None`` where it is no JSON of its own."""
    try:
        return _loaded(next(line for line in lines if line.strip()))
    except DocumentError:
        return None


def _line(line: bytes, number: int) -> Resource:
    try:
        value = _loaded(line)
    except DocumentError as error:
        raise DocumentError(error.code, f"line {number}") from None
    if not _is_resource(value):
        raise DocumentError("document.malformed", f"line {number} is no resource")
    return dict(value)


def _loaded(content: bytes) -> Any:
    try:
        value = json.loads(content, parse_float=str, parse_int=str, parse_constant=str)
    except ValueError:
        raise DocumentError("document.malformed") from None
    except RecursionError:
        raise DocumentError("document.bomb", f"deeper than {MAX_DEPTH}") from None
    stack = [(value, 1)]
    while stack:
        item, depth = stack.pop()
        if depth > MAX_DEPTH:
            raise DocumentError("document.bomb", f"deeper than {MAX_DEPTH}")
        if isinstance(item, dict):
            stack.extend((inner, depth + 1) for inner in item.values() if isinstance(inner, (dict, list)))
        elif isinstance(item, list):
            stack.extend((inner, depth + 1) for inner in item if isinstance(inner, (dict, list)))
    return value


def _is_resource(value: object) -> bool:
    return isinstance(value, Mapping) and isinstance(value.get("resourceType"), str) and bool(value["resourceType"])


def from_xml(content: bytes) -> list[Resource]:
    """Return the resource of an XML file. Raises DocumentError as :func:`ingestion.xml_tree.parse` does, and .bomb."""
    root = xml_tree.parse(content)
    return [_resource(root, 1)]


def _resource(element: etree._Element, depth: int) -> Resource:
    return {"resourceType": xml_tree.local_name(element), **_members(element, depth)}


def _members(element: etree._Element, depth: int) -> Resource:
    if depth > MAX_DEPTH:
        raise DocumentError("document.bomb", f"deeper than {MAX_DEPTH}")
    found: dict[str, Any] = {name: value for name in ("id", "url") if (value := element.get(name))}
    for child in xml_tree.children(element):
        name = xml_tree.local_name(child)
        for key, value in _values(child, name, depth):
            if key in found:
                found[key] = [*(found[key] if isinstance(found[key], list) else [found[key]]), value]
            else:
                found[key] = value
    return found


def _values(child: etree._Element, name: str, depth: int) -> Iterator[tuple[str, Any]]:
    """Yield what one child element says: a narrative, resources, a primitive (with its extensions) or an object."""
    if xml_tree.namespace(child) == _XHTML:
        yield name, etree.tostring(child, encoding="unicode", with_tail=False)
        return
    below = list(xml_tree.children(child))
    if below and all(xml_tree.local_name(inner)[:1].isupper() for inner in below):
        for inner in below:
            yield name, _resource(inner, depth + 1)
        return
    value = child.get("value")
    if value is not None:
        yield name, value
    members = _members(child, depth + 1) if below else {}
    if value is not None and members:
        yield f"_{name}", members
    elif members:
        yield name, members
