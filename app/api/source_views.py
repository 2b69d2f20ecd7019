"""The shapes of versions as they are shown for checking, for the OpenAPI document."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.api.views import IntervalView


class _View(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _PlaceView(_View):
    page: int | None = Field(None, description="Page of a PDF, from 1.")
    citation: str | None = None
    resource: str | None = Field(None, description="FHIR type and id.")
    element: str | None = Field(None, description="Element path or XML id.")


class SectionView(_PlaceView):
    """A section of a version; its span covers everything below it too."""

    number: int
    level: int = Field(description="How deep it stands, from 1.")
    kind: str
    heading: str
    start: int
    end: int
    date: str | None = None


class NeighbourView(_View):
    """The version before or after."""

    id: str
    in_force: IntervalView


class StatedView(_View):
    """What a version is."""

    id: str
    document_id: str
    title: str
    path: str
    media_type: str
    digest: str
    in_force: IntervalView


class OutlineView(StatedView):
    """What a version is, its sections, and the versions beside it."""

    length: int = Field(description="Characters (Unicode code points) of the whole text.")
    windows: list[int] = Field(description="Where the text is best cut into windows.")
    sections: list[SectionView]
    more_sections: int = Field(description="Sections that are too deep to be listed.")
    number: int = Field(description="Which version of the document it is, oldest first, from 1.")
    count: int
    previous: NeighbourView | None
    next: NeighbourView | None
    has_original: bool = Field(description="Whether there is an original that may be asked for; it may be withheld.")


class MarkView(_View):
    """A span of the text that is shown."""

    start: int
    end: int


class BeginningView(_View):
    """A section that begins in a window, and where in the text that is shown."""

    number: int
    at: int
    kind: str
    level: int


class WindowView(_View):
    """Exactly a span of a version's text, redacted by purpose."""

    id: str
    start: int
    end: int
    text: str
    marks: list[MarkView] = Field(description="Where the span that was to be marked stands in the text that is shown.")
    sections: list[BeginningView]
    redactions: dict[str, int]


class PlaceBoxView(_View):
    """A rectangle on a page, in PDF points from the top left."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


class SpanPlaceView(_PlaceView):
    """Where a span stands."""

    start: int
    end: int
    section: list[str]
    kind: str
    boxes: list[PlaceBoxView]


class SpanSentenceView(_View):
    """A sentence of one version, redacted by purpose, with its span in that version."""

    start: int
    end: int
    text: str


class PieceView(_View):
    """Words that both sentences have, or one alone."""

    kind: Literal["same", "removed", "added"]
    text: str


class ChangeView(_View):
    """A sentence that was added, removed or changed."""

    kind: Literal["added", "removed", "changed"]
    section: list[str]
    citation: str | None
    before: SpanSentenceView | None
    after: SpanSentenceView | None
    pieces: list[PieceView]


class ChangesView(_View):
    """What changed from one version to another, in order."""

    before: StatedView
    after: StatedView
    changes: list[ChangeView]
    more: int = Field(description="Changes beyond the first ones.")
    kept_back: int = Field(description="Changes that lie within what is redacted.")
