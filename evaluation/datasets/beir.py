"""Reads retrieval datasets in the form of BEIR (Thakur et al., 2021): corpus.jsonl, queries.jsonl and qrels/*.tsv."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.errors import RequestError


@dataclass(frozen=True, slots=True, kw_only=True)
class BeirDocument:
    """An entry of a corpus."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BeirDataset:
    """A corpus, questions by id, and for each question how relevant which documents are (above zero is relevant)."""

    name: str
    corpus: tuple[BeirDocument, ...]
    queries: Mapping[str, str]
    qrels: Mapping[str, Mapping[str, int]]


def read_beir(folder: Path, split: str | None = None) -> BeirDataset:
    """Return the dataset in a folder; only judged questions are kept, in the order of queries.jsonl.

    ``split`` names the file of judgements (``qrels/<split>.tsv``); without it all of them are read. Raises
    RequestError ``request.dataset_invalid`` with the file and line at fault.
    """
    corpus = tuple(_corpus(folder))
    known = {document.id for document in corpus}
    texts = {row["_id"]: _text(row, "text", place) for place, row in _rows(folder, "queries.jsonl")}
    qrels: dict[str, dict[str, int]] = {}
    for place, query, document, score in _judgements(folder, split):
        if query not in texts or document not in known:
            raise _invalid(place, "judges an id that is in no other file")
        qrels.setdefault(query, {})[document] = score
    queries = {query: text for query, text in texts.items() if query in qrels}
    if not queries:
        raise _invalid("qrels", "judge no question")
    return BeirDataset(name=folder.name, corpus=corpus, queries=queries, qrels=qrels)


def read_corpus(folder: Path) -> tuple[BeirDocument, ...]:
    """Return the corpus alone: questions and judgements are not opened. Raises RequestError as :func:`read_beir`."""
    return tuple(_corpus(folder))


def _corpus(folder: Path) -> Iterator[BeirDocument]:
    seen: set[str] = set()
    for place, row in _rows(folder, "corpus.jsonl"):
        if row["_id"] in seen:
            raise _invalid(place, "repeats an _id")
        seen.add(row["_id"])
        yield BeirDocument(id=row["_id"], title=_text(row, "title", place, default=""), text=_text(row, "text", place))


def _rows(folder: Path, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for place, line in _lines(folder / name, name):
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            raise _invalid(place, "is not JSON") from None
        if not isinstance(row, dict) or not isinstance(row.get("_id"), str):
            raise _invalid(place, "has no _id")
        yield place, row


def _text(row: Mapping[str, Any], field: str, place: str, default: str | None = None) -> str:
    value = row.get(field, default)
    if not isinstance(value, str):
        raise _invalid(place, f"has no {field}")
    return value


def _judgements(folder: Path, split: str | None) -> Iterator[tuple[str, str, str, int]]:
    pattern = f"{split or '*'}.tsv"
    files = sorted((folder / "qrels").glob(pattern))
    if not files:
        raise _invalid("qrels/" + pattern, "is missing")
    for path in files:
        for number, (place, line) in enumerate(_lines(path, f"qrels/{path.name}")):
            columns = line.split("\t")
            if number == 0 and columns[0] == "query-id":
                continue
            try:
                query, document, score = columns
                yield place, query, document, int(score)
            except ValueError:
                raise _invalid(place, "is not query-id, corpus-id and score between tabs") from None


def _lines(path: Path, name: str) -> Iterator[tuple[str, str]]:
    """Yield ("file:line", line) of the lines that are not blank."""
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield f"{name}:{number}", line.rstrip("\r\n")
    except OSError as error:
        raise _invalid(name, "cannot be read") from error
    except UnicodeDecodeError:
        raise _invalid(name, "is not UTF-8") from None


def _invalid(place: str, fault: str) -> RequestError:
    return RequestError("request.dataset_invalid", f"{place} {fault}")
