"""A store of an earlier version opens, and keeps everything that was in it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.store.catalogue import SqlCatalogue
from app.store.database import Database
from app.store.ledger import SqlLedger
from app.store.schema import HEAD
from app.store.tables import METADATA
from domain.errors import ServiceError

SCHEMA_1 = Path(__file__).with_name("schema_1.sql")
ROWS = """
    INSERT INTO documents VALUES ('d_1', 'default', 'law', 'path:a', 'Act',
      '{"tenant": "default", "collection": "law", "subjects": [], "walls": [], "sensitivity": "normal",
        "jurisdiction": null}');
    INSERT INTO versions VALUES ('v_1', 'd_1', 'aa', 'a', 't', 'Act', 'Ten days.', NULL, '2024-01-01', 'indexed');
    INSERT INTO versions VALUES ('v_0', 'd_1', 'bb', 'a', 't', 'Act', 'Two days.', NULL, NULL, 'retired');
    INSERT INTO documents VALUES ('d_2', 'default', 'charts', 'path:b', 'Export',
      '{"tenant": "default", "collection": "charts", "subjects": ["anna", "bert"], "walls": [], "sensitivity": "normal",
        "jurisdiction": null}');
    INSERT INTO versions VALUES ('v_2', 'd_2', 'cc', 'b', 't', 'Export', 'Two charts.', NULL, NULL, 'indexed');
    INSERT INTO sections VALUES ('v_1', 0, NULL, 'document', '[]', 0, 9, '{}', '[]', NULL);
    INSERT INTO passages VALUES ('p_1', 'v_1', 0, 9, 'Ten days.', '[]', '{}',
      '{"tenant": "default", "collection": "law", "subjects": [], "walls": [], "sensitivity": "normal",
        "jurisdiction": null}', 0, 9, '', NULL);
    INSERT INTO identities VALUES ('v_1', 'default', 'anna', 'name', 'Anna Lind');
    INSERT INTO aliases VALUES ('v_2', 'default', 'anna', 'bert');
    INSERT INTO aliases VALUES ('v_2', 'default', 'bert', 'anna');
    INSERT INTO aliases VALUES ('v_1', 'default', 'mrn-1', 'carl');
    INSERT INTO files VALUES ('default', 'law', 'a', 'aa', 'f', NULL, '["d_1"]', 1);
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "catalogue.db"
    with closing(sqlite3.connect(made)) as connection:
        connection.executescript(SCHEMA_1.read_text(encoding="utf-8") + ROWS + "PRAGMA user_version = 1;")
    return made


def test_a_database_of_schema_1_opens_with_all_its_rows_and_takes_the_new_state(path: Path) -> None:
    for _ in range(2):
        with closing(Database(path)) as database:
            catalogue = SqlCatalogue(database)
            assert {v.id: v.state for v in catalogue.versions("d_1")} == {"v_0": "retired", "v_1": "indexed"}
            assert catalogue.passages(["p_1"])["p_1"].in_force.effective_to == date(2024, 1, 1)
            assert catalogue.section_at("v_1", 0, 9) is not None
            assert [known.value for known in catalogue.identities("default", ["anna"])] == ["Anna Lind"]
            entry = SqlLedger(database).entry("default", "law", "a")
            assert entry is not None
            assert entry.document_ids == ("d_1",)
            assert database.rows("SELECT version_num AS head FROM alembic_version")[0]["head"] == HEAD
            assert database.rows("SELECT id FROM versions ORDER BY added")[0]["id"] == "v_1"
            assert catalogue.subjects_alike("default", "anna") == ("anna",)
            assert catalogue.subjects_alike("default", "mrn-1") == ("carl", "mrn-1")
            assert database.rows("PRAGMA foreign_key_check") == []
    with closing(Database(path)) as database:
        catalogue = SqlCatalogue(database)
        catalogue.set_state("v_1", "words")
        assert catalogue.waiting() == {"v_1": "d_1"}
        catalogue.remove_version("v_1")
        assert database.rows("SELECT * FROM passages") == database.rows("SELECT * FROM sections") == []


def test_the_revisions_lead_to_the_tables_of_the_product(database: Database) -> None:
    with database.write() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def shape(database: Database) -> dict[str, object]:
    """Return columns, references and indexes as SQLite sees them; a primary key is never null, whatever it says."""
    found: dict[str, object] = {}
    for table in METADATA.tables:
        columns = database.rows(f"PRAGMA table_info({table})")
        references = database.rows(f"PRAGMA foreign_key_list({table})")
        indexes = [row["name"] for row in database.rows(f"PRAGMA index_list({table})") if row["origin"] == "c"]
        found[table] = (
            [(row["name"], row["type"], bool(row["notnull"] or row["pk"]), row["pk"]) for row in columns],
            [(row["from"], row["table"], row["to"], row["on_delete"]) for row in references],
            {name: [row["name"] for row in database.rows(f"PRAGMA index_info({name})")] for name in sorted(indexes)},
        )
    return found


def test_a_database_that_was_brought_up_to_date_has_the_schema_of_a_new_one(path: Path, tmp_path: Path) -> None:
    with closing(Database(path)) as old, closing(Database(tmp_path / "new.db")) as new:
        assert shape(old) == shape(new)
        assert "CASCADE" in str(shape(old)["passages"])


def test_a_migration_that_fails_leaves_the_database_as_it_was(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE INDEX versions_without_vectors ON versions (path)")
        connection.execute("CREATE TABLE versions_anew (id TEXT)")
    with pytest.raises(ServiceError) as caught:
        Database(path)
    assert caught.value.code == "service.storage_unavailable"
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM versions").fetchone() == (3,)
        assert connection.execute("SELECT count(*) FROM passages").fetchone() == (1,)


def test_a_store_of_a_later_revision_is_refused(tmp_path: Path) -> None:
    with closing(Database(tmp_path / "new.db")) as database, database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(ServiceError) as caught:
        Database(tmp_path / "new.db")
    assert caught.value.detail == "schema 9999 is newer than this product"


def test_the_head_that_a_store_is_compared_with_is_the_last_revision() -> None:
    config = Config()
    config.set_main_option("script_location", "app.store:migrations")
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_a_database_of_a_newer_product_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(ServiceError) as caught:
        Database(path)
    assert caught.value.detail == "schema 99 is newer than this product"
