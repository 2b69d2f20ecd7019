"""The shapes of what is shown, for the OpenAPI document; the services already return exactly these."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _View(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class BoxView(_View):
    """A rectangle on a page in PDF points, origin at the top left."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


class LocatorView(_View):
    """Where a person finds it; only what its format has."""

    page: int | None = None
    boxes: list[BoxView] | None = None
    citation: str | None = Field(None, examples=["Article 17(1)(b)"])
    resource: str | None = Field(None, examples=["Observation/123"])
    element: str | None = None
    member: str | None = None


class IntervalView(_View):
    """Dates in force, half-open."""

    from_: date | None = Field(alias="from")
    to: date | None


class QuoteView(_View):
    """Verbatim words of a source; start and end count characters of the version's canonical text."""

    document_id: str
    version_id: str
    passage_id: str
    title: str
    section: list[str]
    locator: LocatorView
    in_force: IntervalView
    start: int
    end: int
    text: str


class ClaimView(_View):
    """A checked statement."""

    text: str
    verdict: Literal["supported", "contradicted", "unsupported"]
    score: float
    reason: str
    checker: str
    quotes: list[QuoteView]


class EvidenceView(_View):
    """A passage that was read."""

    passage_id: str
    document_id: str
    version_id: str
    score: float
    title: str
    section: list[str]
    path: str
    in_force: IntervalView


class PassageView(EvidenceView):
    """A passage with its text."""

    start: int
    end: int
    text: str
    header: str
    locator: LocatorView


class RefusalView(_View):
    """Why there is no answer, and what would help."""

    code: str = Field(examples=["refusal.no_evidence"])
    reason: str
    try_: str = Field(alias="try")


class DecisionView(_View):
    """What a policy said."""

    policy: str
    decision: str
    reason: str


class AnsweredByView(_View):
    """The assistant that an answer was given by."""

    id: str
    name: str
    version: int
    title: str


class AnswerView(_View):
    """An answer or a refusal."""

    id: str
    status: Literal["answered", "refused"]
    refusal: RefusalView | None = None
    as_of: date
    claims: list[ClaimView]
    evidence: list[EvidenceView]
    policies: list[DecisionView]
    redactions: dict[str, int]
    model: str
    assistant: AnsweredByView | None = None
    timings_ms: dict[str, float]


class SearchView(_View):
    """Ranked passages."""

    id: str
    as_of: date
    results: list[PassageView]
    policies: list[DecisionView]
    redactions: dict[str, int]
    timings_ms: dict[str, float]


class SentenceView(ClaimView):
    """A sentence of a draft with its verdict."""

    start: int
    end: int


class CitationView(_View):
    """A provision or case that a draft names, and whether a document in scope has it."""

    text: str
    start: int
    end: int
    state: Literal["found", "unknown"]
    reason: str
    source: QuoteView | None = Field(description="How the provision begins; the nearest one when it is unknown.")


class DifferenceView(_View):
    """Words that a quotation and its source share, or that only one of them has."""

    of: Literal["same", "quoted", "source"]
    text: str


class QuotationView(_View):
    """Words in quotation marks, and whether the source has them word for word."""

    text: str
    start: int
    end: int
    state: Literal["verbatim", "misquoted", "elsewhere", "not_found"]
    reason: str
    source: QuoteView | None = Field(description="The true words, where any are near.")
    difference: list[DifferenceView] = Field(description="Of misquoted words to the true ones.")


class CheckView(_View):
    """The verdicts on a draft."""

    id: str
    as_of: date
    sentences: list[SentenceView]
    citations: list[CitationView]
    quotations: list[QuotationView]
    summary: dict[str, int]
    policies: list[DecisionView]
    redactions: dict[str, int]
    timings_ms: dict[str, float]


class RedactionView(_View):
    """A redacted text."""

    id: str
    text: str
    redactions: dict[str, int]
    policies: list[DecisionView]


class SinglePassageView(PassageView):
    """One passage with what policies said."""

    redactions: dict[str, int]
    policies: list[DecisionView]


class VersionView(_View):
    """A version of a document."""

    id: str
    path: str
    media_type: str
    in_force: IntervalView
    passages: int
    digest: str


class DocumentView(_View):
    """A document with its versions."""

    id: str
    title: str
    collection: str
    subjects: list[str]
    jurisdiction: str | None
    versions: list[VersionView]


class DocumentsView(_View):
    """The documents of a scope."""

    documents: list[DocumentView]
    next: str | None = Field(None, description="Link to the next page; none on the last one.")


class FileView(_View):
    """How one file ended."""

    path: str
    status: Literal["indexed", "unchanged", "rejected"]
    code: str | None = None
    detail: str | None = None
    document_id: str | None = None
    version_id: str | None = None
    passages: int | None = None


class UploadView(_View):
    """How each file of an upload ended; an archive holds several."""

    files: list[FileView]


class KeptView(_View):
    """A document that was not erased, and why."""

    document_id: str
    because: Literal["held", "shared"]
    reason: str
    hold_id: str | None = None


class ReceiptView(_View):
    """What an erasure removed, by ids and counts, and what it kept."""

    id: str
    tenant: str
    kind: Literal["subject", "document"]
    target: str
    documents: list[str]
    versions: list[str]
    passages: int
    originals: list[str] = Field(description="SHA-256 of each original that was removed.")
    traces: dict[str, int] = Field(description="What went beside the documents, by name, such as answers.")
    kept: list[KeptView]


class HoldView(_View):
    """A legal hold."""

    id: str
    tenant: str
    kind: Literal["subject", "document"]
    target: str
    reason: str
    placed_at: str


class HoldsView(_View):
    """The legal holds of a tenant."""

    holds: list[HoldView]
    next: str | None = Field(None, description="Link to the next page; none on the last one.")


class AboutView(_View):
    """What is running, so that a measurement can be repeated."""

    product: dict[str, str]
    configuration: dict[str, str]
    models: dict[str, str]


class HealthView(_View):
    """Whether the process lives, or is ready to answer."""

    status: str
    passages: int | None = None
