"""What lists documents, for those who read them and for those who look after them."""

from __future__ import annotations

from app.building.answering import Guarded
from app.building.governing import Governing
from app.building.keeping import Keeping
from app.building.storing import Stores
from app.shelves import Shelves


def build_shelves(stores: Stores, governing: Governing, guarded: Guarded, keeping: Keeping) -> Shelves:
    """Return what lists documents."""
    return Shelves(
        listings=stores.listings,
        catalogue=stores.catalogue,
        retriever=guarded.retriever,
        presenter=guarded.presenter,
        access=governing.access,
        erasures=keeping.erasures,
    )
