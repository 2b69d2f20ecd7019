"""The graph of an Edge index: it answers as exact search does, and it is built while questions and updates go on."""

from __future__ import annotations

import array
import random
import signal
import textwrap
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from domain.documents import Interval, Labels
from domain.errors import ServiceError
from domain.ports.passage_index import Hit, IndexEntry, IndexFilter, SparseVector
from retrieval.indexes.edge import EdgeIndex
from retrieval.indexes.memory import MemoryIndex
from retrieval.indexes.shard_folders import ShardFolders
from tests import forked

TODAY = date(2026, 5, 1)
EVERYBODY = IndexFilter(tenant="acme", as_of=TODAY)
DIMENSION = 32
GRAPH_FROM = 500


def vectors(count: int, seed: int = 1) -> list[array.array[float]]:
    """Return unit vectors around 100 centres."""
    dice = np.random.default_rng(seed)
    centres = np.random.default_rng(0).standard_normal((100, DIMENSION))
    made = centres[dice.integers(0, 100, count)] + 0.5 * dice.standard_normal((count, DIMENSION))
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return [array.array("f", row.astype(np.float32).tobytes()) for row in made]


def entries(count: int, first: int = 0) -> list[IndexEntry]:
    """Return entries: each tenth in a collection of its own, each thousandth about anna."""
    return [
        IndexEntry(
            passage_id=f"p_{number:024x}",
            document_id="d",
            version_id=f"v{number // 10}",
            labels=Labels(
                tenant="acme",
                collection="chart" if number % 1_000 == 1 else "tenth" if number % 10 == 0 else "rest",
                subjects=("anna",) if number % 1_000 == 1 else (),
            ),
            in_force=Interval(),
            sparse=SparseVector(indices=(7,), values=(1.0,)),
            dense=vector,
            keys=("k",),
        )
        for number, vector in enumerate(vectors(count, first + 1), first)
    ]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[EdgeIndex]:
    made = EdgeIndex(tmp_path / "index", DIMENSION, graph_from=GRAPH_FROM)
    yield made
    made.close()


def ids(hits: list[Hit]) -> set[str]:
    return {hit.passage_id for hit in hits}


def shards(home: Path) -> list[Path]:
    return [path for path in home.iterdir() if path.is_dir()]


def eventually(condition: Callable[[], bool]) -> None:
    """Wait for what another thread or process is about to do, for a minute at most."""
    pause = threading.Event()
    for _ in range(6_000):
        if condition():
            return
        pause.wait(0.01)
    pytest.fail("it did not happen within a minute")


def test_a_graph_finds_what_exact_search_finds_in_wide_and_narrow_scopes(index: EdgeIndex) -> None:
    index.upsert(entries(3_000))
    index.optimise()
    scopes = {
        "all": EVERYBODY,
        "tenth": IndexFilter(tenant="acme", as_of=TODAY, collections=("tenth",)),
        "chart": IndexFilter(tenant="acme", as_of=TODAY, subjects=("anna",), collections=("chart",)),
    }
    assert {name: index.count(where) for name, where in scopes.items()} == {"all": 2_997, "tenth": 300, "chart": 3}
    for where in scopes.values():
        shares = []
        for vector in vectors(100, seed=9):
            best = ids(index.search_dense(vector, where, 10, exact=True))
            shares.append(len(best & ids(index.search_dense(vector, where, 100)[:10])) / len(best))
        assert sum(shares) / len(shares) >= 0.97


def test_a_graph_keeps_a_subject_out_and_lets_its_own_scope_in(index: EdgeIndex) -> None:
    made = entries(1_200)
    index.upsert(made)
    index.optimise()
    about = made[1_001]
    assert about.labels.subjects == ("anna",)
    assert about.dense is not None
    anna = IndexFilter(tenant="acme", as_of=TODAY, subjects=("anna",))
    assert about.passage_id not in ids(index.search_dense(about.dense, EVERYBODY, 100))
    [nearest] = index.search_dense(about.dense, anna, 1)
    assert (nearest.passage_id, round(nearest.score, 5)) == (about.passage_id, 1.0)


