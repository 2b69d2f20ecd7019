"""Asks a model server whether it is there, without asking it anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import httpx

from domain.errors import ServiceError

_REFUSED: Final = frozenset({401, 403})
_SERVER_ERROR: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelProbe:
    """Lists the models of an OpenAI-compatible server, within ``seconds``."""

    base_url: str
    api_key: str | None = None
    seconds: float = 1.5

    def prove(self) -> None:
        """Return when the server answers and takes our key. Raises ServiceError ``service.drafter_unavailable``."""
        headers = {"authorization": f"Bearer {self.api_key}"} if self.api_key else {}
        url = f"{self.base_url.rstrip('/')}/models"
        try:
            with (
                httpx.Client(timeout=self.seconds, trust_env=False, follow_redirects=False) as client,
                # the status is enough: what else it sends, however much, is not read
                client.stream("GET", url, headers=headers) as response,
            ):
                status = response.status_code
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise ServiceError("service.drafter_unavailable", type(error).__name__) from None
        if status in _REFUSED or status >= _SERVER_ERROR:
            raise ServiceError("service.drafter_unavailable", f"http_{status}")
