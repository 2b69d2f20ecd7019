"""Asks an OpenAI-compatible model server for a streamed completion, within a deadline and a size.

The server is not trusted: it may hang, drip, redirect, flood or send rubbish. Only its text is passed on; what it says
in errors never is. Importing this loads Haystack, which takes seconds.
"""

from __future__ import annotations

import contextlib
import ssl
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from contextvars import copy_context
from queue import Empty, Queue
from typing import Any, Final

import httpx
from haystack.dataclasses import ChatMessage, StreamingChunk
from haystack.utils import Secret
from haystack_integrations.components.generators.vllm import VLLMChatGenerator

from app.answering import abandoning
from app.answering.connection import Connection, ModelDeadlineError, ModelServerError, UnwantedError
from app.operating.tracing import TRACING

_TRY_AGAIN: Final = frozenset({408, 409, 425, 429})
_SERVER_ERROR: Final = 500
_LEAST_SECONDS: Final = 0.001
_JOIN_SECONDS: Final = 1.0
_TAIL_SECONDS: Final = 0.1  # for what follows the text, the token counts among it
_LOOK_SECONDS: Final = 0.1  # how often one looks whether anybody still waits


class ModelServer:
    """One model on one server. Nothing but ``base_url`` is ever connected to: no redirects, no proxies.

    ``max_bytes`` bounds the whole response, framing included. Raises ValueError for an address of another kind.
    """

    def __init__(
        self,
        base_url: str,
        model: str,
        *,
        api_key: str | None = None,
        max_bytes: int = 4_000_000,
        max_tokens: int = 2_048,
    ) -> None:
        url = httpx.URL(base_url)
        if url.scheme not in {"http", "https"} or not url.host or url.userinfo:
            message = "a model server's address is http(s)://host[:port]/path, without a user"
            raise ValueError(message)
        self.model = model
        self._url = url
        self._api_key = Secret.from_token(api_key or "none")
        self._max_bytes = max_bytes
        self._max_tokens = max_tokens
        # loading the system's certificates takes a while, and plain HTTP trusts none
        secure = url.scheme == "https"
        self._tls = ssl.create_default_context() if secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    def stream(
        self, system: str, user: str, response_format: Mapping[str, Any], remaining: Callable[[], float]
    ) -> Generator[str]:
        """Yield the pieces of the completion's text; ``remaining`` gives the seconds left.

        Raises ModelServerError, ModelDeadlineError when no seconds are left, and AbandonedError when nobody waits any
        more. Closing the iterator ends the request.
        """
        line = Connection(self._url, self._tls, self._max_bytes, remaining)
        pieces: Queue[str | ModelServerError | None] = Queue()
        messages = [ChatMessage.from_system(system), ChatMessage.from_user(user)]
        # the thread goes on with this request: its log lines and its span say so
        worker = threading.Thread(
            target=copy_context().run,
            args=(self._run, line, messages, response_format, pieces),
            name="model-server",
            daemon=True,
        )
        worker.start()
        try:
            while True:
                try:
                    piece = pieces.get(timeout=min(max(remaining(), _LEAST_SECONDS), _LOOK_SECONDS))
                except Empty:
                    abandoning.check()
                    if remaining() > 0:
                        continue
                    raise ModelDeadlineError from None
                abandoning.check()
                if remaining() <= 0:
                    raise ModelDeadlineError
                if piece is None:
                    return
                if isinstance(piece, ModelServerError):
                    raise piece
                yield piece
        except GeneratorExit:
            # enough was read: an honest server ends now by itself, and says how many tokens it took
            worker.join(min(_TAIL_SECONDS, max(remaining(), 0)))
            raise
        finally:
            line.abort()
            worker.join(_JOIN_SECONDS)

    def _run(
        self,
        line: Connection,
        messages: Sequence[ChatMessage],
        response_format: Mapping[str, Any],
        pieces: Queue[str | ModelServerError | None],
    ) -> None:
        seconds = max(line.remaining(), _LEAST_SECONDS)
        generator = VLLMChatGenerator(
            model=self.model,
            api_key=self._api_key,
            api_base_url=str(self._url),
            generation_kwargs={
                "response_format": dict(response_format), "temperature": 0.0,
                "max_tokens": self._max_tokens,
                "stream_options": {"include_usage": True},
            },
            timeout=seconds,
            max_retries=0,
            http_client_kwargs={"transport": line, "trust_env": False, "follow_redirects": False},
        )  # fmt: skip

        def receive(chunk: StreamingChunk) -> None:
            if chunk.tool_calls:
                # no tools were offered; and their arguments would be logged by the generator
                raise UnwantedError
            if chunk.content:
                pieces.put(chunk.content)

        try:
            with TRACING.span(f"chat {self.model}", self._facts(), kind="client") as span:
                found = generator.run(messages=list(messages), streaming_callback=receive)
                pieces.put(None)
                span.say(_usage(found))
        except Exception as error:  # noqa: BLE001 - three vendors' libraries read what a hostile server sends
            pieces.put(_failure(error, line))
        finally:
            # a hostile connection may fail at closing too, when nobody waits for it any more
            with contextlib.suppress(Exception):
                generator.close()

    def _facts(self) -> dict[str, str | int | float | bool]:
        """Return what a span says of a request: OpenTelemetry's conventions for GenAI, without content."""
        facts: dict[str, str | int | float | bool] = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": self.model,
            "gen_ai.request.max_tokens": self._max_tokens,
            "gen_ai.request.temperature": 0.0,
            "server.address": self._url.host,
        }
        return facts | ({"server.port": self._url.port} if self._url.port else {})


def _usage(found: Mapping[str, Any]) -> dict[str, int]:
    """Return the token counts where the server said them; it is not trusted to have said numbers."""
    replies = found.get("replies") or [None]
    usage = getattr(replies[0], "meta", {}).get("usage") or {}
    names = {"prompt_tokens": "gen_ai.usage.input_tokens", "completion_tokens": "gen_ai.usage.output_tokens"}
    counts = {name: usage.get(key) for key, name in names.items()} if isinstance(usage, dict) else {}
    return {name: count for name, count in counts.items() if type(count) is int and count >= 0}


def _failure(error: Exception, line: Connection) -> ModelServerError:
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return ModelServerError(f"http_{status}", again=status in _TRY_AGAIN or status >= _SERVER_ERROR)
    if line.full:
        return ModelServerError("too_large", again=False)
    return ModelServerError("broken_reply" if line.answered else "unreachable", again=True)
