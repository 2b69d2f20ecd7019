"""Turns answers, passages and checks into what is shown: located to the exact point, redacted by purpose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.answers import Answer, Claim, Decision, Evidence, Quote, Redacted, Verdict
from domain.documents import Interval, Locator, Passage
from domain.layout import merge_boxes
from domain.ports.catalogue import Catalogue
from domain.questions import Question
from policies.disclosure.policy import Disclosure

JSON = dict[str, Any]


class _Withheld:
    """Collects every text that would be shown, so that all of them pass the disclosure policy in one call."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def keep(self, text: str) -> int:
        self.texts.append(text)
        return len(self.texts) - 1


@dataclass(frozen=True, slots=True)
class _Slot:
    """The place of a text that is not disclosed yet."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Presenter:
    """Shows things to an asker. Every text of a document goes through the disclosure policy, or nothing is shown."""

    catalogue: Catalogue
    disclosure: Disclosure

    def answer(self, answer: Answer, question: Question) -> JSON:
        """Return the JSON of an answer."""
        withheld = _Withheld()
        body: JSON = {
            "id": answer.id,
            "status": answer.status,
            "as_of": answer.as_of.isoformat(),
            "claims": [self._claim(claim, withheld) for claim in answer.claims],
            "evidence": [self._evidence(item, withheld) for item in answer.evidence],
        }
        if answer.refusal:
            refusal = answer.refusal
            body["refusal"] = {"code": refusal.code, "reason": refusal.reason, "try": refusal.remedy}
        shown, counts, decision = self._disclose(body, withheld, question)
        shown["policies"] = [decision_json(d) for d in (*answer.policies, decision)]
        shown["redactions"] = counts
        shown["model"] = answer.model
        return shown

    def claim(self, claim: Claim, question: Question) -> JSON:
        """Return the JSON of one claim, for streaming."""
        withheld = _Withheld()
        return self._disclose(self._claim(claim, withheld), withheld, question)[0]

    def hits(self, evidence: Sequence[Evidence], question: Question) -> tuple[list[JSON], JSON, Decision]:
        """Return ranked passages with their text, the redaction counts and the policy's decision."""
        withheld = _Withheld()
        hits = [
            {
                **self._evidence(item, withheld),
                "start": item.passage.start,
                "end": item.passage.end,
                "text": _Slot(withheld.keep(item.passage.text)),
                "header": _Slot(withheld.keep(item.passage.header)),
                "locator": _locator(item.passage.locator, withheld),
            }
            for item in evidence
        ]
        shown, counts, decision = self._disclose({"results": hits}, withheld, question)
        return shown["results"], counts, decision

    def checked(
        self, sentences: Sequence[tuple[JSON, Verdict, Sequence[Quote]]], question: Question
    ) -> tuple[list[JSON], JSON, Decision]:
        """Return the sentences of a draft with verdicts and quotes."""
        withheld = _Withheld()
        items = [
            {**own, **_verdict(verdict, withheld), "quotes": [self._quote(quote, withheld) for quote in quotes]}
            for own, verdict, quotes in sentences
        ]
        shown, counts, decision = self._disclose({"sentences": items}, withheld, question)
        return shown["sentences"], counts, decision

    def quoted(self, quotes: Sequence[Quote | None], question: Question) -> tuple[list[JSON | None], JSON]:
        """Return quotes that stand alone, ``None`` where there is none, and the redaction counts."""
        withheld = _Withheld()
        items = [self._quote(quote, withheld) if quote else None for quote in quotes]
        shown, counts, _ = self._disclose({"quotes": items}, withheld, question)
        return shown["quotes"], counts

    def texts(self, texts: Sequence[str], question: Question) -> list[str]:
        """Return texts that stand alone (titles, paths) as they may be shown."""
        known = self.catalogue.identities(question.scope.tenant, question.known_as)
        return [item.text for item in self.disclosure.apply(texts, question.purpose, known)[0]]

    def redacted(self, texts: Sequence[str], question: Question) -> list[Redacted]:
        """Return texts that stand alone as they may be shown, and where in them something is kept back."""
        known = self.catalogue.identities(question.scope.tenant, question.known_as)
        return self.disclosure.apply(texts, question.purpose, known)[0]

    def disclosed(self, texts: Sequence[str], question: Question) -> tuple[list[str], JSON, Decision]:
        """Return texts as they may be shown, the redaction counts and the policy's decision."""
        known = self.catalogue.identities(question.scope.tenant, question.known_as)
        found, decision = self.disclosure.apply(texts, question.purpose, known)
        counts: Counter[str] = Counter()
        for item in found:
            counts.update(item.counts)
        return [item.text for item in found], dict(sorted(counts.items())), decision

    def _claim(self, claim: Claim, withheld: _Withheld) -> JSON:
        return {
            "text": _Slot(withheld.keep(claim.text)),
            **_verdict(claim.verdict, withheld),
            "quotes": [self._quote(quote, withheld) for quote in claim.quotes],
        }

    def _quote(self, quote: Quote, withheld: _Withheld) -> JSON:
        passage = quote.passage
        locator, section = self._exact(passage, quote.start, quote.end)
        return {
            "document_id": passage.document_id,
            "version_id": passage.version_id,
            "passage_id": passage.id,
            "title": _Slot(withheld.keep(passage.title)),
            "section": [_Slot(withheld.keep(part)) for part in section],
            "locator": _locator(locator, withheld),
            "in_force": interval_json(passage.in_force),
            "start": quote.start,
            "end": quote.end,
            "text": _Slot(withheld.keep(quote.text)),
        }

    def _exact(self, passage: Passage, start: int, end: int) -> tuple[Locator, tuple[str, ...]]:
        """Return where exactly the quote stands: the innermost section and the boxes of its own words."""
        section = self.catalogue.section_at(passage.version_id, start, end)
        boxes = merge_boxes(self.catalogue.anchors(passage.version_id, start, end)) if passage.locator.page else ()
        own, exact = passage.locator, section.locator if section else passage.locator
        return Locator(
            page=boxes[0].page if boxes else exact.page or own.page,
            boxes=boxes,
            citation=exact.citation or own.citation,
            resource=exact.resource or own.resource,
            element=exact.element or own.element,
            member=exact.member or own.member,
        ), (section.path if section else passage.section)

    def _evidence(self, item: Evidence, withheld: _Withheld) -> JSON:
        passage = item.passage
        return {
            "passage_id": passage.id,
            "document_id": passage.document_id,
            "version_id": passage.version_id,
            "score": round(item.score, 6),
            "title": _Slot(withheld.keep(passage.title)),
            "section": [_Slot(withheld.keep(part)) for part in passage.section],
            "path": _Slot(withheld.keep(passage.path)),
            "in_force": interval_json(passage.in_force),
        }

    def _disclose(self, body: JSON, withheld: _Withheld, question: Question) -> tuple[JSON, JSON, Decision]:
        known = self.catalogue.identities(question.scope.tenant, question.known_as)
        redacted, decision = self.disclosure.apply(withheld.texts, question.purpose, known)
        counts: Counter[str] = Counter()
        for item in redacted:
            counts.update(item.counts)
        shown: JSON = _fill(body, lambda number: redacted[number].text)
        return shown, dict(sorted(counts.items())), decision


