"""Bar 2 of the service: tenants of subjects that read alike, asked by callers who may see a few of them.

Every subject's notes differ from all others' by a canary. Callers are members of a few subjects, directly or by team,
and walled off from one. They ask, search, check, list, chat as OpenAI's clients do, whole and streamed, and export
whole texts of versions and conversations with their answers: within what is theirs, with what is not theirs among it,
for others' canaries by their exact words, and by ids of what is not theirs. A canary leaks when it comes back to
somebody who may not see its subject, as it is or reversed. What is allowed is compared with an exact search over it
alone (the index of plain loops over the same filter), and memberships are revoked while answers stream.
"""

from __future__ import annotations

import dataclasses
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from fastapi.testclient import TestClient

from app.api.application import create_application
from app.bootstrap import Consilium, Replacements, build
from app.requests import IngestOptions, SearchBody
from app.settings import load_settings
from app.wiring import citation_finder
from domain.access import Membership, Relation
from domain.answers import DraftedClaim, DraftedQuote, Evidence
from domain.callers import Caller, Role
from domain.documents import Reading
from domain.errors import AccessError
from domain.ports.embedder import Embedder
from domain.ports.passage_index import PassageIndex
from domain.questions import Question
from ingestion.outline import Outline
from ingestion.workflow import IngestRequest
from retrieval.bm25 import Bm25Encoder
from retrieval.fusion import FusionWeights
from retrieval.indexes.edge import EdgeIndex
from retrieval.indexes.memory import MemoryIndex
from retrieval.retriever import Retriever
from tests.bench.record import record
from tests.clients import Always

_NOTES: Final = (
    "The study code {canary} was noted at the visit on {day}; potassium was {value} mmol/l.",
    "Consent form {canary} was signed on {day} after a talk of {value} minutes.",
    "Device {canary} was implanted on {day} with a threshold of {value} volts.",
    "The sample {canary} was sent to the laboratory on {day} at {value} degrees.",
    "Referral {canary} was written on {day} to the clinic for sleep, page {value}.",
    "Claim {canary} was filed on {day} for {value} euro.",
)
_SHARED: Final = (
    "Which study code was noted at the visit?",
    "When was the consent form signed?",
    "Which device was implanted, and with which threshold?",
    "When was the sample sent to the laboratory?",
    "To which clinic was the referral written?",
    "For how many euro was the claim filed?",
)
_DRAFT: Final = "The consent form was signed after a talk. The sample was sent to the laboratory."
_CANARY: Final = re.compile(r"qzx[a-z]{9}xzk|kzx[a-z]{9}xzq")
_SAME: Final = 1e-3
_CALLERS: Final = 5
_OWN: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much: tenants, subjects of each, notes of each, requests, of which so many are compared with exact search."""

    tenants: int
    subjects: int
    notes: int
    requests: int
    compared: int
    revoked: int


FULL: Final = Size(tenants=20, subjects=50, notes=6, requests=10_000, compared=600, revoked=100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One note of one subject of one tenant."""

    tenant: str
    subject: str
    canary: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """A caller with the subjects that are theirs, and the one that they are walled off from."""

    caller: Caller
    own: tuple[str, ...]
    walled: str


@dataclass(slots=True, kw_only=True)
class Found:
    """What was measured."""

    outcomes: Counter[str] = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)
    recall: list[float] = field(default_factory=list)
    revoked: int = 0
    after: int = 0
    seconds: float = 0.0

    @property
    def figures(self) -> Mapping[str, float | str]:
        """Return the figures of the record."""
        return {
            "requests": self.outcomes.total(),
            **{f"requests: {name}": count for name, count in sorted(self.outcomes.items())},
            "canaries that leaked": len(self.leaks),
            "share of the allowed top 10 found": sum(self.recall) / len(self.recall),
            "searches compared": len(self.recall),
            "memberships revoked while an answer streamed": self.revoked,
            "claims sent later than that": self.after,
            "requests a second": self.outcomes.total() / self.seconds,
        }


