"""One door to the product for the commands: in process, or the running server that owns the index."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar
from urllib.parse import quote, urlsplit

import httpx
from pydantic import BaseModel, ValidationError

from app import upkeep
from app.bootstrap import Consilium, build
from app.identity.addresses import is_loopback
from app.identity.authenticator import proof
from app.identity.owner import read_owner_token
from app.jobs.outcomes import job_json
from app.jobs.service import PAGE
from app.outcomes import hold_json, outcome_json, receipt_json
from app.requests import (
    AskBody,
    CheckBody,
    DoctorBody,
    EraseBody,
    HoldBody,
    IngestOptions,
    RedactBody,
    RetentionBody,
    SearchBody,
)
from app.reviewing.cases import cases
from app.settings import Settings
from app.system import RandomSecrets
from domain.callers import OWNER
from domain.errors import CODES, ConsiliumError, RequestError, ServiceError
from ingestion.outcomes import Progress
from ingestion.workflow import Watch, files_under

JSON = dict[str, Any]
Counted = Callable[[str, int], None]
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

    def backup(self, watch: Counted | None = None) -> Iterator[bytes]:
        """Return the bytes of a backup as a tar archive."""

    def doctor(self, body: JSON, watch: Counted | None = None) -> JSON:
        """Examine the store, and mend it."""

    def retain(self, body: JSON) -> JSON:
        """Say or apply what the rules of retention say is due."""

    def replay(self, tenant: str, answer_id: str) -> JSON:
        """Run an answer again and say what differs."""

    def jobs(self, tenant: str, cursor: str | None) -> JSON:
        """Return the newest jobs of a tenant, after a cursor."""

    def job(self, job_id: str) -> JSON:
        """Return a job with its pieces."""

    def cancel_job(self, job_id: str) -> JSON:
        """Cancel a job."""

    def retry_job(self, job_id: str) -> JSON:
        """Try again what was set aside."""

    def feedback_waiting(self, tenant: str) -> JSON:
        """Return what of feedback waits, and counts."""

    def feedback_cases(self, tenant: str, suite: str) -> JSON:
        """Return accepted feedback as the files of a dataset."""

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

    def backup(self, watch: Counted | None = None) -> Iterator[bytes]:
        """Return the bytes of a backup as a tar archive."""
        return upkeep.backup(self._consilium, watch=watch)

    def doctor(self, body: JSON, watch: Counted | None = None) -> JSON:
        """Examine the store, and mend it."""
        return upkeep.examine(self._consilium, validated(DoctorBody, body), watch=watch)

    def retain(self, body: JSON) -> JSON:
        """Say or apply what the rules of retention say is due."""
        return upkeep.retain(self._consilium, validated(RetentionBody, body))

    def replay(self, tenant: str, answer_id: str) -> JSON:
        """Run an answer again and say what differs."""
        return upkeep.replay(self._consilium, tenant, answer_id)

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

    def feedback_waiting(self, tenant: str) -> JSON:
        """Return what of feedback waits, and counts."""
        reviews = self._consilium.reviews
        found, _ = reviews.queue(OWNER, tenant, after=None, limit=500)
        return {"feedback": found, "counts": reviews.counts(OWNER, tenant)}

    def feedback_cases(self, tenant: str, suite: str) -> JSON:
        """Return accepted feedback as the files of a dataset."""
        return cases(self._consilium.reviews, OWNER, tenant, suite)

    def close(self) -> None:
        """Let go of the index."""
        self._consilium.close()


class RemoteDoor:
    """The running server. ``credential`` is the token or key to send; it is sent nowhere else."""

    def __init__(self, url: str, credential: str | None = None) -> None:
        headers = {"Authorization": f"Bearer {credential}"} if credential else {}
        timeout = httpx.Timeout(600.0)
        self.client = httpx.Client(base_url=url, timeout=timeout, follow_redirects=False, headers=headers)

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
        return self.result(lambda: self.client.get("/v1/holds", params={"tenant": tenant}))

    def release_hold(self, tenant: str, hold_id: str) -> None:
        """Allow an erasure again."""
        path = f"/v1/holds/{quote(hold_id, safe='')}"
        self.result(lambda: self.client.delete(path, params={"tenant": tenant}))

    def backup(self, watch: Counted | None = None) -> Iterator[bytes]:
        """Return the bytes of a backup as they come. Raises ServiceError when the server breaks off."""
        del watch
        try:
            with self.client.stream("POST", "/v1/backups") as response:
                if not response.is_success:
                    response.read()
                    self.result(lambda: response)
                yield from response.iter_bytes()
        except httpx.HTTPError as error:
            raise ServiceError("service.index_in_use", f"the server broke off: {type(error).__name__}") from None

    def doctor(self, body: JSON, watch: Counted | None = None) -> JSON:
        """Examine the store, and mend it."""
        del watch
        return self._post("/v1/doctor", body)

    def retain(self, body: JSON) -> JSON:
        """Say or apply what the rules of retention say is due."""
        return self._post("/v1/retention", body)

    def replay(self, tenant: str, answer_id: str) -> JSON:
        """Run an answer again and say what differs."""
        path = f"/v1/answers/{quote(answer_id, safe='')}/replay"
        return self.result(lambda: self.client.post(path, params={"tenant": tenant}))

    def about(self) -> JSON:
        """Return version, configuration and models."""
        return self.result(lambda: self.client.get("/v1/about"))

    def jobs(self, tenant: str, cursor: str | None) -> JSON:
        """Return the newest jobs of a tenant."""
        asked = {"tenant": tenant} | ({"cursor": cursor} if cursor else {})
        return self.result(lambda: self.client.get("/v1/jobs", params=asked))

    def job(self, job_id: str) -> JSON:
        """Return a job with its pieces."""
        return self.result(lambda: self.client.get(f"/v1/jobs/{quote(job_id, safe='')}"))

    def cancel_job(self, job_id: str) -> JSON:
        """Cancel a job."""
        return self._post(f"/v1/jobs/{quote(job_id, safe='')}/cancel", {})

    def retry_job(self, job_id: str) -> JSON:
        """Try again what was set aside."""
        return self._post(f"/v1/jobs/{quote(job_id, safe='')}/retry", {})

    def reindex(self) -> JSON:
        """Have the index made anew, as a job."""
        return self._post("/v1/reindexings", {})

    def feedback_waiting(self, tenant: str) -> JSON:
        """Return what of feedback waits, and counts."""
        asked: dict[str, str | int] = {"tenant": tenant, "limit": 500}
        return self.result(lambda: self.client.get("/v1/feedback/reviews", params=asked))

    def feedback_cases(self, tenant: str, suite: str) -> JSON:
        """Return accepted feedback as the files of a dataset."""
        asked = {"tenant": tenant, "suite": suite}
        return self.result(lambda: self.client.get("/v1/feedback/cases", params=asked))

    def close(self) -> None:
        """Close the connection."""
        self.client.close()

    def _upload(self, path: Path, content: bytes, options: JSON) -> JSON:
        form = {"options": json.dumps(options)}
        return self.result(lambda: self.client.post("/v1/documents", files={"file": (str(path), content)}, data=form))

    def _post(self, path: str, body: JSON) -> JSON:
        return self.result(lambda: self.client.post(path, json=body))

    def reply(self, call: Callable[[], httpx.Response]) -> httpx.Response:
        """Return what the server replies. Raises ServiceError when it does not, and what its problem says."""
        try:
            response = call()
        except httpx.HTTPError as error:
            raise ServiceError("service.index_in_use", f"the server does not answer: {type(error).__name__}") from None
        if response.is_success:
            return response
        body = _json(response)
        code = body.get("code")
        known = code if isinstance(code, str) and code in CODES else "service.internal"
        raise ConsiliumError(known, str(body.get("detail", "")))

    def result(self, call: Callable[[], httpx.Response]) -> JSON:
        """Return the JSON of a reply; raises as :meth:`reply` does."""
        return _json(self.reply(call))


def _json(response: httpx.Response) -> JSON:
    try:
        body: JSON = response.json() if response.content else {}
    except ValueError as error:
        raise ServiceError("service.index_in_use", f"the server does not answer: {type(error).__name__}") from None
    return body


def open_door(settings: Settings) -> Door:
    """Return the door to the running server of this home, or the product in this process when none runs."""
    url = running_server(settings)
    return RemoteDoor(url, _at_home(settings)) if url else LocalDoor(build(settings))


def credential_for(settings: Settings, url: str) -> str | None:
    """Return what to send to a server: the owner's token to that of this home, the configured key to any other."""
    ours = running_server(settings)
    return _at_home(settings) if ours and _same(ours, url) else _elsewhere(settings)


