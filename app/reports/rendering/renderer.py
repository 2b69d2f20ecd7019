"""Renders what a report holds in each of its formats."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.answering.presentation import JSON
from app.reports.rendering.composition import to_fhir
from app.reports.rendering.page import to_html
from app.reports.rendering.paper import to_pdf
from app.reports.rendering.view import view_of
from app.reports.rendering.word import properties_of, to_docx
from app.reports.template import Format, Template
from app.reports.templates import Templates
from app.reports.wording import wording_of

MEDIA_TYPES: Final[dict[Format, str]] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "fhir": "application/fhir+json",
}
SUFFIXES: Final[dict[Format, str]] = {
    "docx": ".docx",
    "pdf": ".pdf",
    "html": ".html",
    "json": ".json",
    "fhir": ".fhir.json",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Renderer:
    """Renders reports, contents sheets and grids. ``fonts`` is a folder with further fonts for PDF."""

    templates: Templates
    fonts: Path | None = None

    def render(self, content: JSON, template: Template, name: Format) -> bytes:
        """Return ``content`` in a format; equal content gives equal bytes."""
        if name == "json":
            text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
            return text.encode("utf-8", "surrogatepass")
        view = view_of(content, wording_of(template), name)
        if name == "html":
            return to_html(view)
        if name == "pdf":
            return to_pdf(view, self.fonts)
        if name == "fhir":
            return to_fhir(content, view, template.loinc)
        own = self.templates.layout(template.layout) if template.layout else None
        return to_docx(view, properties_of(content), own)
