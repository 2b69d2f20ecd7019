"""PDF by Typst: tagged, with its language, titles and alternatives of pictures (PDF/UA-1). Nothing is fetched."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

import matplotlib as mpl
import typst

from app.answering.presentation import JSON
from app.reports.rendering.charts import chart

_LONG_WORD: Final = re.compile(r"\S{20,}")
_MAY_BREAK: Final = re.compile(r"[_./\\-]|[^_./\\-]{16}")


def breakable(text: str) -> str:
    r"""Return a text whose long words (ids, names of files) may be broken: a space without width shows nothing.

    >>> breakable("a_b short") == "a_b short", breakable("twenty-five_letters_in_one_word").count("\u200b")
    (True, 5)
    """
    return _LONG_WORD.sub(lambda word: _MAY_BREAK.sub("\\g<0>\u200b", word.group()), text)


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
        {**section, "blocks": [_prepared(block) for block in section["blocks"]]} for section in view["sections"]
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


def _prepared(block: JSON) -> JSON:
    """Return a block with its picture, or with cells that can be broken to the width of their column."""
    if block["kind"] == "table":
        return {**block, "rows": [[breakable(cell) for cell in row] for row in block["rows"]]}
    if block["kind"] != "chart" or not block["series"]:
        return block
    return {**block, "svg": chart(block["series"], "svg").decode()}
