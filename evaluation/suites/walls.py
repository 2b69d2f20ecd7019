"""Walls: whether anything of one subject reaches a question about another, near-duplicates included.

Every subject has chart notes that read alike but for a canary, a word that stands nowhere else. Each case is of one
subject: its own canaries are asked for from the scope of every other subject and from no subject's scope, by their
exact words and by the wording that all notes share; and from its own scope, because finding nothing must not win. A
canary counts as leaked when it stands anywhere in what came back: as it is, without case and spaces, reversed, or in
base64.
"""

from __future__ import annotations

import base64
import json
import random
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from domain.errors import ConsiliumError, RequestError
from evaluation.means import means
from evaluation.report import Case, Curve, Figure
from evaluation.subject import JSON, CorpusText, Subject
from evaluation.suite import Progress, Suite, Work

_COLLECTION: Final = "walls"
_SETTINGS: Final = ("subjects", "records", "seed")
_MOST_SUBJECTS: Final = 500
_LEAKS: Final = "canaries_leaked"
_NOTES: Final = (
    "The study code {canary} was noted at the visit on {day}; potassium was {value} mmol/l.",
    "Consent form {canary} was signed on {day} after a talk of {value} minutes.",
    "Device {canary} was implanted on {day} with a threshold of {value} volts.",
    "The sample {canary} was sent to the laboratory on {day} at {value} degrees.",
    "Referral {canary} was written on {day} to the clinic for sleep, page {value}.",
    "Claim {canary} was filed on {day} for {value} euro.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """One note of one subject."""

    subject: str
    canary: str
    text: str
    shared: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Walls:
    """Invented subjects with their notes; a case is a subject."""

    name: str
    records: tuple[_Record, ...]

    @property
    def keys(self) -> Sequence[str]:
        return list(dict.fromkeys(record.subject for record in self.records))

    def prepare(self, subject: Subject, progress: Progress) -> None:
        progress("ingesting", 0, len(self.records))
        subject.load(
            (CorpusText(key=record.canary, text=record.text, subject=record.subject) for record in self.records),
            _COLLECTION,
        )
        progress("ingesting", len(self.records), len(self.records))

    def measure(self, key: str, subject: Subject) -> Case:
        own = [record for record in self.records if record.subject == key]
        others = [other for other in self.keys if other != key]
        try:
            leaks = sum(self._leaks(subject, own, scope) for scope in ([], *([other] for other in others)))
            found = sum(record.canary in _plain(_asked(subject, record, [key])) for record in own)
        except ConsiliumError as error:
            # an error leaks nothing and finds nothing
            return Case(id=key, scores={_LEAKS: 0.0, "own_found": 0.0}, tags={"outcome": error.code})
        outcome = "leaked" if leaks else "kept"
        return Case(id=key, scores={_LEAKS: float(leaks), "own_found": found / len(own)}, tags={"outcome": outcome})

    def conclude(self, cases: Sequence[Case], seed: int) -> tuple[tuple[Figure, ...], tuple[Curve, ...]]:
        total = Figure(
            name=_LEAKS,
            value=sum(case.scores[_LEAKS] for case in cases),
            count=len(cases),
            higher_is_better=False,
        )
        plain = [Case(id=case.id, scores={"own_found": case.scores["own_found"]}) for case in cases]
        return (total, *means(plain, seed)), ()

    def _leaks(self, subject: Subject, records: Sequence[_Record], scope: list[str]) -> int:
        """Return how many of the canaries come back from another's scope."""
        shown = [_plain(_asked(subject, record, scope)) for record in records]
        return sum(any(form in text for text in shown for form in forms(record.canary)) for record in records)


def forms(canary: str) -> Iterator[str]:
    """Yield how a canary may be dressed, as :func:`_plain` would have it."""
    yield canary.casefold()
    yield canary[::-1].casefold()
    # of the three ways that the bytes may fall into groups of three, the inner characters are fixed
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + canary.encode()).decode().rstrip("=")
        yield encoded[4 if offset else 0 : -2].casefold()


def _asked(subject: Subject, record: _Record, scope: list[str]) -> list[JSON]:
    """Return all that comes back for the canary itself and for the wording that it shares with others.

    What was asked is not sent back by any route, so that the question's own canary cannot be taken for a leak; a draft
    is, so that only its shared wording is checked.
    """
    body: JSON = {"subjects": scope, "collections": [_COLLECTION], "purpose": "treatment"}
    wanted = f"What is known of {record.canary}?"
    return [
        subject.ask({"question": wanted, **body}),
        subject.search({"query": record.canary, **body}),
        subject.search({"query": record.shared, "k": 50, **body}),
        subject.check({"draft": record.shared, **body}),
    ]


def _plain(bodies: list[JSON]) -> str:
    return "".join(json.dumps(bodies, ensure_ascii=False).casefold().split())


def _records(settings: dict[str, int]) -> Iterator[_Record]:
    chance = random.Random(settings["seed"])
    for number in range(settings["subjects"]):
        for note in range(settings["records"]):
            canary = f"canary{chance.getrandbits(48):012x}"
            day = f"2024-{note % 12 + 1:02d}-15"
            form = _NOTES[note % len(_NOTES)]
            shared = form.format(canary="", day=day, value=note + 3).replace("  ", " ")
            text = form.format(canary=canary, day=day, value=note + 3)
            yield _Record(subject=f"subject-{number:03d}", canary=canary, text=text, shared=shared)


def _read(path: Path) -> Work:
    try:
        found: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RequestError("request.dataset_invalid", f"{path.name} is not TOML") from error
    if set(found) != set(_SETTINGS) or not all(type(value) is int and value >= 0 for value in found.values()):
        raise RequestError("request.dataset_invalid", f"{path.name} has not just the numbers {', '.join(_SETTINGS)}")
    if not (1 < found["subjects"] <= _MOST_SUBJECTS and found["records"]):
        fault = f"{path.name} has not 2 to {_MOST_SUBJECTS} subjects with at least one record"
        raise RequestError("request.dataset_invalid", fault)
    return _Walls(name=path.stem, records=tuple(_records(found)))


SUITE: Final = Suite(
    name="walls",
    summary="What crosses a wall: canaries of each subject asked for from every other subject, near-duplicates too.",
    formats="a TOML file with the numbers subjects, records and seed, from which subjects are invented",
    main=(_LEAKS, "own_found"),
    read=_read,
)
