"""What shows versions and originals for checking."""

from __future__ import annotations

from app.building.answering import Guarded
from app.building.ground import Ground
from app.building.ingesting import limits_of
from app.building.storing import Stores
from app.originals import Originals
from app.sources import Sources
from ingestion.sandbox import ORIGINALS, ReadingSandbox


def build_sources(ground: Ground, stores: Stores, guarded: Guarded) -> Sources:
    """Return what shows versions; its sandbox is a process that starts with the first original, to be closed."""
    presenter = guarded.presenter
    return Sources(
        catalogue=stores.catalogue,
        retriever=guarded.retriever,
        presenter=presenter,
        originals=Originals(
            catalogue=stores.catalogue,
            blobs=stores.blobs,
            disclosure=presenter.disclosure,
            sandbox=ReadingSandbox(limits_of(ground), ORIGINALS),
            audit=stores.audit,
        ),
    )
