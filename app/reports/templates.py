"""Where templates lie: those that are shipped, and those of a folder of one's own, which win."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

import regex

from app.reports.template import Template, parse_template
from app.reports.wording import wording_of
from domain.errors import RequestError

_NAME: Final = regex.compile(r"[a-z][a-z0-9-]{0,60}")
_SHIPPED: Final = "policies.packs.reports"


@dataclass(frozen=True, slots=True, kw_only=True)
class Templates:
    """Finds templates by name. ``own`` is a folder with further ``*.toml`` and the layouts that they name."""

    own: Path | None = None

    def names(self) -> list[str]:
        """Return the names of all templates."""
        shipped = (entry.name for entry in files(_SHIPPED).iterdir())
        own = (file.name for file in self.own.iterdir() if file.is_file()) if self.own and self.own.is_dir() else ()
        names = {name.removesuffix(".toml") for name in (*shipped, *own) if name.endswith(".toml")}
        return sorted(name for name in names if _NAME.fullmatch(name))

    def text(self, name: str) -> str:
        """Return a template's file. Raises RequestError ``request.not_found`` and ``request.template_invalid``."""
        if not _NAME.fullmatch(name):
            raise RequestError("request.not_found", "template")
        try:
            if self.own and (file := self.own / f"{name}.toml").is_file():
                return file.read_text(encoding="utf-8")
            shipped = files(_SHIPPED).joinpath(f"{name}.toml")
            if shipped.is_file():
                return shipped.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise RequestError("request.template_invalid", f"{name}: {type(error).__name__}") from None
        raise RequestError("request.not_found", "template")

    def template(self, name: str) -> Template:
        """Return a template. Raises RequestError ``request.not_found`` and ``request.template_invalid``."""
        found = parse_template(name, self.text(name))
        wording_of(found)
        return found

    def layout(self, name: str) -> bytes:
        """Return the Word layout of one's own folder that a template names. Raises RequestError."""
        try:
            if self.own is None:
                raise FileNotFoundError
            return (self.own / name).read_bytes()
        except OSError as error:
            raise RequestError("request.template_invalid", f"layout: {type(error).__name__}") from None
