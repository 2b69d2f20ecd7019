"""What those who look after the audit trail do with it: verify it, search it, hand out extracts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final, TextIO

from app.store.signing import verify_with
from domain.audit import AuditEvent, Chain, Checkpoint, Fault
from domain.errors import RequestError
from domain.ports.audit_log import AuditTrail

FORMAT: Final = "consilium-audit/1"
_MOST_FAULTS: Final = 100
_TELL_EVERY: Final = 1000


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a verification is: events that were looked at, and about how many there are."""

    events: int
    of: int


def verify(trail: AuditTrail) -> Finding:
    """Verify the whole trail against its checkpoints and its head."""
    return _verify(trail.events(), trail.checkpoints(), trail.verified, start=1)


def verifying(trail: AuditTrail) -> Iterator[Progress | Finding]:
    """Verify the whole trail as :func:`verify` does, saying now and then how far it is; the finding comes last."""
    chain = Chain(trail.checkpoints(), trail.verified)
    tally = _Tally()
    tally.note(chain.unsigned)
    yield Progress(events=0, of=chain.last)
    for event in trail.events():
        tally.note(chain.look(event))
        tally.event(event)
        if tally.count % _TELL_EVERY == 0:
            yield Progress(events=tally.count, of=max(chain.last, tally.count))
    tally.note(chain.end())
    yield tally.finding()


def search(trail: AuditTrail, selection: Selection) -> Iterator[AuditEvent]:
    """Yield the events that are meant, in order."""
    return filter(selection.takes, trail.events())


def export(trail: AuditTrail, out: TextIO, selection: Selection) -> int:
    """Write the events of some days as lines of JSON that can be verified on their own; return how many.

    Days are all that may be chosen: an extract with gaps could not be verified.
    """
    written = -2  # the head and the checkpoint are no events
    for line in extract(trail, selection):
        out.write(line)
        written += 1
    return max(written, 0)


def extract(trail: AuditTrail, selection: Selection, last: int | None = None) -> Iterator[str]:
    """Yield the lines of such an extract, none where no event is meant. ``last`` is the number it stays at or below."""
    event = None
    for one in filter(selection.within, trail.events()):
        if last is not None and one.seq > last:
            break
        if event is None:
            yield _line({"format": FORMAT, "start": one.seq, "keys": trail.public_keys()})
        yield _line(asdict(one))
        event = one
    if event is not None:
        yield _line({"checkpoint": asdict(trail.sign(event))})


def tenants(trail: AuditTrail, selection: Selection) -> tuple[set[str], int]:
    """Return whom the events of some days are of, and the number of the last one (0 for none)."""
    found: set[str] = set()
    last = 0
    for event in filter(selection.within, trail.events()):
        found.add(str(event.facts.get("tenant", "")))
        last = event.seq
    return found - {""}, last


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
    chain, tally = Chain(checkpoints, verified, start=start), _Tally(last=start - 1)
    tally.note(chain.unsigned)
    for event in events:
        tally.note(chain.look(event))
        tally.event(event)
    tally.note(chain.end())
    return tally.finding()


@dataclass(slots=True)
class _Tally:
    """What a verification has found so far."""

    count: int = 0
    last: int = 0
    digest: str = ""
    found: list[Fault] = field(default_factory=list)
    more: int = 0

    def event(self, event: AuditEvent) -> None:
        self.count, self.last, self.digest = self.count + 1, event.seq, event.digest

    def note(self, faults: Iterable[Fault]) -> None:
        for fault in faults:
            if len(self.found) < _MOST_FAULTS:
                self.found.append(fault)
            else:
                self.more += 1

    def finding(self) -> Finding:
        return Finding(events=self.count, last=self.last, digest=self.digest, faults=tuple(self.found), more=self.more)


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True) + "\n"
