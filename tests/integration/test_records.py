"""A chart and a matter over the API hold what the caller may see now, all of it, and nothing else."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.api.application import create_application
from app.bootstrap import Consilium, Replacements, build
from app.requests import IngestOptions
from app.settings import load_settings
from domain.access import Membership, Relation
from domain.callers import OWNER, Caller, Role
from tests.clients import Always
from tests.data import shared_data
from tests.fakes.embedder import FakeEmbedder

# CONSILIUM_EVERY=1 reads all sixty records, in two minutes.
EVERY = int(os.environ.get("CONSILIUM_EVERY", "12"))


@dataclass(frozen=True, kw_only=True)
class World:
    """The product and a client of it; each test has a tenant of its own."""

    product: Consilium
    client: TestClient
    identity: Always
    tenant: str = ""

    @property
    def doctor(self) -> Caller:
        return Caller(id="dr-okafor", tenant=self.tenant, roles=frozenset({Role.PROFESSIONAL}), teams=frozenset())

    def ingest(self, name: str, content: str, **options: Any) -> tuple[str, str]:
        request = IngestOptions.model_validate({"tenant": self.tenant, **options}).to_request()
        (outcome,) = self.product.ingestor.ingest_bytes(content.encode(), name, request)
        assert outcome.document_id, outcome
        assert outcome.version_id, outcome
        return outcome.document_id, outcome.version_id

    def show(self, path: str, caller: Caller | None = None, **query: str) -> Any:
        self.identity.known = caller or OWNER
        return self.client.get(f"/v1/subjects/{path}", params={"tenant": self.tenant, **query})

    def relate(self, target: str, relation: Relation = Relation.MEMBER, kind: str = "subject") -> None:
        self.product.memberships.members.add(
            Membership(
                id=f"m_{self.tenant}_{target}_{relation}",
                tenant=self.tenant,
                kind=kind,
                target=target,
                relation=relation,
                party_kind="caller",
                party=self.doctor.id,
            )
        )


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    settings = load_settings(home=tmp_path_factory.mktemp("records"), index="memory", rate_per_minute=100_000)
    with build(settings, Replacements(embedder=FakeEmbedder())) as consilium:
        identity = Always(OWNER)
        application = create_application(replace(consilium, identity=identity))
        with TestClient(application, raise_server_exceptions=False) as client:
            yield World(product=consilium, client=client, identity=identity)


@pytest.fixture
def world(served: World, request: pytest.FixtureRequest) -> World:
    return replace(served, tenant=str(request.node.name)[:80])


def patient(key: str, canary: str, family: str = "Lind") -> list[dict[str, Any]]:
    """Return a small chart, of which every resource holds a word of its own."""
    about = {"reference": f"Patient/{key}"}
    lab = [{"coding": [{"code": "laboratory"}]}]
    code = {"coding": [{"system": "http://loinc.org", "code": "2823-3", "display": f"Potassium {canary}"}]}
    return [
        {"resourceType": "Patient", "id": key, "name": [{"family": family, "given": ["Anna"]}]},
        {
            "resourceType": "Condition",
            "id": f"{key}-c",
            "subject": about,
            "code": {"text": f"Asthma {canary}"},
            "onsetDateTime": "2019-05-01",
        },
        {
            "resourceType": "Observation",
            "id": f"{key}-o",
            "status": "final",
            "subject": about,
            "category": lab,
            "code": code,
            "effectiveDateTime": "2024-02-03",
            "valueQuantity": {"value": 4.6, "unit": "mmol/L"},
            "referenceRange": [{"low": {"value": 3.5}, "high": {"value": 5.1}}],
        },
        {
            "resourceType": "Observation",
            "id": f"{key}-x",
            "status": "final",
            "subject": about,
            "category": lab,
            "code": code,
            "effectiveDateTime": "2024-02-04",
            "valueQuantity": {"value": "hemolysed", "unit": "mmol/L"},
        },
    ]


def bundle(*resources: dict[str, Any]) -> str:
    return json.dumps({"resourceType": "Bundle", "entry": [{"resource": one} for one in resources]})


def test_every_item_leads_to_its_words_in_the_source(world: World) -> None:
    _, version_id = world.ingest("one.json", bundle(*patient("lind-1951", "zebra")))
    reply = world.show("lind-1951/chart")
    assert reply.status_code == 200
    chart = reply.json()
    (problem,) = chart["problems"]
    assert (problem["name"], problem["date"]) == ("Asthma zebra", "2019-05-01")
    whole = world.product.catalogue.version(version_id)
    assert whole is not None
    place = problem["place"]
    words = whole.text[place["start"] : place["end"]]
    assert words == "Condition: Asthma zebra, onset 2019-05-01."
    assert place["locator"] == {"page": None, "citation": None, "resource": "Condition/lind-1951-c", "element": None}
    (series,) = chart["series"]
    assert (series["unit"], series["low"], series["high"]) == ("mmol/L", 3.5, 5.1)
    assert [(one["date"], one["value"], one["number"], one["unread"]) for one in series["points"]] == [
        ("2024-02-03", "4.6", 4.6, []),
        ("2024-02-04", "hemolysed", None, ["not_a_number"]),
    ]
    assert chart["elsewhere"] == {"Patient": 1}


def test_two_patients_of_one_name_and_one_export_never_meet(world: World) -> None:
    world.ingest("shared.json", bundle(*patient("lind-1951", "zebra"), *patient("lind-1987", "quagga")))
    world.ingest("own.json", bundle(*patient("lindt-1951", "okapi", "Lindt")))
    for own, canary in (("lind-1951", "zebra"), ("lind-1987", "quagga"), ("lindt-1951", "okapi")):
        for view in ("chart", "matter"):
            text = world.show(f"{own}/{view}").text
            assert [word for word in ("zebra", "quagga", "okapi") if word in text] == [canary]
        chart = world.show(f"{own}/chart").json()
        assert [len(chart["problems"]), sum(len(one["points"]) for one in chart["series"])] == [1, 2]
        assert chart["elsewhere"] == {"Patient": 1}


def test_who_is_no_member_or_walled_off_sees_no_chart_and_no_matter(world: World) -> None:
    world.ingest("one.json", bundle(*patient("lind-1951", "zebra")))
    for view in ("lind-1951/chart", "lind-1951/matter", "nobody/chart"):
        reply = world.show(view, world.doctor)
        assert (reply.status_code, reply.json()["code"]) == (403, "access.denied")
    world.relate("lind-1951")
    assert "zebra" in world.show("lind-1951/chart", world.doctor).text
    world.relate("lind-1951", Relation.EXCLUDED)
    for view in ("chart", "matter"):
        reply = world.show(f"lind-1951/{view}", world.doctor)
        assert reply.status_code == 403
        assert "zebra" not in reply.text


def test_what_stands_behind_a_wall_is_in_no_view_of_those_outside(world: World) -> None:
    world.relate("lind-1951")
    world.ingest("one.json", bundle(*patient("lind-1951", "zebra")))
    world.ingest("two.json", bundle(*patient("lind-1951", "okapi")), walls=["psychiatry"])
    note = "Filed on 5 May 2025, code quagga."
    _, walled = world.ingest("note.txt", note, subject="lind-1951", walls=["psychiatry"])
    text = world.show("lind-1951/chart", world.doctor).text + world.show("lind-1951/matter", world.doctor).text
    assert "zebra" in text
    assert not any(word in text for word in ("okapi", "quagga", walled))
    query = {"left": walled, "right": walled}
    assert world.show("lind-1951/clauses", world.doctor, **query).status_code == 404
    world.relate("psychiatry", kind="wall")
    text = world.show("lind-1951/chart", world.doctor).text + world.show("lind-1951/matter", world.doctor).text
    assert all(word in text for word in ("zebra", "okapi", "quagga"))


def test_a_view_is_of_the_texts_in_force_on_its_day(world: World) -> None:
    for year, word in ((2023, "zebra"), (2025, "okapi")):
        options = {"document": "chart", "effective_from": f"{year}-01-01"}
        world.ingest(f"{year}.json", bundle(*patient("lind-1951", word)), **options)
    for day, word in (("2024-06-01", "zebra"), ("2025-06-01", "okapi"), ("2020-01-01", "")):
        text = world.show("lind-1951/chart", as_of=day).text
        assert [one for one in ("zebra", "okapi") if one in text] == [word] * bool(word)


def test_research_sees_values_without_dates_names_or_what_a_sentence_hides(world: World) -> None:
    world.ingest("one.json", bundle(*patient("lind-1951", "zebra")))
    world.ingest("note.txt", "Born 1951-05-04, Anna Lind was seen on 5 May 2025.", subject="lind-1951")
    reply = world.show("lind-1951/chart", purpose="research")
    assert "4.6" in reply.text
    matter = world.show("lind-1951/matter", purpose="research")
    for hidden in ("2024-02-03", "2019-05-01", "Anna", "Lind"):
        assert hidden not in reply.text.replace("as_of", "")
    for hidden in ("1951-05-04", "2025-05-05", "5 May", "Anna"):
        assert hidden not in matter.text
    assert {one["date"] for one in matter.json()["events"]} == {None}
    assert reply.json()["redactions"]["DATE"] >= 3


def test_the_same_record_in_two_exports_is_one_and_a_different_one_is_another(world: World) -> None:
    world.ingest("a.json", bundle(*patient("lind-1951", "zebra")))
    world.ingest("b.json", bundle(*patient("lind-1951", "zebra")) + "\n")
    assert len(world.show("lind-1951/chart").json()["problems"]) == 1
    world.ingest("c.json", bundle(*patient("lind-1951", "okapi")))
    names = [one["name"] for one in world.show("lind-1951/chart").json()["problems"]]
    assert sorted(names) == ["Asthma okapi", "Asthma zebra"]


def test_an_original_that_is_gone_is_said_and_not_a_server_error(world: World) -> None:
    _, version_id = world.ingest("one.json", bundle(*patient("lind-1951", "zebra")))
    (version,) = [one for one in world.product.catalogue.every_version() if one.id == version_id]
    world.product.charts.blobs.delete(version.digest)
    chart = world.show("lind-1951/chart").json()
    assert [(one["version_id"], one["reason"]) for one in chart["unread"]] == [(version_id, "original_missing")]
    assert chart["problems"] == []


CONTRACT = """# Supply Agreement

