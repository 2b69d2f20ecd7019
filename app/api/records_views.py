"""A chart and a matter as the API shows them."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from app.api.views import DecisionView, IntervalView


class PlaceLocatorView(BaseModel):
    """Where a place is found in its source."""

    page: int | None = None
    citation: str | None = None
    resource: str | None = None
    element: str | None = None


class PlaceView(BaseModel):
    """A span of a version's canonical text."""

    document_id: str
    version_id: str
    passage_id: str
    start: int
    end: int
    locator: PlaceLocatorView


class CodeView(BaseModel):
    """One coding."""

    system: str
    code: str
    display: str


class ChartItemView(BaseModel):
    """One problem, medicine, allergy, encounter, immunization, procedure or report."""

    kind: str = Field(description="Type of the FHIR resource; `entry` for one of a C-CDA document.")
    name: str
    codes: list[CodeView]
    status: str
    date: str = Field(description="As written: a year, a month or a day; empty where nothing is said.")
    time: str
    end: str
    detail: str
    unread: list[str] = Field(description="What could not be read: no_name, no_date, date_not_a_day, withdrawn.")
    place: PlaceView


class PointView(BaseModel):
    """One value of a series."""

    date: str
    time: str
    value: str = Field(description="As written.")
    number: float | None = Field(description="The value as a number, where it is one and may be shown.")
    comparator: str
    low: float | None
    high: float | None
    range: str
    interpretation: str
    status: str
    unread: list[str] = Field(
        description="Why it is not plotted: no_date, date_not_a_day, no_value, value_absent, not_a_number, withdrawn."
    )
    place: PlaceView


class SeriesView(BaseModel):
    """Values of one code in one unit over time, the oldest first. Units are never converted."""

    id: str
    group: str
    name: str
    code: CodeView | None
    unit: str
    low: float | None = Field(description="Reference range, where all points that have one have the same.")
    high: float | None
    points: list[PointView]


class RecordDocumentView(BaseModel):
    """A version that was read for the chart."""

    document_id: str
    version_id: str
    title: str
    media_type: str
    in_force: IntervalView


class UnreadView(BaseModel):
    """A version of which something was not read, and why."""

    document_id: str
    version_id: str
    reason: str


class ChartView(BaseModel):
    """A patient's chart."""

    subject: str
    as_of: str
    problems: list[ChartItemView]
    medications: list[ChartItemView]
    allergies: list[ChartItemView]
    encounters: list[ChartItemView]
    immunizations: list[ChartItemView]
    procedures: list[ChartItemView]
    reports: list[ChartItemView]
    series: list[SeriesView]
    elsewhere: dict[str, int] = Field(description="Resources of other types, by type.")
    documents: list[RecordDocumentView]
    unread: list[UnreadView]
    redactions: dict[str, int]
    policies: list[DecisionView]


class PlacedQuoteView(BaseModel):
    """Words of a source and where they stand."""

    text: str
    place: PlaceView


class MatterVersionView(BaseModel):
    """A version of a document of a matter."""

    id: str
    path: str
    in_force: IntervalView


class MatterDocumentView(BaseModel):
    """A document of a matter; `kind` is read from its format or first heading."""

    document_id: str
    version_id: str
    title: str
    path: str
    media_type: str
    kind: str
    kind_quote: PlacedQuoteView | None
    in_force: IntervalView
    versions: list[MatterVersionView]


class PartyView(BaseModel):
    """A party, with the term by which its contract calls it."""

    name: str
    role: str
    quote: PlacedQuoteView


class EventView(BaseModel):
    """A day that a text states, with its sentence."""

    date: str | None
    written: str
    quote: PlacedQuoteView


class DeadlineView(BaseModel):
    """A deadline. `due` is null where it is not computed, and `not_computed` says why."""

    due: str | None
    stated: bool = Field(description="The text itself names the day.")
    rule: str
    count: int | None
    unit: str
    relation: str
    base: str
    base_quote: PlacedQuoteView | None = Field(description="The day that it was counted from.")
    not_computed: str = Field(description="base_not_stated, business_days, numbers_disagree, or empty.")
    quote: PlacedQuoteView


class MatterView(BaseModel):
    """A matter."""

    subject: str
    as_of: str
    documents: list[MatterDocumentView]
    parties: list[PartyView]
    events: list[EventView]
    deadlines: list[DeadlineView]
    unread: list[UnreadView]
    redactions: dict[str, int]
    policies: list[DecisionView]


class ClauseView(BaseModel):
    """One clause."""

    heading: str
    text: str
    start: int
    end: int


class ClausePairView(BaseModel):
    """Clauses with the same heading."""

    state: Literal["same", "changed", "left", "right"]
    left: ClauseView | None
    right: ClauseView | None


class ClauseSideView(BaseModel):
    """One of the two versions."""

    document_id: str
    version_id: str
    title: str
    path: str
    in_force: IntervalView


class ClausesView(BaseModel):
    """Two versions, clause by clause."""

    left: ClauseSideView
    right: ClauseSideView
    clauses: list[ClausePairView]
    redactions: dict[str, int]
    policies: list[DecisionView]
