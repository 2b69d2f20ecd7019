"""Builds small Office packages part by part, so that a test shows the markup it is about."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CORE = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def package(parts: Mapping[str, str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return target.getvalue()


def relations(*targets: tuple[str, str]) -> str:
    """Relationships rId1, rId2, … of (kind, target); a kind with a slash is a whole type."""
    lines = (
        f'<Relationship Id="rId{number}" Type="{kind if "/" in kind else f"{_OFFICE}/{kind}"}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_RELATIONS}">{"".join(lines)}</Relationships>'


def word(body: str, core: str = "", **parts: str) -> bytes:
    """A Word file; parts such as "styles" and "footnotes" are given as the insides of their roots."""
    inside = {f"word/{name}.xml": f'<w:{name} xmlns:w="{_W}">{text}</w:{name}>' for name, text in parts.items()}
    return package(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": relations(("officeDocument", "word/document.xml"), (_CORE, "docProps/core.xml")),
            "docProps/core.xml": f'<cp xmlns:dc="d" xmlns:dcterms="t">{core}</cp>',
            "word/document.xml": f'<w:document xmlns:w="{_W}" xmlns:mc="{_MC}"><w:body>{body}</w:body></w:document>',
            "word/_rels/document.xml.rels": relations(*((name, f"{name}.xml") for name in parts)),
            **inside,
        }
    )


def paragraph(text: str, style: str = "", properties: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def with_flags(content: bytes, flag: int) -> bytes:
    """Set a bit of the flags of every member in the central directory, as encryption does."""
    changed = bytearray(content)
    at = changed.find(b"PK\x01\x02")
    while at >= 0:
        changed[at + 8] |= flag
        at = changed.find(b"PK\x01\x02", at + 4)
    return bytes(changed)
