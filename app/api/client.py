"""Serves the web client: the files of its build, to anybody, as who asks is found out by the API behind it."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

DIST: Final = Path(__file__).parent.parent / "web" / "dist"
# First parts of the client's own addresses: a browser that is sent to one gets the client, which shows the page.
PAGES: Final = frozenset(
    {
        "activity",
        "ask",
        "assistants",
        "audit",
        "break-glass",
        "charts",
        "check",
        "documents",
        "evaluations",
        "feedback",
        "matters",
        "reports",
        "settings",
        "sign-in",
        "signed-in",
        "sources",
    }
)
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_HASHED: Final = "assets/"
_ENCODINGS: Final = (("br", ".br"), ("gzip", ".gz"))
_TYPES: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".wasm": "application/wasm",
}
_MISSING: Final = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Consilium</title>
<h1>The web client is not built</h1>
<p>Build it with <code>make setup</code>, which needs Node 20 or later or brings it along, and start the server again.
The API, the command line and <a href="/openapi.json">the OpenAPI document</a> work without it.</p>
</html>
"""


@dataclass(frozen=True, slots=True)
class _Labelled:
    """What the edge names a request by, in place of a route."""

    path: str = "client"


class WebClient:
    """An ASGI layer that answers what is of the client, and passes everything else on to the API.

    Only files that were there when the server started are served, by their exact names, so no path leads elsewhere.
    """

    def __init__(self, application: ASGIApp, folder: Path = DIST) -> None:
        self._application = application
        self._files = _files_of(folder)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        name = self._name_for(scope)
        if name is None:
            await self._application(scope, receive, send)
            return
        scope["route"] = _Labelled()
        await self._response(name, Headers(scope=scope))(scope, receive, send)

    def _name_for(self, scope: Scope) -> str | None:
        """Return the name of the file that answers a request; ``None`` for what is the API's."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            return None
        path = scope["path"].removeprefix("/")
        if path == "docs":
            return "docs.html"
        if path == "" or path.split("/")[0] in PAGES:
            return "index.html"
        return path if path in self._files else None

    def _response(self, name: str, asked: Headers) -> Response:
        file = self._files.get(name)
        if file is None:
            return HTMLResponse(_MISSING, HTTPStatus.SERVICE_UNAVAILABLE, {"Content-Security-Policy": POLICY})
        lasting = name.startswith(_HASHED)
        headers = {
            "Cache-Control": "public, max-age=31536000, immutable" if lasting else "no-cache",
            "Content-Security-Policy": POLICY,
            "Vary": "Accept-Encoding",
        }
        chosen = file
        accepted = _accepted(asked)
        for encoding, ending in _ENCODINGS:
            if encoding in accepted and (packed := self._files.get(name + ending)):
                chosen = packed
                headers["Content-Encoding"] = encoding
                break
        kind = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return FileResponse(chosen, headers=headers, media_type=kind)


def _files_of(folder: Path) -> Mapping[str, Path]:
    found = (path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else ()
    return {path.relative_to(folder).as_posix(): path for path in found}


def _accepted(asked: Headers) -> set[str]:
    """Return the encodings that a browser takes; one with the weight 0 it does not."""
    found = set()
    for part in asked.get("accept-encoding", "").split(","):
        encoding, _, weight = part.partition(";")
        if weight.strip().replace(" ", "") not in {"q=0", "q=0.0"}:
            found.add(encoding.strip().lower())
    return found
