"""What every PassageIndex answers; the in-memory one is the reference."""

from __future__ import annotations

import array
import math
import random
import signal
import textwrap
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from qdrant_client import QdrantClient

from domain.documents import Interval, Labels
from domain.errors import ServiceError
from domain.ports.passage_index import Hit, IndexEntry, IndexFilter, PassageIndex, SparseVector
from retrieval.indexes.edge import EdgeIndex
from retrieval.indexes.memory import MemoryIndex
from retrieval.indexes.server import ServerIndex
from tests import forked

TODAY = date(2026, 5, 1)
EVERYBODY = IndexFilter(tenant="acme", as_of=TODAY)
ADAPTERS: dict[str, Callable[[Path], PassageIndex]] = {
    "memory": lambda _: MemoryIndex(4),
    "edge": lambda folder: EdgeIndex(folder / "shard", 4),
    "server": lambda _: ServerIndex(QdrantClient(":memory:"), 4),
}


@pytest.fixture(params=ADAPTERS)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PassageIndex]:
    # Local mode says that it ignores payload indexes, which is what makes it slow, not wrong.
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Payload indexes have no effect", UserWarning)
        made = ADAPTERS[request.param](tmp_path)
    yield made
    made.close()


def entry(  # noqa: PLR0913 - the fields of an entry
    passage_id: str,
    *,
    dense: tuple[float, ...] | None = (1, 0, 0, 0),
    words: dict[int, float] | None = None,
    keys: tuple[str, ...] = (),
    in_force: Interval | None = None,
    version_id: str = "v1",
    labels: Labels | None = None,
) -> IndexEntry:
    weights = sorted((words or {7: 1.0}).items())
    return IndexEntry(
        passage_id=passage_id,
        document_id="d1",
        version_id=version_id,
        labels=labels or Labels(tenant="acme"),
        in_force=in_force or Interval(),
        sparse=SparseVector(indices=tuple(i for i, _ in weights), values=tuple(v for _, v in weights)),
        dense=array.array("f", dense) if dense is not None else None,
        keys=keys,
    )


def about(*subjects: str, walls: tuple[str, ...] = (), collection: str = "default") -> Labels:
    return Labels(tenant="acme", subjects=subjects, walls=walls, collection=collection)


def where(
    *,
    subjects: tuple[str, ...] = (),
    walls: tuple[str, ...] = (),
    collections: tuple[str, ...] = (),
    as_of: date = TODAY,
) -> IndexFilter:
    return IndexFilter(tenant="acme", as_of=as_of, subjects=subjects, walls=walls, collections=collections)


def vector(*values: float) -> array.array[float]:
    return array.array("f", values)


def term(*indices: int) -> SparseVector:
    return SparseVector(indices=indices, values=(1.0,) * len(indices))


def ids(hits: list[Hit]) -> list[str]:
    return [hit.passage_id for hit in hits]


def seen(index: PassageIndex, filter_: IndexFilter) -> set[str]:
    """Return what a filter lets through, after checking that all ways of searching agree on it."""
    by_meaning = set(ids(index.search_dense(vector(1, 0, 0, 0), filter_, 100)))
    assert set(ids(index.search_sparse(term(7), filter_, 100))) == by_meaning
    assert set(ids(index.lookup(["k"], filter_, 100))) == by_meaning
    assert index.count(filter_) == len(by_meaning)
    return by_meaning


def test_the_nearest_passage_comes_first_with_its_cosine(index: PassageIndex) -> None:
    index.upsert([entry("far", dense=(0, 1, 0, 0)), entry("near", dense=(0.6, 0.8, 0, 0)), entry("same")])
    hits = index.search_dense(vector(1, 0, 0, 0), EVERYBODY, 2)
    assert ids(hits) == ["same", "near"]
    assert [round(hit.score, 5) for hit in hits] == [1.0, 0.6]


