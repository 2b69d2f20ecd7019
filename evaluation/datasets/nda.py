"""Makes statements about non-disclosure agreements from the questions of LegalBench-RAG's contractnli.json.

A question ("Does the document allow the visitor to do it?") becomes a statement ("The visitor may do it.") that its own
clauses support, and that the clauses of another question about the same agreement do not. The set tells which clauses
decide a question but not how, so questions to which agreements often answer no are left out. Labels made so are good
for comparing, and wrong here and there: an agreement may say in one clause what was asked about another.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from evaluation.datasets.questions import invalid
from evaluation.datasets.spans import SpanQuery, read_spans

BENCHMARK: Final = Path("benchmarks") / "contractnli.json"
Statement = tuple[str, str, tuple[str, ...], bool]

_QUESTION: Final = re.compile(r"\bDoes the document (\w+) (.+?)\?\s*$", re.DOTALL)
_ANSWERED_EITHER_WAY: Final = re.compile(r"\b(whether|shall only include|expressly identified|retain|create a copy)\b")
_MAY: Final = re.compile(r"(.+?) to (.+)", re.DOTALL)


def statements(folder: Path) -> Iterator[Statement]:
    """Yield (id, statement, clauses, whether the clauses are its own).

    The other clauses are those of the question whose id has the least SHA-256 together with this one's, among those
    about the same agreement whose clauses do not overlap; a question without such another gives one statement only.
    Raises RequestError ``request.dataset_invalid``.
    """
    data = read_spans(folder / BENCHMARK)
    texts: dict[str, str] = {}
    asked: dict[str, list[SpanQuery]] = {}
    for query in data.queries.values():
        asked.setdefault(query.spans[0][0], []).append(query)
        for name, _, _ in query.spans:
            texts[name] = texts.get(name) or _text(data.corpus / name)
    for query in data.queries.values():
        if _ANSWERED_EITHER_WAY.search(query.text):
            continue
        text = statement(query.text)
        if text is None:
            place = f"{BENCHMARK.name}: {query.id}"
            raise invalid(place, "does not ask whether the document says something")
        yield query.id, text, _clauses(query, texts), True
        if other := _other(query, asked[query.spans[0][0]]):
            yield f"{query.id}-other", text, _clauses(other, texts), False


def statement(question: str) -> str | None:
    """Return the statement that a yes would make; ``None`` of what is no such question.

    >>> statement("Consider the agreement; Does the document permit the guest to cook?")
    'The guest may cook.'
    """
    found = _QUESTION.search(question)
    if not found:
        return None
    verb, rest = found[1], found[2]
    if rest.startswith("that "):
        told = rest.removeprefix("that ")
    elif verb in {"allow", "permit"} and (parts := _MAY.fullmatch(rest)):
        told = f"{parts[1]} may {parts[2]}"
    elif verb == "require" and (parts := _MAY.fullmatch(rest)):
        told = f"{parts[1]} must {parts[2]}"
    else:
        told = f"the document {verb}s {rest}"
    return f"{told[0].upper()}{told[1:]}."


def _other(query: SpanQuery, about: Sequence[SpanQuery]) -> SpanQuery | None:
    apart = [other for other in about if other.id != query.id and not _overlap(query, other)]
    return min(apart, key=lambda other: hashlib.sha256(f"{query.id}\0{other.id}".encode()).digest(), default=None)


def _overlap(one: SpanQuery, other: SpanQuery) -> bool:
    return any(
        name == also and start < ends and begins < end
        for name, start, end in one.spans
        for also, begins, ends in other.spans
    )


def _clauses(query: SpanQuery, texts: dict[str, str]) -> tuple[str, ...]:
    return tuple(texts[name][start:end] for name, start, end in query.spans)


def _text(file: Path) -> str:
    with file.open(encoding="utf-8", newline="") as stream:
        return stream.read()