def test_a_graph_lets_nothing_through_that_the_reference_keeps_out(index: EdgeIndex) -> None:
    dice = random.Random(20260501)
    names, dates = ("a", "b", "c"), (date(2020, 1, 1), date(2022, 1, 1), TODAY)

    def some() -> tuple[str, ...]:
        return tuple(dice.sample(names, dice.choice((0, 0, 0, 1, 2))))

    made = []
    for entry in entries(1_000):
        low, high = sorted(dice.choices(dates, k=2))
        interval = Interval(effective_from=dice.choice((None, low)), effective_to=dice.choice((None, high)))
        labels = Labels(tenant="acme", subjects=some(), walls=some(), collection=dice.choice(names))
        made.append(replace(entry, labels=labels, in_force=interval))
    reference = MemoryIndex(DIMENSION)
    reference.upsert(made)
    index.upsert(made)
    index.optimise()
    shares = []
    for vector in vectors(40, seed=9):
        where = IndexFilter(tenant="acme", as_of=dice.choice(dates), subjects=some(), walls=some(), collections=some())
        allowed = {hit.passage_id: hit.score for hit in reference.search_dense(vector, where, 1_000)}
        found = index.search_dense(vector, where, 100)
        assert [round(hit.score, 4) for hit in found] == [round(allowed[hit.passage_id], 4) for hit in found]
        best = set(list(allowed)[:10])
        shares.append(len(best & ids(found[:10])) / len(best) if best else 1.0)
    assert sum(shares) / len(shares) >= 0.97


def test_what_is_built_replaces_the_shard_and_leaves_no_other(index: EdgeIndex, tmp_path: Path) -> None:
    before = shards(tmp_path / "index")
    index.upsert(entries(GRAPH_FROM - 1))
    index.optimise()
    assert shards(tmp_path / "index") == before
    index.upsert(entries(1, first=GRAPH_FROM))
    index.optimise()
    [after] = shards(tmp_path / "index")
    assert [after] != before
    assert index.count() == GRAPH_FROM
    index.optimise()
    assert shards(tmp_path / "index") == [after]


def test_updates_and_questions_go_on_while_a_graph_is_built(index: EdgeIndex, tmp_path: Path) -> None:
    made = entries(3_000)
    index.upsert(made)
    building = threading.Thread(target=index.optimise)
    building.start()
    eventually(lambda: len(shards(tmp_path / "index")) == 2)
    late = entries(20, first=10_000)
    index.upsert(late)
    index.delete_version("v5")
    index.set_in_force("v6", Interval(effective_to=date(2020, 1, 1)))
    answered = 0
    while building.is_alive():
        for entry in (made[0], late[3]):
            assert entry.dense is not None
            [hit] = index.search_dense(entry.dense, EVERYBODY, 1)
            assert hit.passage_id == entry.passage_id
        answered += 1
    building.join()
    assert answered > 0
    assert index.count() == 3_010
    everything = ids(index.lookup(["k"], IndexFilter(tenant="acme", as_of=TODAY, subjects=("anna",)), 10_000))
    assert {entry.passage_id for entry in late} <= everything
    assert not everything & {entry.passage_id for entry in made[50:70]}
    assert len(everything) == 3_000


def test_a_graph_and_late_updates_are_there_when_the_index_is_opened_again(tmp_path: Path) -> None:
    first = EdgeIndex(tmp_path / "index", DIMENSION, graph_from=GRAPH_FROM)
    first.upsert(entries(1_000))
    first.optimise()
    first.upsert(entries(10, first=2_000))
    first.close()
    again = EdgeIndex(tmp_path / "index", DIMENSION, graph_from=GRAPH_FROM)
    assert again.count() == 1_010
    again.close()


def test_an_index_that_closes_gives_its_build_up(tmp_path: Path) -> None:
    first = EdgeIndex(tmp_path / "index", DIMENSION, graph_from=GRAPH_FROM)
    first.upsert(entries(3_000))
    building = threading.Thread(target=first.optimise)
    building.start()
    eventually(lambda: len(shards(tmp_path / "index")) == 2)
    first.close()
    building.join()
    again = EdgeIndex(tmp_path / "index", DIMENSION, graph_from=GRAPH_FROM)
    assert again.count() == 3_000
    assert len(shards(tmp_path / "index")) == 1
    again.close()


