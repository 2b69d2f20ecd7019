"""A template of a report, read from TOML and refused whole when anything in it is not understood."""

from __future__ import annotations

import hashlib
import tomllib
from typing import Annotated, Final, Literal, Self

import regex
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from domain.errors import RequestError

Format = Literal["docx", "pdf", "html", "json", "fhir"]
FORMATS: Final[tuple[Format, ...]] = ("docx", "pdf", "html", "json", "fhir")
Language = Literal["en", "de", "zh"]
Within = Literal["own", "others", "all"]
Purpose = Literal["treatment", "legal_advice", "operations", "research", "audit"]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
_MOST_BYTES: Final = 256 * 1024
_MOST_QUESTIONS: Final = 100
_SHORT: Final = 200
_LONG: Final = 4_000

Line = Annotated[str, Field(min_length=1, max_length=_SHORT)]
Prose = Annotated[str, Field(min_length=1, max_length=_LONG)]


def _pattern(text: str) -> str:
    """Refuse what is no regular expression."""
    try:
        regex.compile(text)
    except regex.error as error:
        message = f"not a regular expression: {error.msg}"
        raise ValueError(message) from None
    return text


def _cell(text: str) -> str:
    """Refuse a pattern that does not say which part is the cell."""
    if "cell" not in regex.compile(_pattern(text)).groupindex:
        message = "it has no group (?P<cell>…)"
        raise ValueError(message)
    return text


