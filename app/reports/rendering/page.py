"""HTML in one file: no script, no address outside of itself, readable on a screen, on paper and by a screen reader."""

from __future__ import annotations

import base64
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template

from app.answering.presentation import JSON
from app.reports.rendering.charts import chart


@cache
def _page() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    source = files("app.reports.layouts").joinpath("report.html.jinja").read_text(encoding="utf-8")
    return environment.from_string(source)


def to_html(view: JSON) -> bytes:
    """Return the page."""
    pictures = {
        id(block): base64.b64encode(chart(block["series"], "svg")).decode()
        for section in view["sections"]
        for block in section["blocks"]
        if block["kind"] == "chart" and block["series"]
    }
    return _page().render(report=view, picture=lambda block: pictures[id(block)]).encode("utf-8", "replace")
