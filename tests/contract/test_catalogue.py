"""One suite for every catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import pytest

from app.store.catalogue import SqlCatalogue
from domain.documents import Anchor, Box, Document, Interval, Labels, Passage, Reading, Version
from domain.identities import KnownIdentity
from domain.ports.catalogue import Catalogue
from ingestion.outline import Outline
from ingestion.passages import Cutter
from tests.conftest import Empty
from tests.fakes.catalogue import MemoryCatalogue


@pytest.fixture(params=["sqlite", "memory", pytest.param("postgres", marks=pytest.mark.xdist_group("postgres"))])
def catalogue(request: pytest.FixtureRequest, empty: Empty) -> Iterator[Catalogue]:
    if request.param == "memory":
        yield MemoryCatalogue()
        return
    database = empty(request.param)
    yield SqlCatalogue(database)


def chart(names: Sequence[str] = ("Anna Lind",)) -> Reading:
    outline = Outline()
    outline.open("Results", kind="heading")
    start, end = outline.add("HbA1c 6.5 %.")
    outline.anchor(Anchor(start=start, end=end, box=Box(page=1, left=1, top=2, right=3, bottom=4)))
    outline.close()
    known = [KnownIdentity(subject="anna", kind="name", value=name) for name in names]
    return outline.finish(media_type="t", title="Chart", identities=known, subjects=["anna"])


def add(
    catalogue: Catalogue,
    version_id: str = "v_1",
    *,
    labels: Labels | None = None,
    since: date | None = None,
    names: Sequence[str] = ("Anna Lind",),
) -> tuple[Document, Version, list[Passage]]:
    read = chart(names)
    document = Document(id="d_1", identity="path:a", title="Chart", labels=labels or Labels(subjects=("anna",)))
    version = Version(
        id=version_id, document_id="d_1", digest="0" * 64, path="a", media_type="t", title="Chart", text=read.text,
        in_force=Interval(effective_from=since),
    )  # fmt: skip
    cutter = Cutter(count_tokens=lambda texts: [len(t.split()) for t in texts], window=256)
    passages = cutter.cut(read, version, document.labels)
    catalogue.add_version(document, version, read, passages)
    return document, version, passages


def test_a_version_is_unseen_until_it_is_indexed(catalogue: Catalogue) -> None:
    _, version, passages = add(catalogue)
    ids = [p.id for p in passages]
    assert catalogue.passages(ids) == {}
    assert list(catalogue.documents("default", [])) == []
    catalogue.set_state(version.id, "indexed")
    assert catalogue.passages(ids) == {p.id: p for p in passages}
    assert catalogue.versions_of([*ids, "p_other"]) == dict.fromkeys(ids, version.id)
    assert [d.id for d in catalogue.documents("default", [])] == ["d_1"]


def test_a_version_that_waits_for_its_vectors_is_seen(catalogue: Catalogue) -> None:
    _, version, passages = add(catalogue, since=date(2020, 1, 1))
    catalogue.set_state(version.id, "words")
    assert catalogue.passages([p.id for p in passages]) == {p.id: p for p in passages}
    assert [d.id for d in catalogue.documents("default", [])] == ["d_1"]
    assert catalogue.collections("default", date(2025, 1, 1)) == {"default": 1}
    assert [(v.state, v.visible) for v in catalogue.versions("d_1")] == [("words", True)]


def test_sections_come_in_the_order_of_the_text(catalogue: Catalogue) -> None:
    _, version, _ = add(catalogue)
    assert catalogue.sections(version.id) == list(chart().sections)
    assert [section.path for section in catalogue.sections(version.id)] == [(), ("Results",)]
    assert catalogue.sections("v_other") == []


def test_versions_wait_for_their_vectors_in_the_order_they_were_added(catalogue: Catalogue) -> None:
    added = {name: add(catalogue, name)[2] for name in ("v_c", "v_a", "v_d", "v_b")}
    for name in ("v_a", "v_b", "v_c"):
        catalogue.set_state(name, "words")
    assert list(catalogue.waiting().items()) == [("v_c", "d_1"), ("v_a", "d_1"), ("v_b", "d_1")]
    assert catalogue.passages_of(["v_b", "v_d", "v_c", "never"]) == [*added["v_b"], *added["v_c"]]
    catalogue.set_state("v_a", "retired")
    catalogue.vectors_followed(["v_a", "v_b", "v_d", "never"])
    assert {v.id: v.state for v in catalogue.versions("d_1")} == {
        "v_a": "retired", "v_b": "indexed", "v_c": "words", "v_d": "indexing"
    }  # fmt: skip
    assert list(catalogue.waiting()) == ["v_c"]


def test_a_version_that_is_added_again_replaces_the_unfinished_one(catalogue: Catalogue) -> None:
    add(catalogue, "v_1", labels=Labels(subjects=("mrn-1",)))
    add(catalogue, "v_2")
    add(catalogue, "v_1")
    assert catalogue.subjects_alike("default", "mrn-1") == ("mrn-1",)
    for name in ("v_1", "v_2"):
        catalogue.set_state(name, "words")
    assert list(catalogue.waiting()) == ["v_2", "v_1"]
    assert len(catalogue.passages_of(["v_1"])) == 1


def test_a_document_is_found_by_its_identity_within_tenant_and_collection(catalogue: Catalogue) -> None:
    document, _, _ = add(catalogue)
    assert catalogue.find_document("default", "default", "path:a") == document
    assert catalogue.find_document("other", "default", "path:a") is None
    assert catalogue.find_document("default", "law", "path:a") is None


def test_closing_the_dates_of_a_version_closes_those_of_its_passages(catalogue: Catalogue) -> None:
    _, version, passages = add(catalogue, since=date(2020, 1, 1))
    closed = Interval(effective_from=date(2020, 1, 1), effective_to=date(2024, 1, 1))
    catalogue.set_state(version.id, "indexed", closed)
    assert catalogue.passages([passages[0].id])[passages[0].id].in_force == closed
    assert catalogue.versions("d_1")[0].in_force == closed


def test_versions_are_listed_by_their_first_day_in_force(catalogue: Catalogue) -> None:
    add(catalogue, "v_late", since=date(2024, 1, 1))
    add(catalogue, "v_early", since=date(2019, 1, 1))
    add(catalogue, "v_always")
    assert [v.id for v in catalogue.versions("d_1")] == ["v_always", "v_early", "v_late"]


def test_the_innermost_section_and_the_boxes_of_a_span_are_found(catalogue: Catalogue) -> None:
    _, version, _ = add(catalogue)
    section = catalogue.section_at(version.id, 8, 13)
    assert section is not None
    assert section.path == ("Results",)
    assert [a.box.page for a in catalogue.anchors(version.id, 9, 10)] == [1]
    assert catalogue.anchors(version.id, 0, 3) == []


def test_sections_come_in_pre_order_and_an_unknown_version_has_none(catalogue: Catalogue) -> None:
    _, version, _ = add(catalogue)
    assert [(one.kind, one.path, one.parent) for one in catalogue.sections(version.id)] == [
        ("document", (), None),
        ("heading", ("Results",), 0),
    ]
    assert catalogue.sections("v_none") == []


def test_identities_are_those_of_the_subjects_asked_for(catalogue: Catalogue) -> None:
    add(catalogue)
    assert [k.value for k in catalogue.identities("default", ["anna"])] == ["Anna Lind"]
    assert catalogue.identities("default", ["bert"]) == []
    assert catalogue.identities("other", ["anna"]) == []


def test_patients_are_found_by_part_of_a_name(catalogue: Catalogue) -> None:
    add(catalogue, names=("Änne O'Neil 100%", "Anne Lind"))
    for words in ("änne", "ÄNNE", "o'neil", "0%", "nne l", ""):
        assert catalogue.named("default", words) == ["anna"], words
    for words in ("anna", "_", "0%n", "Anne O'Neil", "a\0"):
        assert catalogue.named("default", words) == [], words
    assert catalogue.named("other", "anne") == []


def test_a_label_and_the_name_inside_a_file_are_the_same_subject(catalogue: Catalogue) -> None:
    add(catalogue, labels=Labels(subjects=("mrn-1",)))
    assert catalogue.subjects_alike("default", "mrn-1") == ("anna", "mrn-1")
    assert catalogue.subjects_alike("default", "anna") == ("anna", "mrn-1")
    assert catalogue.subjects_alike("other", "anna") == ("anna",)
    assert [k.value for k in catalogue.identities("default", ["mrn-1"])] == ["Anna Lind"]


def test_several_subjects_of_one_document_are_not_names_of_one_another(catalogue: Catalogue) -> None:
    add(catalogue, labels=Labels(subjects=("anna", "bert")))
    assert catalogue.subjects_alike("default", "anna") == ("anna",)
    assert catalogue.subjects_alike("default", "bert") == ("bert",)
    assert [k.value for k in catalogue.identities("default", ["anna"])] == ["Anna Lind"]
    assert catalogue.identities("default", ["bert"]) == []


def test_documents_about_a_subject_are_found_and_erased_whole(catalogue: Catalogue) -> None:
    _, version, passages = add(catalogue, labels=Labels(subjects=("anna", "o'neil \"%_")))
    for name in ("anna", "o'neil \"%_"):
        assert [document.id for document in catalogue.documents_about("default", [name])] == ["d_1"]
    for tenant, names in (("default", ["ann"]), ("other", ["anna"]), ("default", []), ("default", ["%"])):
        assert catalogue.documents_about(tenant, names) == []
    assert [document.id for document in catalogue.documents_from("0" * 64)] == ["d_1"]
    assert catalogue.documents_from("1" * 64) == []
    catalogue.set_state(version.id, "indexed")
    catalogue.erase_documents(["d_1", "d_2"])
    assert catalogue.document("d_1") is None
    assert catalogue.version(version.id) is None
    assert catalogue.passages([passage.id for passage in passages]) == {}
    assert catalogue.identities("default", ["anna"]) == []
    assert catalogue.documents_from("0" * 64) == []


def test_a_removed_version_leaves_nothing(catalogue: Catalogue) -> None:
    _, version, passages = add(catalogue)
    catalogue.set_state(version.id, "indexed")
    catalogue.remove_version(version.id)
    assert catalogue.version(version.id) is None
    assert catalogue.passages([p.id for p in passages]) == {}
    assert catalogue.identities("default", ["anna"]) == []


def test_collections_count_documents_in_force(catalogue: Catalogue) -> None:
    _, version, _ = add(catalogue, since=date(2020, 1, 1))
    assert catalogue.collections("default", date(2025, 1, 1)) == {}
    catalogue.set_state(version.id, "indexed")
    assert catalogue.collections("default", date(2025, 1, 1)) == {"default": 1}
    assert catalogue.collections("default", date(2019, 1, 1)) == {}


def test_neighbours_come_in_the_order_of_the_text(catalogue: Catalogue) -> None:
    _, version, passages = add(catalogue)
    catalogue.set_state(version.id, "indexed")
    assert catalogue.neighbours(version.id, 0, 100) == passages


def test_an_inventory_lists_every_version_and_passage_of_every_tenant(catalogue: Catalogue) -> None:
    assert (catalogue.tenants(), list(catalogue.every_version()), list(catalogue.every_passage())) == ([], [], [])
    _, version, passages = add(catalogue)
    (found,) = catalogue.every_version()
    assert (found.id, found.state, found.added_at is not None) == (version.id, "indexing", True)
    listed = [(p.id, version.id, p.labels) for p in sorted(passages, key=lambda p: p.id)]
    assert list(catalogue.every_passage()) == listed
    assert (catalogue.tenants(), catalogue.empty_documents()) == (["default"], [])
    catalogue.remove_version(version.id)
    assert (list(catalogue.every_version()), catalogue.empty_documents()) == ([], ["d_1"])
