"""Searching: what is found, in which order, and what is read around it."""

from __future__ import annotations

import concurrent.futures
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from domain.documents import Document, Interval, Labels, Locator, Passage, Reading, Section, Version
from domain.errors import RequestError, ServiceError
from domain.ports.passage_index import IndexEntry
from domain.questions import Actor, Question, Scope
from retrieval.bm25 import Bm25Encoder
from retrieval.citations import RegexCitationFinder
from retrieval.fusion import FusionWeights
from retrieval.indexes.memory import MemoryIndex
from retrieval.retriever import Retriever
from tests.fakes.catalogue import MemoryCatalogue
from tests.fakes.embedder import FakeEmbedder

TODAY = date(2026, 5, 1)


class House:
    """A retriever over fakes, filled with one document per call of ``add``."""

    def __init__(self, document: float = 0.0, *, asked: bool = True) -> None:
        self.embedder = FakeEmbedder(dimension=64)
        self.sparse = Bm25Encoder()
        self.citations = RegexCitationFinder()
        self.index = MemoryIndex(64)
        self.catalogue = MemoryCatalogue()
        self.retriever = Retriever(
            embedder=self.embedder,
            sparse=self.sparse,
            citations=self.citations,
            index=self.index,
            catalogue=self.catalogue,
            weights=FusionWeights(document=document, asked=asked),
        )

    def add(self, name: str, texts: Sequence[str], *, labels: Sequence[Labels] = (), citation: str = "") -> None:
        """Add a document of one section that is cut into ``texts``, with ids "name.0", "name.1" and so on."""
        whole = "\n".join(texts)
        root = Section(path=(), kind="document", start=0, end=len(whole), parent=None)
        passages, start = [], 0
        for number, text in enumerate(texts):
            passages.append(
                Passage(
                    id=f"{name}.{number}", document_id=name, version_id=f"v-{name}", start=start,
                    end=start + len(text), text=text, title=name, section=(),
                    locator=Locator(citation=f"{citation}({number + 1})" if citation else None),
                    labels=labels[number] if labels else Labels(), in_force=Interval(), parent_start=0,
                    parent_end=len(whole),
                )
            )  # fmt: skip
            start += len(text) + 1
        version = Version(
            id=f"v-{name}", document_id=name, digest="", path=name, media_type="t", title=name, text=whole,
            in_force=Interval(),
        )  # fmt: skip
        reading = Reading(media_type="t", title=name, text=whole, sections=(root,))
        document = Document(id=name, identity=name, title=name, labels=Labels())
        self.catalogue.add_version(document, version, reading, passages)
        self.catalogue.set_state(version.id, "indexed")
        vectors = self.embedder.embed(texts)
        words = self.sparse.encode_passages(texts)
        self.index.upsert(
            [
                IndexEntry(
                    passage_id=passage.id, document_id=name, version_id=version.id, labels=passage.labels,
                    in_force=Interval(), sparse=weights, dense=vector, keys=self.citations.keys_of(passage),
                )
                for passage, vector, weights in zip(passages, vectors, words, strict=True)
            ]
        )  # fmt: skip

    def ask(self, text: str, mode: str = "hybrid", *, k: int = 10, subjects: tuple[str, ...] = ()) -> list[str]:
        return [e.passage.id for e in self.retriever.retrieve(question(text, k=k, subjects=subjects), mode)]


def question(text: str, *, k: int = 10, subjects: tuple[str, ...] = (), walls: tuple[str, ...] = ()) -> Question:
    return Question(text=text, scope=Scope(as_of=TODAY, subjects=subjects), actor=Actor(id="me", walls=walls), k=k)


@pytest.fixture
def house() -> House:
    made = House()
    made.add("breach", ["A breach must be notified within 72 hours.", "The notice names the officer."])
    made.add("consent", ["Consent may be withdrawn at any time."])
    made.add("tablets", ["Take two tablets with water."])
    return made


@pytest.mark.parametrize("mode", ["hybrid", "dense", "words"])
def test_the_passage_that_answers_comes_first_in_every_mode(house: House, mode: str) -> None:
    assert house.ask("withdraw consent at any time", mode)[0] == "consent.0"


def test_words_find_only_passages_that_share_a_word(house: House) -> None:
    assert house.ask("tablets", "words") == ["tablets.0"]
    assert house.ask("zeppelin", "words") == []


def test_an_unknown_mode_is_refused(house: House) -> None:
    with pytest.raises(RequestError) as caught:
        house.ask("tablets", "magic")
    assert caught.value.code == "request.invalid"


def test_no_more_than_k_passages_are_returned_best_first(house: House) -> None:
    found = house.retriever.retrieve(question("tablets with water", k=2))
    assert found[0].passage.id == "tablets.0"
    assert len(found) == 2
    assert found[0].score > found[1].score
    hits = house.retriever.search_ids(question("tablets with water"), 2)
    assert [(hit.passage_id, hit.score) for hit in hits] == [(e.passage.id, e.score) for e in found]


@pytest.mark.parametrize("mode", ["hybrid", "dense", "words"])
def test_a_limit_beyond_the_depth_of_the_searches_is_kept(mode: str) -> None:
    house = House()
    house.add("many", [f"tablets {number}" for number in range(150)])
    assert len(house.retriever.search_ids(question("tablets"), 120, mode)) == 120


