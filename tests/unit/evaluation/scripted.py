"""Subjects for the tests of suites: what they answer is written by each test."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from evaluation.subject import JSON, CorpusText


class ScriptedSubject:
    """Does nothing: a test overrides what its suite calls. Everything else fails loudly."""

    def __init__(self) -> None:
        self.loaded: list[CorpusText] = []

    def describe(self) -> Mapping[str, Mapping[str, str]]:
        return {"product": {"version": "9.9"}, "configuration": {"pack": "general"}, "models": {"encoder": "none"}}

    def load(self, texts: Iterable[CorpusText], collection: str) -> Mapping[str, str]:
        self.loaded.extend(texts)
        return {text.key: f"d-{text.key}" for text in self.loaded}

    def ingest(self, paths: Sequence[Path], options: JSON) -> Sequence[JSON]:
        raise NotImplementedError

    def rank(self, query: str, k: int, mode: str, collection: str) -> Sequence[tuple[str, float, str]]:
        raise NotImplementedError

    def spans(self, query: str, k: int, mode: str, collection: str) -> Sequence[tuple[str, int, int, str]]:
        raise NotImplementedError

    def ask(self, body: JSON) -> JSON:
        raise NotImplementedError

    def draft(self, body: JSON) -> Sequence[str] | None:
        raise NotImplementedError

    def search(self, body: JSON) -> JSON:
        raise NotImplementedError

    def check(self, body: JSON) -> JSON:
        raise NotImplementedError

    def redact(self, body: JSON) -> JSON:
        raise NotImplementedError

    def verify(self, claim: str, evidence: Sequence[str]) -> JSON:
        raise NotImplementedError
