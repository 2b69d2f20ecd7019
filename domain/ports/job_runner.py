"""Calls for work, once for each run, in whatever process is alive."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

Work = Callable[[str], None]


class JobRunner(Protocol):
    """Hands runs out to the processes that work. A run is a slice of a job and has an id that carries no content.

    Runs of one tenant come one after another, and all tenants get their turn.
    """

    def start(self, work: Work) -> None:
        """Let this process work: ``work`` is called with the id of each run that it is given, in threads of its own."""

    def enqueue(self, run_id: str, tenant: str) -> None:
        """Ask for a run, durably; asking again for the same run changes nothing."""

    def attended(self, run_ids: Sequence[str]) -> dict[str, bool]:
        """Say of each run that was asked for whether somebody works on it, now or later.

        Nobody does when it ended, or was given up because the process that began with it is gone.
        """

    def stop(self) -> None:
        """Let this process work no more; returns when the runs under way have returned, or after some seconds."""
