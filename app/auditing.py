"""What those who look after the audit trail do with it: verify it, search it, hand out extracts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, TextIO

from app.store.signing import verify_with
from domain.audit import AuditEvent, Checkpoint, Fault, faults
from domain.errors import RequestError
from domain.ports.audit_log import AuditTrail

FORMAT: Final = "consilium-audit/1"
_MOST_FAULTS: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which events are meant; what is ``None`` does not choose. ``until`` is the first day that is not meant."""

    event: str | None = None
    actor: str | None = None
    answer: str | None = None
    subject: str | None = None
    since: date | None = None
    until: date | None = None

    def takes(self, event: AuditEvent) -> bool:
        """Say whether an event is meant."""
        facts = event.facts
        subjects = facts.get("subjects", [])
        return (
            self.event in {None, event.event}
            and self.actor in {None, facts.get("actor")}
            and self.answer in {None, facts.get("answer_id")}
            and (self.subject is None or (isinstance(subjects, list) and self.subject in subjects))
            and self.within(event)
        )

    def within(self, event: AuditEvent) -> bool:
        """Say whether an event is of the days that are meant (in UTC)."""
        day = event.at[:10]
        return (self.since is None or day >= self.since.isoformat()) and (
            self.until is None or day < self.until.isoformat()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a verification found: how many events, the last one's number and digest, and what is wrong, first first."""

    events: int
    last: int
    digest: str
    faults: tuple[Fault, ...]
    more: int


def verify(trail: AuditTrail) -> Finding:
    """Verify the whole trail against its checkpoints and its head."""
    return _verify(trail.events(), trail.checkpoints(), trail.verified, start=1)


def search(trail: AuditTrail, selection: Selection) -> Iterator[AuditEvent]:
    """Yield the events that are meant, in order."""
    return filter(selection.takes, trail.events())


def export(trail: AuditTrail, out: TextIO, selection: Selection) -> int:
    """Write the events of some days as lines of JSON that can be verified on their own; return how many.

    Days are all that may be chosen: an extract with gaps could not be verified.
    """
    written, last = 0, None
    for event in filter(selection.within, trail.events()):
        if last is None:
            _line(out, {"format": FORMAT, "start": event.seq, "keys": trail.public_keys()})
        _line(out, asdict(event))
        written, last = written + 1, event
    if last is not None:
        _line(out, {"checkpoint": asdict(trail.sign(last))})
    return written


def verify_export(file: Path, key: str | None, trail: AuditTrail | None) -> Finding:
    """Verify an extract by the key with an id that one trusts, or by the keys of one's own trail.

    The key itself is in the extract; its id is a digest of it, so that the id is all that one needs to have noted.
    Raises RequestError for a file that is no extract.
    """
    try:
        with file.open(encoding="utf-8") as lines:
            head, *rest = [json.loads(line) for line in lines]
            events = [AuditEvent(**line) for line in rest[:-1]]
            point = Checkpoint(**rest[-1]["checkpoint"])
            keys, start = dict(head["keys"]), int(head["start"])
            if head["format"] != FORMAT:
                raise ValueError  # noqa: TRY301 - told below, as everything else that is no extract
    except (OSError, ValueError, TypeError, KeyError, IndexError) as error:
        raise RequestError("request.invalid", f"{file.name}: not an extract of an audit trail") from error

    def verified(name: str, message: bytes, signature: str) -> bool:
        if key is None:
            return trail is not None and trail.verified(name, message, signature)
        return name == key and verify_with(str(keys.get(name, "")), name, message, signature)

    return _verify(events, [point], verified, start=start)


def _verify(
    events: Iterable[AuditEvent],
    checkpoints: list[Checkpoint],
    verified: Callable[[str, bytes, str], bool],
    *,
    start: int,
) -> Finding:
    count, last, digest = 0, start - 1, ""

    def counted() -> Iterator[AuditEvent]:
        nonlocal count, last, digest
        for event in events:
            count, last, digest = count + 1, event.seq, event.digest
            yield event

    found: list[Fault] = []
    more = 0
    for fault in faults(counted(), checkpoints, verified, start=start):
        if len(found) < _MOST_FAULTS:
            found.append(fault)
        else:
            more += 1
    return Finding(events=count, last=last, digest=digest, faults=tuple(found), more=more)


def _line(out: TextIO, value: dict[str, Any]) -> None:
    out.write(json.dumps(value, ensure_ascii=False, sort_keys=True) + "\n")
