"""Passages are reached through one point, and by somebody: who reads texts, and who asks for whom, is listed here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from tests.data import ROOT

READERS: Final = {
    "search_ids",
    "search_dense",
    "search_sparse",
    "lookup",
    "neighbours",
    "passages",
    "passages_of",
    "retrieve",
    "section_at",
}
GUARDED: Final = {
    "app/answering/guarded.py": "the point itself",
    "app/answering/service.py": "through the guarded retriever",
    "app/answering/checks.py": "through the guarded retriever",
    "app/answering/presentation.py": "where exactly a quote of a passage stands that was let through",
    "app/answering/replay.py": "looks at each with the policies' last look, for whoever replays",
    "app/jobs/reindexing.py": "copies them into another index, and shows nobody",
    "app/library.py": "looks at each with the policies' last look",
    "app/sources.py": "looks at each passage of what it shows with the policies' last look",
    "app/reports/records.py": "looks at each with the policies' last look",
    "app/records/seen.py": "looks at each with the policies' last look",
    "app/evaluating.py": "measures for the owner of the machine, in this process alone",
    "app/tuning.py": "trains for the owner of the machine, in this process alone",
}


def calls(folder: str) -> Iterator[tuple[str, ast.Call, str]]:
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                yield path.relative_to(ROOT).as_posix(), node, node.func.attr


def test_texts_of_passages_are_read_where_access_is_decided_and_nowhere_else() -> None:
    readers = {file for file, _, name in calls("app") if name in READERS and not file.startswith("app/store/")}
    assert readers == GUARDED.keys()


def test_every_question_of_the_api_is_somebodys() -> None:
    """A question without a caller would be the owner's."""
    asked = [(file, node) for file, node, name in calls("app/api") if name in {"to_question", "question"}]
    assert len(asked) >= 5
    for file, node in asked:
        given = [ast.unparse(argument) for argument in node.args] + [keyword.arg for keyword in node.keywords]
        assert "caller" in given, (file, ast.unparse(node))
