"""Lists of documents, and their labels and dates for those who look after them."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from app.api import keeping_views as views
from app.api.callers import CallerHere
from app.api.routes.conversations import Tenant
from app.bootstrap import Consilium
from app.keeping_requests import DatesBody, LabelsBody, ListingBody
from app.outcomes import receipt_json
from app.requests import EraseBody
from app.shelves import INVENTORY
from domain.access import TENANT
from domain.callers import Resource


def add(application: FastAPI, consilium: Consilium) -> None:
    """Add the routes."""
    _changes(application, consilium)

    @application.post(
        "/v1/documents/listing",
        response_model=views.ListingView,
        response_model_exclude_unset=True,
        summary="List documents by their labels, in an order, page by page",
    )
    def listing(body: ListingBody, caller: CallerHere) -> Any:
        asker = body.question(consilium, "browse", caller=caller)
        return consilium.shelves.page(body.to_asked(asker.scope.tenant), asker)

    @application.get(
        "/v1/documents/{document_id}/labels",
        response_model=views.FiledView,
        summary="Show a document's labels, dates and holds, without its text",
    )
    def labels(document_id: str, caller: CallerHere, tenant: Tenant = None) -> Any:
        of = tenant or caller.tenant
        consilium.access.require(caller, INVENTORY, Resource(kind=TENANT, id=of, tenant=of))
        return consilium.shelves.labels(of, document_id)

    @application.post(
        "/v1/erasures/plan",
        response_model=views.PlanView,
        response_model_exclude_unset=True,
        summary="Say what an erasure would remove and keep, and erase nothing",
    )
    def plan(body: EraseBody, caller: CallerHere) -> Any:
        target = body.to_target()
        resource = Resource(kind=target.kind, id=target.id, tenant=target.tenant)
        consilium.access.require(caller, "erasure.order", resource)
        found = receipt_json(consilium.erasures.plan(target, shared=body.shared))
        return {name: value for name, value in found.items() if name not in {"id", "traces"}}


def _changes(application: FastAPI, consilium: Consilium) -> None:
    @application.patch(
        "/v1/documents/{document_id}", response_model=views.FiledView, summary="Change the labels of a document"
    )
    def label(document_id: str, body: LabelsBody, caller: CallerHere, tenant: Tenant = None) -> Any:
        of = tenant or caller.tenant
        consilium.access.require(caller, "document.label", Resource(kind="document", id=document_id, tenant=of))
        consilium.labelling.label(of, document_id, body.to_correction(), caller.id)
        return consilium.shelves.labels(of, document_id)

    @application.patch(
        "/v1/versions/{version_id}", response_model=views.FiledView, summary="Correct the dates of a version in force"
    )
    def dates(version_id: str, body: DatesBody, caller: CallerHere, tenant: Tenant = None) -> Any:
        of = tenant or caller.tenant
        consilium.access.require(caller, "document.label", Resource(kind="version", id=version_id, tenant=of))
        version = consilium.labelling.date(of, version_id, body.to_interval(), caller.id)
        return consilium.shelves.labels(of, version.document_id)
