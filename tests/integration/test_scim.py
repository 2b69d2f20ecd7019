"""SCIM 2.0 as directories speak it: RFC 7644's own examples, and the habits of the large ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.bootstrap import Replacements, build
from app.settings import load_settings
from domain.callers import Caller, Role
from tests.clients import client_as
from tests.fakes.embedder import FakeEmbedder

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = load_settings(home=tmp_path_factory.mktemp("scim"), index="memory")
    with build(settings, Replacements(embedder=FakeEmbedder())) as consilium:
        directory = Caller(id="directory", tenant="elm", roles=frozenset({Role.ADMINISTRATOR}))
        with client_as(consilium, directory, raise_server_exceptions=False) as client:
            yield client


def made(client: TestClient, user_name: str, **more: Any) -> dict[str, Any]:
    response = client.post(
        "/scim/v2/Users",
        json={"schemas": [USER], "userName": user_name, **more},
        headers={"Content-Type": "application/scim+json"},
    )
    assert response.status_code == 201, response.text
    assert response.headers["content-type"] == "application/scim+json"
    body: dict[str, Any] = response.json()
    assert response.headers["location"] == body["meta"]["location"] == f"/scim/v2/Users/{body['id']}"
    return body


def team(client: TestClient, name: str, *users: str) -> dict[str, Any]:
    response = client.post("/scim/v2/Groups", json={"displayName": name, "members": [{"value": u} for u in users]})
    assert response.status_code == 201, response.text
    body: dict[str, Any] = response.json()
    return body


def patched(client: TestClient, path: str, *operations: dict[str, Any]) -> Any:
    return client.patch(f"/scim/v2/{path}", json={**PATCH, "Operations": list(operations)})


def inside(client: TestClient, team_id: str) -> set[str]:
    return {one["value"] for one in client.get(f"/scim/v2/Groups/{team_id}").json()["members"]}


def test_a_user_is_made_shown_described_anew_and_removed(client: TestClient) -> None:
    user = made(client, "bjensen@example.com", externalId="bjensen", name={"familyName": "Jensen"}, emails=[])
    assert (user["active"], user["externalId"], user["groups"]) == (True, "bjensen", [])
    path = f"/scim/v2/Users/{user['id']}"
    assert client.get(path).json() == user
    anew = client.put(path, json={"userName": "bjensen@example.com", "displayName": "Babs"}).json()
    assert (anew["displayName"], anew.get("externalId")) == ("Babs", None)
    assert client.delete(path).status_code == 204
    gone = client.get(path)
    assert (gone.status_code, gone.json()["status"]) == (404, "404")
    assert gone.json()["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert client.delete(path).status_code == 404


def test_a_name_that_is_taken_is_a_conflict_in_scims_own_words(client: TestClient) -> None:
    made(client, "taken")
    response = client.post("/scim/v2/Users", json={"userName": "TAKEN"})
    assert (response.status_code, response.json()["scimType"]) == (409, "uniqueness")


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "replace", "path": "active", "value": False},
        {"op": "Replace", "path": "active", "value": "False"},
        {"op": "replace", "value": {"active": False}},
        {"op": "add", "path": f"{USER}:active", "value": False},
        {"op": "REPLACE", "path": "ACTIVE", "value": False},
    ],
)
def test_a_user_is_deactivated_in_every_way_that_directories_have(
    client: TestClient, operation: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    user = made(client, request.node.name)
    response = patched(client, f"Users/{user['id']}", operation)
    assert (response.status_code, response.json()["active"]) == (200, False)


def test_a_body_that_does_not_say_how_large_it_is_is_refused_in_scims_own_words(client: TestClient) -> None:
    reply = client.post("/scim/v2/Users", content=iter([b"{}"]))
    assert (reply.status_code, reply.headers["content-type"]) == (413, "application/scim+json")
    assert reply.json()["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]


def test_attributes_that_are_not_kept_are_passed_over(client: TestClient) -> None:
    user = made(client, "passed-over")
    response = patched(
        client,
        f"Users/{user['id']}",
        {"op": "replace", "path": "name.givenName", "value": "Ann"},
        {"op": "replace", "path": 'emails[type eq "work"].value', "value": "a@example.com"},
        {"op": "replace", "path": "displayName", "value": "Ann"},
        {"op": "remove", "path": "externalId"},
    )
    assert (response.status_code, response.json()["displayName"]) == (200, "Ann")


def test_members_are_added_replaced_and_removed(client: TestClient) -> None:
    one, two, three = (made(client, f"member-{n}")["id"] for n in range(3))
    group = team(client, "Cardiology", one)["id"]
    assert (
        patched(client, f"Groups/{group}", {"op": "Add", "path": "members", "value": [{"value": two}]}).status_code
        == 200
    )
    assert inside(client, group) == {one, two}
    assert [g["display"] for g in client.get(f"/scim/v2/Users/{two}").json()["groups"]] == ["Cardiology"]
    patched(client, f"Groups/{group}", {"op": "remove", "path": f'members[value eq "{one}"]'})
    assert inside(client, group) == {two}
    patched(
        client, f"Groups/{group}", {"op": "replace", "path": "members", "value": [{"value": one}, {"value": three}]}
    )
    assert inside(client, group) == {one, three}
    patched(client, f"Groups/{group}", {"op": "remove", "path": "members", "value": [{"value": three}]})
    assert inside(client, group) == {one}
    patched(client, f"Groups/{group}", {"op": "add", "value": {"members": [{"value": two}]}})
    assert inside(client, group) == {one, two}
    patched(client, f"Groups/{group}", {"op": "replace", "value": {"id": group, "displayName": "Heart"}})
    assert client.get(f"/scim/v2/Groups/{group}").json()["displayName"] == "Heart"
    assert inside(client, group) == {one, two}
    patched(client, f"Groups/{group}", {"op": "remove", "path": "members"})
    assert inside(client, group) == set()
    client.put(f"/scim/v2/Groups/{group}", json={"displayName": "Heart", "members": [{"value": one}]})
    assert inside(client, group) == {one}
    client.delete(f"/scim/v2/Users/{one}")
    assert inside(client, group) == set()
    assert client.delete(f"/scim/v2/Groups/{group}").status_code == 204
    assert client.get(f"/scim/v2/Groups/{group}").status_code == 404


def test_a_patch_with_one_wrong_operation_changes_nothing(client: TestClient) -> None:
    user = made(client, "all-or-nothing")
    response = patched(
        client,
        f"Users/{user['id']}",
        {"op": "replace", "path": "displayName", "value": "Changed"},
        {"op": "replace", "path": "active", "value": "perhaps"},
    )
    assert (response.status_code, response.json()["scimType"]) == (400, "invalidValue")
    assert "displayName" not in client.get(f"/scim/v2/Users/{user['id']}").json()


def test_lists_are_filtered_by_name_in_any_case_and_paged(client: TestClient) -> None:
    made(client, "Filtered@Example.com", externalId="f-1")
    for where in ('userName eq "filtered@example.COM"', 'username EQ "Filtered@Example.com"', 'externalId eq "f-1"'):
        body = client.get("/scim/v2/Users", params={"filter": where}).json()
        assert (body["totalResults"], body["Resources"][0]["userName"]) == (1, "Filtered@Example.com")
    assert client.get("/scim/v2/Users", params={"filter": 'userName eq "nobody"'}).json()["totalResults"] == 0
    every = client.get("/scim/v2/Users").json()["totalResults"]
    page = client.get("/scim/v2/Users", params={"startIndex": 2, "count": 1}).json()
    assert (page["totalResults"], page["itemsPerPage"], page["startIndex"]) == (every, 1, 2)
    assert client.get("/scim/v2/Users", params={"count": 0}).json()["Resources"] == []
    team(client, "Filtered team")
    found = client.get(
        "/scim/v2/Groups", params={"filter": 'displayName eq "filtered TEAM"', "excludedAttributes": "members"}
    ).json()
    assert found["totalResults"] == 1
    assert "members" not in found["Resources"][0]


@pytest.mark.parametrize("where", ['userName sw "a"', "userName eq a", 'password eq "x"', 'userName eq "\\x"'])
def test_a_filter_that_is_not_known_is_an_error(client: TestClient, where: str) -> None:
    assert client.get("/scim/v2/Users", params={"filter": where}).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"userName": ""},
        {"userName": 7},
        {"userName": "x" * 201},
        {"userName": "a", "active": 1},
        {"userName": "a\u0000b"},
    ],
)
def test_a_user_without_a_proper_name_is_an_error(client: TestClient, body: dict[str, Any]) -> None:
    assert client.post("/scim/v2/Users", json=body).status_code == 400


@pytest.mark.parametrize(
    "operations",
    [
        [],
        "x",
        [1],
        [{"op": "move", "path": "displayName"}],
        [{"op": "remove"}],
        [{"op": "remove", "path": "displayName"}],
        [{"op": "add", "path": "members", "value": [{"value": "u_none"}]}],
        [{"op": "add", "path": "members", "value": ["u"]}],
        [{"op": "add", "path": 'members[type eq "User"]', "value": []}],
        [{"op": "add", "value": "x"}],
    ],
)
def test_a_patch_of_a_team_that_is_not_valid_is_an_error(client: TestClient, operations: Any) -> None:
    group = team(client, f"Team {operations!r}"[:100])["id"]
    response = client.patch(f"/scim/v2/Groups/{group}", json={**PATCH, "Operations": operations})
    assert response.status_code == 400
    assert response.json()["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]


def test_what_scim_can_do_is_told(client: TestClient) -> None:
    body = client.get("/scim/v2/ServiceProviderConfig").json()
    assert (body["patch"]["supported"], body["bulk"]["supported"], body["filter"]["supported"]) == (True, False, True)


def test_a_directory_of_another_tenant_sees_nothing_of_this_one(client: TestClient) -> None:
    user = made(client, "ours-alone")
    application: Any = client.app
    identity = application.state.authenticator
    before = identity.known
    oak = Caller(id="directory", tenant="oak", roles=frozenset({Role.ADMINISTRATOR}))
    identity.known = oak
    try:
        assert client.get(f"/scim/v2/Users/{user['id']}").status_code == 404
        assert client.get("/scim/v2/Users").json()["totalResults"] == 0
        response = client.post("/scim/v2/Groups", json={"displayName": "x", "members": [{"value": user["id"]}]})
        assert response.status_code == 400
    finally:
        identity.known = before


def test_a_caller_who_may_not_is_told_in_scims_own_words(client: TestClient) -> None:
    application: Any = client.app
    identity = application.state.authenticator
    before = identity.known
    identity.known = Caller(id="u", tenant="elm", roles=frozenset({Role.SYSTEM}))
    try:
        response = client.get("/scim/v2/Users")
    finally:
        identity.known = before
    assert (response.status_code, response.json()["status"]) == (403, "403")