Pattern = Annotated[str, Field(min_length=1, max_length=1_000), AfterValidator(_pattern)]
Cell = Annotated[str, Field(min_length=1, max_length=1_000), AfterValidator(_cell)]
Kinds = Annotated[list[Annotated[str, Field(pattern=r"^[A-Z][A-Za-z]{1,40}$")]], Field(min_length=1, max_length=20)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class TextPart(_Part):
    """Wording of the template's own. It states nothing about a patient or a matter."""

    kind: Literal["text"]
    text: Prose


class AnswerPart(_Part):
    """A question, answered and checked like any other, with its quotes.

    ``within`` is where it looks: "own" documents of the patient, matter or contract, "others" that are about nobody
    (law, guidelines), or "all".
    """

    kind: Literal["answer"]
    ask: Annotated[str, Field(min_length=1, max_length=1_000)]
    title: Line | None = None
    within: Within = "own"
    most: Annotated[int, Field(ge=1, le=20)] = 5


class PairPart(_Part):
    """What is required, asked of law and guidelines, beside what the own documents show of it."""

    kind: Literal["pair"]
    title: Line
    required: Annotated[str, Field(min_length=1, max_length=1_000)]
    shown: Annotated[str, Field(min_length=1, max_length=1_000)]
    most: Annotated[int, Field(ge=1, le=20)] = 2


class Column(_Part):
    """A column of a table of records: the words of the record that the group ``cell`` of the pattern finds."""

    title: Line
    pattern: Cell


class RecordsPart(_Part):
    """A table with one row for each record of some FHIR types, the newest first; every cell is words of the record.

    ``group`` is the heading that the records stand under ("Laboratory results"), ``where`` a pattern that a record has
    to match. ``latest`` leaves the newest record of each first cell.
    """

    kind: Literal["records"]
    title: Line
    records: Kinds
    group: Line | None = None
    where: Pattern | None = None
    latest: bool = False
    most: Annotated[int, Field(ge=1, le=500)] = 40
    columns: Annotated[list[Column], Field(min_length=1, max_length=8)]


class DatesPart(_Part):
    """A chronology: every sentence of the own documents that has a date, in the order of time."""

    kind: Literal["dates"]
    title: Line
    most: Annotated[int, Field(ge=1, le=500)] = 100


class DocumentsPart(_Part):
    """The own documents, with their versions and dates in force."""

    kind: Literal["documents"]
    title: Line


class ChartPart(_Part):
    """Values over time, one small plot for each name, those named first; each point is a record."""

    kind: Literal["chart"]
    title: Line
    records: Kinds
    group: Line | None = None
    name: Cell
    value: Cell
    unit: Cell | None = None
    names: Annotated[list[Line], Field(max_length=30)] = []
    points: Annotated[int, Field(ge=2, le=20)] = 3
    most: Annotated[int, Field(ge=1, le=12)] = 6


Part = Annotated[
    TextPart | AnswerPart | PairPart | RecordsPart | DatesPart | DocumentsPart | ChartPart, Field(discriminator="kind")
]


class Section(_Part):
    """A heading with its parts; ``loinc`` is the code that a FHIR Composition gives the section."""

    title: Line
    loinc: Annotated[str, Field(pattern=r"^\d{1,7}-\d$")] | None = None
    parts: Annotated[list[Part], Field(min_length=1, max_length=100)]


class Template(_Part):
    """What a report asks, shows and says. ``name`` and ``digest`` come from its file, everything else stands in it.

    ``grid`` says that the answers of all items of a batch stand in one grid as well, a row for each item.
    """

    name: str
    digest: str
    title: Line
    version: Annotated[str, Field(pattern=r"^[0-9A-Za-z.\-]{1,20}$")] = "1"
    pack: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")]
    description: Prose
    about: Literal["patient", "matter", "document"]
    purpose: Purpose
    language: Language = "en"
    collections: Annotated[list[Name], Field(max_length=100)] = []
    formats: Annotated[list[Format], Field(min_length=1)] = ["docx", "pdf", "html", "json"]
    layout: Annotated[str, Field(pattern=r"^[A-Za-z0-9_\-]{1,80}\.docx$")] | None = None
    loinc: Annotated[str, Field(pattern=r"^\d{1,7}-\d$")] | None = None
    grid: bool = False
    wording: dict[Line, Prose] = {}
    sections: Annotated[list[Section], Field(min_length=1, max_length=50)]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Refuse a report that asks nothing or too much, or claims to be what it cannot be."""
        asked = sum(_questions(part) for section in self.sections for part in section.parts)
        if asked > _MOST_QUESTIONS:
            message = f"it asks {asked} questions; at most {_MOST_QUESTIONS}"
            raise ValueError(message)
        if all(part.kind == "text" for section in self.sections for part in section.parts):
            message = "it asks and shows nothing"
            raise ValueError(message)
        if "fhir" in self.formats and self.about != "patient":
            message = "formats: a FHIR Composition is about a patient"
            raise ValueError(message)
        return self

    def possible(self) -> tuple[Format, ...]:
        """Return the formats in which this report can be had."""
        return tuple(name for name in FORMATS if name != "fhir" or self.about == "patient")


def _questions(part: Part) -> int:
    return {"answer": 1, "pair": 2}.get(part.kind, 0)


def parse_template(name: str, text: str) -> Template:
    """Return the template that a TOML text describes.

    Raises RequestError ``request.template_invalid`` naming each part at fault.
    """
    content = text.encode("utf-8", "surrogatepass")
    if len(content) > _MOST_BYTES:
        raise RequestError("request.template_invalid", f"{name}: over {_MOST_BYTES} bytes")
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place = regex.search(r"line \d+, column \d+", str(error))
        where = f" at {place.group()}" if place else ""
        raise RequestError("request.template_invalid", f"{name}: not TOML{where}") from None
    given = {key: value for key, value in table.items() if key not in {"name", "digest"}}
    if len(given) != len(table):
        raise RequestError("request.template_invalid", f"{name}: name and digest come from the file itself")
    try:
        return Template(name=name, digest=hashlib.sha256(content).hexdigest(), **given)
    except ValidationError as error:
        raise RequestError("request.template_invalid", f"{name}: {faults(error)}") from None


def faults(error: ValidationError) -> str:
    """Return what is at fault, each with its place ("sections.2.parts.0.ask: Field required")."""
    found = (f"{'.'.join(map(str, e['loc'])) or 'template'}: {e['msg']}" for e in error.errors())
    return "; ".join(dict.fromkeys(found))
