"""One door to the product for the commands: in process, or the running server that owns the index."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from app.bootstrap import Consilium, build
from app.jobs.outcomes import job_json
from app.jobs.service import PAGE
from app.outcomes import hold_json, outcome_json, receipt_json
from app.requests import AskBody, CheckBody, EraseBody, HoldBody, IngestOptions, RedactBody, SearchBody
from app.settings import Settings
from domain.errors import CODES, ConsiliumError, RequestError, ServiceError
from ingestion.outcomes import Progress
from ingestion.workflow import Watch, files_under

JSON = dict[str, Any]
ADDRESS_FILE: Final = "server.json"
_PROBE_SECONDS: Final = 2.0


class Door(Protocol):
    """What the commands need. Bodies and results are the JSON of the HTTP API."""

    def ask(self, body: JSON) -> JSON:
        """Ask a question."""

    def search(self, body: JSON) -> JSON:
        """Find passages."""

    def check(self, body: JSON) -> JSON:
        """Check a draft."""

    def redact(self, body: JSON) -> JSON:
        """Redact a text."""

    def ingest(self, paths: Sequence[Path], options: JSON, watch: Watch | None = None) -> Iterator[JSON]:
        """Ingest files and yield how each ended; ``watch`` is told how far it has come."""

    def erase(self, body: JSON) -> JSON:
        """Erase a subject or a document and return the receipt."""

    def place_hold(self, body: JSON) -> JSON:
        """Forbid an erasure."""

    def holds(self, tenant: str) -> JSON:
        """Return the legal holds of a tenant."""

    def release_hold(self, tenant: str, hold_id: str) -> None:
        """Allow an erasure again."""

    def jobs(self, tenant: str, cursor: str | None) -> JSON:
        """Return the newest jobs of a tenant, after a cursor."""

    def job(self, job_id: str) -> JSON:
        """Return a job with its pieces."""

    def cancel_job(self, job_id: str) -> JSON:
        """Cancel a job."""

    def retry_job(self, job_id: str) -> JSON:
        """Try again what was set aside."""

    def close(self) -> None:
        """Let go of everything."""


Model = TypeVar("Model", bound=BaseModel)


def validated(model: type[Model], body: JSON) -> Model:
    """Return the validated body. Raises RequestError ``request.invalid`` naming the fields at fault."""
    try:
        return model.model_validate(body)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(str(part) for part in e['loc'])}: {e['msg']}" for e in error.errors())
        raise RequestError("request.invalid", faults) from None


class LocalDoor:
    """The product in this process."""

    def __init__(self, consilium: Consilium) -> None:
        self._consilium = consilium

    def ask(self, body: JSON) -> JSON:
        """Ask a question."""
        return self._consilium.answers.answer(validated(AskBody, body).to_question(self._consilium))

    def search(self, body: JSON) -> JSON:
        """Find passages."""
        request = validated(SearchBody, body)
        return self._consilium.search.search(request.to_question(self._consilium), request.mode)

    def check(self, body: JSON) -> JSON:
        """Check a draft."""
        return self._consilium.checks.check(validated(CheckBody, body).to_question(self._consilium))

    def redact(self, body: JSON) -> JSON:
        """Redact a text."""
        return self._consilium.redactions.redact(validated(RedactBody, body).to_question(self._consilium))

    def ingest(self, paths: Sequence[Path], options: JSON, watch: Watch | None = None) -> Iterator[JSON]:
        """Ingest files."""
        request = validated(IngestOptions, options).to_request()
        for outcome in self._consilium.ingestor.ingest(files_under(paths), request, watch):
            yield outcome_json(outcome)
        # Whatever the reason, an index without its graph answers all the same, only later.
        with suppress(ServiceError):
            self._consilium.index.optimise()

    def erase(self, body: JSON) -> JSON:
        """Erase a subject or a document."""
        order = validated(EraseBody, body)
        return receipt_json(self._consilium.erasures.erase(order.to_target(), shared=order.shared))

    def place_hold(self, body: JSON) -> JSON:
        """Forbid an erasure."""
        order = validated(HoldBody, body)
        return hold_json(self._consilium.erasures.place_hold(order.to_target(), order.reason))

    def holds(self, tenant: str) -> JSON:
        """Return the legal holds of a tenant."""
        return {"holds": [hold_json(hold) for hold in self._consilium.erasures.holds.all(tenant)]}

    def release_hold(self, tenant: str, hold_id: str) -> None:
        """Allow an erasure again."""
        self._consilium.erasures.release_hold(tenant, hold_id)

    def jobs(self, tenant: str, cursor: str | None) -> JSON:
        """Return the newest jobs of a tenant."""
        return {"jobs": [job_json(job) for job in self._consilium.jobs.jobs.all(tenant, limit=PAGE, before=cursor)]}

    def job(self, job_id: str) -> JSON:
        """Return a job with its pieces."""
        service = self._consilium.jobs
        return job_json(service.find(job_id), service.jobs.items(job_id))

    def cancel_job(self, job_id: str) -> JSON:
        """Cancel a job."""
        return job_json(self._consilium.jobs.cancel(job_id))

    def retry_job(self, job_id: str) -> JSON:
        """Try again what was set aside; the next server works on it."""
        return job_json(self._consilium.jobs.retry(job_id))

    def close(self) -> None:
        """Let go of the index."""
        self._consilium.close()


class RemoteDoor:
    """The running server."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url, timeout=httpx.Timeout(600.0), follow_redirects=False)

    def ask(self, body: JSON) -> JSON:
        """Ask a question."""
        return self._post("/v1/answers", body)

    def search(self, body: JSON) -> JSON:
        """Find passages."""
        return self._post("/v1/search", body)

    def check(self, body: JSON) -> JSON:
        """Check a draft."""
        return self._post("/v1/checks", body)

    def redact(self, body: JSON) -> JSON:
        """Redact a text."""
        return self._post("/v1/redactions", body)

    def ingest(self, paths: Sequence[Path], options: JSON, watch: Watch | None = None) -> Iterator[JSON]:
        """Upload files one by one."""
        for number, path in enumerate(files_under(paths)):
            if watch:
                watch(Progress(files=number))
            try:
                content = path.read_bytes()
            except OSError:
                yield _rejected(path, "document.unreadable")
                continue
            try:
                body = self._upload(path, content, options)
            except ConsiliumError as error:
                if not error.code.startswith("document."):
                    raise
                yield _rejected(path, error.code)
                continue
            yield from body["files"]

    def erase(self, body: JSON) -> JSON:
        """Erase a subject or a document."""
        return self._post("/v1/erasures", body)

    def place_hold(self, body: JSON) -> JSON:
        """Forbid an erasure."""
        return self._post("/v1/holds", body)

    def holds(self, tenant: str) -> JSON:
        """Return the legal holds of a tenant."""
        return self._result(lambda: self._client.get("/v1/holds", params={"tenant": tenant}))

    def release_hold(self, tenant: str, hold_id: str) -> None:
        """Allow an erasure again."""
        path = f"/v1/holds/{quote(hold_id, safe='')}"
        self._result(lambda: self._client.delete(path, params={"tenant": tenant}))

    def about(self) -> JSON:
        """Return version, configuration and models."""
        return self._result(lambda: self._client.get("/v1/about"))

    def jobs(self, tenant: str, cursor: str | None) -> JSON:
        """Return the newest jobs of a tenant."""
        asked = {"tenant": tenant} | ({"cursor": cursor} if cursor else {})
        return self._result(lambda: self._client.get("/v1/jobs", params=asked))

    def job(self, job_id: str) -> JSON:
        """Return a job with its pieces."""
        return self._result(lambda: self._client.get(f"/v1/jobs/{quote(job_id, safe='')}"))

    def cancel_job(self, job_id: str) -> JSON:
        """Cancel a job."""
        return self._post(f"/v1/jobs/{quote(job_id, safe='')}/cancel", {})

    def retry_job(self, job_id: str) -> JSON:
        """Try again what was set aside."""
        return self._post(f"/v1/jobs/{quote(job_id, safe='')}/retry", {})

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _upload(self, path: Path, content: bytes, options: JSON) -> JSON:
        form = {"options": json.dumps(options)}
        return self._result(lambda: self._client.post("/v1/documents", files={"file": (str(path), content)}, data=form))

    def _post(self, path: str, body: JSON) -> JSON:
        return self._result(lambda: self._client.post(path, json=body))

    def _result(self, call: Callable[[], httpx.Response]) -> JSON:
        try:
            response = call()
            body: JSON = response.json() if response.content else {}
        except (httpx.HTTPError, ValueError) as error:
            raise ServiceError("service.index_in_use", f"the server does not answer: {type(error).__name__}") from None
        if response.is_success:
            return body
        code = body.get("code")
        known = code if isinstance(code, str) and code in CODES else "service.internal"
        raise ConsiliumError(known, str(body.get("detail", "")))


def open_door(settings: Settings) -> Door:
    """Return the door to the running server of this home, or the product in this process when none runs."""
    url = running_server(settings)
    return RemoteDoor(url) if url else LocalDoor(build(settings))


def running_server(settings: Settings) -> str | None:
    """Return the address of the server that owns this home's index, if one answers there."""
    try:
        url = json.loads((settings.home / ADDRESS_FILE).read_text(encoding="utf-8"))["url"]
        alive = httpx.get(f"{url}/healthz", timeout=_PROBE_SECONDS).json() == {"status": "alive"}
    except (OSError, ValueError, KeyError, TypeError, httpx.HTTPError):
        return None
    return str(url) if alive else None


def _rejected(path: Path, code: str) -> JSON:
    return {"path": str(path), "status": "rejected", "code": code, "detail": CODES[code]}
