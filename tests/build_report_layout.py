"""Builds app/reports/layouts/report.docx, the Word layout that is shipped: ``python -m tests.build_report_layout``.

Whoever wants another one opens that file in Word, changes fonts, colours, logo and wording around the tags, and names
it in a template as ``layout``; see docs/reports.md.
"""

from __future__ import annotations

import io
from typing import Any, Final

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from app.reports.rendering.archive import members, packed
from tests.data import ROOT

TARGET: Final = ROOT / "app" / "reports" / "layouts" / "report.docx"
INK, SOFT, ACCENT, WARN = (RGBColor.from_string(one) for one in ("1D2430", "4A5361", "1F5F8B", "7A4B00"))
FONT: Final = "Calibri"


def build() -> bytes:
    """Return the layout."""
    document = Document()
    _page(document)
    _styles(document)
    _head(document)
    _body(document)
    _sources(document)
    out = io.BytesIO()
    document.save(out)
    parts = members(out.getvalue())
    parts.pop("docProps/thumbnail.jpeg", None)
    types, rels = parts["[Content_Types].xml"].decode(), parts["_rels/.rels"].decode()
    parts["[Content_Types].xml"] = types.encode()
    start = rels.find("<Relationship ", rels.find("thumbnail") - 200) if "thumbnail" in rels else -1
    while start >= 0 and "thumbnail" not in rels[start : rels.index("/>", start)]:
        start = rels.find("<Relationship ", start + 1)
    if start >= 0:
        rels = rels[:start] + rels[rels.index("/>", start) + 2 :]
    parts["_rels/.rels"] = rels.encode()
    return packed(parts)


def _page(document: Any) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin, section.bottom_margin = Mm(24), Mm(20)
    header = section.header.paragraphs[0]
    _run(header, "{{ short_label }}\t{{ title }}", size=8, colour=WARN)
    footer = section.footer.paragraphs[0]
    _run(footer, "{{ product }} · {{ as_of }}\t", size=8, colour=SOFT)
    _field(footer, "PAGE")
    _run(footer, " / ", size=8, colour=SOFT)
    _field(footer, "NUMPAGES")
    for paragraph in (header, footer):
        stops = paragraph.paragraph_format.tab_stops
        for stop in list(paragraph.style.paragraph_format.tab_stops):
            stops.add_tab_stop(stop.position, WD_TAB_ALIGNMENT.CLEAR)
        stops.add_tab_stop(Mm(166), WD_TAB_ALIGNMENT.RIGHT)


def _styles(document: Any) -> None:
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size, normal.font.color.rgb = FONT, Pt(10.5), INK
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    normal.paragraph_format.space_after = Pt(4)
    for name, size, before, colour in (
        ("Title", 22, 0, INK),
        ("Heading 1", 14, 16, ACCENT),
        ("Heading 2", 11.5, 10, INK),
    ):
        style = document.styles[name]
        style.font.name, style.font.size, style.font.bold, style.font.color.rgb = FONT, Pt(size), True, colour
        style.element.rPr.rFonts.attrib.clear()
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            style.element.rPr.rFonts.set(qn(f"w:{script}"), FONT)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(4)
        style.paragraph_format.keep_with_next = name != "Title"
    border = document.styles["Title"].element.pPr.find(qn("w:pBdr"))
    if border is not None:
        document.styles["Title"].element.pPr.remove(border)
    for name, size, colour, italic, left in (
        ("Label", 9.5, WARN, False, 0),
        ("Subtitle line", 12, SOFT, False, 0),
        ("Statement", 10.5, INK, False, 0),
        ("Quotation", 10, INK, True, 6),
        ("Source line", 8.5, SOFT, False, 6),
        ("Missing", 10, WARN, False, 0),
        ("Note", 9, SOFT, False, 0),
    ):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        style.font.name, style.font.size, style.font.color.rgb, style.font.italic = FONT, Pt(size), colour, italic
        style.paragraph_format.left_indent = Mm(left)
        style.paragraph_format.space_after = Pt(3)


def _head(document: Any) -> None:
    document.add_paragraph("{{ title }}", style="Title")
    _if(document, "subtitle", lambda: document.add_paragraph("{{ subtitle }}", style="Subtitle line"))
    _shaded(document.add_paragraph("{{ label }}", style="Label"))
    document.paragraphs[-1].paragraph_format.space_before = Pt(6)
    document.paragraphs[-1].paragraph_format.space_after = Pt(8)
    table = _table(document, columns=2, widths=(35, 131))
    _tag(table.rows[0], "{%tr for fact in facts %}")
    row = table.add_row()
    _cell(row.cells[0], "{{ fact[0] }}", SOFT)
    _cell(row.cells[1], "{{ fact[1] }}", INK)
    _tag(table.add_row(), "{%tr endfor %}")
    document.add_paragraph("{%p for note in notes %}")
    document.add_paragraph("{{ note }}", style="Missing")
    document.add_paragraph("{%p endfor %}")


def _body(document: Any) -> None:
    document.add_paragraph("{%p for section in sections %}")
    document.add_paragraph("{{ section.title }}", style="Heading 1")
    document.add_paragraph("{%p for block in section.blocks %}")
    _if(document, "block.kind == 'text'", lambda: document.add_paragraph("{{ block.text }}"))
    _if(document, "block.kind == 'answer'", lambda: _answer(document))
    _if(document, "block.kind == 'pair'", lambda: _pair(document))
    _if(document, "block.kind == 'table'", lambda: _rows(document))
    _if(document, "block.kind == 'chart'", lambda: _chart(document))
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p endfor %}")


