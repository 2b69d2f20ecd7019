"""Fills a template for one patient, matter or contract: asks, looks up, and says what could not be supported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from app.answering.presentation import JSON
from app.answering.service import AnswerService
from app.library import Library
from app.reports.blocks import Sources, answer_block, chart_block, dates_block, documents_block, records_block
from app.reports.records import OwnRecords, RecordReader
from app.reports.template import (
    AnswerPart,
    ChartPart,
    DatesPart,
    DocumentsPart,
    PairPart,
    Part,
    RecordsPart,
    Section,
    Template,
    TextPart,
    Within,
)
from app.reports.wording import wording_of
from domain.callers import Caller
from domain.errors import RequestError
from domain.questions import Actor, Question, Scope

SCHEMA: Final = "consilium-report/1"
_READ: Final = 10  # passages of a question


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a batch is made of, the same for all of its items."""

    template: Template
    tenant: str
    caller: Caller
    as_of: date
    purpose: str
    collections: tuple[str, ...] = ()

    def asker(self, subjects: Sequence[str], documents: Sequence[str] = ()) -> Question:
        """Return the asker within the scope of an item; the text is to be replaced."""
        return Question(
            text=self.template.name,
            scope=Scope(
                as_of=self.as_of,
                tenant=self.tenant,
                subjects=tuple(subjects),
                collections=self.collections,
                documents=tuple(documents),
            ),
            actor=Actor(id=self.caller.id, tenant=self.tenant, caller=self.caller),
            purpose=self.purpose,
            k=_READ,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A report as JSON, and which subjects and documents it is about and rests on: it goes with each of them."""

    content: JSON
    subjects: tuple[str, ...]
    documents: tuple[str, ...]
    quotes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Filler:
    """Fills templates. ``product`` is the name and version of what does it."""

    answers: AnswerService
    library: Library
    reader: RecordReader
    product: str

    def fill(self, order: Order, target: str) -> Filled:
        """Return the report about one target, with the rights that its asker has now.

        Raises AccessError ``access.denied``, RequestError ``request.not_found`` when nothing about it is in scope, and
        what a question raises.
        """
        work = self._begin(order, target)
        sections = [work.section(section) for section in order.template.sections]
        content: JSON = {
            "schema": SCHEMA,
            "kind": "report",
            "title": order.template.title,
            "language": order.template.language,
            "about": order.template.about,
            "target": target,
            "target_title": work.title,
            "as_of": order.as_of.isoformat(),
            "purpose": order.purpose,
            "label": work.words["label"],
            "notes": work.notes(),
            "sections": sections,
            "sources": work.sources.listed,
            "provenance": provenance(order, self.product, self.answers.models),
        }
        subjects = {*work.own.asker.known_as, *work.subjects}
        documents = {*work.sources.documents, *(document["id"] for document in work.documents)}
        return Filled(
            content=content,
            subjects=tuple(sorted(subjects)),
            documents=tuple(sorted(documents)),
            quotes=sum(map(_quotes, sections)),
        )

    def _begin(self, order: Order, target: str) -> _Work:
        of_document = order.template.about == "document"
        subjects: tuple[str, ...] = (target,)
        if of_document:
            document = self.library.catalogue.document(target)
            if document is None or document.labels.tenant != order.tenant:
                raise RequestError("request.not_found", "document")
            subjects = document.labels.subjects
            documents = [self.library.document(target, order.asker(subjects))]
        else:
            documents = self.library.about(order.asker(subjects))
        if not documents:
            raise RequestError("request.not_found", order.template.about)
        ids = [document["id"] for document in documents]
        own = self.reader.read(ids, order.asker(subjects, ids))
        return _Work(
            order=order,
            answers=self.answers,
            words=wording_of(order.template),
            subjects=subjects,
            documents=documents,
            own=own,
            sources=Sources(catalogue=self.library.catalogue),
            title=documents[0]["title"] if len(documents) == 1 else "",
            found=[],
        )


def provenance(order: Order, product: str, models: Mapping[str, str]) -> JSON:
    """Return how a report is made: template, product and models, by names and digests."""
    template = order.template
    return {
        "template": {"name": template.name, "version": template.version, "digest": template.digest},
        "product": product,
        "models": dict(sorted(models.items())),
        "ai_generated": True,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """One report while it is filled. ``found`` keeps what policies said of each answer."""

    order: Order
    answers: AnswerService
    words: Mapping[str, str]
    subjects: tuple[str, ...]
    documents: Sequence[JSON]
    own: OwnRecords
    sources: Sources
    title: str
    found: list[JSON]

    def section(self, section: Section) -> JSON:
        """Return a section with its parts."""
        body: JSON = {"title": section.title, "blocks": [self._block(part) for part in section.parts]}
        return body | ({"loinc": section.loinc} if section.loinc else {})

    def notes(self) -> list[str]:
        """Return what a reader has to know of how it was seen: break-glass, redactions."""
        decisions = {(one["policy"], one["decision"]) for body in self.found for one in body["policies"]}
        decisions |= {(one.policy, one.decision) for one in self.own.asker.decisions}
        notes = [self.words["break_glass"]] if ("break-glass", "flag") in decisions else []
        redacted = any(body["redactions"] for body in self.found) or ("disclosure", "redact") in decisions
        return notes + ([self.words["redacted"]] if redacted else [])

    def _block(self, part: Part) -> JSON:
        if isinstance(part, TextPart):
            return {"kind": "text", "text": part.text}
        if isinstance(part, AnswerPart):
            return self._answer(part.ask, part.within, part.title or part.ask, part.most)
        if isinstance(part, PairPart):
            return self._pair(part)
        return self._looked_up(part)

    def _looked_up(self, part: RecordsPart | DatesPart | DocumentsPart | ChartPart) -> JSON:
        if isinstance(part, RecordsPart):
            return records_block(part, self.own, self.sources)
        if isinstance(part, ChartPart):
            return chart_block(part, self.own, self.sources)
        words = self.words
        if isinstance(part, DatesPart):
            return dates_block(part, self.own, self.sources, (words["date"], words["text"]))
        return documents_block(part.title, self.documents, (words["document"], words["in_force"], words["digest"]))

    def _answer(self, text: str, within: Within, title: str, most: int) -> JSON:
        asker = self.own.asker
        scope = asker.scope
        if within != "own":
            scope = replace(scope, documents=(), subjects=self.subjects if within == "all" else ())
        else:
            scope = replace(scope, subjects=self.subjects)
        question = replace(self.order.asker(scope.subjects, scope.documents), text=text)
        body = self.answers.answer(question)
        self.found.append(body)
        block = answer_block(body, self.sources, title=title, most=most)
        return block | {"question": text}

    def _pair(self, part: PairPart) -> JSON:
        required = self._answer(part.required, "others", part.title, part.most)
        shown = self._answer(part.shown, "own", part.title, part.most)
        result = "met" if shown["claims"] else "open"
        return {
            "kind": "pair",
            "title": part.title,
            "required": required,
            "shown": shown,
            "result": result if required["claims"] else "unknown",
        }


def _quotes(section: JSON) -> int:
    """Count the quotes of a section."""
    return sum(map(_quotes_of, section["blocks"]))


def _quotes_of(block: JSON) -> int:
    if block["kind"] == "answer":
        return sum(len(claim["quotes"]) for claim in block["claims"])
    if block["kind"] == "pair":
        return _quotes_of(block["required"]) + _quotes_of(block["shown"])
    if block["kind"] == "table":
        return sum(row["quote"] is not None for row in block["rows"])
    return sum(len(series["points"]) for series in block.get("series", ()))
