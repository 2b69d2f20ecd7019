"""Word by docxtpl: a layout that people can change in Word, filled with plain texts and pictures."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from app.answering.presentation import JSON
from app.reports.rendering.archive import members, packed
from app.reports.rendering.charts import chart
from app.reports.rendering.view import widths_of
from domain.errors import RequestError

_WIDTH: Final = Mm(165)
_MANY, _SMALL = 8, "13"  # columns, half points
_TWIP: Final = 635  # English metric units
_MARGINAL: Final = re.compile(r"word/(?:header|footer)\d+\.xml")
_RIGHT: Final = re.compile(rb'(<w:tab w:pos=")\d+(" w:val="right"/>)')
_PICTURE: Final = re.compile(r'<wp:docPr id="\d+" name="[^"]*"/>')
_CUSTOM: Final = "docProps/custom.xml"
_PROPERTIES: Final = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VALUES: Final = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_KIND: Final = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_RELATION: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_FORMAT_ID: Final = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"


@cache
def _shipped() -> bytes:
    return files("app.reports.layouts").joinpath("report.docx").read_bytes()


def to_docx(view: JSON, properties: Mapping[str, str], layout: bytes | None = None) -> bytes:
    """Return the Word file. ``layout`` is one's own; ``properties`` are kept in it as custom document properties.

    Raises RequestError ``request.template_invalid`` for a layout that cannot be filled.
    """
    document = DocxTemplate(io.BytesIO(layout or _shipped()))
    alternatives: list[str] = []
    sections = [
        {**section, "blocks": [_with_picture(block, document, alternatives) for block in section["blocks"]]}
        for section in view["sections"]
    ]
    # Layouts are the operator's, and yet they get nothing to work with but texts.
    environment = ImmutableSandboxedEnvironment(autoescape=True)
    try:
        document.render({**view, "sections": sections}, environment, autoescape=True)
    except TemplateError as error:
        raise RequestError("request.template_invalid", f"layout: {type(error).__name__}") from None
    _describe(document, view)
    room = _fit(document.docx, wide=view["wide"])
    out = io.BytesIO()
    document.save(out)
    return _finished(out.getvalue(), properties, alternatives, room)


def _with_picture(block: JSON, document: DocxTemplate, alternatives: list[str]) -> JSON:
    if block["kind"] != "chart" or not block["series"]:
        return block
    alternatives.append(block["alt"])
    return {**block, "picture": InlineImage(document, io.BytesIO(chart(block["series"], "png")), width=_WIDTH)}


def _fit(document: Any, *, wide: bool) -> int:
    """Turn the page where that is wanted, and give the columns of tables the room that their words need.

    Returns how wide the text is, in twentieths of a point.
    """
    for section in document.sections:
        if wide and section.page_width < section.page_height:
            section.orientation = WD_ORIENT.LANDSCAPE
            section.page_width, section.page_height = section.page_height, section.page_width
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    for table in document.element.body.iter(qn("w:tbl")):
        if table.tblPr.find(qn("w:tblCaption")) is not None:
            _share(table, room)
    return int(room) // _TWIP


def _share(table: Any, room: int) -> None:
    rows = [list(row.iterchildren(qn("w:tc"))) for row in table.iterchildren(qn("w:tr"))]
    texts = [["".join(text.text or "" for text in cell.iter(qn("w:t"))) for cell in row] for row in rows]
    if len({len(row) for row in rows}) != 1:
        return
    widths = widths_of(texts[0], texts[1:])
    shares = [round(room * width / sum(widths)) for width in widths]
    table.tblPr.autofit = False
    columns = table.tblGrid
    for column in list(columns):
        columns.remove(column)
    for share in shares:
        columns.add_gridCol().w = share
    for row in rows:
        for cell, share in zip(row, shares, strict=True):
            cell.width = share
    if len(shares) > _MANY:
        for size in table.iter(qn("w:sz"), qn("w:szCs")):
            size.set(qn("w:val"), _SMALL)


def _describe(document: DocxTemplate, view: JSON) -> None:
    core = document.docx.core_properties
    day = datetime.fromisoformat(view["as_of"])
    core.title = " - ".join(part for part in (view["title"], view["subtitle"]) if part)[:255]
    core.author = core.last_modified_by = view["product"]
    core.comments, core.keywords, core.category = view["label"][:255], f"AI-generated, {view['short_label']}", "AI"
    core.language, core.revision = view["language"], 1
    core.created = core.modified = day


def _finished(content: bytes, properties: Mapping[str, str], alternatives: list[str], room: int) -> bytes:
    """Add the custom properties and the alternatives of pictures, and pack everything in one way."""
    parts = members(content)
    for name in parts:
        if _MARGINAL.fullmatch(name):
            parts[name] = _RIGHT.sub(rb"\g<1>%d\g<2>" % room, parts[name])
    texts = iter(alternatives)

    def described(match: re.Match[str]) -> str:
        text = next(texts, None)
        return match.group() if text is None else f"{match.group()[:-2]} descr={quoteattr(text)}/>"

    body = parts["word/document.xml"].decode("utf-8")
    parts["word/document.xml"] = _PICTURE.sub(described, body).encode("utf-8")
    if _CUSTOM not in parts:
        parts[_CUSTOM] = _custom(properties)
        _append(parts, "[Content_Types].xml", f'<Override PartName="/{_CUSTOM}" ContentType="{_KIND}"/></Types>')
        _append(
            parts,
            "_rels/.rels",
            f'<Relationship Id="rIdConsilium" Type="{_RELATION}" Target="{_CUSTOM}"/></Relationships>',
        )
    return packed(parts)


def _append(parts: dict[str, bytes], name: str, end: str) -> None:
    closing = end[end.rindex("</") :].encode()
    parts[name] = parts[name].replace(closing, end.encode())


def _custom(properties: Mapping[str, str]) -> bytes:
    listed = "".join(
        f'<property fmtid="{_FORMAT_ID}" pid="{number}" name={quoteattr(name)}>'
        f"<vt:lpwstr>{escape(value)}</vt:lpwstr></property>"
        for number, (name, value) in enumerate(sorted(properties.items()), start=2)
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f'{head}<Properties xmlns="{_PROPERTIES}" xmlns:vt="{_VALUES}">{listed}</Properties>'.encode()


def properties_of(content: Mapping[str, Any]) -> dict[str, str]:
    """Return what a Word file says of itself: that an AI system drafted it, and how."""
    made = content["provenance"]
    return {
        "AI-Generated": "true",
        "AI-Disclosure": content["label"],
        "AI-Drafter": made["models"].get("drafter", ""),
        "AI-System": made["product"],
        "Report-Template": f"{made['template']['name']} {made['template']['version']}",
        "Report-Template-SHA256": made["template"]["digest"],
        "Report-As-Of": content["as_of"],
    }
