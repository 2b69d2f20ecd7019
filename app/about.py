"""Says what is running: version, configuration and models, so that a measurement can be repeated."""

from __future__ import annotations

from importlib.metadata import version

from app.bootstrap import Consilium
from app.pinned import configuration_of

About = dict[str, dict[str, str]]


def about(consilium: Consilium) -> About:
    """Return "product", "configuration" and "models" as names and values; no secret and no path is among them."""
    return {
        "product": {"name": "consilium", "version": version("consilium")},
        "configuration": configuration_of(consilium.settings, consilium.pack),
        "models": dict(consilium.answers.models),
    }
