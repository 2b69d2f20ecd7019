"""The shipped Cedar policies, and what becomes of those that are broken."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from domain.access import Inquiry
from domain.callers import Caller, Resource, Role
from domain.errors import CODES, PolicyUnavailableError
from domain.webhooks import KINDS
from policies.access.cedar_decider import CedarDecider
from tests.data import ROOT

ELM = Resource(kind="tenant", id="elm", tenant="elm")
ANNA = Resource(kind="subject", id="anna", tenant="elm")
MINE = Resource(kind="conversation", id="c", tenant="elm", owner="u")
ME = ("caller", "u")
OURS = ("team", "care")


def caller(role: str, tenant: str = "elm") -> Caller:
    return Caller(id="u", tenant=tenant, roles=frozenset({Role(role)}), teams=frozenset({"care"}))


def asked(role: str, action: str, resource: Resource, **facts: object) -> Inquiry:
    inquiry = Inquiry(caller=caller(role), action=action, resource=resource, purpose="treatment")
    return replace(inquiry, **facts)  # type: ignore[arg-type]  # a table of facts


@pytest.fixture(scope="module")
def cedar() -> CedarDecider:
    return CedarDecider(lambda: 0.0)


@pytest.mark.parametrize(
    ("role", "action", "resource", "facts", "policies"),
    [
        ("professional", "passage.read", ANNA, {"members": frozenset({ME})}, ("subjects.member",)),
        ("professional", "passage.read", ANNA, {"members": frozenset({OURS})}, ("subjects.member",)),
        ("system", "passage.read", ANNA, {"members": frozenset({ME})}, ("subjects.system_member",)),
        ("system", "passage.read", ELM, {"grants": frozenset({"collections"})}, ("roles.system_granted",)),
        ("system", "scim.write", ELM, {"grants": frozenset({"directory"})}, ("directory.system_granted",)),
        ("professional", "passage.read", ANNA, {"opened": True}, ("break_glass.opened",)),
        ("professional", "breakglass.open", ANNA, {}, ("break_glass.open",)),
        ("reader", "passage.read", ELM, {}, ("roles.reader",)),
        ("steward", "erasure.order", ANNA, {}, ("roles.steward",)),
        ("administrator", "key.create", ELM, {}, ("roles.administrator",)),
        ("auditor", "audit.search", ELM, {}, ("audit.auditor",)),
        ("reader", "conversation.read", MINE, {}, ("own.thing",)),
    ],
)  # fmt: skip
def test_what_is_allowed_says_by_which_policy(
    cedar: CedarDecider, role: str, action: str, resource: Resource, facts: dict[str, object], policies: tuple[str, ...]
) -> None:
    ruling = cedar.rule(asked(role, action, resource, **facts))
    assert (ruling.allowed, ruling.policies) == (True, policies)


@pytest.mark.parametrize(
    ("role", "action", "resource", "facts", "policies"),
    [
        ("administrator", "passage.read", ANNA, {"members": frozenset({ME})}, ()),
        ("administrator", "passage.read", ELM, {}, ()),
        ("auditor", "passage.read", ELM, {}, ()),
        ("steward", "passage.read", ANNA, {"members": frozenset({ME}), "opened": True}, ()),
        ("system", "passage.read", ANNA, {"members": frozenset({OURS})}, ()),
        ("system", "passage.read", ANNA, {"grants": frozenset({"collections"})}, ()),
        ("system", "passage.read", ELM, {"grants": frozenset({"directory"})}, ()),
        ("system", "scim.write", ELM, {"grants": frozenset({"collections"})}, ()),
        ("reader", "passage.read", ANNA, {"members": frozenset({ME})}, ()),
        ("reader", "breakglass.open", ANNA, {}, ()),
        ("professional", "passage.read", ANNA, {"members": frozenset({("caller", "v"), ("team", "other")})}, ()),
        ("professional", "passage.read", ANNA, {"members": frozenset({("caller", "care"), ("team", "u")})}, ()),
        ("professional", "passage.read", ANNA, {"opened": True, "purpose": "research"}, ()),
        ("professional", "breakglass.open", ANNA, {"purpose": "operations"}, ()),
        ("professional", "passage.read", ANNA, {"members": frozenset({ME}), "excluded": frozenset({OURS})},
         ("walls.excluded",)),
        ("professional", "passage.read", ANNA, {"opened": True, "excluded": frozenset({ME})}, ("walls.excluded",)),
        ("owner", "passage.read", ANNA, {"excluded": frozenset({ME})}, ("walls.excluded",)),
        ("professional", "breakglass.open", ANNA, {"excluded": frozenset({ME})}, ("walls.excluded_break_glass",)),
        ("steward", "member.remove", ANNA, {"excluded": frozenset({ME})}, ("walls.not_by_oneself",)),
        ("professional", "passage.read", ANNA, {"members": frozenset({ME}), "active": False},
         ("lifecycle.deactivated",)),
        ("owner", "passage.read", ELM, {"active": False}, ("lifecycle.deactivated",)),
        ("reader", "passage.read", replace(ELM, id="oak", tenant="oak"), {}, ("lifecycle.other_tenant",)),
        ("auditor", "breakglass.review", Resource(kind="break-glass", id="g", tenant="elm", owner="u"), {},
         ("break_glass.four_eyes",)),
        ("reader", "conversation.read", Resource(kind="conversation", id="c", tenant="elm", owner="v"), {}, ()),
        ("steward", "audit.resume", ELM, {}, ()),
    ],
)  # fmt: skip
def test_what_is_refused_says_why_and_names_the_policy_that_forbids(
    cedar: CedarDecider, role: str, action: str, resource: Resource, facts: dict[str, object], policies: tuple[str, ...]
) -> None:
    ruling = cedar.rule(asked(role, action, resource, **facts))
    assert (ruling.allowed, ruling.policies) == (False, policies)
    assert ruling.reason


def test_whoever_is_no_member_is_told_what_would_help(cedar: CedarDecider) -> None:
    assert cedar.rule(asked("professional", "passage.read", ANNA)).reason == (
        "you are no member of this patient or matter; ask a steward to add you, or break the glass in an emergency"
    )


@pytest.mark.parametrize("name", ['a"na', "a\nna", 'x") || true || ("', 'Subject::"b"', "\\", "ä\u0000"])
def test_a_hostile_id_is_an_id_and_no_policy(cedar: CedarDecider, name: str) -> None:
    subject = Resource(kind="subject", id=name, tenant="elm")
    assert not cedar.rule(asked("professional", "passage.read", subject)).allowed
    assert cedar.rule(asked("professional", "passage.read", subject, members=frozenset({ME}))).allowed


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("permit (", "further/ours.cedar does not parse"),
        ('@id("x") permit (principal, action, resource) when { principal.shoe_size > 4 };', "does not fit the schema"),
        ('@id("x") permit (principal, action == Action::"no.such", resource);', "does not fit the schema"),
        ("permit (principal, action, resource);", "a policy without an @id of its own"),
        ('@id("roles.owner") permit (principal, action, resource);', "a policy without an @id of its own"),
    ],
)
def test_policies_that_do_not_fit_stop_the_product(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / "ours.cedar").write_text(text, encoding="utf-8")
    with pytest.raises(PolicyUnavailableError) as caught:
        CedarDecider(lambda: 0.0, tmp_path)
    assert caught.value.code == "policy.access_unavailable"
    assert fault in caught.value.detail


def test_a_folder_of_policies_that_is_not_there_stops_the_product(tmp_path: Path) -> None:
    with pytest.raises(PolicyUnavailableError):
        CedarDecider(lambda: 0.0, tmp_path / "none")


def test_further_policies_count_beside_those_that_are_shipped(tmp_path: Path) -> None:
    text = '@id("ours.no_research") @reason("no research here") '
    text += 'forbid (principal, action == Action::"passage.read", resource)'
    text += ' when { context.purpose == "research" };'
    (tmp_path / "ours.cedar").write_text(text, encoding="utf-8")
    cedar = CedarDecider(lambda: 0.0, tmp_path)
    ruling = cedar.rule(asked("owner", "passage.read", ELM, purpose="research"))
    assert (ruling.allowed, ruling.policies, ruling.reason) == (False, ("ours.no_research",), "no research here")
    assert cedar.rule(asked("owner", "passage.read", ELM)).allowed


def test_a_policy_that_fails_while_it_is_evaluated_denies_the_owner_too(tmp_path: Path) -> None:
    text = '@id("ours.overflow") permit (principal, action, resource) when { 9223372036854775807 + 1 > 0 };'
    (tmp_path / "ours.cedar").write_text(text, encoding="utf-8")
    ruling = CedarDecider(lambda: 0.0, tmp_path).rule(asked("owner", "passage.read", ELM))
    assert not ruling.allowed
    assert ruling.reason == "a policy could not be evaluated, so nothing is allowed"


def test_a_ruling_is_kept_for_a_second_at_most_and_never_across_a_changed_membership() -> None:
    now = [10.0]
    cedar = CedarDecider(lambda: now[0])
    inside = asked("professional", "passage.read", ANNA, members=frozenset({ME}))
    assert cedar.rule(inside).allowed
    cedar._policies = cedar._policies.__class__.from_str("")
    now[0] = 10.9
    assert cedar.rule(inside).allowed
    assert not cedar.rule(replace(inside, members=frozenset())).allowed
    now[0] = 11.0
    assert not cedar.rule(inside).allowed


def required() -> Iterator[str]:
    """Yield the actions that the code asks for, as they stand in calls of ``require`` and in constants beside them."""
    for path in sorted((ROOT / "app").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = (n for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute))
        if not any(call.func.attr in {"require", "_require"} for call in calls):  # type: ignore[attr-defined]  # see above
            continue
        texts = (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str))
        yield from (text for text in texts if re.fullmatch(r"[a-z]+\.[a-z_]+", text))


def test_every_action_that_the_code_asks_for_is_known_to_the_policies(cedar: CedarDecider) -> None:
    named = set(required()) - CODES.keys() - {*KINDS, "chat.completion"}
    assert {"document.ingest", "erasure.order", "member.add", "scim.write", "breakglass.open"} <= named
    assert named - cedar.actions == set()