def test_equal_scores_are_ordered_by_passage_id(index: PassageIndex) -> None:
    index.upsert([entry(name) for name in ("c", "a", "b")])
    assert ids(index.search_dense(vector(1, 0, 0, 0), EVERYBODY, 3)) == ["a", "b", "c"]
    assert ids(index.search_sparse(term(7), EVERYBODY, 3)) == ["a", "b", "c"]


def test_a_rare_word_weighs_more_than_a_common_one(index: PassageIndex) -> None:
    index.upsert([entry("both", words={1: 1.0, 2: 1.0}), entry("common", words={1: 1.0}), entry("other", words={1: 1})])
    hits = index.search_sparse(term(1, 2), EVERYBODY, 10)
    assert ids(hits) == ["both", "common", "other"]
    rare, common = math.log(2.5 / 1.5 + 1), math.log(0.5 / 3.5 + 1)
    assert [round(hit.score, 4) for hit in hits] == [round(s, 4) for s in (rare + common, common, common)]


def test_a_passage_without_any_of_the_words_is_not_found(index: PassageIndex) -> None:
    index.upsert([entry("one", words={1: 1.0}), entry("two", words={2: 1.0})])
    assert ids(index.search_sparse(term(2), EVERYBODY, 10)) == ["two"]
    assert index.search_sparse(term(3), EVERYBODY, 10) == []
    assert index.search_sparse(term(), EVERYBODY, 10) == []


def test_the_largest_term_ids_are_kept_apart(index: PassageIndex) -> None:
    index.upsert([entry("top", words={2**32 - 1: 1.0}), entry("next", words={2**32 - 2: 1.0})])
    assert ids(index.search_sparse(term(2**32 - 1), EVERYBODY, 10)) == ["top"]


def test_a_passage_is_found_by_words_before_its_vector_follows(index: PassageIndex) -> None:
    index.upsert([entry("new", dense=None)])
    assert ids(index.search_sparse(term(7), EVERYBODY, 10)) == ["new"]
    assert index.search_dense(vector(1, 0, 0, 0), EVERYBODY, 10) == []
    index.upsert([entry("new")])
    assert ids(index.search_dense(vector(1, 0, 0, 0), EVERYBODY, 10)) == ["new"]
    assert index.count() == 1


def test_a_vector_that_follows_changes_nothing_else(index: PassageIndex) -> None:
    where_anna = where(subjects=("anna",))
    index.upsert([entry("new", dense=None, keys=("k",), labels=about("anna")), entry("old", dense=(0, 1, 0, 0))])
    before = index.search_sparse(term(7), where_anna, 10)
    index.add_vectors({"new": vector(0.6, 0.8, 0, 0), "never": vector(1, 0, 0, 0)})
    assert index.search_dense(vector(0, 1, 0, 0), where_anna, 10)[1].score == pytest.approx(0.8)
    assert ids(index.search_dense(vector(0, 1, 0, 0), where_anna, 10)) == ["old", "new"]
    assert ids(index.search_dense(vector(1, 0, 0, 0), EVERYBODY, 10)) == ["old"]
    assert index.search_sparse(term(7), where_anna, 10) == before
    assert ids(index.lookup(["k"], where_anna, 10)) == ["new"]
    index.add_vectors({"new": vector(0, 0, 1, 0)})
    index.add_vectors({})
    index.add_vectors({"never": vector(1, 0, 0, 0)})
    assert ids(index.search_dense(vector(0, 0, 1, 0), where_anna, 1)) == ["new"]
    assert index.count() == 2


def test_a_passage_without_words_is_found_by_meaning(index: PassageIndex) -> None:
    wordless = IndexEntry(
        passage_id="image",
        document_id="d1",
        version_id="v1",
        labels=Labels(tenant="acme"),
        in_force=Interval(),
        sparse=term(),
        dense=vector(1, 0, 0, 0),
    )
    index.upsert([wordless])
    assert ids(index.search_dense(vector(1, 0, 0, 0), EVERYBODY, 10)) == ["image"]


