"""Templates as JSON, the same for HTTP and the command line."""

from __future__ import annotations

from app.answering.presentation import JSON
from app.reports.templates import Templates
from domain.errors import RequestError


def templates_json(templates: Templates) -> JSON:
    """Return every template; one that is not valid says why, and does not hide the others."""
    listed = []
    for name in templates.names():
        try:
            listed.append(template_json(templates, name))
        except RequestError as error:
            listed.append({"name": name, "invalid": error.detail})
    return {"templates": listed}


def template_json(templates: Templates, name: str) -> JSON:
    """Return what a template is. Raises RequestError ``request.not_found`` and ``request.template_invalid``."""
    template = templates.template(name)
    return {
        "name": template.name,
        "title": template.title,
        "description": template.description,
        "pack": template.pack,
        "version": template.version,
        "digest": template.digest,
        "about": template.about,
        "purpose": template.purpose,
        "language": template.language,
        "formats": list(template.formats),
        "possible": list(template.possible()),
        "grid": template.grid,
        "sections": [section.title for section in template.sections],
    }
