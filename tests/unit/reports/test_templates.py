"""Templates are refused whole, with everything that is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.reports.template import parse_template
from app.reports.templates import Templates
from app.reports.wording import wording_of
from domain.errors import RequestError

GOOD = """
title = "Letter"
pack = "medical"
description = "A letter."
about = "patient"
purpose = "treatment"
[[sections]]
title = "Findings"
[[sections.parts]]
kind = "answer"
ask = "What was found?"
"""


@pytest.mark.parametrize("name", Templates().names())
def test_every_shipped_template_is_valid(name: str) -> None:
    template = Templates().template(name)
    assert template.name == name
    assert template.description.endswith(".")


def test_the_shipped_templates_are_those_that_are_documented() -> None:
    assert Templates().names() == [
        "contract-review", "discharge-summary", "matter-chronology", "medication-reconciliation", "pre-visit-summary",
        "regulatory-gap",
    ]  # fmt: skip


def test_the_digest_is_that_of_the_file() -> None:
    template = parse_template("letter", GOOD)
    assert template.digest == "a784a1b6834fea86e5a8b5ad66769a99bff41f7ade8e3924f5a37aec4df5663e"
    assert template.possible() == ("docx", "pdf", "html", "json", "fhir")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("title = ", "caption = "), "caption: Extra inputs are not permitted"),
        (('about = "patient"', 'about = "planet"'), "about: Input should be 'patient', 'matter' or 'document'"),
        (('purpose = "treatment"', 'purpose = "fun"'), "purpose: Input should be"),
        (('kind = "answer"', 'kind = "magic"'), "sections.0.parts.0: Input tag 'magic'"),
        (('ask = "What was found?"', ""), "sections.0.parts.0.answer.ask: Field required"),
        (('kind = "answer"\nask = "What was found?"', 'kind = "text"\ntext = "Dear all"'), "asks and shows nothing"),
        (('about = "patient"', 'about = "matter"\nformats = ["fhir"]'), "a FHIR Composition is about a patient"),
        (('title = "Letter"', 'name = "other"'), "name and digest come from the file itself"),
        (('title = "Letter"', "title = "), "not TOML at line 2"),
        (
            ('ask = "What was found?"', 'title = "T"\nrecords = ["Condition"]\ncolumns = [{title="C", pattern="("}]'),
            "sections.0.parts.0.answer.records",
        ),
    ],
)
def test_a_template_that_is_not_understood_is_refused_with_its_fault(change: tuple[str, str], fault: str) -> None:
    text = GOOD.replace(*change)
    assert text != GOOD
    with pytest.raises(RequestError) as raised:
        parse_template("letter", text)
    assert raised.value.code == "request.template_invalid"
    assert fault in raised.value.detail


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [("(", "not a regular expression"), ("^[^:]+", "it has no group (?P<cell>…)")],
)
def test_a_column_needs_a_pattern_with_a_cell(pattern: str, fault: str) -> None:
    part = f'kind = "records"\ntitle = "T"\nrecords = ["Condition"]\ncolumns = [{{title="C", pattern=\'{pattern}\'}}]'
    with pytest.raises(RequestError) as raised:
        parse_template("letter", GOOD.replace('kind = "answer"\nask = "What was found?"', part))
    assert fault in raised.value.detail


def test_a_phrase_that_there_is_not_is_refused() -> None:
    template = parse_template("letter", GOOD.replace("[[sections]]", '[wording]\nno_such = "?"\n[[sections]]', 1))
    with pytest.raises(RequestError, match=r"wording\.no_such: no such phrase"):
        wording_of(template)


def test_a_template_of_ones_own_wins_and_its_name_leads_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "letter.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "contract-review.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "secret.toml.bak").write_text("x", encoding="utf-8")
    templates = Templates(own=tmp_path)
    assert templates.template("contract-review").title == "Letter"
    assert "letter" in templates.names()
    for name in ("../letter", "nobody", "letter.toml", "Letter"):
        with pytest.raises(RequestError) as raised:
            templates.template(name)
        assert raised.value.code == "request.not_found"
