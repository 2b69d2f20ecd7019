"""Small evidence and questions, written for these tests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from domain.answers import DraftedClaim, Evidence
from domain.documents import Interval, Labels, Locator, Passage
from domain.questions import Question, Scope


def passage(
    text: str,
    *section: str,
    id: str = "p",  # noqa: A002 - a field's name
    title: str = "",
    citation: str | None = None,
    day: date | None = None,
) -> Passage:
    """Return a passage that starts its document."""
    return Passage(
        id=id,
        document_id=f"d-{id}",
        version_id=f"v-{id}",
        start=0,
        end=len(text),
        text=text,
        title=title,
        section=section,
        locator=Locator(citation=citation),
        labels=Labels(),
        in_force=Interval(),
        parent_start=0,
        parent_end=len(text),
        date=day,
    )


def evidence(*passages: Passage | str) -> list[Evidence]:
    """Return the passages in order, best first; texts get the ids "p1", "p2", and so on."""
    made = [
        item if isinstance(item, Passage) else passage(item, id=f"p{number}")
        for number, item in enumerate(passages, start=1)
    ]
    return [Evidence(passage=item, score=1 / rank) for rank, item in enumerate(made, start=1)]


def question(text: str) -> Question:
    """Return a question as of 2024-06-01."""
    return Question(text=text, scope=Scope(as_of=date(2024, 6, 1)))


def lab(name: str, value: str, day: str, *, id: str = "") -> Passage:  # noqa: A002 - a field's name
    """Return a laboratory result as the reader of charts writes it."""
    return passage(
        f"{name}: {value} on {day} (final).",
        "Laboratory results",
        f"{name} {day}",
        id=id or f"{name}-{day}",
        title="Chart",
        day=date.fromisoformat(day),
    )


def record(text: str, heading: str, day: str | None = None) -> Passage:
    """Return one line of a chart's list of allergies, medications and so on."""
    return passage(text, heading, id=text, title="Chart", day=date.fromisoformat(day) if day else None)


def texts(claims: Iterable[DraftedClaim]) -> list[str]:
    """Return the claims' texts."""
    return [claim.text for claim in claims]
