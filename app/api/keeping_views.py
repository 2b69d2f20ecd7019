"""The shapes of lists of documents, their labels and what an erasure would do."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.api.views import IntervalView, KeptView, _View

State = Literal["indexing", "words", "indexed"]


class LabelledView(_View):
    """A document's labels."""

    id: str
    collection: str
    subjects: list[str]
    walls: list[str]
    sensitivity: str
    jurisdiction: str | None


class ListedView(LabelledView):
    """A document in a list."""

    title: str | None = Field(description="As the caller may see it; null in the list of everything.")
    state: State = Field(description="indexing: not found yet; words: found by words, its vectors follow.")
    added_at: str | None = Field(description="When a text of it was last added (ISO 8601 in UTC), where that is known.")
    versions: int
    current: bool = Field(description="Whether a version is in force on the day asked about.")
    media_type: str | None
    in_force: IntervalView | None = Field(description="Of the version in force, else of the last one.")
    passages: int
    held: bool = Field(description="Whether a legal hold covers it.")


class ListingView(_View):
    """A page of a list of documents. The first one has counts."""

    documents: list[ListedView]
    next: str | None = Field(description="`cursor` of the next page; none on the last one.")
    total: int | None = Field(None, description="How many there are; none where titles are looked for.")
    collections: dict[str, int] | None = Field(
        None, description="How many documents each collection has, the filter on collections left out."
    )


class FiledVersionView(_View):
    """A version by ids and dates."""

    id: str
    media_type: str
    in_force: IntervalView
    state: State
    added_at: str | None
    passages: int
    digest: str = Field(description="SHA-256 of the file.")


class FiledView(LabelledView):
    """A document by ids, labels and dates, for those who look after it: nothing of its text, its title included."""

    versions: list[FiledVersionView]
    hold_id: str | None = Field(description="A legal hold that covers it.")


class SpanView(_View):
    """Where a sentence stands."""

    start: int
    end: int


class ReadingView(_View):
    """The text of a file, with its sentences."""

    media_type: str
    text: str
    sentences: list[SpanView]


class PlanView(_View):
    """What an erasure would remove and keep if it were ordered now."""

    tenant: str
    kind: Literal["subject", "document"]
    target: str
    documents: list[str]
    versions: list[str]
    passages: int
    originals: list[str] = Field(description="SHA-256 of each original that would be removed.")
    kept: list[KeptView]
