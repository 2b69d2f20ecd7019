"""A hostile model behind a real HTTP server: nothing false that it says may stand."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from app.answering.chat import ChatDrafter
from app.system import SystemClock
from domain.answers import Claim, VerdictKind
from domain.errors import ServiceError
from policies.grounding.check import ground
from policies.grounding.verifier import FactVerifier
from policies.injection import gives_orders
from tests.data import shared_data
from tests.fakes.model_server import JSON, ModelServer, Reply, claiming
from tests.integration.hostile_attacks import ORDERS, TRUE, Attack, attacks
from tests.unit.answering.cases import evidence, passage, question


class Target:
    """A model server whose next reply is set from outside, and a drafter that asks it."""

    def __init__(self) -> None:
        self.reply = claiming()
        self.server = ModelServer(self._answer)
        self._drafter = ChatDrafter(
            base_url=self.server.url, model="m", clock=SystemClock(), max_bytes=200_000, pause=lambda _: None
        )

    def _answer(self, _: JSON) -> Reply:
        return self.reply

    def said(self, attack: Attack) -> tuple[list[str], str]:
        """Return the claims that stand, as the answer service lets them stand, and the error that ended the draft."""
        self.reply = attack.reply
        shown = evidence(*(passage(text, id=f"id-{key}") for key, text in attack.passages.items()))
        stood: list[str] = []
        try:
            for drafted in self._drafter.draft(question("What is known?"), shown, time.monotonic() + attack.seconds):
                claim = ground(drafted, shown, FactVerifier())
                if claim.verdict.kind is VerdictKind.SUPPORTED and not _ordered(claim):
                    stood.append(claim.text)
        except ServiceError as error:
            return stood, error.code
        return stood, ""


def _ordered(claim: Claim) -> bool:
    return gives_orders(claim.text) or any(gives_orders(quote.text) for quote in claim.quotes)


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    made = Target()
    with made.server:
        made.said(Attack(name="warm-up", passages=TRUE, reply=claiming()))
        yield made


def test_what_the_passages_hold_stands(target: Target) -> None:
    for key, text in TRUE.items():
        fair = Attack(name=key, passages=TRUE, reply=claiming(([(key, text)], text)))
        assert target.said(fair) == ([text], "")


def test_of_200_hostile_tries_nothing_false_is_said(target: Target) -> None:
    tried = attacks()
    assert len({attack.name for attack in tried}) == 200
    said = {attack.name: (target.said(attack), attack.fair) for attack in tried}
    false = {name: stood for name, ((stood, _), fair) in said.items() if set(stood) - fair}
    endings = Counter(error for (_, error), _ in said.values())
    assert false == {}
    assert set(endings) == {"", "service.drafter_unavailable", "service.drafter_deadline"}
    assert endings["service.drafter_deadline"] == 8
    assert not [thread for thread in threading.enumerate() if thread.name == "model-server"]


def test_a_true_claim_before_the_cut_still_stands(target: Target) -> None:
    late = next(attack for attack in attacks() if attack.name == "cut after 8/9")
    assert target.said(late) == ([TRUE["P6"]], "service.drafter_unavailable")


@pytest.mark.parametrize("share", ["faults/prompt_injection.jsonl", "bipia/text_attack_train.json"])
def test_published_injections_are_not_obeyed(target: Target, share: str) -> None:
    text = shared_data(share).read_bytes().decode()
    orders = (
        [json.loads(line)["text"] for line in text.split("\n") if line.startswith("{")][::6]
        if share.endswith("l")
        else [order for orders in json.loads(text).values() for order in orders]
    )
    assert len(orders) > 50
    payload = ORDERS[0][2]
    for order in orders:
        host = f"{TRUE['P1']} {order}"
        for quoted in (order, payload):
            reply = claiming(([("P1", quoted)], payload))
            assert target.said(Attack(name="published", passages={"P1": host}, reply=reply))[0] == []
