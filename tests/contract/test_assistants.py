"""One suite for every store of assistants."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from app.store.assistants import SqlAssistants
from app.store.database import Database
from domain.assistants import Assistant, AssistantVersion, Design
from domain.ports.assistants import Assistants
from tests.conftest import Empty
from tests.fakes.assistants import MemoryAssistants

AT = "2026-01-02T03:04:05+00:00"
DESIGN = Design(
    title="Desk",
    description="For the desk.",
    roles=("professional",),
    teams=("Legal",),
    instructions="Be brief. «»",
    collections=("law",),
    pack="legal",
    unsupported="drop",
    redact="direct",
    purpose="legal_advice",
    as_of=date(2024, 5, 1),
    starters=("How long?", "Who?"),
)


@pytest.fixture(params=["sqlite", "memory", pytest.param("postgres", marks=pytest.mark.xdist_group("postgres"))])
def kept(request: pytest.FixtureRequest, empty: Empty) -> Iterator[Assistants]:
    if request.param == "memory":
        yield MemoryAssistants()
        return
    database = empty(request.param)
    yield SqlAssistants(database)


def assistant(key: str, name: str, tenant: str = "acme") -> Assistant:
    return Assistant(id=key, tenant=tenant, name=name, created_at=AT)


def version(key: str, number: int = 1, title: str = "Desk", restored: int = 0) -> AssistantVersion:
    return AssistantVersion(
        assistant_id=key,
        number=number,
        design=replace(DESIGN, title=title),
        created_at=AT,
        created_by="sam",
        restored=restored,
    )


def test_an_assistant_comes_back_as_it_was_kept(kept: Assistants) -> None:
    assert kept.add(assistant("as_1", "desk"), version("as_1"))
    assert kept.find("acme", "as_1") == kept.find("acme", "desk") == assistant("as_1", "desk")
    assert kept.version("as_1", 1) == version("as_1")
    assert kept.version("as_1", 2) is None
    assert kept.find("elm", "desk") is None
    assert kept.find("acme", "other") is None


def test_a_tenant_has_one_of_a_name(kept: Assistants) -> None:
    assert kept.add(assistant("as_1", "desk"), version("as_1"))
    assert not kept.add(assistant("as_2", "desk"), version("as_2"))
    assert kept.add(assistant("as_3", "desk", tenant="elm"), version("as_3"))
    assert kept.add(assistant("as_4", "a-desk"), version("as_4"))
    assert [one.name for one in kept.all("acme")] == ["a-desk", "desk"]


def test_versions_follow_one_another_and_none_is_written_twice(kept: Assistants) -> None:
    kept.add(assistant("as_1", "desk"), version("as_1"))
    assert not kept.append(version("as_1", 1, "Other"))
    assert not kept.append(version("as_1", 3, "Other"))
    assert kept.append(version("as_1", 2, "Second"))
    assert kept.append(version("as_1", 3, "Desk", restored=1))
    assert not kept.append(version("as_none", 2))
    assert [(one.number, one.design.title, one.restored) for one in kept.versions("as_1")] == [
        (3, "Desk", 1),
        (2, "Second", 0),
        (1, "Desk", 0),
    ]


def test_a_publication_changes_the_assistant_and_no_version(kept: Assistants) -> None:
    kept.add(assistant("as_1", "desk"), version("as_1"))
    changed = replace(
        assistant("as_1", "desk"), published=1, client=True, model=False, published_at=AT, published_by="sam"
    )
    kept.change(changed)
    assert kept.find("acme", "desk") == changed
    assert kept.versions("as_1") == [version("as_1")]


@pytest.mark.parametrize(
    "wrong", [{"title": " "}, {"roles": ("owner",)}, {"purpose": "fun"}, {"redact": "some"}, {"unsupported": "flag"}]
)
def test_a_design_that_would_mean_nothing_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="an assistant"):
        replace(DESIGN, **wrong)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("name", ["", "Desk", "a_b", "-a", "a-", "a/b", "a" * 61])
def test_a_name_that_would_not_do_in_a_model_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="a name has"):
        assistant("as_1", name)


def test_two_processes_that_make_one_name_make_one_assistant(database: Database) -> None:
    first, second = SqlAssistants(database), SqlAssistants(database)
    assert first.add(assistant("as_1", "desk"), version("as_1"))
    assert not second.add(assistant("as_2", "desk"), version("as_2"))
    assert second.version("as_2", 1) is None
