"""Versions for checking a quote beside them: outline, exact text, places, the original, and changes."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import Depends, FastAPI, Query
from starlette.responses import Response

from app.api import source_views as views
from app.api.callers import CallerHere
from app.api.routes.versions import Place
from app.api.scopes import ScopeQuery
from app.bootstrap import Consilium
from app.originals import MEDIA_TYPES
from app.sources import LONGEST

_SANDBOX: Final = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
Other = Annotated[str, Query(alias="with", max_length=200, description="The version that is compared with.")]


async def _window(start: Place = 0, end: Place | None = None) -> tuple[int, int]:
    return start, start + LONGEST if end is None else end


async def _mark(mark_start: Place | None = None, mark_end: Place | None = None) -> tuple[int, int] | None:
    return (mark_start, mark_end) if mark_start is not None and mark_end is not None else None


Window = Annotated[tuple[int, int], Depends(_window)]
Marked = Annotated[tuple[int, int] | None, Depends(_mark)]
_ORIGINAL: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The file.", "content": {kind: {} for kind in sorted(set(MEDIA_TYPES.values()))}}
}


def add(application: FastAPI, consilium: Consilium) -> None:
    """Add the routes."""
    sources = consilium.sources

    @application.get(
        "/v1/versions/{version_id}/outline", response_model=views.OutlineView, summary="Show outline of a version"
    )
    def outline(version_id: str, scope: ScopeQuery, caller: CallerHere) -> Any:
        return sources.outline(version_id, scope.question(consilium, "browse", caller=caller))

    @application.get(
        "/v1/versions/{version_id}/text", response_model=views.WindowView, summary="Show a window of a version's text"
    )
    def text(version_id: str, scope: ScopeQuery, caller: CallerHere, window: Window, mark: Marked) -> Any:
        return sources.text(version_id, *window, mark, scope.question(consilium, "browse", caller=caller))

    @application.get(
        "/v1/versions/{version_id}/locator", response_model=views.SpanPlaceView, summary="Say where a span stands"
    )
    def locator(version_id: str, scope: ScopeQuery, caller: CallerHere, start: Place, end: Place) -> Any:
        return sources.locate(version_id, start, end, scope.question(consilium, "browse", caller=caller))

    @application.get(
        "/v1/versions/{version_id}/original",
        response_class=Response,
        responses=_ORIGINAL,
        summary="Return the file that a version was read from",
    )
    def original(version_id: str, scope: ScopeQuery, caller: CallerHere) -> Response:
        content, media_type = sources.original(version_id, scope.question(consilium, "browse", caller=caller))
        headers = {
            "Content-Disposition": f'attachment; filename="original.{media_type.split("/")[1]}"',
            "Content-Security-Policy": _SANDBOX,
            "X-Content-Type-Options": "nosniff",
        }
        return Response(content, media_type=media_type, headers=headers)

    @application.get(
        "/v1/versions/{version_id}/changes",
        response_model=views.ChangesView,
        summary="Say what changed from another version to this one",
    )
    def changes(version_id: str, other: Other, scope: ScopeQuery, caller: CallerHere) -> Any:
        return sources.changes(version_id, other, scope.question(consilium, "browse", caller=caller))