def test_an_upsert_replaces_everything_of_a_passage(index: PassageIndex) -> None:
    index.upsert([entry("p", words={1: 1.0}, keys=("old",), labels=about("anna"))])
    index.upsert([entry("p", dense=None, words={2: 1.0}, keys=("new",))])
    assert index.search_sparse(term(1), EVERYBODY, 10) == []
    assert index.search_dense(vector(1, 0, 0, 0), EVERYBODY, 10) == []
    assert index.lookup(["old"], EVERYBODY, 10) == []
    assert index.lookup(["new"], EVERYBODY, 10) == [Hit(passage_id="p", score=1.0)]


def test_lookup_counts_the_keys_that_a_passage_carries(index: PassageIndex) -> None:
    index.upsert(
        [
            entry("article", keys=("art:17",)),
            entry("point", keys=("art:17", "art:17(1)", "art:17(1)(b)")),
            entry("other", keys=("art:18",)),
        ]
    )
    assert index.lookup(["art:17(1)(b)", "art:17"], EVERYBODY, 10) == [
        Hit(passage_id="point", score=2.0),
        Hit(passage_id="article", score=1.0),
    ]
    assert ids(index.lookup(["art:17", "art:17"], EVERYBODY, 1)) == ["article"]
    assert index.lookup([], EVERYBODY, 10) == []


def test_lookup_ranks_over_everything_that_matches(index: PassageIndex) -> None:
    index.upsert([entry(f"p{number:04}", keys=("art:1",)) for number in range(1200)])
    index.upsert([entry("z", keys=("art:1", "art:1(2)"))])
    assert ids(index.lookup(["art:1", "art:1(2)"], EVERYBODY, 2)) == ["z", "p0000"]


def test_another_tenant_sees_nothing(index: PassageIndex) -> None:
    index.upsert([entry("p", keys=("k",))])
    assert seen(index, EVERYBODY) == {"p"}
    assert seen(index, IndexFilter(tenant="other", as_of=TODAY)) == set()
    assert seen(index, IndexFilter(tenant="", as_of=TODAY)) == set()


def test_a_passage_is_seen_only_when_all_its_subjects_are_in_scope(index: PassageIndex) -> None:
    index.upsert(
        [
            entry("nobody", keys=("k",)),
            entry("anna", keys=("k",), labels=about("anna")),
            entry("both", keys=("k",), labels=about("anna", "ben")),
            entry("three", keys=("k",), labels=about("ben", "cora", "anna")),
        ]
    )
    assert seen(index, where()) == {"nobody"}
    assert seen(index, where(subjects=("anna",))) == {"nobody", "anna"}
    assert seen(index, where(subjects=("ben",))) == {"nobody"}
    assert seen(index, where(subjects=("ben", "anna"))) == {"nobody", "anna", "both"}
    assert seen(index, where(subjects=("dora", "cora", "ben", "anna"))) == {"nobody", "anna", "both", "three"}
    assert seen(index, where(subjects=("ann", "Anna", "anna "))) == {"nobody"}


def test_a_passage_is_seen_only_from_inside_all_its_walls(index: PassageIndex) -> None:
    index.upsert(
        [
            entry("open", keys=("k",)),
            entry("deal", keys=("k",), labels=about(walls=("deal",))),
            entry("both", keys=("k",), labels=about("anna", walls=("deal", "board"))),
        ]
    )
    assert seen(index, where()) == {"open"}
    assert seen(index, where(walls=("deal",))) == {"open", "deal"}
    assert seen(index, where(walls=("deal", "board"))) == {"open", "deal"}
    assert seen(index, where(walls=("board", "deal"), subjects=("anna",))) == {"open", "deal", "both"}


def test_no_collections_means_every_collection(index: PassageIndex) -> None:
    index.upsert([entry(name, keys=("k",), labels=about(collection=name)) for name in ("law", "charts")])
    assert seen(index, where()) == {"law", "charts"}
    assert seen(index, where(collections=("law",))) == {"law"}
    assert seen(index, where(collections=("law", "charts", "none"))) == {"law", "charts"}
    assert seen(index, where(collections=("none",))) == set()


