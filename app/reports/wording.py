"""What reports say in their own words, by language, and what a template says differently."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from app.reports.template import Template
from domain.errors import RequestError


@cache
def _shipped() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("app.reports").joinpath("wording.toml").read_text(encoding="utf-8"))


def wording_of(template: Template) -> Mapping[str, str]:
    """Return every phrase by its name. Raises RequestError ``request.template_invalid`` for a name that is none."""
    shipped = _shipped()[template.language]
    if unknown := sorted(set(template.wording) - shipped.keys()):
        raise RequestError("request.template_invalid", f"{template.name}: wording.{unknown[0]}: no such phrase")
    return {**shipped, **template.wording}
