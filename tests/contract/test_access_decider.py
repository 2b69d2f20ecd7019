"""What every access decider keeps, whatever its policies are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.access import Inquiry
from domain.callers import OWNER, Caller, Resource, Role
from domain.ports.access_decider import AccessDecider
from policies.access.cedar_decider import CedarDecider
from tests.fakes.access_decider import OwnerOnly

ANNA = Resource(kind="subject", id="anna", tenant="elm")
INQUIRY = Inquiry(caller=OWNER, action="passage.read", resource=ANNA, purpose="treatment")


@pytest.fixture(params=["cedar", "fake"])
def decider(request: pytest.FixtureRequest) -> AccessDecider:
    return OwnerOnly() if request.param == "fake" else CedarDecider(lambda: 0.0)


def test_the_owner_may(decider: AccessDecider) -> None:
    ruling = decider.rule(INQUIRY)
    assert ruling.allowed
    assert ruling.policies == ("roles.owner",)


def test_an_action_that_is_not_known_is_refused_to_the_owner_too(decider: AccessDecider) -> None:
    assert "passage.reed" not in decider.actions
    ruling = decider.rule(replace(INQUIRY, action="passage.reed"))
    assert not ruling.allowed
    assert ruling.reason


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OWNER])
def test_a_role_alone_opens_no_subject(decider: AccessDecider, role: Role) -> None:
    ruling = decider.rule(replace(INQUIRY, caller=Caller(id="u", tenant="elm", roles=frozenset({role}))))
    assert not ruling.allowed
    assert ruling.policies == ()
    assert ruling.reason


def test_a_caller_without_roles_may_nothing(decider: AccessDecider) -> None:
    nobody = Caller(id="u", tenant="elm")
    tenant = Resource(kind="tenant", id="elm", tenant="elm")
    assert [a for a in decider.actions if decider.rule(Inquiry(caller=nobody, action=a, resource=tenant)).allowed] == []


def test_a_refusal_by_a_wall_or_the_directory_says_which_policy(decider: AccessDecider) -> None:
    walled = decider.rule(replace(INQUIRY, excluded=frozenset({("caller", "local")})))
    assert (walled.allowed, walled.policies) == (False, ("walls.excluded",))
    people = Caller(id="olga", tenant="elm", roles=frozenset({Role.OWNER}))
    gone = decider.rule(replace(INQUIRY, caller=people, active=False))
    assert (gone.allowed, gone.policies) == (False, ("lifecycle.deactivated",))
    assert decider.rule(replace(INQUIRY, active=False)).allowed


def test_equal_inquiries_are_ruled_alike(decider: AccessDecider) -> None:
    assert decider.rule(INQUIRY) == decider.rule(replace(INQUIRY))
