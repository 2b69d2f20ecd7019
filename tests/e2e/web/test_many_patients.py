"""Twenty patients of Synthea on one server: a clinician finds one among them, and nothing of one is shown with another.

Two have their whole charts. Of the others stands what could be mixed up, since every line costs the encoder time: who
they are, their problems, allergies and medicines, and their newest values.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, expect

from app.api.client import DIST
from app.bootstrap import Replacements, build
from app.cli.door import LocalDoor
from app.settings import load_settings
from domain.ports.embedder import Embedder
from tests.data import shared_data
from tests.e2e.web.people import Web, believing, shot, watched
from tests.issuer import Issuer
from tests.served import serving

# One process makes the store of these tests, not each.
pytestmark = pytest.mark.xdist_group("many_patients")
MANY: Final = 20
CLINICIAN: Final = "dr-many"
_KEPT: Final = ("Patient", "Condition", "AllergyIntolerance", "MedicationRequest")
_NEWEST: Final = 5


@dataclass(frozen=True, slots=True)
class Patient:
    """What a file says of its patient."""

    id: str
    given: str
    family: str
    resources: tuple[dict[str, Any], ...]

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [one for one in self.resources if one["resourceType"] == kind]

    @property
    def laboratory(self) -> Counter[str]:
        """Return how many numbers there are of each laboratory value."""
        return Counter(
            one["code"]["text"]
            for one in self.of("Observation")
            if "laboratory" in json.dumps(one["category"]) and "valueQuantity" in one
        )


@pytest.fixture(scope="module")
def patients() -> list[Patient]:
    """Return those with the smallest charts."""
    files = sorted(shared_data("records/fhir-synthea-r4").glob("*.json"), key=lambda one: one.stat().st_size)
    return list(_patients(files))[:MANY]


def _patients(files: Sequence[Path]) -> Iterator[Patient]:
    for file in files:
        resources = tuple(one["resource"] for one in json.loads(file.read_text(encoding="utf-8"))["entry"])
        for one in resources:
            if one["resourceType"] == "Patient":
                name = one["name"][0]
                yield Patient(one["id"], name["given"][0], name["family"], resources)


@pytest.fixture(scope="module")
def first(patients: list[Patient]) -> Patient:
    """Return one with an allergy and a laboratory value that was taken again and again."""
    return next(one for one in patients if one.of("AllergyIntolerance") and max(one.laboratory.values(), default=0) > 1)


@pytest.fixture(scope="module")
def second(patients: list[Patient], first: Patient) -> Patient:
    return next(one for one in patients if one.family != first.family)


@pytest.fixture(scope="module")
def served_patients(
    tmp_path_factory: pytest.TempPathFactory,
    encoder: Embedder,
    issuer: Issuer,
    patients: list[Patient],
    first: Patient,
    second: Patient,
) -> Iterator[tuple[str, Path]]:
    """Yield the address of a server over the patients, and its home."""
    if not (DIST / "index.html").is_file():
        pytest.skip("the web client is not built: make setup")
    folder = tmp_path_factory.mktemp("patients")
    for one in patients:
        found = one.resources if one in (first, second) else (*_some(one), *one.of("Observation")[-_NEWEST:])
        bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": each} for each in found]}
        (folder / f"{one.id}.json").write_text(json.dumps(bundle), encoding="utf-8")
    home = tmp_path_factory.mktemp("many") / "home"
    with build(load_settings(home=home), Replacements(embedder=encoder)) as consilium:
        outcomes = list(LocalDoor(consilium).ingest([folder], {"collection": "patients"}))
    assert [one["status"] for one in outcomes] == ["indexed"] * MANY
    with serving(home, **believing(issuer)) as server:
        yield server.url, home


def _some(patient: Patient) -> Iterator[dict[str, Any]]:
    return (one for one in patient.resources if one["resourceType"] in _KEPT)


@pytest.fixture
def ward(browser: Browser, served_patients: tuple[str, Path], issuer: Issuer, patients: list[Patient]) -> Iterator[Web]:
    """Yield the server, on which a clinician is a member of all patients."""
    url, home = served_patients
    with watched(Web(url=url, home=home, issuer=issuer, browser=browser)) as web:
        for one in patients:
            web.member(one.id, CLINICIAN)
        yield web


def said_of(page: Page, patient: Patient) -> list[str]:
    """Return what a page says of a patient, hidden or not: the names and the id, in texts, attributes and fields."""
    fields = page.evaluate("[...document.querySelectorAll('input, textarea')].map(one => one.value).join(' ')")
    whole = f"{page.url} {page.title()} {page.content()} {fields}"
    return [word for word in (patient.given, patient.family, patient.id) if word in whole]


def test_a_clinician_finds_one_of_twenty_reads_asks_and_opens_the_source_and_the_next_sees_nothing_of_them(
    ward: Web, first: Patient, second: Patient
) -> None:
    page = ward.open("/charts", ward.token(CLINICIAN, "professional"))
    heading = page.get_by_role("heading", level=1)
    found = page.get_by_role("status").filter(has_text="found")
    expect(found).to_have_text(f"{MANY} found")
    page.get_by_label("Find by name or number").fill(f"{first.family.upper()} {first.given}")
    expect(found).to_have_text("1 found")
    page.get_by_role("link", name=first.id).click()
    expect(heading).to_have_text(re.compile(f"^Chart of .*{first.given} .*{first.family}$"))
    looks_at_laboratory(page, first)
    shot(page, "many-chart")

    page.get_by_role("link", name="Ask about").click()
    allergy = first.of("AllergyIntolerance")[0]
    ask_about(page, f"Is the patient allergic to {allergy['code']['text'].removeprefix('Allergy to ').lower()}?")
    article = page.get_by_role("article")
    quote = article.get_by_role("link", name=re.compile("Open quote 1")).first
    assert f"subject={first.id}" in str(quote.get_attribute("href"))
    quote.get_by_text("Patient record").click()
    expect(page.get_by_role("heading", name=f"{first.given} {first.family}")).to_be_visible()
    mark = page.get_by_role("tabpanel").locator("mark[data-kind=quote]")
    expect(mark.first).to_contain_text(allergy["code"]["text"])
    expect(page.get_by_label("The quote", exact=True)).to_contain_text("AllergyIntolerance/")
    assert said_of(page, second) == []
    shot(page, "many-source")

    page.get_by_role("link", name="Ask", exact=True).click()
    page.get_by_role("button", name="New conversation").click()
    subject = page.get_by_role("combobox", name="Patient or matter")
    subject.fill(f"{second.family}, {second.given}")
    expect(page.get_by_role("option")).to_have_text([re.compile(f"{second.given} .*{second.family}{second.id}$")])
    page.get_by_role("option").click()
    ask_about(page, "Which conditions does the patient have?")
    expect(article.get_by_role("link", name=re.compile("Open quote 1")).first).to_be_visible()
    assert said_of(page, first) == []
    page.get_by_role("link", name="Charts").click()
    page.get_by_role("main").get_by_role("link", name=second.id).first.click()
    expect(heading).to_have_text(re.compile(f"^Chart of .*{second.given} .*{second.family}$"))
    expect(page.get_by_role("table", name="Problems")).to_contain_text(second.of("Condition")[0]["code"]["text"])
    assert said_of(page, first) == []


def looks_at_laboratory(page: Page, patient: Patient) -> None:
    """Choose the laboratory value that was taken most, and look at its plot."""
    ((name, many),) = patient.laboratory.most_common(1)
    page.get_by_role("button", name=re.compile("^Value|Value \\(")).first.click()
    page.get_by_role("option", name=name).first.click()
    plot = page.get_by_role("group", name=re.compile(rf"{re.escape(name)} in .* over time, {many} points"))
    expect(plot.get_by_role("link")).to_have_count(many)
    expect(page.get_by_role("table", name=f"All values: {name}").get_by_role("row")).to_have_count(many + 1)


def ask_about(page: Page, question: str) -> None:
    page.get_by_role("textbox", name=re.compile("question", re.IGNORECASE)).fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("button", name="Copy with sources")).to_be_visible(timeout=60_000)


def test_reports_before_a_visit_are_made_for_several_and_each_is_about_its_patient_alone(
    ward: Web, patients: list[Patient], tmp_path: Path
) -> None:
    cohort = patients[:5]
    page = ward.open("/reports", ward.token(CLINICIAN, "professional"))
    page.get_by_role("button", name="Template").click()
    page.get_by_role("option", name="Pre-visit summary").click()
    page.get_by_label("List of ids").fill("\n".join(one.id for one in cohort))
    page.get_by_role("checkbox", name="Word").uncheck()
    page.get_by_role("button", name="Make the reports").click()
    expect(page.get_by_text("5 of 5 made, 0 failed")).to_be_visible(timeout=60_000)
    with page.expect_download() as everything:
        page.get_by_role("button", name="Everything as ZIP").click()
    everything.value.save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(io.BytesIO((tmp_path / "all.zip").read_bytes())) as archive:
        names = archive.namelist()
        for number, one in enumerate(cohort, 1):
            assert archive.read(f"{number:04}-{one.id}.pdf")[:4] == b"%PDF"
            document = archive.read(f"{number:04}-{one.id}.fhir.json").decode()
            assert one.family in document
            assert [other.id for other in patients if other is not one and other.id in document] == []
    assert "contents.html" in names
