"""PDF by Typst: tagged, with its language, titles and alternatives of pictures (PDF/UA-1). Nothing is fetched."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path

import matplotlib as mpl
import typst

from app.answering.presentation import JSON
from app.reports.rendering.charts import chart


@cache
def _fonts(own: Path | None) -> typst.Fonts:
    # DejaVu comes with matplotlib and has the letters that Typst's own fonts lack; the machine's own fonts would make
    # two machines differ.
    shipped = Path(mpl.get_data_path()) / "fonts" / "ttf"
    return typst.Fonts(include_system_fonts=False, font_paths=[str(one) for one in (shipped, own) if one])


@cache
def _source() -> bytes:
    return files("app.reports.layouts").joinpath("report.typ").read_bytes()


def to_pdf(view: JSON, fonts: Path | None = None) -> bytes:
    """Return the PDF. ``fonts`` is a folder with fonts for other scripts."""
    sections = [
        {**section, "blocks": [_with_picture(block) for block in section["blocks"]]} for section in view["sections"]
    ]
    data = json.dumps({**view, "sections": sections}, ensure_ascii=False)
    compiler = typst.Compiler(font_paths=_fonts(fonts), ignore_system_fonts=True)
    made = compiler.compile(
        input=_source(),
        format="pdf",
        sys_inputs={"report": data},
        pdf_standards=["ua-1"],
        timestamp=datetime.fromisoformat(view["as_of"]).replace(tzinfo=UTC),
    )
    assert isinstance(made, bytes)
    return made


def _with_picture(block: JSON) -> JSON:
    if block["kind"] != "chart" or not block["series"]:
        return block
    return {**block, "svg": chart(block["series"], "svg").decode()}