def _fill(value: Any, text: Callable[[int], str]) -> Any:
    if isinstance(value, _Slot):
        return text(value.number)
    if isinstance(value, Mapping):
        return {key: _fill(item, text) for key, item in value.items()}
    if isinstance(value, list):
        return [_fill(item, text) for item in value]
    return value


def _verdict(verdict: Verdict, withheld: _Withheld) -> JSON:
    return {
        "verdict": verdict.kind.value,
        "score": round(verdict.score, 4),
        "reason": _Slot(withheld.keep(verdict.reason)),
        "checker": verdict.checker,
    }


def decision_json(decision: Decision) -> JSON:
    """Return the JSON of what a policy said."""
    return {"policy": decision.policy, "decision": decision.decision, "reason": decision.reason}


def interval_json(interval: Interval) -> JSON:
    """Return the JSON of dates in force."""
    return {
        "from": interval.effective_from.isoformat() if interval.effective_from else None,
        "to": interval.effective_to.isoformat() if interval.effective_to else None,
    }


def _locator(locator: Locator, withheld: _Withheld) -> JSON:
    body: JSON = {}
    if locator.page is not None:
        body["page"] = locator.page
    if locator.boxes:
        body["boxes"] = [
            {"page": b.page, "left": b.left, "top": b.top, "right": b.right, "bottom": b.bottom} for b in locator.boxes
        ]
    for name in ("citation", "resource", "element"):
        if value := getattr(locator, name):
            body[name] = value
    if locator.member:
        body["member"] = _Slot(withheld.keep(locator.member))
    return body