def test_a_search_among_passages_finds_no_other_and_keeps_the_filter(index: PassageIndex) -> None:
    theirs = Labels(tenant="acme", subjects=("somebody",))
    index.upsert([entry("a", keys=("k",)), entry("b", keys=("k",)), entry("c", keys=("k",), labels=theirs)])
    assert seen(index, where()) == {"a", "b"}
    assert seen(index, replace(where(), among=("b", "c", "gone"))) == {"b"}


def test_what_entries_weigh_of_some_terms_comes_back_and_unknown_ids_do_not(index: PassageIndex) -> None:
    nothing = SparseVector(indices=(), values=())
    index.upsert([entry("a", words={3: 0.5, 4_294_967_295: 1.25, 70: 2.0}), replace(entry("b"), sparse=nothing)])
    assert index.weights(["b", "gone", "a"], (4_294_967_295, 5, 3)) == {"a": {3: 0.5, 4_294_967_295: 1.25}, "b": {}}
    assert index.weights(["a"], ()) == {"a": {}}
    assert index.weights([], (3,)) == {}


def test_what_entries_weigh_follows_every_change(index: PassageIndex) -> None:
    index.upsert([entry("a", words={3: 0.5}), entry("b", version_id="v2", words={3: 2.0})])
    assert index.weights(["a", "b"], (3, 4)) == {"a": {3: 0.5}, "b": {3: 2.0}}
    index.upsert([entry("a", words={3: 1.5, 4: 1.0})])
    assert index.weights(["a", "b"], (3, 4)) == {"a": {3: 1.5, 4: 1.0}, "b": {3: 2.0}}
    index.delete_version("v2")
    assert index.weights(["a", "b"], (3, 4)) == {"a": {3: 1.5, 4: 1.0}}


def test_an_index_that_was_compacted_answers_as_before(index: PassageIndex) -> None:
    index.upsert(
        [
            entry("kept", dense=(1, 0, 0, 0), words={7: 1.0, 9: 0.5}, keys=("k",)),
            entry("waiting", dense=None, words={9: 2.0}),
            entry("gone", version_id="v2", words={7: 3.0}, keys=("k",)),
        ]
    )
    index.delete_version("v2")
    before = index.weights(["kept", "waiting", "gone"], (7, 9))
    index.compact()
    assert index.count() == 2
    assert ids(index.lookup(["k"], where(), 5)) == ["kept"]
    assert (
        index.weights(["kept", "waiting", "gone"], (7, 9)) == before == {"kept": {7: 1.0, 9: 0.5}, "waiting": {9: 2.0}}
    )
    assert ids(index.search_dense(vector(1, 0, 0, 0), where(), 5)) == ["kept"]
    assert ids(index.search_sparse(term(9), where(), 5)) == ["waiting", "kept"]
    index.upsert([entry("new", keys=("k",))])
    assert set(ids(index.lookup(["k"], where(), 5))) == {"kept", "new"}


def test_a_text_is_seen_from_its_first_day_to_the_day_before_its_last(index: PassageIndex) -> None:
    first, last = date(2018, 5, 25), date(2020, 1, 1)
    index.upsert(
        [
            entry("always", keys=("k",)),
            entry("until", keys=("k",), in_force=Interval(effective_to=first)),
            entry("between", keys=("k",), in_force=Interval(effective_from=first, effective_to=last)),
            entry("since", keys=("k",), in_force=Interval(effective_from=last)),
        ]
    )
    assert seen(index, where(as_of=date.min)) == {"always", "until"}
    assert seen(index, where(as_of=date(2018, 5, 24))) == {"always", "until"}
    assert seen(index, where(as_of=first)) == {"always", "between"}
    assert seen(index, where(as_of=date(2019, 12, 31))) == {"always", "between"}
    assert seen(index, where(as_of=last)) == {"always", "since"}
    assert seen(index, where(as_of=date.max)) == {"always", "since"}


