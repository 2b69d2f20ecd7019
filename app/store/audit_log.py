"""The audit trail in SQL: hash-chained, with signed checkpoints, and a signed head outside of the database."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from app.store.database import Database
from app.store.tables import audit_checkpoints, audit_events
from domain.audit import GENESIS, AuditEvent, Checkpoint, Fact, seal, signed_part
from domain.errors import PolicyUnavailableError, ServiceError
from domain.ports.clock import Clock
from domain.ports.signer import Signer

CHECKPOINT_EVERY: Final = 100
BEGAN: Final = "audit_began"
RESUMED: Final = "audit_resumed"
_PAGE: Final = 1000
# Constants are compiled once: each question writes two events.
_LAST: Final = select(audit_events.c.seq, audit_events.c.digest).where(
    audit_events.c.seq == select(func.max(audit_events.c.seq)).scalar_subquery()
)
_INSERT_EVENT, _INSERT_CHECKPOINT = insert(audit_events), insert(audit_checkpoints)
_DELETE_CHECKPOINT: Final = delete(audit_checkpoints).where(audit_checkpoints.c.seq == bindparam("number"))
_LOCK: Final = 0x41756469  # "Audi": which of PostgreSQL's advisory locks orders the events
_SHORTER: Final = "the trail is shorter than its signed head; see consilium audit verify and consilium audit resume"


class SqlAuditLog:
    """Implements :class:`domain.ports.audit_log.AuditLog` and ``AuditTrail``; an event is on disk when it returns.

    The last event is always under a signature, and every hundredth stays so. ``head`` is a file that names the last one
    under its signature. A database that was cut off or put back to an earlier day does not match it, and then nothing
    more is appended until somebody resumes it. ``earlier`` is the log that this one follows; its digest becomes the
    first event.
    """

    def __init__(
        self, database: Database, signer: Signer, clock: Clock, *, head: Path, earlier: Path | None = None
    ) -> None:
        self._database = database
        self._signer = signer
        self._clock = clock
        self._file = head
        self._lock = threading.Lock()
        self._head = _read(head)
        if earlier and earlier.is_file() and not self._head:
            self._begin_after(earlier)

    def append(self, event: str, facts: Mapping[str, Fact]) -> None:
        """Write one record durably."""
        self._append(event, facts, resuming=False)

    def prove(self) -> None:
        """Return when an event could be written now; see :class:`domain.ports.provable.Provable`. Writes none."""
        try:
            with self._database.write() as connection:
                self._database.lock(connection, _LOCK)
                seq, digest = self._last(connection)
                if self._head and seq < self._head.seq:
                    raise PolicyUnavailableError("policy.audit_unavailable", _SHORTER)
                self._signer.sign(signed_part(seq, digest, self._clock.now().isoformat()))
            probe = self._file.with_suffix(f".{os.getpid()}-{threading.get_ident()}.probe")
            try:
                probe.write_bytes(bytes(4096))
            finally:
                probe.unlink(missing_ok=True)
            if self._file.is_dir():
                raise PolicyUnavailableError("policy.audit_unavailable", "head: it is a folder")
        except (ServiceError, OSError) as error:
            detail = error.detail if isinstance(error, ServiceError) else type(error).__name__
            raise PolicyUnavailableError("policy.audit_unavailable", detail) from error

    def resume(self) -> None:
        """Go on after events were lost, and record how many the signed head knew. Raises PolicyUnavailableError."""
        lost: dict[str, Fact] = {"last_known": self._head.seq if self._head else 0}
        if self._head:
            lost["digest"] = self._head.digest
        self._append(RESUMED, lost, resuming=True)

    @property
    def behind(self) -> bool:
        """Say whether the trail is shorter than its signed head, so that it takes nothing until it is resumed."""
        last = self._database.found(_LAST, {})
        return bool(self._head and (last[0]["seq"] if last else 0) < self._head.seq)

    def events(self, *, after: int = 0) -> Iterator[AuditEvent]:
        """Yield the events after a number, in order."""
        while True:
            query = select(audit_events).where(audit_events.c.seq > after).order_by(audit_events.c.seq).limit(_PAGE)
            found = self._database.rows(query)
            for row in found:
                yield AuditEvent(**{**row, "facts": _facts(row["facts"])})
            if len(found) < _PAGE:
                return
            after = found[-1]["seq"]

    def checkpoints(self) -> list[Checkpoint]:
        """Return every signed checkpoint of the database and the head, the newest last."""
        found = self._database.rows(select(audit_checkpoints).order_by(audit_checkpoints.c.seq))
        head = _read(self._file)
        return [*(Checkpoint(**row) for row in found), *([head] if head else [])]

    def sign(self, event: AuditEvent) -> Checkpoint:
        """Return a checkpoint at an event."""
        signature = self._signer.sign(signed_part(event.seq, event.digest, event.at))
        return Checkpoint(seq=event.seq, digest=event.digest, at=event.at, key=self._signer.key, signature=signature)

    def public_keys(self) -> dict[str, str]:
        """Return our public keys."""
        return self._signer.public_keys()

    def verified(self, key: str, message: bytes, signature: str) -> bool:
        """Say whether one of our keys signed the message."""
        return self._signer.verify(key, message, signature)

    def _append(self, event: str, facts: Mapping[str, Fact], *, resuming: bool) -> None:
        if self._database.inside:
            # What that transaction rolls back would take the event with it.
            raise PolicyUnavailableError("policy.audit_unavailable", "inside another transaction")
        try:
            with self._database.write() as connection:
                self._database.lock(connection, _LOCK)
                seq, previous = self._last(connection)
                if self._head and seq < self._head.seq and not resuming:
                    raise PolicyUnavailableError("policy.audit_unavailable", _SHORTER)
                sealed = seal(seq + 1, self._clock.now().isoformat(), event, facts, previous)
                run = self._database.run
                run(connection, _INSERT_EVENT, {**asdict(sealed), "facts": json.dumps(facts)})
                point = self.sign(sealed)
                if resuming:
                    # What these knew is lost, as the event of resuming says.
                    connection.execute(delete(audit_checkpoints).where(audit_checkpoints.c.seq > seq))
                if seq % CHECKPOINT_EVERY:
                    run(connection, _DELETE_CHECKPOINT, {"number": seq})
                run(connection, _INSERT_CHECKPOINT, asdict(point))
            with self._lock:
                if self._head is None or resuming or point.seq > self._head.seq:
                    self._write(point)
        except (ServiceError, OSError) as error:
            detail = error.detail if isinstance(error, ServiceError) else type(error).__name__
            raise PolicyUnavailableError("policy.audit_unavailable", detail) from error

    def _last(self, connection: Connection) -> tuple[int, str]:
        found = self._database.run(connection, _LAST, {}).first()
        return (found.seq, found.digest) if found else (0, GENESIS)

    def _write(self, point: Checkpoint) -> None:
        """Put the head in place. It is not forced to disk: after a crash it may be behind, and never ahead."""
        part = self._file.with_suffix(f".{os.getpid()}-{threading.get_ident()}.part")
        part.write_text(json.dumps(asdict(point)), encoding="utf-8")
        part.replace(self._file)
        self._head = point

    def _begin_after(self, earlier: Path) -> None:
        with earlier.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            lines = file.seek(0) or sum(1 for _ in file)
        self.append(BEGAN, {"earlier_log": earlier.name, "sha256": digest, "lines": lines})


def _facts(text: str) -> dict[str, Any]:
    """Return what was recorded; what is no longer JSON cannot match its digest either."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"unreadable": 1}


def _read(head: Path) -> Checkpoint | None:
    """Return the head; none before the first event. Raises PolicyUnavailableError for one that cannot be read."""
    try:
        return Checkpoint(**json.loads(head.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise PolicyUnavailableError("policy.audit_unavailable", f"head: {type(error).__name__}") from error
