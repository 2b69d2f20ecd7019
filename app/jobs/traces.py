"""What jobs keep of subjects and documents, and the bytes that wait for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from domain.ports.blob_store import BlobStore
from domain.ports.catalogue import Catalogue
from domain.ports.jobs import Jobs


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTraces:
    """Implements :class:`domain.ports.traces.Traces`.

    ``apart`` keeps the recording of what a job needs, and the removal of what none needs, apart from each other.
    """

    jobs: Jobs
    catalogue: Catalogue
    blobs: BlobStore
    apart: Callable[[], AbstractContextManager[object]]

    def forget(self, tenant: str, subjects: Sequence[str], document_ids: Sequence[str]) -> int:
        """Forget what items of jobs say of subjects and documents, with their bytes; return how many items."""
        count, digests = self.jobs.forget(tenant, subjects, document_ids)
        self.drop(digests)
        return count

    def drop(self, digests: Sequence[str]) -> None:
        """Remove bytes that no document was read from and no item needs."""
        if not any(digests):
            return
        with self.apart():
            needed = self.jobs.digests_needed(digests)
            for digest in sorted({digest for digest in digests if digest} - needed):
                if not self.catalogue.documents_from(digest):
                    self.blobs.delete(digest)
