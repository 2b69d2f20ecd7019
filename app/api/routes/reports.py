"""Reports in batches: ordering them, how far they are, and what was made."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import FastAPI, Query, Request
from fastapi.responses import Response

from app.api import report_views as views
from app.api.callers import CallerHere
from app.api.paging import LIMIT, Cursor, Limit, after_number, after_place, next_page
from app.bootstrap import Consilium
from app.reports.outcomes import template_json, templates_json
from app.reports.rendering.renderer import MEDIA_TYPES
from app.reports.requests import ReportBody
from app.reports.template import Format
from domain.callers import Caller, Resource
from domain.errors import RequestError
from domain.reports import Report

Tenant = Annotated[str | None, Query(max_length=200, description="Default: the caller's own.")]
Shape = Annotated[Format, Query(alias="format", description="docx, pdf, html, json or fhir.")]
_MADE: Final[dict[int | str, dict[str, Any]]] = {
    202: {
        "links": {
            name: {"operationId": name, "parameters": {"report_id": "$response.body#/id"}}
            for name in ("show_report", "list_report_items", "cancel_report", "delete_report")
        }
    }
}
_BYTES: Final = {"schema": {"type": "string", "format": "binary"}}
_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": dict.fromkeys(["application/octet-stream", *MEDIA_TYPES.values()], _BYTES)}
}
_ZIP: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {"application/zip": _BYTES}}}


def add(application: FastAPI, consilium: Consilium) -> None:
    """Add the routes."""
    _templates(application, consilium)
    _files(application, consilium)
    reports = consilium.reports

    @application.post(
        "/v1/reports",
        response_model=views.BatchView,
        response_model_exclude_unset=True,
        status_code=202,
        summary="Order a batch of reports",
        responses=_MADE,
        operation_id="order_report",
    )
    def order(body: ReportBody, caller: CallerHere) -> Any:
        _of_tenant(consilium, caller, "report.order", body.tenant)
        return reports.status(reports.order(body, caller))

    @application.get(
        "/v1/reports",
        response_model=views.BatchesView,
        response_model_exclude_unset=True,
        summary="List one's batches, newest first",
    )
    def listed(
        request: Request, caller: CallerHere, tenant: Tenant = None, limit: Limit = LIMIT, cursor: Cursor = None
    ) -> Any:
        of = _of_tenant(consilium, caller, "report.list", tenant)
        page = reports.kept.of_owner(of, caller.id, after=after_place(cursor), limit=limit)
        last = page.items[-1] if page.more else None
        return {
            "reports": [reports.status(one) for one in page.items],
            "next": next_page(request, last.created_at, last.id) if last else None,
        }

    @application.get(
        "/v1/reports/{report_id}",
        response_model=views.BatchView,
        response_model_exclude_unset=True,
        summary="Show a batch and how far it is",
        operation_id="show_report",
    )
    def shown(report_id: str, caller: CallerHere) -> Any:
        return reports.status(_found(consilium, caller, report_id, "report.read"))

    @application.get(
        "/v1/reports/{report_id}/items",
        response_model=views.BatchItemsView,
        response_model_exclude_unset=True,
        summary="List the items of a batch",
        operation_id="list_report_items",
    )
    def items(request: Request, report_id: str, caller: CallerHere, limit: Limit = LIMIT, cursor: Cursor = None) -> Any:
        report = _found(consilium, caller, report_id, "report.read")
        found, more = reports.items(report, after=after_number(cursor) - 1, limit=limit)
        return {"items": found, "next": next_page(request, found[-1]["number"] + 1) if more else None}

    @application.post(
        "/v1/reports/{report_id}/cancel",
        response_model=views.BatchView,
        response_model_exclude_unset=True,
        summary="Cancel what is not made yet",
        operation_id="cancel_report",
    )
    def cancel(report_id: str, caller: CallerHere) -> Any:
        report = _found(consilium, caller, report_id, "report.cancel")
        reports.cancel(report, caller)
        return reports.status(report)

    @application.post(
        "/v1/reports/{report_id}/resume",
        response_model=views.BatchView,
        response_model_exclude_unset=True,
        summary="Try again what was set aside",
        operation_id="resume_report",
    )
    def resume(report_id: str, caller: CallerHere) -> Any:
        report = _found(consilium, caller, report_id, "report.cancel")
        reports.resume(report, caller)
        return reports.status(report)

    @application.delete(
        "/v1/reports/{report_id}", status_code=204, summary="Remove a batch", operation_id="delete_report"
    )
    def remove(report_id: str, caller: CallerHere) -> None:
        reports.remove(_found(consilium, caller, report_id, "report.delete"), caller)


def _templates(application: FastAPI, consilium: Consilium) -> None:
    @application.get(
        "/v1/report-templates",
        response_model=views.TemplatesView,
        response_model_exclude_unset=True,
        summary="List the templates of reports",
    )
    def templates(caller: CallerHere) -> Any:
        _of_tenant(consilium, caller, "report.list", None)
        return templates_json(consilium.reports.templates)

    @application.get(
        "/v1/report-templates/{name}",
        response_model=views.TemplateTextView,
        response_model_exclude_unset=True,
        summary="Show a template with its text",
    )
    def template(name: str, caller: CallerHere) -> Any:
        _of_tenant(consilium, caller, "report.list", None)
        return template_json(consilium.reports.templates, name) | {"text": consilium.reports.templates.text(name)}


def _files(application: FastAPI, consilium: Consilium) -> None:
    reports = consilium.reports

    @application.get(
        "/v1/reports/{report_id}/items/{number}",
        response_class=Response,
        responses=_FILE,
        summary="Download a report",
    )
    def file(report_id: str, number: int, caller: CallerHere, shape: Shape = "pdf") -> Response:
        report = _found(consilium, caller, report_id, "report.read")
        if not 0 <= number < 2**31:
            raise RequestError("request.not_found", "item")
        name, content = reports.file(report, number, shape, caller)
        return _download(content, name, MEDIA_TYPES[shape])

    @application.get(
        "/v1/reports/{report_id}/contents",
        response_class=Response,
        responses=_FILE,
        summary="Download the contents sheet of a batch",
    )
    def contents(report_id: str, caller: CallerHere, shape: Shape = "json") -> Response:
        report = _found(consilium, caller, report_id, "report.read")
        return _download(reports.contents(report, shape), f"contents.{shape}", MEDIA_TYPES[shape])

    @application.get(
        "/v1/reports/{report_id}/grid",
        response_class=Response,
        responses=_FILE,
        summary="Download the grid over all items of a batch",
    )
    def grid(report_id: str, caller: CallerHere, shape: Shape = "html") -> Response:
        report = _found(consilium, caller, report_id, "report.read")
        return _download(reports.grid(report, shape, caller), f"grid.{shape}", MEDIA_TYPES[shape])

    @application.get(
        "/v1/reports/{report_id}/archive",
        response_class=Response,
        responses=_ZIP,
        summary="Download everything of a batch",
    )
    def archive(report_id: str, caller: CallerHere) -> Response:
        report = _found(consilium, caller, report_id, "report.read")
        return _download(reports.archive(report, caller), f"{report.template}.zip", "application/zip")


def _of_tenant(consilium: Consilium, caller: Caller, action: str, tenant: str | None) -> str:
    of = tenant or caller.tenant
    consilium.access.require(caller, action, Resource(kind="tenant", id=of, tenant=of))
    return of


def _found(consilium: Consilium, caller: Caller, report_id: str, action: str) -> Report:
    """Return a batch of the caller's; somebody else's is as good as none."""
    found = consilium.reports.kept.find(report_id)
    mine = found is not None and found.owner == caller.id
    tenant = found.tenant if found and mine else caller.tenant
    consilium.access.require(caller, action, Resource(kind="report", id=report_id, tenant=tenant, owner=caller.id))
    if found is None or not mine:
        raise RequestError("request.not_found", "report")
    return found


def _download(content: bytes, name: str, media_type: str) -> Response:
    """Return a file that a browser saves, and shows nowhere with our own rights."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)
