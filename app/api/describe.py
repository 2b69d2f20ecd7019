"""Writes the OpenAPI document without opening a store: ``python -m app.api.describe FILE``.

The web client generates its types from it, also where nothing is ingested, as in a build of the image.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, cast

from app.api.application import create_application
from app.bootstrap import Consilium
from app.settings import load_settings


class _Unopened:
    """Stands for every part of the product while routes are described; none of them is asked anything."""

    def __getattr__(self, name: str) -> Any:
        return _Unopened()

    def __call__(self, *_given: object, **_named: object) -> Any:
        return _Unopened()


class _Product(_Unopened):
    def __init__(self) -> None:
        self.settings = load_settings()


def document() -> dict[str, Any]:
    """Return the OpenAPI document of this version."""
    return create_application(cast("Consilium", _Product())).openapi()


def main() -> None:
    """Write it to the file named, in one way, so that nothing changes where nothing changed."""
    (target,) = sys.argv[1:]
    text = json.dumps(document(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    Path(target).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
