"""What is kept of subjects beside their documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Traces(Protocol):
    """Things that came of documents (answers, conversations, feedback) and go with them."""

    def forget(self, tenant: str, subjects: Sequence[str], document_ids: Sequence[str]) -> int:
        """Forget what is about one of these subjects or rests on one of these documents; return how much it was."""