class BothIndexes(EdgeIndex):
    """The product's index, which also tells an exact one all that it is told."""

    def __init__(self, folder: Path, exact: MemoryIndex, dimension: int) -> None:
        super().__init__(folder, dimension)
        self._exact = exact

    def upsert(self, entries: Sequence[Any]) -> None:
        """Add entries to both."""
        super().upsert(entries)
        self._exact.upsert(entries)

    def add_vectors(self, vectors: Mapping[str, Any]) -> None:
        """Add vectors to both."""
        super().add_vectors(vectors)
        self._exact.add_vectors(vectors)


class SlowDrafter:
    """Drafts one claim of each passage; ``between`` is called before each, as time passes while a model writes."""

    name = "slow/1"

    def __init__(self) -> None:
        self.between: Any = lambda: None

    def draft(self, question: Question, evidence: Sequence[Evidence], deadline: float) -> Iterator[DraftedClaim]:
        """Yield the first sentence of each passage, word for word."""
        for item in evidence:
            self.between()
            quote = DraftedQuote(passage_id=item.passage.id, text=item.passage.text)
            yield DraftedClaim(quotes=(quote,), text=item.passage.text)


def notes(size: Size, dice: random.Random) -> list[Note]:
    """Return the notes; subjects have the same names in every tenant."""
    made = []
    for tenant in range(size.tenants):
        for subject in range(size.subjects):
            for number in range(size.notes):
                canary = "qzx" + "".join(dice.choices("abcdefghijklmnopqrstuvwy", k=9)) + "xzk"
                day = f"{dice.randrange(1, 28):02}.{dice.randrange(1, 13):02}.2024"
                text = _NOTES[number % len(_NOTES)].format(canary=canary, day=day, value=dice.randrange(2, 90))
                made.append(
                    Note(tenant=f"tenant-{tenant:02}", subject=f"matter-{subject:02}", canary=canary, text=text)
                )
    return made


def measure(size: Size, home: Path, embedder: Embedder | None = None, seed: int = 7) -> Found:
    """Build a store, let everybody ask, and return what was found."""
    dice = random.Random(seed)
    made = notes(size, dice)
    dimension = embedder.dimension if embedder else 384
    exact = MemoryIndex(dimension)
    given = Replacements(embedder=embedder, index=BothIndexes(home / "index", exact, dimension))
    found = Found()
    with build(load_settings(home=home, pack="general", rate_per_minute=0), given) as consilium:
        for _ in consilium.ingestor.ingest_each(_items(made)):
            pass
        consilium.index.optimise()
        askers = list(_askers(consilium, size, dice))
        _requests(consilium, size, made, askers, dice, found)
        _compare(consilium, exact, size, askers, dice, found)
    slow = SlowDrafter()
    with build(load_settings(home=home), Replacements(embedder=embedder, drafter=slow)) as consilium:
        _revoke(consilium, slow, size, askers, dice, found)
    return found


def _items(made: Sequence[Note]) -> Iterator[tuple[str, Reading, IngestRequest]]:
    for note in made:
        outline = Outline()
        outline.add(note.text)
        labels = {"tenant": note.tenant, "subject": note.subject, "collection": "notes"}
        request = IngestOptions.model_validate(labels).to_request()
        name = f"{note.tenant}/{note.subject}/{note.canary}"
        yield name, outline.finish(media_type="text/plain", title="Note"), request


def _askers(consilium: Consilium, size: Size, dice: random.Random) -> Iterator[Asker]:
    """Yield callers of every tenant: half of what is theirs is by a team."""
    subjects = [f"matter-{number:02}" for number in range(size.subjects)]
    members = consilium.memberships.members
    for tenant in range(size.tenants):
        for number in range(_CALLERS):
            *own, walled = dice.sample(subjects, min(_OWN, size.subjects - 1) + 1)
            team = f"team-{number}"
            caller = Caller(
                id=f"caller-{number}", tenant=f"tenant-{tenant:02}", roles=frozenset({Role.PROFESSIONAL}),
                teams=frozenset({team}),
            )  # fmt: skip
            for place, subject in enumerate([*own, walled]):
                party = ("team", team) if place % 2 else ("caller", caller.id)
                members.add(_membership(f"m_{tenant}_{number}_{place}", caller.tenant, subject, party))
            shut = _membership(f"x_{tenant}_{number}", caller.tenant, walled, ("team", team), Relation.EXCLUDED)
            members.add(shut)
            yield Asker(caller=caller, own=tuple(own), walled=walled)