def test_a_version_changes_its_dates_alone(index: PassageIndex) -> None:
    index.upsert([entry("old", keys=("k",)), entry("new", keys=("k",), version_id="v2")])
    index.set_in_force("v1", Interval(effective_to=date(2026, 1, 1)))
    assert seen(index, where()) == {"new"}
    assert seen(index, where(as_of=date(2025, 12, 31))) == {"old", "new"}
    index.set_in_force("v1", Interval())
    assert seen(index, where()) == {"old", "new"}


def test_a_deleted_version_is_gone_and_may_come_back(index: PassageIndex) -> None:
    index.upsert([entry("a", keys=("k",)), entry("b", keys=("k",), version_id="v2")])
    index.delete_version("v1")
    assert seen(index, where()) == {"b"}
    assert index.count() == 1
    index.delete_version("never")
    index.upsert([entry("a", keys=("k",))])
    assert seen(index, where()) == {"a", "b"}


def test_optimising_changes_no_answer(index: PassageIndex) -> None:
    index.optimise()
    index.upsert([entry("p", keys=("k",)), entry("q", keys=("k",), version_id="v2", labels=about("anna"))])
    index.delete_version("v2")
    index.optimise()
    index.optimise()
    assert seen(index, where(subjects=("anna",))) == {"p"}
    index.upsert([entry("q", keys=("k",))])
    assert seen(index, EVERYBODY) == {"p", "q"}


def test_an_empty_index_answers_nothing(index: PassageIndex) -> None:
    index.upsert([])
    assert seen(index, EVERYBODY) == set()
    assert index.count() == 0


def test_the_limit_takes_the_best_within_the_filter_not_before_it(index: PassageIndex) -> None:
    hidden = [entry(f"h{number}", keys=("k",), labels=about("ben")) for number in range(50)]
    index.upsert([*hidden, entry("anna", dense=(0.1, 1, 0, 0), words={7: 0.1}, keys=("k",), labels=about("anna"))])
    only = where(subjects=("anna",))
    assert ids(index.search_dense(vector(1, 0, 0, 0), only, 1)) == ["anna"]
    assert ids(index.search_sparse(term(7), only, 1)) == ["anna"]
    assert ids(index.lookup(["k"], only, 1)) == ["anna"]


def test_any_filter_agrees_with_the_reference(index: PassageIndex) -> None:
    dice = random.Random(20260501)
    names, dates = ("a", "b", "c", "d"), (date(2020, 1, 1), date(2022, 1, 1), date(2024, 1, 1))

    def some() -> tuple[str, ...]:
        return tuple(dice.sample(names, dice.choice((0, 0, 1, 1, 2, 3))))

    def entries() -> Iterator[IndexEntry]:
        for number in range(150):
            low, high = sorted(dice.choices(dates, k=2))
            interval = Interval(effective_from=dice.choice((None, low)), effective_to=dice.choice((None, high)))
            labels = about(*some(), walls=some(), collection=dice.choice(names))
            yield entry(f"p{number}", labels=labels, in_force=interval, keys=("k",))

    made = list(entries())
    reference = MemoryIndex(4)
    reference.upsert(made)
    index.upsert(made)
    found = 0
    for _ in range(120):
        filter_ = where(subjects=some(), walls=some(), collections=some(), as_of=dice.choice((*dates, TODAY)))
        expected = seen(reference, filter_)
        found += len(expected)
        assert seen(index, filter_) == expected
    assert found > 500


def test_a_shard_keeps_everything_when_it_is_opened_again(tmp_path: Path) -> None:
    first = EdgeIndex(tmp_path / "shard", 4)
    first.upsert([entry("a", keys=("k",)), entry("b", keys=("k",), version_id="v2", labels=about("anna"))])
    first.set_in_force("v1", Interval(effective_from=date(2026, 5, 1)))
    first.close()
    first.close()
    again = EdgeIndex(tmp_path / "shard", 4)
    assert seen(again, where()) == {"a"}
    assert seen(again, where(as_of=date(2026, 4, 30))) == set()
    assert seen(again, where(subjects=("anna",))) == {"a", "b"}
    again.close()


