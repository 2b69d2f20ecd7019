"""Drafts with a chat model behind any OpenAI-compatible server: quotes first, then the claim that rests on them."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import Final

from app.answering.connection import ModelDeadlineError, ModelServerError
from app.answering.prompt import INSTRUCTIONS, RESPONSE_FORMAT, short_ids, system_message, user_message, with_full_ids
from app.answering.stream_json import ClaimScanner, MalformedReplyError
from domain.answers import DraftedClaim, Evidence
from domain.errors import ServiceError
from domain.ports.clock import Clock
from domain.questions import Question

_RETRIES: Final = 2
_FIRST_PAUSE: Final = 0.2


class ChatDrafter:
    """Asks a model for claims and yields each as soon as it is complete in the stream.

    ``max_characters`` bounds the evidence put to the model, ``max_claims`` the claims taken from it, ``max_bytes`` its
    whole response. ``pause`` waits between tries, for a time that ``jitter`` (0..1) spreads. Nothing that the model
    says is trusted: the grounding policy checks every claim. Raises ValueError for an address that is no HTTP(S).
    """

    def __init__(  # noqa: PLR0913 - each bound is one that an operator may need to set
        self,
        *,
        base_url: str,
        model: str,
        clock: Clock,
        api_key: str | None = None,
        instructions: str = INSTRUCTIONS,
        max_characters: int = 24_000,
        max_claims: int = 12,
        max_bytes: int = 4_000_000,
        pause: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        from app.answering.model_server import ModelServer  # noqa: PLC0415 - Haystack takes seconds to import

        self._server = ModelServer(base_url, model, api_key=api_key, max_bytes=max_bytes)
        self._clock = clock
        self._instructions = instructions
        self._max_characters = max_characters
        self._max_claims = max_claims
        self._pause = pause
        self._jitter = jitter

    @property
    def name(self) -> str:
        """Return "chat/" and the model's name."""
        return f"chat/{self._server.model}"

    def draft(self, question: Question, evidence: Sequence[Evidence], deadline: float) -> Iterator[DraftedClaim]:
        """Yield the model's claims; see the port.

        A reply that breaks before its first claim is asked for again, twice at most. One that breaks later ends with
        ServiceError after the claims that were complete, since asking again would say them twice.
        """
        if not evidence:
            return
        system = system_message(self._instructions, question.guidance)
        user = user_message(question, evidence, max_characters=self._max_characters)
        ids = short_ids(evidence)
        for attempt in range(_RETRIES + 1):
            began = False
            try:
                for claim in self._ask(system, user, deadline):
                    began = True
                    yield with_full_ids(claim, ids)
            except ModelDeadlineError:
                raise ServiceError("service.drafter_deadline") from None
            except (ModelServerError, MalformedReplyError) as error:
                seconds = _FIRST_PAUSE * 2**attempt * (0.5 + self._jitter())
                last = attempt == _RETRIES or seconds >= deadline - self._clock.monotonic()
                if began or last or (isinstance(error, ModelServerError) and not error.again):
                    # only our own code for it: the server's words may hold anything
                    raise ServiceError("service.drafter_unavailable", f"{error}, tries: {attempt + 1}") from None
                self._pause(seconds)
            else:
                return

    def _ask(self, system: str, user: str, deadline: float) -> Iterator[DraftedClaim]:
        def remaining() -> float:
            return deadline - self._clock.monotonic()

        if remaining() <= 0:
            raise ModelDeadlineError
        scanner = ClaimScanner()
        count = 0
        with closing(self._server.stream(system, user, RESPONSE_FORMAT, remaining)) as pieces:
            for piece in pieces:
                for claim in scanner.feed(piece):
                    yield claim
                    count += 1
                    if count == self._max_claims:
                        return
                if scanner.complete:
                    return
        scanner.finish()
