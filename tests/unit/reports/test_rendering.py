"""What a report looks like: the same bytes each time, the label of AI everywhere, and no text that does anything."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pypdfium2
import pytest
from docx import Document
from fhir.resources.R4B.bundle import Bundle

from app.reports.rendering.renderer import Renderer
from app.reports.rendering.visible import visible
from app.reports.template import FORMATS, Format
from app.reports.templates import Templates
from app.reports.wording import wording_of

TEMPLATES = Templates()
TEMPLATE = TEMPLATES.template("pre-visit-summary")
LABEL = wording_of(TEMPLATE)["label"]
HOSTILE = (
    '<script>fetch("https://evil.example")</script> {{ 7 * 7 }} {% for x in y %} #read("/etc/passwd") $x$ '
    "<img src=x onerror=alert(1)> ${jndi:ldap} javascript:alert(1) \u202egnp.exe\u202c a\x07b & ]]> --> \\u0022"
)


def quote(text: str) -> dict[str, Any]:
    return {
        "text": text, "source": 1, "where": "Clause 4", "document_id": "d_1", "version_id": "v_1", "passage_id": "p_1",
        "start": 0, "end": len(text), "resource": "Condition/1",
    }  # fmt: skip


def content(text: str) -> dict[str, Any]:
    claim = {"text": text, "verdict": "supported", "checker": "facts/1", "quotes": [quote(text), quote("other")]}
    row = {"cells": [{"text": text, "start": 0, "end": 1}], "quote": quote(text)}
    points = [{"date": f"2024-0{n}-01", "value": str(n), "quote": quote(text)} for n in range(1, 5)]
    blocks = [
        {"kind": "answer", "title": text, "question": text, "status": "answered", "claims": [claim]},
        {"kind": "answer", "title": "Smoking", "question": "?", "status": "refused", "claims": []},
        {"kind": "table", "title": text, "columns": [text], "rows": [row], "more": True},
        {"kind": "chart", "title": text, "series": [{"name": text, "unit": text, "points": points}]},
        {"kind": "pair", "title": text, "result": "open", "required": {"claims": [claim]}, "shown": {"claims": []}},
        {"kind": "text", "text": text},
    ]
    return {
        "kind": "report", "title": "Summary", "language": "en", "about": "patient", "target": text,
        "target_title": text, "as_of": "2026-03-01", "purpose": "treatment", "label": LABEL, "notes": [text],
        "sections": [{"title": text, "loinc": "11450-4", "blocks": blocks}],
        "sources": [
            {
                "number": 1, "document_id": "d_1", "version_id": "v_1", "title": text, "digest": "ab" * 32,
                "in_force": {"from": "2024-01-01", "to": None},
            }
        ],
        "provenance": {
            "template": {"name": "pre-visit-summary", "version": "1", "digest": "cd" * 32}, "product": "consilium 1",
            "models": {"drafter": "extractive/1", "encoder": "mini", "verifier": "facts/1"}, "ai_generated": True,
        },
    }  # fmt: skip


def rendered(text: str, name: Format) -> bytes:
    return Renderer(templates=TEMPLATES).render(content(text), TEMPLATE, name)


def words(name: Format, made: bytes) -> str:
    """Return the plain text of a file, without line breaks."""
    if name == "docx":
        body = Document(io.BytesIO(made)).element.body
        return " ".join("".join(body.itertext()).split())
    if name == "pdf":
        pages = pypdfium2.PdfDocument(made)
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())
    return made.decode()


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_report_has_the_same_bytes(name: Format) -> None:
    assert rendered("Hypertension", name) == rendered("Hypertension", name)
    assert rendered("Hypertension", name) != rendered("Hypotension", name)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_says_that_an_ai_drafted_it_in_its_text(name: Format) -> None:
    assert LABEL in words(name, rendered("Hypertension", name)).replace("&#39;", "'")


def test_every_format_says_so_in_its_metadata() -> None:
    docx = zipfile.ZipFile(io.BytesIO(rendered("x", "docx")))
    assert b'name="AI-Generated"><vt:lpwstr>true<' in docx.read("docProps/custom.xml")
    core = Document(io.BytesIO(rendered("x", "docx"))).core_properties
    assert (core.author, core.category, str(core.created)) == ("consilium 1", "AI", "2026-03-01 00:00:00+00:00")
    told = pypdfium2.PdfDocument(rendered("x", "pdf")).get_metadata_dict()
    assert (told["Subject"], told["Author"], told["ModDate"]) == (LABEL, "consilium 1", "D:20260301000000Z")
    assert b'<meta name="ai-generated" content="true">' in rendered("x", "html")
    assert json.loads(rendered("x", "json"))["provenance"]["ai_generated"] is True
    bundle = json.loads(rendered("x", "fhir"))
    codes = {one["resource"]["meta"]["security"][0]["code"] for one in bundle["entry"]}
    assert codes == {"AIAST"}


def test_the_pdf_is_tagged_and_has_its_language_and_title() -> None:
    made = rendered("Hypertension", "pdf")
    assert b"/StructTreeRoot" in made
    assert b"/Lang" in made
    assert b"pdfuaid" in made


def test_the_bundle_is_a_valid_document_of_fhir_r4b() -> None:
    bundle = Bundle.model_validate_json(rendered("Hypertension", "fhir")).model_dump(exclude_none=True)
    assert bundle["type"] == "document"
    composition = bundle["entry"][0]["resource"]
    assert composition["resourceType"] == "Composition"
    assert composition["section"][0]["entry"][0]["identifier"]["value"] == "Condition/1"


def test_no_text_of_a_document_does_anything_in_html() -> None:
    page = rendered(HOSTILE, "html").decode()
    assert "<script" not in page
    assert "onerror=" not in page.replace("&lt;img src=x onerror=alert(1)&gt;", "")
    assert "{{ 7 * 7 }}" in page
    assert "⟨U+202E⟩gnp.exe" in page
    assert "https://" not in page.replace("https://evil.example", "")


@pytest.mark.parametrize("name", ["docx", "pdf"])
def test_no_text_of_a_document_is_a_template_in_word_or_pdf(name: Format) -> None:
    shown = words(name, rendered(HOSTILE, name))
    assert "{{ 7 * 7 }}" in shown
    assert '#read("/etc/passwd")' in shown
    assert "root:" not in shown
    assert "⟨U+202E⟩" in shown
    assert "⟨U+0007⟩" in shown


def test_json_keeps_every_character_as_it_is() -> None:
    assert json.loads(rendered(HOSTILE, "json"))["target"] == HOSTILE


@pytest.mark.parametrize("name", ["docx", "pdf", "html"])
def test_what_is_not_supported_is_said_in_words(name: Format) -> None:
    shown = words(name, rendered("Hypertension", name))
    assert "Not supported: the documents in scope give no checked answer to this." in shown
    assert "Only the first rows are shown; there are more." in shown
    assert "Nothing in the documents was found to show it." in shown


def test_a_control_of_direction_becomes_a_mark_and_letters_stay() -> None:
    assert visible("مرحبا 你好 é\u2066x\u2069") == "مرحبا 你好 é⟨U+2066⟩x⟨U+2069⟩"
