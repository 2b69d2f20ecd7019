"""What is evaluated: the product in this process, at a URL, or anything else that answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

JSON = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusText:
    """A text to be made searchable: ``key`` is the dataset's own name of it. Dates are ISO 8601, until is exclusive."""

    key: str
    text: str
    title: str = ""
    subject: str | None = None
    document: str | None = None
    effective_from: str | None = None
    effective_to: str | None = None


class Subject(Protocol):
    """Implemented by ``app/evaluating.py`` in process and over HTTP; by scripted answerers in tests.

    Bodies and results of ``ask``, ``search``, ``check`` and ``redact`` are the JSON of the HTTP API
    (docs/reference.md). Errors are domain.errors.
    """

    def describe(self) -> Mapping[str, Mapping[str, str]]:
        """Return "product" {"version"}, "configuration" and "models" (name to digest) of what answers."""

    def load(self, texts: Iterable[CorpusText], collection: str) -> Mapping[str, str]:
        """Make texts searchable in a collection; return each key's document id. A text without words has none."""

    def ingest(self, paths: Sequence[Path], options: JSON) -> Sequence[JSON]:
        """Ingest files; return how each ended."""

    def rank(self, query: str, k: int, mode: str, collection: str) -> Sequence[tuple[str, float, str]]:
        """Return up to ``k`` (key, score, passage id) of loaded texts, best first, each key once."""

    def spans(self, query: str, k: int, mode: str, collection: str) -> Sequence[tuple[str, int, int, str]]:
        """Return the ``k`` best passages of ingested files as (path, start, end, passage id), in characters of it."""

    def ask(self, body: JSON) -> JSON:
        """Ask a question."""

    def draft(self, body: JSON) -> Sequence[str] | None:
        """Return what the model drafts for a question before anything is checked; ``None`` where that is not seen."""

    def search(self, body: JSON) -> JSON:
        """Find passages."""

    def check(self, body: JSON) -> JSON:
        """Check a draft."""

    def redact(self, body: JSON) -> JSON:
        """Redact a text."""

    def verify(self, claim: str, evidence: Sequence[str]) -> JSON:
        """Return "verdict", "score", "reason" and "checker" of a claim against nothing but ``evidence``."""
