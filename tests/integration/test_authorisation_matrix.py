"""Every route × seven kinds of caller × five relations to a subject, against the literal table beside this file."""

from __future__ import annotations

import itertools
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient

from app.api.application import create_application
from app.bootstrap import Consilium, Replacements, build
from app.requests import IngestOptions
from app.settings import load_settings
from domain.access import BreakGlass, Membership, Relation
from domain.callers import Caller, Role
from tests.clients import Always
from tests.fakes.embedder import FakeEmbedder

ROLES: Final = ("reader", "professional", "steward", "auditor", "administrator", "system", "owner")
RELATIONS: Final = ("member", "team", "stranger", "walled", "break_glass")
TABLE: Final = tomllib.loads(Path(__file__).with_name("authorisation.toml").read_text(encoding="utf-8"))["call"]
CALLERS: Final = {
    role: Caller(id=f"the-{role}", tenant="elm", roles=frozenset({Role(role)}), teams=frozenset({"care"}))
    for role in ROLES
}
BEFORE, AFTER = "2020-01-01T00:00:00+00:00", "2100-01-01T00:00:00+00:00"
_NUMBERS: Final = itertools.count()


@dataclass(frozen=True)
class Case:
    """What a relation is towards: a subject with one document, whose text holds a word of its own."""

    subject: str
    document: str
    passage: str
    version: str
    canary: str


@dataclass(frozen=True)
class World:
    client: TestClient
    cases: dict[str, Case]
    identity: Always


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    settings = load_settings(home=tmp_path_factory.mktemp("matrix"), index="memory")
    with build(settings, Replacements(embedder=FakeEmbedder())) as consilium:
        cases = {relation: _case(consilium, relation) for relation in RELATIONS}
        _ingest(consilium, "guideline.txt", "The warfarin dose is checked by the INR.", {"collection": "guidelines"})
        for role, caller in CALLERS.items():
            _relate(consilium, cases, role, caller)
        _membership(consilium, "m_team", cases["team"].subject, Relation.MEMBER, "team", "care")
        identity = Always(CALLERS["owner"])
        application = create_application(replace(consilium, identity=identity))
        with TestClient(application, raise_server_exceptions=False) as client:
            yield World(client=client, cases=cases, identity=identity)


def _case(consilium: Consilium, relation: str) -> Case:
    subject, canary = f"subject-{relation.replace('_', '-')}", f"zebra{relation.replace('_', '')}"
    text = f"The patient takes warfarin, a dose of 5 mg, code {canary}."
    document = _ingest(consilium, f"{canary}.txt", text, {"collection": "charts", "subject": subject})
    (version,) = consilium.catalogue.versions(document)
    (passage,) = consilium.catalogue.neighbours(version.id, 0, len(text))
    return Case(subject=subject, document=document, passage=passage.id, version=version.id, canary=canary)


def _ingest(consilium: Consilium, name: str, text: str, labels: dict[str, str]) -> str:
    request = IngestOptions.model_validate({"tenant": "elm", **labels}).to_request()
    (outcome,) = consilium.ingestor.ingest_bytes(text.encode(), name, request)
    assert outcome.document_id, outcome
    return outcome.document_id


def _relate(consilium: Consilium, cases: dict[str, Case], role: str, caller: Caller) -> None:
    _membership(consilium, f"m_1{role}", cases["member"].subject, Relation.MEMBER, "caller", caller.id)
    _membership(consilium, f"m_2{role}", cases["walled"].subject, Relation.MEMBER, "caller", caller.id)
    _membership(consilium, f"m_3{role}", cases["walled"].subject, Relation.EXCLUDED, "caller", caller.id)
    for subject in (cases["walled"].subject, cases["break_glass"].subject):
        consilium.memberships.members.open(
            BreakGlass(
                id=f"g_{role}_{subject}",
                tenant="elm",
                caller=caller.id,
                subject=subject,
                reason="Emergency",
                purpose="treatment",
                opened_at=BEFORE,
                expires_at=AFTER,
            )
        )


def _membership(consilium: Consilium, name: str, subject: str, relation: Relation, kind: str, party: str) -> None:
    consilium.memberships.members.add(
        Membership(
            id=name, tenant="elm", kind="subject", target=subject, relation=relation, party_kind=kind, party=party
        )
    )


def _sent(world: World, call: dict[str, Any], role: str, relation: str) -> Any:
    case = world.cases[relation]
    words = {
        "subject": case.subject,
        "document": case.document,
        "passage": case.passage,
        "version": case.version,
        "n": str(next(_NUMBERS)),
    }

    def filled(text: str) -> str:
        for name, value in words.items():
            text = text.replace("{" + name + "}", value)
        return text

    world.identity.known = CALLERS[role]
    method, more = call["route"].split()[0], {}
    if "json" in call:
        more["json"] = json.loads(filled(call["json"]))
    if "upload" in call:
        more = {"files": {"file": ("note.txt", b"The clinic opens at nine.")}, "data": {"options": call["upload"]}}
    return world.client.request(method, filled(call["call"]), **more)


def _cells() -> Iterator[tuple[dict[str, Any], str, str]]:
    for call, relation, role in itertools.product(TABLE, RELATIONS, ROLES):
        if relation not in call.get("skip", []):
            yield call, relation, role


def test_every_route_of_the_api_is_in_the_table_and_no_other(world: World) -> None:
    paths = world.client.get("/openapi.json").json()["paths"]
    routes = {f"{method.upper()} {path}" for path, item in paths.items() for method in item}
    assert {call["route"] for call in TABLE} == routes


def test_every_row_says_who_is_allowed_in_every_relation() -> None:
    for call in TABLE:
        named = {"all"} if "all" in call else {*RELATIONS} - {*call.get("skip", [])}
        assert named <= call.keys(), call["route"]
        listed = set().union(*(call[name] for name in named))
        assert listed <= {*ROLES}, call["route"]


@pytest.mark.parametrize("number", range(len(TABLE)), ids=[f"{n}-{call['route']}" for n, call in enumerate(TABLE)])
def test_each_caller_in_each_relation_is_allowed_or_denied_as_the_table_says(world: World, number: int) -> None:
    wrong: list[tuple[object, ...]] = []
    for call, relation, role in _cells():
        if call is not TABLE[number]:
            continue
        allowed = role in call.get("all", call.get(relation, []))
        response = _sent(world, call, role, relation)
        expected = call.get("done", 200) if allowed else 403
        shown = world.cases[relation].canary in response.text
        if response.status_code != expected or shown != (allowed and call.get("shows", False)):
            wrong.append((relation, role, response.status_code, expected, f"shown={shown}"))
        others = [case.canary for name, case in world.cases.items() if name != relation]
        whole = allowed and call.get("everything", False)
        if not whole and any(canary in response.text for canary in others):
            wrong.append((relation, role, "shows another subject"))
        if not allowed and response.status_code == 403:
            assert "access.denied" in response.text
    assert wrong == []


def test_the_matrix_has_all_its_cells() -> None:
    assert len(ROLES) * len(RELATIONS) == 35
    assert len(list(_cells())) >= 35 * len({call["route"] for call in TABLE})
