"""A small HTTP/1.1 client for load: the server and its clients share the cores, so a client must cost little."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any, Self

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back; ``status`` is 0 where the connection broke."""

    status: int
    retry_after: float
    body: bytes


class Client:
    """One connection that is kept. ``token`` says who asks."""

    def __init__(self, port: int, token: str) -> None:
        self._port = port
        self._token = token
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def post(self, path: str, body: JSON) -> Reply:
        """Send a request and read the whole answer."""
        content = json.dumps(body).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {self._token}\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        try:
            # The server closes what was idle for long.
            if self._streams is not None and self._streams[0].at_eof():
                await self.close()
            if self._streams is None:
                self._streams = await asyncio.open_connection("127.0.0.1", self._port)
            reader, writer = self._streams
            writer.write(head.encode() + content)
            return await self._read(reader)
        except (OSError, asyncio.IncompleteReadError, ValueError):
            await self.close()
            return Reply(status=0, retry_after=0, body=b"")

    async def close(self) -> None:
        """Let go of the connection."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def _read(self, reader: asyncio.StreamReader) -> Reply:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        status = int(head.split(" ", 2)[1])
        headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        body = await reader.readexactly(int(headers["content-length"]))
        if headers.get("connection") == "close":
            await self.close()
        return Reply(status=status, retry_after=float(headers.get("retry-after", "0")), body=body)
