"""What keeps a store in order, the same for the API and the command line: doctor, retention, replay, backup."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.bootstrap import Consilium
from app.lifecycle.archive import tar_of
from app.lifecycle.backup import Watch
from app.outcomes import due_json, report_json
from app.requests import DoctorBody, RetentionBody, asked_again
from domain.callers import OWNER, Caller, Resource

JSON = dict[str, Any]
_STORE = Resource(kind="store", id="store")


def backup(consilium: Consilium, caller: Caller = OWNER, watch: Watch | None = None) -> Iterator[bytes]:
    """Return the bytes of a backup as a tar archive. Raises AccessError before anything is read."""
    consilium.access.require(caller, "backup.take", _STORE)
    return tar_of(consilium.backups.members(watch))


def examine(consilium: Consilium, body: DoctorBody, caller: Caller = OWNER, watch: Watch | None = None) -> JSON:
    """Return what disagrees in the store, and what was mended."""
    consilium.access.require(caller, "store.repair" if body.repair or body.reencrypt else "store.examine", _STORE)
    sealed = consilium.doctor.reencrypt(watch) if body.reencrypt else 0
    report = consilium.doctor.repair(watch) if body.repair else consilium.doctor.examine(watch)
    return {**report_json(report), "sealed": sealed}


def retain(consilium: Consilium, body: RetentionBody, caller: Caller = OWNER) -> JSON:
    """Return what the rules of retention say is due, or what went by them."""
    consilium.access.require(caller, "retention.list" if body.dry_run else "retention.apply", _STORE)
    found = consilium.retention.due() if body.dry_run else list(consilium.retention.apply())
    return {"dry_run": body.dry_run, "rules": [due_json(due) for due in found]}


def replay(consilium: Consilium, tenant: str, answer_id: str, caller: Caller = OWNER) -> JSON:
    """Return what differs when an answer is run again. Raises RequestError ``request.not_found``."""
    record = consilium.replays.record(tenant, answer_id)
    owner = record.question.actor.id
    consilium.access.require(
        caller, "answer.replay", Resource(kind="answer", id=answer_id, tenant=tenant, owner=owner)
    )  # fmt: skip
    return consilium.replays.replay(record, asked_again(record, consilium, caller), caller)