This Supply Agreement is made between Alder Instruments Ltd (“Supplier”) and Birch Clinic (“Customer”).
“Effective Date” means {day} 2025.

## 1. Delivery
The Supplier shall deliver within {days} days after the Effective Date.

## 2. Liability
Liability is limited to EUR 5,000.
"""


def test_a_matter_tells_its_parties_days_deadlines_and_clauses_with_their_words(world: World) -> None:
    options: dict[str, Any] = {"subject": "matter-alder", "document": "supply"}
    first = CONTRACT.format(day="1 March", days=30)
    second = CONTRACT.format(day="1 March", days=45)
    _, left = world.ingest("v1.md", first, **options, effective_from="2025-01-01")
    _, right = world.ingest("v2.md", second, **options, effective_from="2025-06-01")
    matter = world.show("matter-alder/matter", as_of="2025-07-01").json()
    (document,) = matter["documents"]
    assert (document["kind"], [one["id"] for one in document["versions"]]) == ("agreement", [left, right])
    assert [(one["name"], one["role"]) for one in matter["parties"]] == [
        ("Alder Instruments Ltd", "Supplier"),
        ("Birch Clinic", "Customer"),
    ]
    (deadline,) = matter["deadlines"]
    assert (deadline["due"], deadline["rule"]) == ("2025-04-15", "within 45 days after the Effective Date")
    assert deadline["base_quote"]["text"] == "1 March 2025"
    assert [one["date"] for one in matter["events"]] == ["2025-03-01"]
    quotes = [one["quote"] for kind in ("parties", "events", "deadlines") for one in matter[kind]]
    for quote in quotes:
        place = quote["place"]
        assert place["version_id"] == right
        assert second[place["start"] : place["end"]] == quote["text"]
    reply = world.show("matter-alder/clauses", left=left, right=right)
    assert [(one["state"], one["right"]["heading"]) for one in reply.json()["clauses"]] == [
        ("changed", "1. Delivery"),
        ("same", "2. Liability"),
    ]
    _, other = world.ingest("other.md", first, subject="matter-birch")
    assert world.show("matter-alder/clauses", left=left, right=other).status_code == 404


def test_a_synthea_record_is_a_chart_with_as_many_entries_as_it_has_resources(world: World) -> None:
    lists = {
        "problems": {"Condition"},
        "allergies": {"AllergyIntolerance"},
        "medications": {"MedicationRequest", "MedicationAdministration", "MedicationStatement"},
        "encounters": {"Encounter"},
        "immunizations": {"Immunization"},
        "procedures": {"Procedure"},
        "reports": {"DiagnosticReport"},
    }
    charts = 0
    for file in sorted(shared_data("records/fhir-synthea-r4").glob("*.json"))[::EVERY]:
        content = file.read_text(encoding="utf-8")
        resources = [entry["resource"] for entry in json.loads(content)["entry"]]
        counts = Counter(one["resourceType"] for one in resources)
        (outcome,) = world.product.ingestor.ingest_bytes(
            content.encode(), file.name, IngestOptions.model_validate({"tenant": world.tenant}).to_request()
        )
        document = world.product.catalogue.document(outcome.document_id or "")
        assert document is not None, outcome
        if not counts["Patient"]:
            continue
        (subject,) = document.labels.subjects
        reply = world.show(f"{subject}/chart")
        assert reply.status_code == 200
        chart = reply.json()
        found = {name: len(chart[name]) for name in lists}
        assert found == {name: sum(counts[kind] for kind in kinds) for name, kinds in lists.items()}
        observations = {point["place"]["locator"]["resource"] for one in chart["series"] for point in one["points"]}
        assert len(observations) == counts["Observation"]
        assert chart["unread"] == []
        charts += 1
    assert charts >= 59 // EVERY