def _membership(
    name: str, tenant: str, subject: str, party: tuple[str, str], relation: Relation = Relation.MEMBER
) -> Membership:
    return Membership(
        id=name, tenant=tenant, kind="subject", target=subject, relation=relation, party_kind=party[0], party=party[1]
    )


def _requests(
    consilium: Consilium,
    size: Size,
    made: Sequence[Note],
    askers: Sequence[Asker],
    dice: random.Random,
    found: Found,
) -> None:
    """Send the requests; every answer is searched for canaries that its asker may not see in its scope."""
    of = {note.canary: (note.tenant, note.subject) for note in made}
    places = _places(consilium, size)
    identity = Always(askers[0].caller)
    application = create_application(dataclasses.replace(consilium, identity=identity))
    started = time.monotonic()
    with TestClient(application, raise_server_exceptions=False) as client:
        for number in range(size.requests):
            asker = askers[dice.randrange(len(askers))]
            identity.known = asker.caller
            scope, permitted = _scope(asker, dice, size)
            other = made[dice.randrange(len(made))]
            name, response = _sent(client, number, scope, other, places, dice)
            kind = "answered" if response.is_success else str(response.status_code)
            found.outcomes[f"{name}, {kind}"] += 1
            seen = {one if one in of else one[::-1] for one in _CANARY.findall(response.text.casefold())}
            allowed = {(asker.caller.tenant, subject) for subject in permitted}
            asked = {other.canary} if name in {"ask", "chat", "talk"} else set()
            found.leaks += [f"{name} {asker.caller.id}" for one in seen - asked if of.get(one) not in allowed]
            if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or (permitted and kind == "403"):
                found.leaks.append(f"{name}: {kind}")
    found.seconds = time.monotonic() - started


def _scope(asker: Asker, dice: random.Random, size: Size) -> tuple[list[str], list[str]]:
    """Return the subjects that are named, and those that may be seen: all of them, or none if one may not be."""
    own = dice.sample(asker.own, dice.randrange(1, len(asker.own) + 1))
    way = dice.random()
    if way < 0.6:
        return own, own
    if way < 0.7:
        return [], []
    if way < 0.8:
        return [*own, asker.walled], []
    foreign = [name for n in range(size.subjects) if (name := f"matter-{n:02}") not in asker.own]
    return [*own[:2], dice.choice(foreign)], []


def _sent(
    client: TestClient,
    number: int,
    scope: list[str],
    other: Note,
    places: Mapping[tuple[str, str], tuple[str, str]],
    dice: random.Random,
) -> tuple[str, Any]:
    """Send one request; every other one is after what somebody else's note says."""
    wanted = other.canary if dice.random() < 0.5 else dice.choice(_SHARED)
    document, version = places[other.tenant, other.subject]
    within = {"subjects": scope, "purpose": "treatment"}
    query = {"subject": scope, "purpose": "treatment"}
    response: Any
    match number % 10:
        case 0 | 1:
            name, response = "search", client.post("/v1/search", json={"query": wanted, "k": 10, **within})
        case 2 | 3:
            name, response = "ask", client.post("/v1/answers", json={"question": wanted, **within})
        case 4:
            name, response = "check", client.post("/v1/checks", json={"draft": _DRAFT, **within})
        case 5:
            name, response = "list", client.get("/v1/documents", params=query)
        case 6:
            name, response = "show", client.get(f"/v1/documents/{document}", params=query)
        case 7:
            name, response = "export", client.get(f"/v1/versions/{version}", params=query)
        case 8:
            messages = [{"role": "user", "content": wanted}]
            body = {"model": "consilium", "messages": messages, "stream": number % 20 < 10, "consilium": within}
            name, response = "chat", client.post("/v1/chat/completions", json=body)
        case _:
            name, response = "talk", _talked(client, wanted, within)
    return name, response


