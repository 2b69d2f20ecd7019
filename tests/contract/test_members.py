"""The contracts of members and of the directory: in memory, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.store.directory import SqlDirectory
from app.store.members import SqlMembers
from domain.access import BreakGlass, DirectoryUser, Membership, Relation, Team
from domain.callers import Caller
from domain.ports.members import Directory, Members
from tests.conftest import Empty
from tests.fakes.members import MemoryDirectory, MemoryMembers

NOON = "2026-11-28T12:00:00+00:00"
ONE = "2026-11-28T13:00:00+00:00"
TWO = "2026-11-28T14:00:00+00:00"
OKAFOR = Caller(id="okafor", tenant="elm", teams=frozenset({"cardiology"}))
MEMBER = Membership(
    id="m_1", tenant="elm", kind="subject", target="anna", relation=Relation.MEMBER, party_kind="caller",
    party="okafor", role="attending", added_at=NOON, added_by="local",
)  # fmt: skip
GLASS = BreakGlass(
    id="g_1", tenant="elm", caller="okafor", subject="bert", reason="Found unconscious", purpose="treatment",
    opened_at=NOON, expires_at=ONE,
)  # fmt: skip
USER = DirectoryUser(id="u_1", tenant="elm", name="Okafor@elm.example", external_id="okafor", created_at=NOON)
TEAM = Team(id="t_1", tenant="elm", name="Cardiology", users=("u_1",), created_at=NOON, changed_at=NOON)
Pair = tuple[Members, Directory]


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.xdist_group("postgres"))])
def pair(request: pytest.FixtureRequest, empty: Empty) -> Iterator[Pair]:
    if request.param == "memory":
        directory = MemoryDirectory()
        yield MemoryMembers(directory), directory
        return
    database = empty(request.param)
    yield SqlMembers(database), SqlDirectory(database)


def test_nobody_is_a_member_of_anything_at_first(pair: Pair) -> None:
    standing = pair[0].standing(OKAFOR, "elm", ["anna"], NOON)
    assert standing.active
    assert standing.teams == {"cardiology"}
    assert (standing.memberships, standing.opened, standing.walls) == ((), (), ())


def test_a_member_is_one_until_removed_and_only_of_what_was_asked_about(pair: Pair) -> None:
    members, _ = pair
    members.add(MEMBER)
    assert members.standing(OKAFOR, "elm", ["anna", "bert"], NOON).memberships == (MEMBER,)
    assert members.standing(OKAFOR, "elm", ["bert"], NOON).memberships == ()
    assert members.standing(OKAFOR, "oak", ["anna"], NOON).memberships == ()
    assert members.standing(Caller(id="meier", tenant="elm"), "elm", ["anna"], NOON).memberships == ()
    assert members.membership("elm", "m_1") == MEMBER
    assert members.membership("oak", "m_1") is None
    assert not members.remove("oak", "m_1")
    assert members.remove("elm", "m_1")
    assert not members.remove("elm", "m_1")
    assert members.standing(OKAFOR, "elm", ["anna"], NOON).memberships == ()


def test_a_team_is_a_member_for_those_in_it_and_a_caller_by_the_teams_name_is_not(pair: Pair) -> None:
    members, _ = pair
    ours = replace(MEMBER, party_kind="team", party="cardiology")
    members.add(ours)
    assert members.standing(OKAFOR, "elm", ["anna"], NOON).memberships == (ours,)
    named_alike = Caller(id="cardiology", tenant="elm")
    assert members.standing(named_alike, "elm", ["anna"], NOON).memberships == ()


@pytest.mark.parametrize(("moment", "holds"), [(NOON, False), (ONE, True), (TWO, False)])
def test_a_membership_holds_from_its_first_moment_until_before_its_last(pair: Pair, moment: str, holds: bool) -> None:  # noqa: FBT001 - a table
    members, _ = pair
    members.add(replace(MEMBER, since=ONE, until=TWO))
    assert bool(members.standing(OKAFOR, "elm", ["anna"], moment).memberships) is holds


def test_walls_and_grants_are_known_whatever_subjects_are_asked_about(pair: Pair) -> None:
    members, _ = pair
    members.add(replace(MEMBER, id="m_2", kind="wall", target="merger"))
    members.add(replace(MEMBER, id="m_3", kind="tenant", target="elm", role="collections"))
    standing = members.standing(OKAFOR, "elm", [], NOON)
    assert standing.walls == ("merger",)
    assert {one.role for one in standing.memberships if one.kind == "tenant"} == {"collections"}


def test_the_members_of_something_come_oldest_first_with_those_that_ended(pair: Pair) -> None:
    members, _ = pair
    ended = replace(MEMBER, id="m_0", until=NOON, added_at=ONE)
    members.add(ended)
    members.add(MEMBER)
    members.add(replace(MEMBER, id="m_9", target="bert"))
    assert members.of("elm", "subject", "anna") == [MEMBER, ended]
    assert members.of("elm", "wall", "anna") == members.of("oak", "subject", "anna") == []


def test_a_broken_glass_is_open_for_one_caller_one_subject_and_one_time(pair: Pair) -> None:
    members, _ = pair
    members.open(GLASS)
    assert members.standing(OKAFOR, "elm", ["bert"], NOON).opened == (GLASS,)
    assert members.standing(OKAFOR, "elm", ["anna"], NOON).opened == ()
    assert members.standing(OKAFOR, "elm", ["bert"], ONE).opened == ()
    assert members.standing(Caller(id="meier", tenant="elm"), "elm", ["bert"], NOON).opened == ()


def test_a_verdict_is_given_once_and_what_has_none_comes_first(pair: Pair) -> None:
    members, _ = pair
    later = replace(GLASS, id="g_2", opened_at=ONE, expires_at=TWO)
    members.open(GLASS)
    members.open(later)
    assert members.glasses("elm") == [later, GLASS]
    reviewed = replace(later, verdict="justified", reviewer="audrey", reviewed_at=TWO)
    assert members.review(reviewed)
    assert not members.review(replace(reviewed, verdict="unjustified"))
    assert members.glasses("elm") == [GLASS, reviewed]
    assert members.glass("elm", "g_2") == reviewed
    assert members.glass("oak", "g_2") is None
    assert members.glasses("oak") == []


def test_a_directory_puts_callers_into_teams_by_external_id_or_by_name_in_any_case(pair: Pair) -> None:
    members, directory = pair
    assert directory.put_user(USER)
    assert directory.put_team(TEAM)
    assert members.standing(OKAFOR, "elm", [], NOON).teams == {"cardiology", "t_1"}
    assert members.standing(Caller(id="okafor@ELM.example", tenant="elm"), "elm", [], NOON).teams == {"t_1"}
    assert members.standing(Caller(id="okafor", tenant="oak"), "elm", [], NOON).teams == frozenset()
    assert directory.put_team(replace(TEAM, users=()))
    assert members.standing(OKAFOR, "elm", [], NOON).teams == {"cardiology"}


def test_whoever_is_deactivated_or_removed_is_not_active_until_they_come_back(pair: Pair) -> None:
    members, directory = pair
    directory.put_user(USER)
    directory.put_team(TEAM)
    assert directory.put_user(replace(USER, active=False))
    assert not members.standing(OKAFOR, "elm", [], NOON).active
    assert directory.put_user(USER)
    assert members.standing(OKAFOR, "elm", [], NOON).active
    assert directory.remove_user("elm", "u_1")
    standing = members.standing(OKAFOR, "elm", [], NOON)
    assert not standing.active
    assert standing.teams == {"cardiology"}
    assert directory.user("elm", "u_1") is None
    assert directory.users("elm") == []
    assert not directory.remove_user("elm", "u_1")
    assert directory.put_user(replace(USER, id="u_2", name="new.name@elm.example"))
    assert members.standing(OKAFOR, "elm", [], NOON).active


def test_a_name_is_taken_without_regard_to_case_and_only_in_its_tenant(pair: Pair) -> None:
    _, directory = pair
    assert directory.put_user(USER)
    assert not directory.put_user(replace(USER, id="u_2", name="OKAFOR@elm.example"))
    assert directory.put_user(replace(USER, id="u_3", tenant="oak"))
    assert directory.users("elm", "okafor@ELM.EXAMPLE") == [USER]
    assert directory.put_team(TEAM)
    assert not directory.put_team(replace(TEAM, id="t_2", name="CARDIOLOGY"))
    assert directory.teams("elm", "cardiology") == [TEAM]


def test_a_team_is_of_users_who_are_there(pair: Pair) -> None:
    _, directory = pair
    directory.put_user(replace(USER, id="u_3", tenant="oak"))
    assert not directory.put_team(TEAM)
    assert not directory.put_team(replace(TEAM, users=("u_3",)))
    assert directory.teams("elm") == []
    assert directory.put_team(replace(TEAM, users=()))
    assert not directory.remove_team("oak", "t_1")
    assert directory.remove_team("elm", "t_1")
    assert not directory.remove_team("elm", "t_1")


def test_the_date_of_a_users_beginning_stays(pair: Pair) -> None:
    _, directory = pair
    directory.put_user(USER)
    directory.put_user(replace(USER, display_name="Dr. Okafor", changed_at=ONE))
    assert directory.user("elm", "u_1") == replace(USER, display_name="Dr. Okafor", changed_at=ONE)
