"""Writes what ``helm/consilium/values.schema.json`` says of the settings: ``python -m tests.build_values_schema``.

The rest of that file is kept by hand. A test proves that both agree.
"""

from __future__ import annotations

import json
from typing import Any, Final

from pydantic import SecretStr

from app.settings import Settings
from tests.data import ROOT

PATH: Final = ROOT / "helm/consilium/values.schema.json"
JSON = dict[str, Any]


def settings_schemas() -> tuple[JSON, JSON]:
    """Return the schemas of the settings that are shown, and of those that are secret."""
    shown: JSON = {}
    secret: JSON = {}
    for name, schema in Settings.model_json_schema()["properties"].items():
        found = {key: value for key, value in schema.items() if key not in {"title", "default", "format", "writeOnly"}}
        if "anyOf" in found:
            found["anyOf"] = [
                {key: value for key, value in part.items() if key not in {"format", "writeOnly"}}
                for part in found["anyOf"]
            ]
        if is_secret(name):
            secret[name] = {"type": "string", "minLength": 1, "description": found.get("description", "")}
        else:
            shown[name] = found
    return shown, secret


def is_secret(name: str) -> bool:
    """Say whether a setting is never shown."""
    return (
        "SecretStr" in str(Settings.model_fields[name].annotation)
        or SecretStr is Settings.model_fields[name].annotation
    )


def main() -> None:
    """Write the file."""
    schema = json.loads(PATH.read_text(encoding="utf-8"))
    shown, secret = settings_schemas()
    properties = schema["properties"]
    properties["config"]["properties"] = shown
    properties["secrets"]["properties"]["values"]["properties"] = secret
    PATH.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