def _talked(client: TestClient, wanted: str, within: Mapping[str, Any]) -> Any:
    """Begin a conversation, ask in it, and return the export of the whole of it, or what refused."""
    begun = client.post("/v1/conversations", json=within)
    if not begun.is_success:
        return begun
    messages = f"/v1/conversations/{begun.json()['id']}/messages"
    asked = client.post(messages, json={"question": wanted})
    return client.get(messages) if asked.is_success else asked


def _places(consilium: Consilium, size: Size) -> dict[tuple[str, str], tuple[str, str]]:
    """Return a document and its version of every subject of every tenant."""
    found = {}
    for tenant in (f"tenant-{number:02}" for number in range(size.tenants)):
        for document in consilium.catalogue.documents(tenant, ()):
            (version,) = consilium.catalogue.versions(document.id)
            found[tenant, document.labels.subjects[0]] = (document.id, version.id)
    return found


def _compare(
    consilium: Consilium, exact: PassageIndex, size: Size, askers: Sequence[Asker], dice: random.Random, found: Found
) -> None:
    """Compare what a member finds with an exact search over what is theirs."""
    pack = consilium.pack.retrieval
    weights = FusionWeights(
        dense=pack.dense_weight, candidates=pack.candidates_share, document=pack.document_weight, k=pack.rrf_k or None
    )
    reference = Retriever(
        embedder=consilium.embedder,
        sparse=Bm25Encoder(phrases=pack.phrase_weight),
        citations=citation_finder(),
        index=exact,
        catalogue=consilium.catalogue,
        weights=weights,
    )
    guarded = consilium.search.retriever
    for number in range(size.compared):
        asker = askers[dice.randrange(len(askers))]
        scope = dice.sample(asker.own, dice.randrange(1, len(asker.own) + 1))
        body = SearchBody.model_validate({"query": dice.choice(_SHARED), "subjects": scope})
        mode = ("hybrid", "dense", "words")[number % 3]
        question = guarded.resolve(body.to_question(consilium, asker.caller))
        ours = [item.passage.id for item in guarded.retrieve(question, mode)[0]]
        exactly = {hit.passage_id: hit.score for hit in reference.search_ids(question, 100, mode)}
        best = sorted(exactly.values(), reverse=True)[:10]
        if best:
            # Notes that read alike score alike: whichever of them is among the first ten is as good as another.
            good = sum(exactly.get(one, best[-1] - 1) >= best[-1] - _SAME for one in ours)
            found.recall.append(good / len(best))


def _revoke(
    consilium: Consilium, slow: SlowDrafter, size: Size, askers: Sequence[Asker], dice: random.Random, found: Found
) -> None:
    """Revoke what a streaming answer rests on after its first claim, and count the claims that are still sent."""
    assert isinstance(slow, SlowDrafter)
    members = consilium.memberships.members
    for number in range(size.revoked):
        tenant = f"tenant-{number % size.tenants:02}"
        guest = Caller(id=f"guest-{number}", tenant=tenant, roles=frozenset({Role.PROFESSIONAL}))
        subject = dice.choice(askers[0].own)
        members.add(_membership(f"g_{number}", tenant, subject, ("caller", guest.id)))
        question = SearchBody.model_validate({"query": dice.choice(_SHARED), "subjects": [subject]}).to_question(
            consilium, guest
        )
        sent = 0
        try:
            for event, _ in consilium.answers.stream(question):
                sent += 1
                if sent == 1:
                    assert event == "claim", event
                    assert members.remove(tenant, f"g_{number}")
                    found.revoked += 1
                else:
                    found.after += 1
        except AccessError:
            continue
        found.after += 1  # an answer that ended as if nothing had happened


def main() -> int:
    """Measure at full size. Returns 1 when a canary leaked, or too little of what is allowed was found."""
    with tempfile.TemporaryDirectory(prefix="consilium-walls-") as folder:
        found = measure(FULL, Path(folder))
    record("access_walls", found.figures)
    recall = sum(found.recall) / len(found.recall)
    return int(bool(found.leaks) or found.after > 0 or recall < 0.99)


if __name__ == "__main__":
    sys.exit(main())