def _at_home(settings: Settings) -> str | None:
    return read_owner_token(settings.home) or _elsewhere(settings)


def _elsewhere(settings: Settings) -> str | None:
    return settings.api_key.get_secret_value() if settings.api_key else None


def running_server(settings: Settings) -> str | None:
    """Return the address of the server that owns this home's index, if one answers there.

    It must know this home's owner token where we do: somebody else who listens at an address that a server left behind
    is sent nothing.
    """
    token, challenge = read_owner_token(settings.home), RandomSecrets().new()
    try:
        url = json.loads((settings.home / ADDRESS_FILE).read_text(encoding="utf-8"))["url"]
        headers = {"Consilium-Challenge": challenge}
        answer = httpx.get(f"{url}/healthz", timeout=_PROBE_SECONDS, headers=headers)
        alive = answer.json() == {"status": "alive"}
        said = answer.headers.get("Consilium-Proof", "").encode()
    except (OSError, ValueError, KeyError, TypeError, httpx.HTTPError):
        return None
    proved = token is None or hmac.compare_digest(said, proof(token, challenge).encode())
    return str(url) if alive and proved else None


def _same(ours: str, url: str) -> bool:
    """Say whether two addresses are one server: this machine has several names."""
    try:
        one, other = urlsplit(ours), urlsplit(url)
        ports = one.port, other.port
    except ValueError:
        return False
    hosts = one.hostname or "", other.hostname or ""
    alike = hosts[0] == hosts[1] or all(map(is_loopback, hosts))
    return one.scheme == other.scheme and ports[0] == ports[1] and alike


def _rejected(path: Path, code: str) -> JSON:
    return {"path": str(path), "status": "rejected", "code": code, "detail": CODES[code]}