def test_another_process_is_kept_out_after_a_graph_was_built(index: EdgeIndex, tmp_path: Path) -> None:
    index.upsert(entries(GRAPH_FROM))
    index.optimise()
    with pytest.raises(ServiceError) as caught:
        EdgeIndex(tmp_path / "index", DIMENSION)
    assert caught.value.code == "service.index_in_use"


def test_a_builder_that_fails_leaves_the_open_shard_alone(index: EdgeIndex, tmp_path: Path) -> None:
    index.upsert(entries(3_000))
    failed: list[str] = []

    def build() -> None:
        try:
            index.optimise()
        except ServiceError as error:
            failed.append(error.code)

    [current] = shards(tmp_path / "index")
    building = threading.Thread(target=build)
    building.start()
    eventually(lambda: len(shards(tmp_path / "index")) == 2)
    [copy] = [path for path in shards(tmp_path / "index") if path != current]
    eventually(lambda: spoilt(copy, current))
    building.join()
    assert failed == ["service.index_unavailable"]
    assert shards(tmp_path / "index") == [current]
    assert index.count() == 3_000
    index.optimise()
    assert shards(tmp_path / "index") != [current]


def spoilt(copy: Path, original: Path) -> bool:
    """Damage a copied file before its builder reads it; before it is whole, the copying would mend it."""
    settings = copy / "edge_config.json"
    if not settings.exists() or settings.read_bytes() != (original / settings.name).read_bytes():
        return False
    settings.write_text("{", encoding="utf-8")
    return True


OWNER = textwrap.dedent(
    """
    import sys, threading
    from pathlib import Path
    from retrieval.indexes.edge import EdgeIndex
    from tests.integration.test_index_graph import DIMENSION, entries

    index = EdgeIndex(Path(sys.argv[1]), DIMENSION, graph_from=200)
    begin = int(sys.argv[2])

    def build():
        while True:
            index.optimise()

    threading.Thread(target=build, daemon=True).start()
    for batch in range(begin, 10**6):
        index.upsert(entries(50, first=batch * 50))
        print(batch, flush=True)
    """
)


def test_every_acknowledged_upsert_survives_kill_9_while_graphs_are_built(tmp_path: Path) -> None:
    dice = random.Random(20260501)
    begin = 0
    for _ in range(4):
        with forked.talking([str(tmp_path / "index"), str(begin)], what=OWNER) as owner:
            last = begin + dice.randrange(5, 60)
            for line in owner.stdout:
                begin = int(line) + 1
                if begin == last:
                    owner.process.kill()
        assert owner.process.returncode == -signal.SIGKILL
        index = EdgeIndex(tmp_path / "index", DIMENSION, graph_from=200)
        everything = IndexFilter(tenant="acme", as_of=TODAY, subjects=("anna",))
        found = ids(index.lookup(["k"], everything, 10**6))
        assert {f"p_{number:024x}" for number in range(begin * 50)} <= found
        assert begin >= last
        index.close()


@pytest.mark.parametrize("crashed", [False, True])
def test_a_shard_from_before_there_were_graphs_is_taken_in_whole(tmp_path: Path, *, crashed: bool) -> None:
    home = tmp_path / "index"
    index = EdgeIndex(home, DIMENSION)
    index.upsert(entries(50))
    index.close()
    (home / "first").rename(tmp_path / "older")
    home.rmdir()
    (tmp_path / "older").rename(tmp_path / "index.aside" if crashed else home)
    again = EdgeIndex(home, DIMENSION)
    assert again.count() == 50
    again.close()


def test_a_pointer_names_the_folder_that_counts(tmp_path: Path) -> None:
    folders = ShardFolders(tmp_path / "index")
    first = folders.current()
    first.mkdir()
    second, third = folders.fresh(), folders.fresh()
    assert len({first, second, third}) == 3
    second.mkdir()
    third.mkdir()
    folders.make_current(second)
    assert ShardFolders(tmp_path / "index").current() == second
    folders.sweep()
    assert shards(tmp_path / "index") == [second]
