"""The index that answers now with its encoder, which others may take the place of while questions go on."""

from __future__ import annotations

import array
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence

from domain.documents import Interval
from domain.errors import ServiceError
from domain.ports.embedder import Embedder
from domain.ports.passage_index import Hit, IndexEntry, IndexFilter, Listed, PassageIndex, SparseVector


class CurrentIndex:
    """Implements PassageIndex by the one that counts.

    What removes entries or changes their dates reaches the index under way beside it too, so that nothing that is
    erased or corrected comes back with it. What adds entries does not: those are copied from the catalogue, once more
    where they were copied before, which ``changed`` hears. Questions are asked through :attr:`index` itself, whose
    vectors are of the encoder that it was opened with.
    """

    def __init__(self, index: PassageIndex, changed: Callable[[Sequence[str]], None]) -> None:
        self.index = index
        self._changed = changed
        self.coming: PassageIndex | None = None
        self.gone: set[str] = set()  # versions that were removed while another index is under way
        self.changing = threading.RLock()
        # Looks for what other processes did with the indexes; called before something is written or removed.
        self.refresh: Callable[[], None] = _nothing_new

    def take(self, index: PassageIndex) -> PassageIndex:
        """Put the index that another process switched to in the place of the one that counts, which is returned."""
        with self.changing:
            before, self.index, self.coming = self.index, index, None
            self.gone.clear()
            return before

    def switch(self, settle: Callable[[], None]) -> PassageIndex:
        """Put the coming index in the place of the one that counts, which is returned; ``settle`` makes it so."""
        with self.changing:
            if self.coming is None:
                message = "there is no index to switch to"
                raise AssertionError(message)
            settle()
            before, self.index, self.coming = self.index, self.coming, None
            self.gone.clear()
            return before

    def upsert(self, entries: Sequence[IndexEntry]) -> None:
        """Add or replace entries."""
        self.refresh()
        with self.changing:
            self.gone.difference_update(entry.version_id for entry in entries)
            self.index.upsert(entries)
            if self.coming is not None:
                self._changed(sorted({entry.version_id for entry in entries}))

    def add_vectors(self, vectors: Mapping[str, array.array[float]]) -> None:
        """Give entries their dense vectors."""
        with self.changing:
            self.index.add_vectors(vectors)

    def delete_version(self, version_id: str) -> None:
        """Remove every entry of a version, of the coming index too."""
        self.refresh()
        with self.changing:
            if self.coming is not None:
                self.gone.add(version_id)
            for index in self._both():
                index.delete_version(version_id)

    def set_in_force(self, version_id: str, interval: Interval) -> None:
        """Change the dates in force of every entry of a version, of the coming index too."""
        self.refresh()
        with self.changing:
            for index in self._both():
                index.set_in_force(version_id, interval)

    def search_dense(self, vector: array.array[float], where: IndexFilter, limit: int) -> list[Hit]:
        """Return the nearest entries."""
        return self.index.search_dense(vector, where, limit)

    def search_sparse(self, vector: SparseVector, where: IndexFilter, limit: int) -> list[Hit]:
        """Return the best entries by words."""
        return self.index.search_sparse(vector, where, limit)

    def weights(self, passage_ids: Sequence[str], terms: Sequence[int]) -> dict[str, dict[int, float]]:
        """Return what each entry weighs of ``terms``."""
        return self.index.weights(passage_ids, terms)

    def lookup(self, keys: Sequence[str], where: IndexFilter, limit: int) -> list[Hit]:
        """Return entries that carry keys."""
        return self.index.lookup(keys, where, limit)

    def count(self, where: IndexFilter | None = None) -> int:
        """Return how many entries match."""
        return self.index.count(where)

    def inventory(self) -> Iterator[Listed]:
        """Yield every entry."""
        yield from self.index.inventory()

    def vectors(self, passage_ids: Sequence[str]) -> dict[str, array.array[float]]:
        """Return the dense vectors of entries."""
        return self.index.vectors(passage_ids)

    def compact(self) -> None:
        """Leave nothing of what was deleted behind, in the coming index too.

        There it is removed once more: another process may just have copied what it had read before.
        """
        self.refresh()
        with self.changing:
            if self.coming is not None:
                for version_id in self.gone:
                    self.coming.delete_version(version_id)
        for index in self._both():
            index.compact()

    def optimise(self) -> None:
        """Bring what was added lately into the shape that is searched fastest."""
        self.index.optimise()

    def close(self) -> None:
        """Write everything out and let go of the files."""
        for index in self._both():
            index.close()

    def _both(self) -> list[PassageIndex]:
        return [self.index] if self.coming is None else [self.index, self.coming]


def _nothing_new() -> None:
    """Do nothing: one process has the index."""


class CurrentEmbedder:
    """Implements Embedder by the one whose vectors the current index holds."""

    def __init__(self, embedder: Embedder) -> None:
        self.embedder = embedder

    @property
    def name(self) -> str:
        """Return the model's name."""
        return self.embedder.name

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        return self.embedder.dimension

    @property
    def window(self) -> int:
        """Return the most tokens of one text."""
        return self.embedder.window

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens each text has."""
        return self.embedder.count_tokens(texts)

    def embed(self, texts: Sequence[str]) -> list[array.array[float]]:
        """Return one unit vector per text."""
        return self.embedder.embed(texts)


class MissingEncoder:
    """Implements Embedder for an index whose encoder cannot be loaded any more: it embeds nothing."""

    window = 1

    def __init__(self, name: str, dimension: int) -> None:
        self.name, self.dimension = name, dimension

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Refuse."""
        del texts
        raise ServiceError("service.encoder_unavailable", f"the index is of {self.name}")

    def embed(self, texts: Sequence[str]) -> list[array.array[float]]:
        """Refuse."""
        del texts
        raise ServiceError("service.encoder_unavailable", f"the index is of {self.name}")
