"""Reads character-span sets in the form of LegalBench-RAG (Pipitone and Alami, 2024): corpus/ and benchmarks/*.json."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.errors import RequestError


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanQuery:
    """A question with the spans that answer it: (file below corpus/, start, end) in characters, end exclusive."""

    id: str
    text: str
    spans: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanDataset:
    """All files below ``corpus``, and the questions of one benchmark or of all."""

    name: str
    corpus: Path
    queries: Mapping[str, SpanQuery]


def read_spans(path: Path) -> SpanDataset:
    """Return a set: ``path`` is its folder, for all benchmarks, or one file of benchmarks/.

    Raises RequestError ``request.dataset_invalid`` with the file and question at fault.
    """
    files = [path] if path.is_file() else sorted((path / "benchmarks").glob("*.json"))
    corpus = (path.parent.parent if path.is_file() else path) / "corpus"
    if not files or not corpus.is_dir():
        raise RequestError("request.dataset_invalid", f"{path.name} has no corpus/ or no benchmarks/*.json")
    lengths: dict[str, int] = {}
    queries = {query.id: query for file in files for query in _queries(file, corpus, lengths)}
    name = f"{corpus.parent.name}-{path.stem}" if path.is_file() else path.name
    return SpanDataset(name=name, corpus=corpus, queries=queries)


def _queries(file: Path, corpus: Path, lengths: dict[str, int]) -> Iterator[SpanQuery]:
    try:
        tests = json.loads(file.read_text(encoding="utf-8"))["tests"]
        rows = list(enumerate(tests))
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
        raise RequestError("request.dataset_invalid", f"{file.name} has no list of tests") from error
    for number, row in rows:
        place = f"{file.name}: test {number}"
        try:
            text, spans = str(row["query"]), tuple(_span(snippet) for snippet in row["snippets"])
        except (KeyError, TypeError, ValueError) as error:
            raise RequestError("request.dataset_invalid", f"{place} has no query or no snippets with spans") from error
        for name, start, end in spans:
            if not 0 <= start < end <= _length(corpus, name, lengths, place):
                raise RequestError("request.dataset_invalid", f"{place} has a span outside {name}")
        if not spans:
            raise RequestError("request.dataset_invalid", f"{place} has no snippets")
        yield SpanQuery(id=f"{file.stem}-{number}", text=text, spans=spans)


def _span(snippet: Mapping[str, Any]) -> tuple[str, int, int]:
    start, end = snippet["span"]
    return str(snippet["file_path"]), int(start), int(end)


def _length(corpus: Path, name: str, lengths: dict[str, int], place: str) -> int:
    if name not in lengths:
        file = corpus / name
        if not file.resolve().is_relative_to(corpus.resolve()):
            raise RequestError("request.dataset_invalid", f"{place} names a file outside corpus/")
        try:
            with file.open(encoding="utf-8", newline="") as stream:
                lengths[name] = len(stream.read())
        except (OSError, UnicodeDecodeError) as error:
            raise RequestError("request.dataset_invalid", f"{place} names a file that cannot be read") from error
    return lengths[name]
