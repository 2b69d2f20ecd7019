"""The main job on the samples: the same door as the command line."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from app.bootstrap import Consilium
from app.cli.door import LocalDoor

RETENTION = "How many years may the controller keep a health record after the last treatment?"


def ask(house: Consilium, question: str, **scope: object) -> dict[str, Any]:
    return LocalDoor(house).ask({"question": question, **scope})


def said(answer: dict[str, Any]) -> str:
    return " ".join(claim["text"] for claim in answer["claims"])


def test_the_same_question_before_and_after_an_amendment_has_two_answers(house: Consilium) -> None:
    before = ask(house, RETENTION, as_of="2023-06-01", purpose="legal_advice")
    after = ask(house, RETENTION, as_of="2025-06-01", purpose="legal_advice")
    assert "no longer than ten years" in said(before)
    assert "six years" not in said(before)
    assert "no longer than six years" in said(after)
    assert "ten years" not in said(after)
    quote = before["claims"][0]["quotes"][0]
    assert quote["in_force"] == {"from": "2019-01-01", "to": "2024-01-01"}
    assert quote["locator"]["citation"] == "Article 7(1)"


def test_two_patients_of_one_name_get_their_own_answers(house: Consilium) -> None:
    question = "Is the patient allergic to penicillin?"
    one = ask(house, question, subjects=["lind-anna-1951"], collections=["patients"])
    other = ask(house, question, subjects=["lind-anna-1987"], collections=["patients"])
    assert "anaphylaxis" in said(one)
    assert one["claims"][0]["quotes"][0]["locator"]["resource"] == "AllergyIntolerance/lind-anna-1951-allergy-1"
    assert "refuted" in said(other).lower()
    assert "anaphylaxis" not in said(other)
    assert other["claims"][0]["quotes"][0]["locator"]["resource"] == "AllergyIntolerance/lind-anna-1987-allergy-1"


def test_every_quote_is_verbatim_at_its_offsets(house: Consilium) -> None:
    answer = ask(house, RETENTION, as_of="2025-06-01", purpose="legal_advice")
    for claim in answer["claims"]:
        for quote in claim["quotes"]:
            version = house.catalogue.version(quote["version_id"])
            assert version is not None
            assert version.text[quote["start"] : quote["end"]] == quote["text"]


def test_the_last_value_is_the_latest_one(house: Consilium) -> None:
    answer = ask(house, "What was the last hemoglobin A1c?", subjects=["lind-anna-1951"])
    first = answer["claims"][0]["text"]
    assert "7.1 %" in first
    assert "2025-03-18" in first


def test_a_chart_is_not_seen_without_its_subject(house: Consilium) -> None:
    for scope in ({}, {"subjects": ["lind-anna-1987"]}, {"subjects": ["matter-orchid"]}):
        answer = ask(house, "What was the hemoglobin A1c of 7.1 % on 2025-03-18?", **scope)
        assert "7.1" not in str(answer["claims"])
        owners = {
            subject
            for passage in house.catalogue.passages([e["passage_id"] for e in answer["evidence"]]).values()
            for subject in passage.labels.subjects
        }
        assert owners <= set(scope.get("subjects", []))


def test_a_hidden_instruction_is_not_obeyed_and_not_said(house: Consilium) -> None:
    answer = ask(
        house, "May either party terminate the agreement without notice?", subjects=["matter-orchid"],
        collections=["matters"], purpose="legal_advice",
    )  # fmt: skip
    assert "without any notice" not in said(answer)
    assert "Ignore all previous instructions" not in said(answer)


def test_what_nothing_supports_is_refused_with_what_was_searched_and_what_would_help(house: Consilium) -> None:
    answer = ask(house, "What is the starting dose of insulin glargine?", subjects=["lind-anna-1951"])
    assert answer["status"] == "refused"
    assert answer["claims"] == []
    assert "guidelines" in answer["refusal"]["reason"]
    assert answer["refusal"]["try"].startswith("What would help")


def test_research_sees_no_identity_of_the_subject(house: Consilium) -> None:
    answer = ask(
        house, "What is the name, address and phone number of the patient?", subjects=["lind-anna-1951"],
        purpose="research",
    )  # fmt: skip
    for secret in ("Anna", "Mill Lane", "202-555-0143", "EV-100451", "1951-05-04"):
        assert secret not in str(answer), secret
    assert answer["redactions"]


def test_treatment_sees_the_subject_it_asks_about(house: Consilium) -> None:
    answer = ask(house, "What is the phone number of the patient?", subjects=["lind-anna-1951"])
    assert "202-555-0143" in said(answer)


def test_a_draft_is_checked_sentence_by_sentence(house: Consilium) -> None:
    body = LocalDoor(house).check(
        {
            "draft": "The treatment target for most adults is a blood pressure below 130/80 mmHg. "
            "Start lisinopril 20 mg once daily in adults without contraindications.",
            "as_of": "2025-09-01",
            "collections": ["guidelines"],
        }
    )
    assert [s["verdict"] for s in body["sentences"]] == ["supported", "contradicted"]
    assert "10 mg" in body["sentences"][1]["quotes"][0]["text"]


def test_a_quote_from_a_pdf_has_its_page_and_boxes(house: Consilium) -> None:
    answer = ask(
        house, "What is the treatment target for blood pressure in most adults?", as_of="2024-06-01",
        collections=["guidelines"],
    )  # fmt: skip
    locator = answer["claims"][0]["quotes"][0]["locator"]
    assert locator["page"] == 1
    assert locator["boxes"][0]["right"] > locator["boxes"][0]["left"]
    assert "140/90" in said(answer)


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed: no scanned page is read")
def test_a_scanned_page_is_quoted(house: Consilium) -> None:
    answer = ask(house, "When is the follow-up chest X-ray due?", subjects=["lind-anna-1951"])
    assert "17 March 2025" in said(answer)


def test_answers_are_shaped_as_promised(house: Consilium) -> None:
    answer = ask(house, RETENTION, as_of="2025-06-01")
    assert set(answer) == {
        "id", "status", "as_of", "claims", "evidence", "policies", "redactions", "model", "timings_ms",
    }  # fmt: skip
    assert {"text", "verdict", "score", "reason", "quotes"} <= set(answer["claims"][0])
    assert {
        "document_id", "version_id", "passage_id", "title", "section", "locator", "start", "end", "text",
    } <= set(answer["claims"][0]["quotes"][0])  # fmt: skip
    assert {"passage_id", "score"} <= set(answer["evidence"][0])
    assert {"policy", "decision", "reason"} == set(answer["policies"][0])
