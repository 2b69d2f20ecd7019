"""Lists of documents on both databases."""

from __future__ import annotations

from datetime import date

import pytest

from app.store.catalogue import SqlCatalogue
from app.store.database import Database
from app.store.listings import SqlListings
from domain.documents import Document, Interval, Labels, Version
from domain.listings import Order, Wanted
from ingestion.outline import Outline
from tests.fakes.clock import SetClock

LABELS = (
    Labels(tenant="elm", collection="law"),
    Labels(tenant="elm", collection="charts", subjects=("anna",)),
    Labels(tenant="elm", collection="charts", subjects=("anna", "bert")),
    Labels(tenant="elm", collection="charts", subjects=("bert",), walls=("merger",)),
    Labels(tenant="oak", collection="law"),
)


@pytest.fixture
def listings(database: Database) -> SqlListings:
    catalogue = SqlCatalogue(database, SetClock())
    for number, labels in enumerate(LABELS):
        outline = Outline()
        outline.add("Text.")
        read = outline.finish(media_type="t", title=f"Title {9 - number}")
        document = Document(id=f"d_{number}", identity=f"path:{number}", title=read.title, labels=labels)
        version = Version(
            id=f"v_{number}", document_id=document.id, digest=str(number) * 64, path="a", media_type="t",
            title=read.title, text=read.text, in_force=Interval(effective_from=date(2024, 1, 1)),
        )  # fmt: skip
        catalogue.add_version(document, version, read, [])
        if number:
            catalogue.set_state(version.id, "words" if number == 1 else "indexed")
    return SqlListings(database)


def ids(listings: SqlListings, wanted: Wanted, order: Order = Order.ADDED, *, down: bool = False) -> list[str]:
    found: list[str] = []
    after = ""
    while page := listings.page(wanted, order, down=down, after=after, limit=2):
        found += [one.document.id for one in page]
        after = found[-1]
    return found


def test_a_scope_bounds_what_is_listed_by_all_subjects_and_walls(listings: SqlListings) -> None:
    assert ids(listings, Wanted(tenant="elm", within=())) == []
    assert ids(listings, Wanted(tenant="elm", within=("anna",))) == ["d_1"]
    assert ids(listings, Wanted(tenant="elm", within=("anna", "bert"))) == ["d_1", "d_2"]
    assert ids(listings, Wanted(tenant="elm", within=("anna", "bert"), walls=("merger",))) == ["d_1", "d_2", "d_3"]


def test_without_bounds_everything_of_the_tenant_is_listed_also_what_is_being_read(listings: SqlListings) -> None:
    assert ids(listings, Wanted(tenant="elm")) == ["d_0", "d_1", "d_2", "d_3"]
    assert ids(listings, Wanted(tenant="oak")) == ["d_4"]


def test_an_order_is_kept_from_page_to_page_in_both_directions(listings: SqlListings) -> None:
    every = Wanted(tenant="elm")
    assert ids(listings, every, Order.TITLE) == ["d_3", "d_2", "d_1", "d_0"]
    assert ids(listings, every, Order.COLLECTION, down=True) == ["d_0", "d_3", "d_2", "d_1"]
    assert ids(listings, every, Order.SUBJECT) == ["d_0", "d_1", "d_2", "d_3"]
    assert ids(listings, every, Order.STATE) == ["d_2", "d_3", "d_0", "d_1"]


def test_filters_narrow_a_list_and_its_count(listings: SqlListings) -> None:
    for wanted, found in (
        (Wanted(tenant="elm", collections=("law",)), ["d_0"]),
        (Wanted(tenant="elm", states=("words",)), ["d_1"]),
        (Wanted(tenant="elm", subject="bert"), ["d_2", "d_3"]),
        (Wanted(tenant="elm", digest="2" * 64), ["d_2"]),
        (Wanted(tenant="elm", added_from="2100-01-01"), []),
    ):
        assert ids(listings, wanted) == found
        assert listings.count(wanted) == len(found)


def test_collections_are_counted_whichever_of_them_is_chosen(listings: SqlListings) -> None:
    assert listings.collections(Wanted(tenant="elm", collections=("law",))) == {"charts": 3, "law": 1}


def test_a_page_after_a_document_that_is_gone_is_none(listings: SqlListings) -> None:
    assert listings.page(Wanted(tenant="elm"), Order.ADDED, down=False, after="d_9", limit=2) is None
