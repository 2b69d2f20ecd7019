"""What is set, from where, and what is wrong with it: one report for ``consilium settings`` and a failed start."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import SecretStr

from app.settings import PREFIX, Fault, Settings, setting_sources, try_settings, unknown_variables
from policies.pack import load_pack

JSON = dict[str, Any]
MASK: Final = "********"
ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something wrong with a setting, and the way out. An error stops the start, a warning does not."""

    severity: str
    setting: str
    message: str
    way_out: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One setting as it is in force; secrets are masked."""

    name: str
    value: str
    source: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All settings and all problems. ``lines`` is empty where the settings could not be read at all."""

    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]

    @property
    def sound(self) -> bool:
        """Say whether the product can start with these settings."""
        return not any(problem.severity == ERROR for problem in self.problems)

    def as_json(self) -> JSON:
        """Return the report for programs."""
        return {
            "settings": {line.name: {"value": line.value, "source": line.source} for line in self.lines},
            "problems": [
                {"severity": p.severity, "setting": p.setting, "message": p.message, "way_out": p.way_out}
                for p in self.problems
            ],
        }


def settings_report(overrides: Mapping[str, object]) -> Report:
    """Return the report on the settings as arguments, environment, file and defaults give them."""
    settings, faults = try_settings(overrides)
    problems = [_of_fault(fault) for fault in faults] + [_of_unknown(name) for name in unknown_variables()]
    if settings is None:
        return Report(lines=(), problems=tuple(problems))
    lines = _lines(settings, setting_sources(overrides))
    return Report(lines=lines, problems=(*problems, *problems_of(settings)))


def report_in_force(settings: Settings) -> tuple[Line, ...]:
    """Return the settings that a running product has; what neither environment nor file say came as an argument."""
    told, _ = try_settings({})
    sources = setting_sources({})
    for name in Settings.model_fields:
        if told is not None and getattr(told, name) != getattr(settings, name):
            sources[name] = "argument"
    return _lines(settings, sources)


def _lines(settings: Settings, sources: Mapping[str, str]) -> tuple[Line, ...]:
    return tuple(
        Line(name=name, value=_shown(getattr(settings, name)), source=sources[name], meaning=field.description or "")
        for name, field in Settings.model_fields.items()
    )


def _of_fault(fault: Fault) -> Problem:
    field = Settings.model_fields.get(fault.name.split(".")[0])
    where = {
        "argument": f"the argument --{fault.name.replace('_', '-')}",
        "environment": f"the variable {PREFIX}{fault.name.upper()}",
        "file": f"{fault.name} in the configuration file",
    }
    place = where.get(fault.source, fault.source)
    if not fault.name:
        return Problem(
            severity=ERROR, setting="", message=fault.message, way_out=f"Mend {place}, or let CONSILIUM_CONFIG go."
        )
    if field is None:
        return Problem(
            severity=ERROR, setting=fault.name, message="there is no such setting", way_out=_meant(fault.name, place)
        )
    return Problem(
        severity=ERROR,
        setting=fault.name,
        message=fault.message,
        way_out=f"Change {place} (default {_shown(field.default)}): {field.description}",
    )


def _of_unknown(variable: str) -> Problem:
    name = variable[len(PREFIX) :].lower()
    return Problem(
        severity=WARNING,
        setting=name,
        message=f"{variable} is set, and nothing reads it",
        way_out=_meant(name, f"the variable {variable}"),
    )


def _meant(name: str, place: str) -> str:
    near = difflib.get_close_matches(name, Settings.model_fields, n=1)
    return f"Remove {place}" + (f"; did you mean {near[0]}?" if near else ".")


def _shown(value: object) -> str:
    """Return a value without secrets: of an address with a password only where it leads."""
    if isinstance(value, SecretStr):
        return _address(value.get_secret_value()) or MASK
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    if value is None:
        return "none"
    text = str(value)
    return (_address(text) or MASK) if "://" in text and ("@" in text or "?" in text) else text


def _address(text: str) -> str:
    try:
        parts = urlsplit(text)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    if not parts.scheme or not (parts.hostname or parts.path):
        return ""
    user = f"{MASK}@" if parts.username or parts.password else ""
    return f"{parts.scheme}://{user}{parts.hostname or ''}{port}{parts.path}" if "://" in text else ""


def problems_of(settings: Settings) -> list[Problem]:
    """Return what is wrong between settings, and with the machine that they speak of. Nothing is connected to."""
    found = [_home(settings.home), _pack(settings), _metrics(settings)]
    if settings.vectors and not settings.vectors.expanduser().parent.is_dir():
        found.append(_error("vectors", "its folder does not exist", "Make the folder, or choose another file."))
    if settings.index == "server" and settings.database is None:
        found.append(
            _warning(
                "database",
                "Qdrant is a server but the catalogue is a file of this machine",
                "Set a PostgreSQL address where several processes are to serve.",
            )
        )
    for name in ("chat_url", "qdrant_url", "otlp_endpoint"):
        used = {"chat_url": settings.drafter == "chat", "qdrant_url": settings.index == "server"}.get(name, True)
        address = getattr(settings, name)
        if used and address and address.startswith("http://") and not _loopback(urlsplit(address).hostname or ""):
            message = "plain HTTP to another machine: whoever is in between can read along"
            found.append(_warning(name, message, "Use https://, or keep that network to yourself."))
    return [problem for problem in found if problem]


def _home(home: Path) -> Problem | None:
    nearest = home
    while not nearest.exists() and nearest != nearest.parent:
        nearest = nearest.parent
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        return None
    return _error("home", "the folder cannot be written", "Give its owner the right to write, or choose another.")


def _pack(settings: Settings) -> Problem | None:
    try:
        load_pack(settings.pack)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a pack, the report goes on
        detail = getattr(error, "detail", "") or type(error).__name__
        return _error("pack", f"it cannot be loaded: {detail}", "Choose general, medical or legal.")
    return None


def _metrics(settings: Settings) -> Problem | None:
    if settings.metrics_port is not None and settings.metrics_port and settings.metrics_port == settings.port:
        return _error("metrics_port", "it is the port of the API", "Choose another port.")
    return None


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _error(setting: str, message: str, way_out: str) -> Problem:
    return Problem(severity=ERROR, setting=setting, message=message, way_out=way_out)


def _warning(setting: str, message: str, way_out: str) -> Problem:
    return Problem(severity=WARNING, setting=setting, message=message, way_out=way_out)
