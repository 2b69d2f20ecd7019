"""What may be asked of lists of documents and of their labels, validated at the edge."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from app.requests import Name, Scoped
from app.shelves import Asked
from domain.documents import Interval
from domain.listings import Order, Wanted
from ingestion.labelling import Correction

_Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
_State = Literal["indexing", "words", "indexed"]
_Level = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]


class ListingBody(Scoped):
    """Which documents are listed, and in which order. A POST, so that words of titles stand in no address."""

    whole: bool = Field(
        default=False,
        description="Every document of the tenant, by ids, labels and dates, without titles: for stewards.",
    )
    title: str = Field("", max_length=200, description="Words that the title holds; not with `whole`.")
    about: Name | None = Field(None, description="One of the patients or matters that it is about.")
    states: list[_State] = Field(default_factory=list, max_length=3, description="All when empty.")
    digest: _Digest | None = Field(None, description="SHA-256 of the file that a version was read from.")
    added_from: date | None = Field(None, description="First day of its last addition, in UTC.")
    added_to: date | None = Field(None, description="Last day of its last addition, in UTC.")
    order: Order = Field(Order.ADDED, description="What the list is ordered by.")
    down: bool = Field(default=True, description="The greatest or newest first.")
    cursor: str = Field("", max_length=200, description="`next` of the page before.")
    limit: int = Field(100, ge=1, le=500, description="Most documents of a page.")

    def to_asked(self, tenant: str) -> Asked:
        """Return what is asked for, of a tenant."""
        last = self.added_to
        return Asked(
            wanted=Wanted(
                tenant=tenant,
                collections=tuple(dict.fromkeys(self.collections)),
                states=tuple(dict.fromkeys(self.states)),
                subject=self.about or "",
                digest=self.digest or "",
                added_from=self.added_from.isoformat() if self.added_from else "",
                added_to=(last + timedelta(days=1)).isoformat() if last and last < date.max else "",
            ),
            order=self.order,
            down=self.down,
            title=self.title,
            whole=self.whole,
            after=self.cursor,
            limit=self.limit,
        )


class LabelsBody(BaseModel):
    """New labels of a document; what is not named stays as it is."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    subject: Name | None = Field(
        None, description="The patient or matter that all of it is about. It cannot be taken away, only changed."
    )
    walls: list[Name] | None = Field(None, max_length=50, description="Walls that it stands behind; none when empty.")
    sensitivity: _Level | None = Field(None, description="A word for how sensitive it is.")
    jurisdiction: str | None = Field(None, max_length=40, description="Where it is law; empty for nowhere.")

    def to_correction(self) -> Correction:
        """Return the correction."""
        return Correction(
            subject=self.subject,
            walls=None if self.walls is None else tuple(self.walls),
            sensitivity=self.sensitivity,
            jurisdiction=self.jurisdiction,
        )


class DatesBody(BaseModel):
    """Dates in force of a version, half-open; null is unbounded."""

    model_config = ConfigDict(extra="forbid")

    effective_from: date | None = Field(description="First day in force.")
    effective_to: date | None = Field(description="First day no longer in force.")

    @model_validator(mode="after")
    def _in_order(self) -> DatesBody:
        if self.effective_from and self.effective_to and self.effective_to <= self.effective_from:
            message = "effective_to does not lie after effective_from"
            raise ValueError(message)
        return self

    def to_interval(self) -> Interval:
        """Return the dates in force."""
        return Interval(effective_from=self.effective_from, effective_to=self.effective_to)
