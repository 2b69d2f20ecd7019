"""FHIR R4: a document bundle with a Composition, marked as asserted by an AI system.

Sources: hl7.org/fhir/R4/composition.html, hl7.org/fhir/R4/documents.html, and the security label AIAST of the HL7
code system ObservationValue.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, Final

from app.answering.presentation import JSON

_NAMESPACE: Final = uuid.UUID("8f2d3b0a-6a7e-5c1e-9b44-4d8f1f0c2a61")
_SECURITY: Final = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    "code": "AIAST",
    "display": "Artificial Intelligence asserted",
}
_XHTML: Final = "http://www.w3.org/1999/xhtml"
_SUMMARY: Final = ("34133-9", "Summary of episode note")


def to_fhir(content: JSON, view: JSON, loinc: str | None) -> bytes:
    """Return the bundle. ``loinc`` is the code of the document's type."""
    seed = json.dumps([content["target"], content["as_of"], content["provenance"]], sort_keys=True)
    ids = {name: str(uuid.uuid5(_NAMESPACE, f"{name} {seed}")) for name in ("bundle", "report", "patient", "device")}
    marked = {"security": [_SECURITY]}
    day = content["as_of"]
    composition = {
        "resourceType": "Composition",
        "id": ids["report"],
        "meta": marked,
        "language": content["language"],
        "text": _narrative([content["title"], content["label"], *content["notes"]]),
        "extension": _provenance(content),
        "status": "preliminary",
        "type": _code(loinc or _SUMMARY[0], content["title"] if loinc else _SUMMARY[1]),
        "subject": {"reference": f"urn:uuid:{ids['patient']}"},
        "date": day,
        "author": [{"reference": f"urn:uuid:{ids['device']}", "display": view["product"]}],
        "title": content["title"],
        "section": [
            _section(section, shown) for section, shown in zip(content["sections"], view["sections"], strict=True)
        ],
    }
    patient = {
        "resourceType": "Patient",
        "id": ids["patient"],
        "meta": marked,
        "identifier": [{"system": "urn:consilium:subject", "value": content["target"]}],
    }
    device = {
        "resourceType": "Device",
        "id": ids["device"],
        "meta": marked,
        "status": "active",
        "deviceName": [{"name": view["product"], "type": "model-name"}],
        "version": [
            {"type": {"text": name}, "value": value} for name, value in sorted(content["provenance"]["models"].items())
        ],
        "note": [{"text": content["label"]}],
    }
    bundle = {
        "resourceType": "Bundle",
        "id": ids["bundle"],
        "meta": marked,
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{ids['bundle']}"},
        "type": "document",
        "timestamp": f"{day}T00:00:00Z",
        "entry": [
            {"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource}
            for resource in (composition, patient, device)
        ],
    }
    return (json.dumps(bundle, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def _provenance(content: JSON) -> list[JSON]:
    template = content["provenance"]["template"]
    told = {
        "ai-generated": "true",
        "template": f"{template['name']} {template['version']} sha256:{template['digest']}",
        **{
            f"source-{source['number']}": f"{source['document_id']} {source['version_id']} sha256:{source['digest']}"
            for source in content["sources"]
        },
    }
    return [{"url": f"urn:consilium:report:{name}", "valueString": value} for name, value in told.items()]


def _code(loinc: str, display: str) -> JSON:
    return {"coding": [{"system": "http://loinc.org", "code": loinc}], "text": display}


def _section(section: Mapping[str, Any], shown: Mapping[str, Any]) -> JSON:
    body: JSON = {
        "title": section["title"],
        "text": _narrative(list(_lines(shown))),
    }
    if "loinc" in section:
        body["code"] = _code(section["loinc"], section["title"])
    seen: dict[str, None] = {}
    for quote in _quotes(section):
        if quote.get("resource"):
            seen[quote["resource"]] = None
    if seen:
        body["entry"] = [
            {"type": name.partition("/")[0], "identifier": {"system": "urn:consilium:resource", "value": name}}
            for name in seen
        ]
    return body


def _quotes(section: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for block in section["blocks"]:
        sides = (block["required"], block["shown"]) if block["kind"] == "pair" else (block,)
        for side in sides:
            for claim in side.get("claims", ()):
                yield from claim["quotes"]
        yield from (row["quote"] for row in block.get("rows", ()) if row["quote"])
        for series in block.get("series", ()):
            yield from (point["quote"] for point in series["points"])


def _lines(shown: Mapping[str, Any]) -> Iterator[str]:
    for block in shown["blocks"]:
        if block["kind"] == "text":
            yield block["text"]
            continue
        yield f"{block['title']}:"
        for side in block.get("sides", (block,)):
            yield from _statements(side)
        yield from (" | ".join(row) for row in block.get("rows", ()))
        if block.get("alt"):
            yield block["alt"]
        if block.get("note"):
            yield block["note"]


def _statements(part: Mapping[str, Any]) -> Iterator[str]:
    for one in part.get("statements", ()):
        sources = "; ".join(quote["from"] for quote in one["quotes"])
        yield f"{one['flag'] + ': ' if one['flag'] else ''}{one['text']} ({sources})"
    if part.get("missing"):
        yield part["missing"]


def _narrative(lines: list[str]) -> JSON:
    body = "".join(f"<p>{escape(line)}</p>" for line in lines if line) or "<p>-</p>"
    return {"status": "generated", "div": f'<div xmlns="{_XHTML}">{body}</div>'}