def _answer(document: Any) -> None:
    document.add_paragraph("{{ block.title }}", style="Heading 2")
    _statements(document, "block")


def _pair(document: Any) -> None:
    document.add_paragraph("{{ block.title }} - {{ block.result }}", style="Heading 2")
    document.add_paragraph("{%p for side in block.sides %}")
    paragraph = document.add_paragraph(style="Note")
    paragraph.add_run("{{ side.title }}").bold = True
    paragraph.paragraph_format.keep_with_next = True
    _statements(document, "side")
    document.add_paragraph("{%p endfor %}")


def _statements(document: Any, of: str) -> None:
    document.add_paragraph("{%p for one in " + of + ".statements %}")
    _if(document, "one.flag", lambda: document.add_paragraph("{{ one.flag }}:", style="Missing"))
    document.add_paragraph("{{ one.text }}", style="Statement")
    document.add_paragraph("{%p for quote in one.quotes %}")
    _if(document, "quote.text", lambda: document.add_paragraph("{{ quote.text }}", style="Quotation"))
    document.add_paragraph("{{ quote.from }}", style="Source line")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p endfor %}")
    _if(document, of + ".missing", lambda: _shaded(document.add_paragraph("{{ " + of + ".missing }}", style="Missing")))


def _rows(document: Any) -> None:
    _if(document, "block.title", lambda: document.add_paragraph("{{ block.title }}", style="Heading 2"))
    document.add_paragraph("{%p if block.rows %}")
    table = _table(document, columns=3, widths=(55, 56, 55))
    # what has a caption gets columns as wide as their words need
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), "{{ block.title or section.title }}")
    table._tbl.tblPr.append(caption)
    head = table.rows[0]
    properties = head._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))
    head.cells[0].paragraphs[0].text = "{%tc for column in block.columns %}"
    _cell(head.cells[1], "{{ column }}", INK, bold=True, shade="F4F6F9")
    head.cells[2].paragraphs[0].text = "{%tc endfor %}"
    _tag(table.add_row(), "{%tr for row in block.rows %}")
    row = table.add_row()
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    row.cells[0].paragraphs[0].text = "{%tc for cell in row %}"
    _cell(row.cells[1], "{{ cell }}", INK)
    row.cells[2].paragraphs[0].text = "{%tc endfor %}"
    _tag(table.add_row(), "{%tr endfor %}")
    document.add_paragraph("{%p endif %}")
    _if(document, "block.note", lambda: document.add_paragraph("{{ block.note }}", style="Note"))


def _chart(document: Any) -> None:
    document.add_paragraph("{{ block.title }}", style="Heading 2")
    document.add_paragraph("{%p if block.series %}")
    document.add_paragraph("{{ block.picture }}")
    document.add_paragraph("{{ block.sources }}", style="Source line")
    document.add_paragraph("{%p endif %}")
    _if(document, "block.note", lambda: document.add_paragraph("{{ block.note }}", style="Note"))


def _sources(document: Any) -> None:
    document.add_paragraph("{%p if sources %}")
    document.add_paragraph("{{ sources_title }}", style="Heading 1")
    document.add_paragraph("{%p for source in sources %}")
    document.add_paragraph("[{{ source.number }}] {{ source.title }}", style="Statement")
    document.add_paragraph("{{ source.detail }}", style="Source line")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p endif %}")


def _if(document: Any, condition: str, add: Any) -> None:
    document.add_paragraph("{%p if " + condition + " %}")
    add()
    document.add_paragraph("{%p endif %}")


def _table(document: Any, *, columns: int, widths: tuple[int, ...]) -> Any:
    table = document.add_table(rows=1, cols=columns)
    table.autofit = True
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    properties = table._tbl.tblPr
    borders = OxmlElement("w:tblBorders")
    for side in ("bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "D5DAE1")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    whole = properties.find(qn("w:tblW"))
    whole.addnext(borders)
    whole.set(qn("w:type"), "pct")
    whole.set(qn("w:w"), "5000")
    return table


def _tag(row: Any, text: str) -> None:
    row.cells[0].paragraphs[0].text = text


def _cell(cell: Any, text: str, colour: RGBColor, *, bold: bool = False, shade: str = "") -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(1)
    _run(paragraph, text, size=9, colour=colour).bold = bold
    if shade:
        _shade(cell._tc.get_or_add_tcPr(), shade)


def _run(paragraph: Any, text: str, *, size: float, colour: RGBColor) -> Any:
    run = paragraph.add_run(text)
    run.font.size, run.font.color.rgb, run.font.name = Pt(size), colour, FONT
    return run


def _field(paragraph: Any, name: str) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
    for kind, text in (("begin", ""), ("", name), ("end", "")):
        run = _run(paragraph, "", size=8, colour=SOFT)
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)


def _shaded(paragraph: Any) -> None:
    _shade(paragraph._p.get_or_add_pPr(), "FDF5E6")


def _shade(properties: Any, colour: str) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shade.set(qn(f"w:{name}"), value)
    properties.append(shade)


if __name__ == "__main__":
    TARGET.write_bytes(build())
