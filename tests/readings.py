"""Small readings and requests that tests share."""

from __future__ import annotations

from datetime import date

from domain.documents import Interval, Labels, Reading
from domain.questions import Question, Scope
from ingestion.outline import Outline
from ingestion.workflow import IngestRequest

TODAY = date(2026, 1, 15)


def reading(
    *articles: tuple[str, str], title: str = "An act", work: str | None = None, since: date | None = None
) -> Reading:
    """Return a reading with one section an article."""
    outline = Outline()
    for heading, text in articles:
        outline.open(heading, kind="article")
        outline.add(text)
        outline.close()
    return outline.finish(media_type="text/plain", title=title, work=work, in_force=Interval(effective_from=since))


def request(
    collection: str = "law", subject: str | None = None, document: str | None = None, since: date | None = None
) -> IngestRequest:
    """Return a request with these labels."""
    labels = Labels(collection=collection, subjects=(subject,) if subject else ())
    return IngestRequest(labels=labels, document=document, in_force=Interval(effective_from=since))


def asked(
    text: str,
    *,
    subjects: tuple[str, ...] = (),
    as_of: date = TODAY,
    collections: tuple[str, ...] = (),
    purpose: str = "treatment",
    k: int = 10,
) -> Question:
    """Return a question in this scope."""
    scope = Scope(as_of=as_of, subjects=subjects, collections=collections)
    return Question(text=text, scope=scope, purpose=purpose, k=k)
