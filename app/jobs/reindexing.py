"""A new index beside the one that answers, and the switch-over; a process that is killed at any step goes on there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Final

from domain.generations import Generation
from domain.ports.catalogue import Catalogue
from domain.ports.citation_finder import CitationFinder
from domain.ports.embedder import Embedder
from domain.ports.generations import Generations
from domain.ports.ids import Ids
from domain.ports.passage_index import PassageIndex
from domain.ports.sparse_encoder import SparseEncoder
from domain.ports.steps import Steps
from ingestion.passages import embedding_text
from ingestion.reindexing import entries_of
from ingestion.workflow import Ingestor
from retrieval.indexes.current import CurrentEmbedder, CurrentIndex, MissingEncoder
from retrieval.retriever import Retriever

_AT_ONCE: Final = 8  # versions
_END: Final = 2**31 - 1


@dataclass(slots=True, kw_only=True)
class Reindexing:
    """Makes the coming generation from the catalogue, and lets it answer once it has everything.

    Meanwhile the live generation answers with its own encoder, or by words alone where that cannot be loaded any more,
    and takes what is ingested (by ``answering``). ``embedder`` is the encoder that is set, which the coming generation
    is made with.
    ``open_index`` opens the index of a generation; ``remove`` removes every index but that of the one that counts,
    ``grace`` seconds after the last question was handed to another. ``live`` is the name of the generation that answers
    here. Where several processes share the index (``shared``), each follows what another one did, and ``apart`` keeps
    the switch apart from what they write; ``former`` returns the encoder of a generation made with another one.
    """

    encoder: str
    embedder: Embedder
    catalogue: Catalogue
    generations: Generations
    current: CurrentIndex
    sparse: SparseEncoder
    citations: CitationFinder
    retriever: Retriever
    ingestor: Ingestor
    answering: CurrentEmbedder
    ids: Ids
    steps: Steps
    open_index: Callable[[Generation], PassageIndex]
    remove: Callable[[Generation], None]
    former: Callable[[Generation], Embedder]
    live: str
    shared: bool = False
    apart: Callable[[], AbstractContextManager[object]] = nullcontext
    grace: float = 5.0
    _coming: str = ""
    _left: PassageIndex | None = None
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)
    _stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def due(self) -> bool:
        """Say whether the live generation is of another encoder, or one was begun."""
        live = self.generations.live()
        return self.generations.coming() is not None or (live is not None and live.embedder != self.embedder.name)

    @property
    def coming(self) -> bool:
        """Say whether a generation is under way here."""
        return self.current.coming is not None

    def stop(self) -> None:
        """Let :meth:`run` end after the versions under way; the next one goes on there."""
        self._stopping.set()

    def resume(self) -> None:
        """Open what an earlier process began with the same encoder, so that erasures reach it from the start on.

        Where none is under way, what an earlier process could not remove any more is removed.
        """
        coming = self.generations.coming()
        live = self.generations.live()
        if coming is None and live is not None:
            self.remove(live)
        if coming and coming.embedder == self.embedder.name and self.current.coming is None:
            self.current.coming, self._coming = self.open_index(coming), coming.name

    def follow(self) -> None:
        """Do here what another process did: answer from the index that it switched to, with that one's encoder.

        One that another process makes is opened, so that what is removed meanwhile is removed there too. Raises
        ServiceError.
        """
        if not self.shared or not self._one_at_a_time.acquire(blocking=False):
            return
        try:
            live, coming = self.generations.live(), self.generations.coming()
            if live is not None and live.name != self.live:
                with self.ingestor.paused():
                    self._change_over(live)
            if coming is not None and coming.name != self._coming and coming.embedder == self.embedder.name:
                self.current.coming, self._coming = self.open_index(coming), coming.name
        finally:
            self._one_at_a_time.release()

    def _change_over(self, live: Generation) -> None:
        """Answer from another generation. The index before stays open until the next time: somebody may be at it."""
        embedder = self.embedder if live.embedder == self.embedder.name else self.former(live)
        index = self.open_index(live)
        if self._left is not None:
            self._left.close()
        self._left = self.current.take(index)
        self.retriever.use_index(embedder, index)
        if isinstance(embedder, MissingEncoder):
            self.retriever.use_words_only()
        self.answering.embedder = embedder
        self.live = live.name

    def run(self, stopped: Callable[[], bool] = lambda: False) -> Iterator[int]:
        """Make the coming generation and switch over; yield how many versions were copied, after each some.

        Ends early, to be called again, when ``stopped`` says so. Raises ServiceError when a part is unavailable.
        """
        with self._one_at_a_time:
            self._begin()
            while some := self.generations.uncopied(_AT_ONCE):
                if self._stopping.is_set() or stopped():
                    return
                self._copy(some)
                self.steps.reached("reembedding.copied")
                yield len(some)
            self._switch()

    def _begin(self) -> None:
        self.resume()
        if self.current.coming is None:
            name = self.ids.new("index").replace("_", "-")
            coming = Generation(
                name=name, encoder=self.encoder, embedder=self.embedder.name, dimension=self.embedder.dimension
            )
            self.generations.begin(coming)
            self.current.coming, self._coming = self.open_index(coming), coming.name
        self.steps.reached("reembedding.begun")

    def _copy(self, version_ids: list[str]) -> None:
        """Copy versions. What was erased or changed while their vectors were made is seen under the lock."""
        read = {
            passage.id: passage
            for version_id in version_ids
            for passage in self.catalogue.neighbours(version_id, 0, _END)
        }
        vectors = self.embedder.embed([embedding_text(passage) for passage in read.values()]) if read else []
        dense = dict(zip(read, vectors, strict=True))
        with self.current.changing:
            coming = self.current.coming
            if coming is None:
                return
            there = self.catalogue.passages(list(dense))
            fresh = [passage for passage in there.values() if passage.version_id not in self.current.gone]
            entries = entries_of(fresh, self.sparse, self.citations)
            coming.upsert([replace(entry, dense=dense[entry.passage_id]) for entry in entries])
            self.generations.copied(version_ids)
            # Another process does not know our lock: what it removed meanwhile goes from here as well.
            left = self.catalogue.passages(list(dense)) if self.shared else there
            for version_id in {passage.version_id for passage in fresh if passage.id not in left}:
                coming.delete_version(version_id)

    def _switch(self) -> None:
        """Copy what came last while nothing is ingested, and let the new generation answer in one step."""
        with self.ingestor.paused(), self.apart():
            while some := self.generations.uncopied(_AT_ONCE):
                self._copy(some)
            self.steps.reached("reembedding.completed")
            before = self.current.switch(self.generations.switch)
            now = self.generations.live()
            self.live, self._coming = now.name if now else self.live, ""
            self.steps.reached("reembedding.switched")
            self.retriever.use_index(self.embedder, self.current.index)
            self.answering.embedder = self.embedder
        self._stopping.wait(self.grace)
        before.close()
        live = self.generations.live()
        if live:
            self.remove(live)
        self.steps.reached("reembedding.swept")
