"""Runs an answer again on the passages that it was given, and says what differs from what was said then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.answering.assisted import AssistedAnswers
from app.answering.presentation import JSON
from app.answering.service import AnswerService
from domain.answers import Evidence
from domain.callers import Caller
from domain.errors import RequestError
from domain.ports.answer_records import AnswerRecords
from domain.ports.catalogue import Catalogue
from domain.ports.drafter import Drafter
from domain.provenance import AnswerRecord, PinnedClaim, PinnedPassage, pin_claim, pin_passage
from domain.questions import Question
from policies.access import passages as access
from policies.pack import Pack


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayService:
    """Replays answers. What the one who replays may not see now is held back, and said to be.

    The passages are those of then, their versions pinned, though one may have been replaced since; pack and drafter
    are those of then where this installation still has them. A search of today says beside it what would be found now.
    """

    records: AnswerRecords
    catalogue: Catalogue
    answers: AnswerService
    pack_named: Callable[[str], Pack | None]
    drafter_named: Callable[[str], Drafter | None]
    assisted: AssistedAnswers

    def record(self, tenant: str, answer_id: str) -> AnswerRecord:
        """Return what an answer rested on. Raises RequestError ``request.not_found``."""
        found = self.records.record(tenant, answer_id)
        if found is None:
            raise RequestError("request.not_found", "answer")
        return found

    def replay(self, record: AnswerRecord, asker: Question, caller: Caller) -> JSON:
        """Return what differs and the answer as it comes out now.

        ``asker`` is the recorded question as the caller may ask it today. ``same`` is true when claims, verdicts,
        quotes, refusal, configuration and models all agree.
        """
        service = self._as_then(record)
        question = self.answers.retriever.resolve(asker)
        self.answers.audit.append(
            "replay", {"answer_id": record.id, "actor": caller.id, "tenant": question.scope.tenant}
        )  # fmt: skip
        evidence, missing, denied = self._pinned(record, question)
        answer, shown = service.again(question, evidence)
        found, _ = self.answers.retriever.retrieve(question)
        claims = [pin_claim(claim) for claim in answer.claims]
        refusal = answer.refusal.code if answer.refusal else ""
        differs: dict[str, Any] = {
            **_claims(record.claims, claims, [claim["text"] for claim in shown["claims"]]),
            "refusal": None if refusal == record.refusal else {"then": record.refusal, "now": refusal},
            "passages_missing": missing,
            "passages_denied": denied,
            "configuration": _changed(record.configuration, service.configuration),
            "models": _changed(record.models, service.models),
        }
        return {
            "answer_id": record.id,
            "asked_at": record.asked_at,
            "same": not any(differs.values()),
            "differs": differs,
            "retrieval_now": _retrieval(record.evidence, [pin_passage(item) for item in found]),
            "answer": {name: shown[name] for name in ("status", "claims", "refusal", "model") if name in shown},
        }

    def _as_then(self, record: AnswerRecord) -> AnswerService:
        """Return the service with the assistant, the pack and the drafter of then, as far as there are such."""
        tenant = record.question.scope.tenant
        service = self.assisted.as_then(tenant, record.configuration) or self.answers
        pack = self.pack_named(record.configuration.get("pack", ""))
        drafter = self.drafter_named(record.models.get("drafter", ""))
        if pack and pack.name != service.pack.name and not service.serving:
            configuration = {**service.configuration, "pack": pack.name, "on_unsupported": pack.on_unsupported}
            service = replace(service, pack=pack, configuration=configuration)
        return replace(service, drafter=drafter) if drafter else service

    def _pinned(self, record: AnswerRecord, question: Question) -> tuple[list[Evidence], list[str], list[str]]:
        evidence, missing, denied = [], [], []
        for pinned in record.evidence:
            near = self.catalogue.neighbours(pinned.version_id, pinned.start, pinned.end)
            passage = next((one for one in near if one.id == pinned.passage_id), None)
            if passage is None:
                missing.append(pinned.passage_id)
            elif access.decide(passage, question.scope, question.actor).decision != "allow":
                denied.append(pinned.passage_id)
            else:
                evidence.append(Evidence(passage=passage, score=0.0))
        return evidence, missing, denied


def _claims(then: Sequence[PinnedClaim], now: Sequence[PinnedClaim], texts: Sequence[str]) -> dict[str, Any]:
    """Return claims gained, with their text, claims lost, by the spans of their quotes, and those judged otherwise."""
    before = {claim.digest: claim for claim in then}
    after = {claim.digest: claim for claim in now}
    return {
        "claims_gained": [text for claim, text in zip(now, texts, strict=True) if claim.digest not in before],
        "claims_lost": [
            {"digest": claim.digest, "verdict": claim.verdict, "quotes": _quotes(claim)}
            for claim in then
            if claim.digest not in after
        ],
        "verdicts_changed": [
            {"digest": claim.digest, "then": before[claim.digest].verdict, "now": claim.verdict}
            for claim in now
            if claim.digest in before and before[claim.digest].verdict != claim.verdict
        ],
        "quotes_changed": [
            {"digest": claim.digest, "then": _quotes(before[claim.digest]), "now": _quotes(claim)}
            for claim in now
            if claim.digest in before and before[claim.digest].quotes != claim.quotes
        ],
    }


def _quotes(claim: PinnedClaim) -> list[dict[str, Any]]:
    return [{"passage_id": passage, "start": start, "end": end} for passage, start, end in claim.quotes]


def _retrieval(then: Sequence[PinnedPassage], now: Sequence[PinnedPassage]) -> dict[str, Any]:
    before, after = [one.passage_id for one in then], [one.passage_id for one in now]
    return {
        "same": before == after,
        "gained": [one for one in after if one not in before],
        "lost": [one for one in before if one not in after],
    }


def _changed(then: Any, now: Any) -> dict[str, dict[str, str]]:
    names = sorted({*then, *now})
    return {
        name: {"then": then.get(name, ""), "now": now.get(name, "")}
        for name in names
        if then.get(name) != now.get(name)
    }
