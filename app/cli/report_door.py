"""The door of the report commands: in process, where this process works on the batch itself, or the running server."""

from __future__ import annotations

from functools import partial
from typing import Any, Protocol
from urllib.parse import quote

from app.bootstrap import Consilium, build
from app.cli.door import RemoteDoor, credential_for, running_server, validated
from app.reports.outcomes import template_json, templates_json
from app.reports.requests import ReportBody
from app.reports.template import Format
from app.settings import Settings
from domain.callers import OWNER
from domain.errors import RequestError

JSON = dict[str, Any]


class ReportDoor(Protocol):
    """What the report commands need. Bodies and results are the JSON of the HTTP API."""

    def templates(self) -> JSON:
        """Return every template."""

    def template(self, name: str) -> JSON:
        """Return one template."""

    def order(self, body: JSON) -> JSON:
        """Order a batch."""

    def work(self) -> None:
        """Let somebody work on it: this process, where no server does."""

    def status(self, report_id: str) -> JSON:
        """Return how far a batch is."""

    def batches(self) -> JSON:
        """Return one's own batches, newest first."""

    def items(self, report_id: str) -> list[JSON]:
        """Return the items of a batch."""

    def file(self, report_id: str, number: int, name: Format) -> bytes:
        """Return a file of an item."""

    def sheet(self, report_id: str, sheet: str, name: Format) -> bytes:
        """Return the "contents" or the "grid" of a batch."""

    def cancel(self, report_id: str) -> JSON:
        """Cancel what is not made yet."""

    def resume(self, report_id: str) -> JSON:
        """Try again what was set aside."""

    def close(self) -> None:
        """Let go of everything."""


class LocalReports:
    """The product in this process; everything is the owner's."""

    def __init__(self, consilium: Consilium) -> None:
        self._consilium = consilium
        self._reports = consilium.reports

    def templates(self) -> JSON:
        """Return every template."""
        return templates_json(self._reports.templates)

    def template(self, name: str) -> JSON:
        """Return one template."""
        return template_json(self._reports.templates, name)

    def order(self, body: JSON) -> JSON:
        """Order a batch."""
        return self._reports.status(self._reports.order(validated(ReportBody, body), OWNER))

    def work(self) -> None:
        """Work on jobs in this process."""
        self._consilium.jobs.start()

    def status(self, report_id: str) -> JSON:
        """Return how far a batch is."""
        return self._reports.status(self._reports.find(report_id))

    def batches(self) -> JSON:
        """Return the owner's batches."""
        page = self._reports.kept.of_owner(OWNER.tenant, OWNER.id, after=None, limit=100)
        return {"reports": [self._reports.status(one) for one in page.items]}

    def items(self, report_id: str) -> list[JSON]:
        """Return the items of a batch."""
        return self._reports.items(self._reports.find(report_id))[0]

    def file(self, report_id: str, number: int, name: Format) -> bytes:
        """Return a file of an item."""
        return self._reports.file(self._reports.find(report_id), number, name, OWNER)[1]

    def sheet(self, report_id: str, sheet: str, name: Format) -> bytes:
        """Return the "contents" or the "grid" of a batch."""
        report = self._reports.find(report_id)
        return self._reports.grid(report, name, OWNER) if sheet == "grid" else self._reports.contents(report, name)

    def cancel(self, report_id: str) -> JSON:
        """Cancel what is not made yet."""
        self._reports.cancel(self._reports.find(report_id), OWNER)
        return self.status(report_id)

    def resume(self, report_id: str) -> JSON:
        """Try again what was set aside."""
        self._reports.resume(self._reports.find(report_id), OWNER)
        return self.status(report_id)

    def close(self) -> None:
        """Stop working, and let go of the index."""
        self._consilium.close()


class RemoteReports:
    """The running server."""

    def __init__(self, url: str, credential: str | None) -> None:
        self._door = RemoteDoor(url, credential)
        self._client, self._result = self._door.client, self._door.result

    def templates(self) -> JSON:
        """Return every template."""
        return self._result(lambda: self._client.get("/v1/report-templates"))

    def template(self, name: str) -> JSON:
        """Return one template."""
        return self._result(lambda: self._client.get(f"/v1/report-templates/{quote(name, safe='')}"))

    def order(self, body: JSON) -> JSON:
        """Order a batch."""
        return self._result(lambda: self._client.post("/v1/reports", json=body))

    def work(self) -> None:
        """Do nothing: the server works."""

    def status(self, report_id: str) -> JSON:
        """Return how far a batch is."""
        return self._result(lambda: self._client.get(_path(report_id)))

    def batches(self) -> JSON:
        """Return one's own batches."""
        return self._result(lambda: self._client.get("/v1/reports"))

    def items(self, report_id: str) -> list[JSON]:
        """Return the items of a batch, page by page."""
        found: list[JSON] = []
        page: str | None = f"{_path(report_id)}/items?limit=500"
        while page:
            body = self._result(partial(self._client.get, page))
            found += body["items"]
            page = body.get("next")
        return found

    def file(self, report_id: str, number: int, name: Format) -> bytes:
        """Return a file of an item."""
        return self._bytes(f"{_path(report_id)}/items/{number}", name)

    def sheet(self, report_id: str, sheet: str, name: Format) -> bytes:
        """Return the "contents" or the "grid" of a batch."""
        return self._bytes(f"{_path(report_id)}/{sheet}", name)

    def cancel(self, report_id: str) -> JSON:
        """Cancel what is not made yet."""
        return self._result(lambda: self._client.post(f"{_path(report_id)}/cancel", json={}))

    def resume(self, report_id: str) -> JSON:
        """Try again what was set aside."""
        return self._result(lambda: self._client.post(f"{_path(report_id)}/resume", json={}))

    def close(self) -> None:
        """Close the connection."""
        self._door.close()

    def _bytes(self, path: str, name: Format) -> bytes:
        return self._door.reply(lambda: self._client.get(path, params={"format": name})).content


def open_report_door(settings: Settings) -> ReportDoor:
    """Return the door to the running server of this home, or the product in this process when none runs."""
    url = running_server(settings)
    return RemoteReports(url, credential_for(settings, url)) if url else LocalReports(build(settings))


def _path(report_id: str) -> str:
    if not report_id:
        raise RequestError("request.not_found", "report")
    return f"/v1/reports/{quote(report_id, safe='')}"
