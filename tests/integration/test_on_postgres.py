"""The product with PostgreSQL as its database: ingested, asked, erased, audited."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from app.bootstrap import Replacements, build, open_catalogue
from app.cli.door import LocalDoor
from app.settings import load_settings
from app.store.opening import open_audit
from domain.audit import faults
from domain.erasure import Target
from domain.errors import RequestError
from domain.ports.embedder import Embedder
from tests.postgres import PostgresServer

pytestmark = pytest.mark.xdist_group("postgres")
QUESTION = {"question": "How long may the controller keep a record?"}


def test_the_main_job_works_and_another_process_finds_it_again(
    tmp_path: Path, encoder: Embedder, postgres: PostgresServer
) -> None:
    settings = load_settings(home=tmp_path / "home", database=SecretStr(postgres.new_database()))
    act = tmp_path / "act.md"
    act.write_text("# Act\n\n## Article 1\n\nThe controller may keep a record for ten years.\n", encoding="utf-8")
    with build(settings, Replacements(embedder=encoder)) as house:
        (outcome,) = LocalDoor(house).ingest([act], {"collection": "law"})
        assert outcome["status"] == "indexed"
        assert [one["status"] for one in LocalDoor(house).ingest([act], {"collection": "law"})] == ["unchanged"]
    assert not (tmp_path / "home" / "catalogue.db").exists()
    with build(settings, Replacements(embedder=encoder)) as house:
        answer = LocalDoor(house).ask(QUESTION)
        assert "ten years" in answer["claims"][0]["text"]
        with open_catalogue(settings) as catalogue:
            assert [document.title for document in catalogue.documents("default", ["law"])] == ["Act"]
        target = Target(tenant="default", kind="document", id=outcome["document_id"])
        assert len(house.erasures.erase(target).versions) == 1
        assert LocalDoor(house).ask(QUESTION)["status"] == "refused"
    with open_audit(settings) as trail:
        events = list(trail.events())
        assert [event.event for event in events] == [
            "question", "answer", "erasure_began", "erasure_done", "question", "answer"
        ]  # fmt: skip
        assert list(faults(events, trail.checkpoints(), trail.verified)) == []


@pytest.mark.parametrize("address", ["mysql://x/y", "nowhere", "postgresql://x/y"])
def test_an_address_of_another_kind_is_a_setting_that_is_not_valid(address: str) -> None:
    with pytest.raises(RequestError) as caught:
        load_settings(database=SecretStr(address))
    assert caught.value.code == "request.setting_invalid"
    assert address not in str(caught.value)
