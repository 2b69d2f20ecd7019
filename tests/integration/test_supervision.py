"""What stewards, auditors and administrators see: classes, rates and settings, and no content."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.activity import ActivityService
from app.api.application import create_application
from app.auditing import verify_export
from app.bootstrap import Consilium, Replacements, build
from app.requests import IngestOptions
from app.settings import load_settings
from app.store.activities import SqlActivities, latency_class, milliseconds_of
from app.store.audit_log import SqlAuditLog
from app.store.database import Database
from app.store.signing import FolderSigner
from domain.activity import Choice
from domain.callers import Caller, Role
from domain.errors import RequestError
from evaluation.report import Case, Curve, Figure, Origin, Report, write_report
from tests.clients import Always
from tests.fakes.clock import SetClock
from tests.fakes.embedder import FakeEmbedder

WORD = "zebraquestion"
ASKED = f"What is the {WORD} warfarin dose?"


class House:
    """A product whose caller can be anybody."""

    def __init__(self, consilium: Consilium) -> None:
        self.consilium = consilium
        self._identity = Always(Caller(id="nobody"))
        self.client = TestClient(create_application(replace(consilium, identity=self._identity)))

    def of(self, name: str, *roles: str, tenant: str = "elm") -> TestClient:
        """Return the client as somebody."""
        self._identity.known = Caller(id=name, tenant=tenant, roles=frozenset(map(Role, roles)))
        return self.client


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    settings = load_settings(home=tmp_path / "home", index="memory", chat_api_key="sk-very-secret")
    with build(settings, Replacements(embedder=FakeEmbedder())) as consilium:
        request = IngestOptions.model_validate({"tenant": "elm", "collection": "guidelines"}).to_request()
        text = b"The warfarin dose is 5 mg a day and is checked by the INR."
        (outcome,) = consilium.ingestor.ingest_bytes(text, "guideline.txt", request)
        assert outcome.document_id
        yield House(consilium)


def test_activity_says_what_class_of_thing_was_asked_and_never_what(house: House) -> None:
    house.of("dr-okafor", "reader").post("/v1/answers", json={"question": ASKED})
    house.of("dr-okafor", "reader").post("/v1/search", json={"query": WORD})
    assert house.of("sam", "auditor").post("/v1/answers", json={"question": ASKED}).status_code == 403
    reply = house.of("ann", "auditor").get("/v1/activity")
    assert WORD not in reply.text
    denied, search, question = reply.json()["activity"]
    assert (question["operation"], question["actor"]) == ("question", "dr-okafor")
    assert question["status"] in {"answered", "refused"}
    assert question["milliseconds"] >= 0
    assert question["model"] == "extractive/1"
    assert (search["operation"], search["status"], search["milliseconds"]) == ("search", "done", None)
    assert (denied["operation"], denied["actor"], denied["code"]) == ("passage.read", "sam", "access.denied")


def test_a_steward_sees_no_names_of_who_asked(house: House) -> None:
    house.of("dr-okafor", "reader").post("/v1/search", json={"query": WORD})
    reply = house.of("sue", "steward").get("/v1/activity")
    assert [one["actor"] for one in reply.json()["activity"]] == [None]
    assert "dr-okafor" not in reply.text


def test_activity_of_another_tenant_is_not_seen(house: House) -> None:
    house.of("dr-okafor", "reader").post("/v1/search", json={"query": WORD})
    assert house.of("ann", "auditor", tenant="oak").get("/v1/activity").json()["activity"] == []
    assert house.of("ann", "auditor", tenant="oak").get("/v1/activity?tenant=elm").status_code == 403


def test_activity_is_filtered_and_paged(house: House) -> None:
    for _ in range(3):
        house.of("dr-okafor", "reader").post("/v1/search", json={"query": WORD, "purpose": "research"})
    house.of("dr-okafor", "reader").post("/v1/answers", json={"question": ASKED, "purpose": "treatment"})
    auditor = house.of("ann", "auditor")
    found, link = [], "/v1/activity?operation=search&limit=2"
    while link:
        page = auditor.get(link).json()
        found += [one["seq"] for one in page["activity"]]
        link = page["next"]
    assert len(found) == 3
    assert found == sorted(found, reverse=True)
    (one,) = auditor.get("/v1/activity?purpose=treatment").json()["activity"]
    assert one["operation"] == "question"
    assert auditor.get("/v1/activity?status=denied").json()["activity"] == []
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    assert auditor.get(f"/v1/activity?since={tomorrow}").json()["activity"] == []
    assert auditor.get("/v1/activity?status=nonsense").status_code == 422


def test_statistics_count_verdicts_refusals_and_times(house: House) -> None:
    for question in (ASKED, "Who won the regatta of 1905?"):
        house.of("dr-okafor", "reader").post("/v1/answers", json={"question": question})
    found = house.of("sue", "steward").get("/v1/statistics").json()
    today = datetime.now(UTC).date().isoformat()
    assert found["bucket"] == "day"
    assert len(found["buckets"]) == 30
    assert found["buckets"][-1]["start"] == today
    assert sum(found["buckets"][-1]["statuses"].values()) == 2
    assert found["whole"]["statuses"] == found["buckets"][-1]["statuses"]
    assert found["whole"]["latency"]["count"] == 2
    assert found["operations"] == {"question": 2}
    assert found["models"] == {"extractive/1": 2}
    assert (found["whole"]["tokens"], found["whole"]["cost"]) == (0, None)
    hours = house.of("sue", "steward").get(f"/v1/statistics?bucket=hour&since={today}").json()["buckets"]
    assert [hours[0]["start"], hours[-1]["start"]] == [f"{today}T00", f"{today}T23"]
    wide = house.of("sue", "steward").get("/v1/statistics?bucket=hour&since=2020-01-01&until=2021-01-01")
    assert (wide.status_code, wide.json()["code"]) == (422, "request.invalid")


def test_what_follows_the_trail_is_the_same_on_either_database(database: Database, tmp_path: Path) -> None:
    clock = SetClock(datetime(2026, 3, 1, 9, 30, tzinfo=UTC))
    log = SqlAuditLog(database, FolderSigner(tmp_path / "keys"), clock, head=tmp_path / "head.json")
    asked: dict[str, str | int | list[str]] = {
        "actor": "a",
        "tenant": "elm",
        "purpose": "treatment",
        "subjects": ["lind"],
        "collections": [],
    }
    for number, took in enumerate((100, 200, 4000)):
        log.append("question", asked | {"answer_id": f"a_{number}"})
        counts = {"supported": 2, "contradicted": 0, "unsupported": 1, "tokens": 1500}
        ended: dict[str, str | int | list[str]] = {
            "answer_id": f"a_{number}",
            "status": "answered",
            "refusal": "",
            "model": "chat/m",
        }
        log.append("answer", ended | counts | {"milliseconds": took})
    log.append("question", asked | {"answer_id": "a_hanging"})
    service = ActivityService(trail=log, activities=SqlActivities(database))
    chosen = Choice(tenant="elm", since=clock.now().date(), until=clock.now().date() + timedelta(days=1))
    found, behind = service.statistics(chosen, "day")
    assert not behind
    (bucket,) = found.buckets
    assert dict(bucket.statuses) == {"answered": 3, "open": 1}
    assert (bucket.supported, bucket.unsupported, bucket.tokens) == (6, 3, 4500)
    assert bucket.latency.p50 == pytest.approx(200, rel=0.05)
    assert bucket.latency.p99 == pytest.approx(4000, rel=0.05)
    operations, _ = service.page(chosen, before=0, limit=10)
    assert [one.subjects for one in operations] == [1, 1, 1, 1]
    assert "lind" not in str(operations)
    database.rows("SELECT 1")
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE activity_progress SET digest = 'of another trail'")
    assert service.follow() is False
    assert len(service.page(chosen, before=0, limit=10)[0]) == 4


def test_a_class_of_latency_is_within_a_twentieth() -> None:
    for took in (0, 1, 7, 99, 1234, 60_000, 3_600_000):
        assert abs(milliseconds_of(latency_class(took)) - took) <= max(1, took * 0.05)


def test_the_settings_show_where_each_value_comes_from_and_no_secret(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert house.of("rita", "reader").get("/v1/settings").status_code == 403
    monkeypatch.setenv("CONSILIUM_CHAT_API_KEY", "changed-after-the-start")
    reply = house.of("adam", "administrator").get("/v1/settings")
    assert "sk-very-secret" not in reply.text
    found = {one["name"]: one for one in reply.json()["settings"]}
    assert (found["chat_api_key"]["value"], found["chat_api_key"]["source"]) == ("********", "argument")
    assert (found["pack"]["value"], found["pack"]["source"]) == ("general", "default")
    assert found["pack"]["meaning"].startswith("Domain pack")
    assert {one["part"]: one["ready"] for one in reply.json()["parts"]} == {
        "detector": True, "database": True, "audit": True, "index": True
    }  # fmt: skip


def events_in(text: str) -> list[tuple[str, dict[str, object]]]:
    found = []
    for block in text.strip().split("\n\n"):
        name, data = block.split("\n", 1)
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def test_a_verification_tells_its_progress_and_then_what_it_found(house: House) -> None:
    house.of("dr-okafor", "reader").post("/v1/search", json={"query": WORD})
    events = events_in(house.of("ann", "auditor").post("/v1/audit/verifications").text)
    assert events[0][0] == "progress"
    name, finding = events[-1]
    assert (name, finding["whole"], finding["faults"]) == ("finding", True, [])
    with house.consilium.database.write() as connection:
        connection.exec_driver_sql("""UPDATE audit_events SET facts = '{"actor": "somebody else"}' WHERE seq = 1""")
    _, finding = events_in(house.of("ann", "auditor").post("/v1/audit/verifications").text)[-1]
    assert (finding["whole"], finding["faults"]) == (False, [{"code": "audit.altered", "seq": 1}])


def test_an_extract_can_be_verified_and_holds_nothing_of_other_tenants(house: House, tmp_path: Path) -> None:
    house.of("dr-okafor", "reader").post("/v1/search", json={"query": WORD})
    reply = house.of("ann", "auditor").get("/v1/audit/export")
    assert reply.headers["content-disposition"].startswith("attachment")
    file = tmp_path / "extract.jsonl"
    file.write_text(reply.text, encoding="utf-8")
    assert verify_export(file, None, house.consilium.trail).faults == ()
    assert house.of("ann", "auditor").get("/v1/audit/export?since=2100-01-01").status_code == 404
    assert house.of("zoe", "auditor", tenant="oak").get("/v1/audit/export").json()["code"] == "access.denied"
    assert house.of("local", "owner", tenant="oak").get("/v1/audit/export").status_code == 200


def report(started: str, score: float) -> Report:
    origin = Origin(
        dataset="rules", dataset_digest="ab", product="0.1.0", configuration={"pack": "general"},
        models={"encoder": "fake"}, machine={"cores": "2"}, seed=0, started=started,
    )  # fmt: skip
    cases = tuple(Case(id=f"{WORD}{n}", scores={"hit@5": score}) for n in range(12))
    figures = (
        Figure(name="hit@5", value=score, count=12, low=score - 0.1, high=score + 0.1),
        Figure(name="nothing", value=float("nan"), count=0),
    )
    curve = Curve(name="recall", x_label="k", y_label="recall", points=((1, 0.5), (5, 0.9)))
    return Report(
        suite="retrieval", origin=origin, seconds=2.5, main=("hit@5",), figures=figures, cases=cases, curves=(curve,)
    )


def test_reports_of_evaluations_are_listed_shown_and_compared_without_their_cases(house: House) -> None:
    reports = house.consilium.evaluations
    first = reports.keep(report("2026-03-01T09:30:00+00:00", 0.5))
    second = reports.keep(report("2026-03-02T09:30:00+00:00", 0.75))
    (reports.folder / "broken.json").write_text("{", encoding="utf-8")
    write_report(report("2026-03-03T09:30:00+00:00", 0.75), reports.folder.parent / "outside.json")
    steward = house.of("sue", "steward")
    listed = steward.get("/v1/evaluations").json()
    assert [one["id"] for one in listed["evaluations"]] == [second, first]
    assert listed["unreadable"] == ["broken"]
    shown = steward.get(f"/v1/evaluations/{second}")
    assert WORD not in shown.text
    assert shown.json()["figures"][0]["high"] == 0.85
    assert shown.json()["figures"][1]["value"] is None
    assert shown.json()["curves"][0]["points"] == [[1.0, 0.5], [5.0, 0.9]]
    (difference,) = steward.get(f"/v1/evaluations/{second}/comparison?against={first}").json()["differences"]
    assert (difference["difference"], difference["verdict"]) == (0.25, "better")
    for wrong in ("..%2Foutside", "..", "nothing"):
        assert steward.get(f"/v1/evaluations/{wrong}").status_code == 404
    with pytest.raises(RequestError):
        reports.report("../outside")