def test_a_second_opener_of_a_shard_is_told_that_it_is_in_use(tmp_path: Path) -> None:
    owner = EdgeIndex(tmp_path / "shard", 4)
    with pytest.raises(ServiceError) as caught:
        EdgeIndex(tmp_path / "shard", 4)
    assert caught.value.code == "service.index_in_use"
    owner.close()
    EdgeIndex(tmp_path / "shard", 4).close()


def test_a_shard_of_another_dimension_is_refused(tmp_path: Path) -> None:
    EdgeIndex(tmp_path / "shard", 4).close()
    with pytest.raises(ServiceError) as caught:
        EdgeIndex(tmp_path / "shard", 8)
    assert caught.value.code == "service.index_unavailable"


def test_a_vector_of_another_length_is_refused(index: PassageIndex) -> None:
    with pytest.raises(ServiceError) as caught:
        index.upsert([entry("short", dense=(1, 0))])
    assert caught.value.code == "service.index_unavailable"
    assert index.count() == 0


def test_a_closed_shard_answers_with_our_error(tmp_path: Path) -> None:
    index = EdgeIndex(tmp_path / "shard", 4)
    index.close()
    with pytest.raises(ServiceError) as caught:
        index.count()
    assert caught.value.code == "service.index_unavailable"


def test_a_server_out_of_reach_is_our_error() -> None:
    with pytest.raises(ServiceError) as caught:
        ServerIndex(QdrantClient(url="http://127.0.0.1:9", check_compatibility=False), 4)
    assert caught.value.code == "service.index_unavailable"


WRITER = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from retrieval.indexes.edge import EdgeIndex
    from tests.contract.test_passage_index import entry

    index = EdgeIndex(Path(sys.argv[1]), 4)
    for batch in range(10**6):
        index.upsert([entry(f"p{batch}-{number}", keys=("k",)) for number in range(5)])
        print(batch, flush=True)
    """
)


def test_every_acknowledged_upsert_survives_kill_9(tmp_path: Path) -> None:
    acknowledged = -1
    with forked.talking([str(tmp_path / "shard")], what=WRITER) as writer:
        for line in writer.stdout:
            acknowledged = int(line)
            if acknowledged == 40:
                writer.process.kill()
    assert writer.process.returncode == -signal.SIGKILL
    index = EdgeIndex(tmp_path / "shard", 4)
    found = set(ids(index.lookup(["k"], EVERYBODY, 10**6)))
    assert {f"p{batch}-{number}" for batch in range(acknowledged + 1) for number in range(5)} <= found
    assert acknowledged >= 40
    index.close()


def test_an_inventory_lists_everything_and_vectors_come_back_as_unit_vectors(index: PassageIndex) -> None:
    since = Interval(effective_from=date(2020, 1, 1))
    labels = about("anna", "ben", walls=("vip",), collection="chart")
    index.upsert(
        [entry("a", dense=(3, 4, 0, 0), in_force=since, labels=labels), entry("b", dense=None, version_id="v2")]
    )
    found = sorted(index.inventory(), key=lambda one: one.passage_id)
    assert [(one.passage_id, one.version_id, one.labels, one.in_force, one.dense) for one in found] == [
        ("a", "v1", labels, since, True),
        ("b", "v2", about(), Interval(), False),
    ]
    vectors = index.vectors(["a", "b", "c"])
    assert {key: [round(number, 6) for number in vector] for key, vector in vectors.items()} == {"a": [0.6, 0.8, 0, 0]}
    index.delete_version("v1")
    assert [one.passage_id for one in index.inventory()] == ["b"]
    assert index.vectors(["a"]) == index.vectors([]) == {}