def test_a_named_provision_goes_before_everything_else(house: House) -> None:
    house.add("act", ["Nothing in common.", "Something else."], citation="Article 17")
    assert house.ask("consent withdrawn at any time under Article 17(2)")[:2] == ["act.1", "consent.0"]
    assert set(house.ask("consent withdrawn at any time under Article 17")[:2]) == {"act.0", "act.1"}


def test_a_point_that_is_no_passage_of_its_own_is_found_in_its_paragraph(house: House) -> None:
    house.add("act", ["Nothing in common.", "Something else."], citation="Article 17")
    assert house.ask("consent withdrawn at any time, Article 17(1)(b)")[:2] == ["act.0", "consent.0"]


def test_a_citation_does_not_open_what_the_scope_closes(house: House) -> None:
    house.add("chart", ["Nothing here."], citation="Article 17", labels=[Labels(subjects=("anna",))])
    assert "chart.0" not in house.ask("What does Article 17 say?")
    assert house.ask("What does Article 17 say?", subjects=("anna",))[0] == "chart.0"


def test_walls_come_from_the_asker(house: House) -> None:
    house.add("deal", ["The merger closes in May."], labels=[Labels(walls=("deal",))])
    asked = "When does the merger close?"
    assert "deal.0" not in {hit.passage_id for hit in house.retriever.search_ids(question(asked), 10)}
    inside = house.retriever.search_ids(question(asked, walls=("deal",)), 10)
    assert inside[0].passage_id == "deal.0"


def test_the_context_is_the_section_around_the_passage(house: House) -> None:
    found = house.retriever.retrieve(question("breach notified within 72 hours", k=1))
    assert found[0].passage.id == "breach.0"
    assert found[0].context == "A breach must be notified within 72 hours.\nThe notice names the officer."


def test_the_context_never_holds_passages_that_the_scope_closes() -> None:
    house = House()
    labels = [Labels(), Labels(subjects=("anna",)), Labels(walls=("deal",))]
    house.add("mixed", ["Ward round at noon.", "Anna has asthma.", "The merger closes."], labels=labels)
    assert house.retriever.retrieve(question("ward round", k=1))[0].context == "Ward round at noon."
    seen = house.retriever.retrieve(question("ward round", k=1, subjects=("anna",)))
    assert seen[0].context == "Ward round at noon.\nAnna has asthma."


def test_a_long_section_is_read_around_the_passage_only() -> None:
    house = House()
    house.add("long", [f"Line {number:03} " + "x" * 91 for number in range(100)])
    (evidence,) = house.retriever.retrieve(question("line 050", k=1), "words")
    assert evidence.passage.id == "long.50"
    assert len(evidence.context) <= 4_000
    assert evidence.context.splitlines()[0].startswith("Line 031")
    assert evidence.context.splitlines()[-1].startswith("Line 069")


def test_a_section_is_read_once_for_all_its_passages(house: House) -> None:
    house.catalogue.reads.clear()
    found = house.ask("breach notified officer notice", "words")
    assert set(found) == {"breach.0", "breach.1"}
    assert house.catalogue.reads == {"passages": 1, "neighbours": 1}


def test_a_passage_that_the_catalogue_no_longer_knows_is_left_out(house: House) -> None:
    house.catalogue.remove_version("v-tablets")
    assert "tablets.0" not in house.ask("tablets with water")


def test_an_error_of_a_part_keeps_its_code(house: House) -> None:
    house.embedder.available = False
    with pytest.raises(ServiceError) as caught:
        house.ask("consent")
    assert caught.value.code == "service.encoder_unavailable"
    assert house.ask("consent", "words") == ["consent.0"]


def test_searches_from_several_threads_do_not_mix(house: House) -> None:
    asked = {"consent withdrawn": "consent.0", "tablets with water": "tablets.0", "breach within 72 hours": "breach.0"}
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        futures = [(first, pool.submit(house.ask, text)) for text, first in list(asked.items()) * 30]
    assert [first for first, _ in futures] == [future.result()[0] for _, future in futures]


def test_a_version_that_is_not_yet_in_force_is_not_found(house: House) -> None:
    house.index.set_in_force("v-consent", Interval(effective_from=date(2026, 5, 2)))
    assert "consent.0" not in house.ask("consent withdrawn")
    later = replace(question("consent withdrawn"), scope=Scope(as_of=date(2026, 5, 2)))
    assert house.retriever.search_ids(later, 1)[0].passage_id == "consent.0"


def test_a_question_about_one_contract_of_many_is_answered_from_it() -> None:
    orders = []
    for weight in (0.0, 1.0):
        house = House(weight)
        house.add("alder", ["Secrets of Alder are kept for years.", "The term is five years.", "It rains."])
        house.add("birch", ["The term is ten years.", "The roof leaks.", "Rent is due."])
        found = house.retriever.search_ids(question("For how many years are secrets of Alder kept, what term?"), 3)
        orders.append([hit.passage_id for hit in found])
    assert orders == [["alder.0", "birch.0", "alder.1"], ["alder.0", "alder.1", "alder.2"]]


def test_what_is_asked_decides_within_the_contract_that_the_question_names() -> None:
    orders = []
    for asked in (False, True):
        house = House(1.0, asked=asked)
        house.add("alder", ["Lease contract of Alder House.", "It rains.", "The tenant may sublet.", "Rent is due."])
        house.add("birch", ["The tenant may sublet rooms.", "The roof leaks."])
        found = house.retriever.search_ids(question("In the lease contract of Alder House, may a tenant sublet?"), 4)
        orders.append([hit.passage_id for hit in found[:2]])
    assert orders == [["alder.0", "alder.2"], ["alder.2", "alder.0"]]
