"""Answers questions: retrieve, check access, draft, ground, disclose, audit; any part that fails means no answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from app.answering import abandoning
from app.answering.guarded import GuardedRetriever
from app.answering.presentation import JSON, Presenter
from domain.answers import Answer, Claim, Decision, DraftedClaim, Evidence, Refusal, VerdictKind
from domain.assistants import Serving
from domain.audit import Fact
from domain.errors import ConsiliumError, PolicyUnavailableError
from domain.ports.answer_records import AnswerRecords
from domain.ports.audit_log import AuditLog
from domain.ports.clock import Clock
from domain.ports.drafter import Drafter
from domain.ports.embedder import Embedder
from domain.ports.ids import Ids
from domain.ports.verifier import Verifier
from domain.provenance import AnswerRecord, pin_claim, pin_passage
from domain.questions import Question
from policies import injection
from policies.grounding.check import ground
from policies.pack import Pack

NO_EVIDENCE: Final = "refusal.no_evidence"
NOT_ANSWERED: Final = "refusal.not_answered"
UNSUPPORTED: Final = "refusal.unsupported"
MODEL_SERVER: Final = "chat/"  # how the names of drafters begin that ask a model server
REFUSAL_CODES: Final = (NO_EVIDENCE, NOT_ANSWERED, UNSUPPORTED)


@dataclass(slots=True)
class _Course:
    """What has happened to one question so far."""

    id: str
    asked: Question
    question: Question
    started: float
    retrieved: float = 0.0
    evidence: tuple[Evidence, ...] = ()
    policies: list[Decision] = field(default_factory=list)
    stood: list[Claim] = field(default_factory=list)
    fallen: Counter[str] = field(default_factory=Counter)
    drafted: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    written: int = 0
    injected: int = 0
    timings: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerService:
    """Answers questions. ``deadline`` is how many seconds a draft may take.

    ``configuration`` is what each answer's record says of how it was made, beside the models. ``serving`` is the
    assistant that answers, see :mod:`app.answering.assisted`.
    """

    retriever: GuardedRetriever
    drafter: Drafter
    verifier: Verifier
    presenter: Presenter
    audit: AuditLog
    clock: Clock
    ids: Ids
    pack: Pack
    deadline: float
    records: AnswerRecords
    configuration: Mapping[str, str]
    embedder: Embedder
    serving: Serving | None = None

    @property
    def models(self) -> Mapping[str, str]:
        """Return the names, with versions or digests, of the models that answer."""
        return {"encoder": self.embedder.name, "drafter": self.drafter.name, "verifier": self.verifier.name}

    def again(self, question: Question, evidence: Sequence[Evidence]) -> tuple[Answer, JSON]:
        """Return what would be answered from these passages, and how that is shown; nothing is audited or kept.

        ``question`` has its subjects resolved, and ``evidence`` went through the access policy.
        """
        course = _Course(id="", asked=question, question=question, started=self.clock.monotonic())
        course.evidence, course.retrieved = tuple(evidence), course.started
        for _ in self._claims(course):
            pass
        return self._concluded(course)

    def answer(self, question: Question) -> JSON:
        """Return the answer or refusal as it is shown.

        Raises ServiceError when the model server or the index fails, PolicyUnavailableError when a check cannot run.
        """
        course = self._begin(question)
        for _ in self._claims(course):
            pass
        return self._finish(course)

    def stream(self, question: Question) -> Iterator[tuple[str, JSON]]:
        """Yield ("claim", …) as each claim stands and is disclosed, then ("answer", …) with everything."""
        course = self._begin(question)
        for claim in self._claims(course):
            yield "claim", self.presenter.claim(claim, course.question)
        yield "answer", self._finish(course)

    def _begin(self, question: Question) -> _Course:
        started = self.clock.monotonic()
        resolved = self.retriever.resolve(question)
        course = _Course(id=self.ids.new("a"), asked=question, question=resolved, started=started)
        self._audit_start(course)
        course.evidence, decision = self.retriever.retrieve(course.question)
        course.policies.extend((*course.question.decisions, decision))
        course.retrieved = self.clock.monotonic()
        course.timings["retrieval"] = _ms(started, course.retrieved)
        return course

    def _claims(self, course: _Course) -> Iterator[Claim]:
        if not course.evidence:
            return
        limit = self.clock.monotonic() + self.deadline
        for drafted in self.drafter.draft(self._guided(course.question), course.evidence, limit):
            abandoning.check()
            course.drafted += 1
            claim = self._ground(drafted, course)
            course.verdicts[claim.verdict.kind.value] += 1
            course.written += len(claim.text.split())
            if injection.repeats_orders(claim, course.question.text):
                course.injected += 1
                continue
            if claim.verdict.kind is VerdictKind.SUPPORTED or (self.pack.on_unsupported == "flag" and claim.quotes):
                course.stood.append(claim)
                if claim.verdict.kind is VerdictKind.SUPPORTED:
                    # a draft may take a minute, and whoever is no longer a member sees nothing more of it
                    self.retriever.ask_again(course.question)
                    yield claim
            else:
                course.fallen[claim.verdict.reason] += 1

    def _guided(self, question: Question) -> Question:
        """Return a question as it is put to the drafter: with what an assistant says of drafting, and nobody else."""
        return replace(question, guidance=self.serving.design.instructions if self.serving else "")

    def _ground(self, drafted: DraftedClaim, course: _Course) -> Claim:
        try:
            return ground(drafted, course.evidence, self.verifier)
        except ConsiliumError:
            raise
        except Exception as error:
            # whatever goes wrong inside a verifier, nothing unverified may be said
            raise PolicyUnavailableError("policy.verifier_unavailable", type(error).__name__) from error

    def _finish(self, course: _Course) -> JSON:
        answer, shown = self._concluded(course)
        self._audit_end(course, answer)
        self._keep(course, answer)
        return shown

    def _concluded(self, course: _Course) -> tuple[Answer, JSON]:
        self.retriever.ask_again(course.question)
        course.timings["drafting_and_grounding"] = _ms(course.retrieved, self.clock.monotonic())
        course.policies.append(self._grounding_decision(course))
        if course.injected:
            reason = f"{course.injected} drafted claims fell: {injection.REASON}"
            course.policies.append(Decision(policy=injection.POLICY, decision="drop", reason=reason))
        supported = any(claim.verdict.kind is VerdictKind.SUPPORTED for claim in course.stood)
        claims = tuple(course.stood) if supported else ()
        answer = Answer(
            id=course.id,
            as_of=course.question.scope.as_of,
            claims=claims,
            refusal=None if claims else self._refusal(course),
            evidence=course.evidence,
            policies=tuple(course.policies),
            redactions={},
            model=self.drafter.name,
            timings_ms=course.timings,
        )
        before = self.clock.monotonic()
        shown = self.presenter.answer(answer, course.question)
        course.timings["disclosure"] = _ms(before, self.clock.monotonic())
        course.timings["total"] = _ms(course.started, self.clock.monotonic())
        if self.serving:
            shown["assistant"] = {
                "id": self.serving.id, "name": self.serving.name, "version": self.serving.number,
                "title": self.serving.design.title,
            }  # fmt: skip
        shown["timings_ms"] = {key: round(value, 2) for key, value in course.timings.items()}
        return answer, shown

    def _keep(self, course: _Course, answer: Answer) -> None:
        self.records.keep(
            AnswerRecord(
                id=course.id,
                asked_at=self.clock.now().isoformat(),
                question=course.asked,
                names=course.question.scope.subjects,
                evidence=tuple(map(pin_passage, answer.evidence)),
                claims=tuple(map(pin_claim, answer.claims)),
                refusal=answer.refusal.code if answer.refusal else "",
                configuration=self.configuration,
                models=self.models,
            )
        )

    def _grounding_decision(self, course: _Course) -> Decision:
        fell = course.fallen.total()
        if not fell:
            return Decision(
                policy="grounding",
                decision="allow",
                reason=f"{len(course.stood)} of {course.drafted} drafted claims stood",
            )
        reasons = "; ".join(f"{n}× {reason}" for reason, n in course.fallen.most_common(3))
        return Decision(
            policy="grounding", decision="drop", reason=f"{fell} of {course.drafted} drafted claims fell: {reasons}"
        )

    def _refusal(self, course: _Course) -> Refusal:
        scope = course.question.scope
        searched = self.retriever.collections(course.question)
        where = f"collections {', '.join(searched)}" if searched else "nothing: no collection in scope has documents"
        about = f", {len(scope.subjects)} subject name(s)" if scope.subjects else ", no patient or matter"
        place = f"Searched: {where}{about}; text in force on {scope.as_of.isoformat()}."
        tips = (
            ["name the subject (--subject) if the question is about a patient or matter"] if not scope.subjects else []
        )
        tips += ["ask about one thing at a time in the words of the documents", "choose another date with --as-of"]
        if not searched:
            tips = ["ingest documents first (consilium ingest PATH)", *tips]
        remedy = "What would help: " + "; ".join(tips) + "."
        if not course.evidence:
            return Refusal(code=NO_EVIDENCE, reason=f"Nothing was found. {place}", remedy=remedy)
        if not course.drafted:
            reason = f"What was found does not answer the question ({len(course.evidence)} passages read). {place}"
            return Refusal(code=NOT_ANSWERED, reason=reason, remedy=remedy)
        reason = f"No drafted statement was supported by its sources. {place}"
        return Refusal(code=UNSUPPORTED, reason=reason, remedy=remedy)

    def _audit_start(self, course: _Course) -> None:
        question = course.question
        self.audit.append(
            "question",
            {
                "answer_id": course.id,
                "actor": question.actor.id,
                "tenant": question.scope.tenant,
                "purpose": question.purpose,
                "subjects": list(question.scope.subjects),
                "collections": list(question.scope.collections),
                "as_of": question.scope.as_of.isoformat(),
                **self._served(),
            },
        )

    def _served(self) -> dict[str, Fact]:
        """Return by which assistant, for the audit trail."""
        return {"assistant": self.serving.id, "assistant_version": self.serving.number} if self.serving else {}

    def _audit_end(self, course: _Course, answer: Answer) -> None:
        self.audit.append(
            "answer",
            {
                "answer_id": course.id,
                "tenant": course.question.scope.tenant,
                "status": answer.status,
                "refusal": answer.refusal.code if answer.refusal else "",
                "passages": [item.passage.id for item in answer.evidence],
                "quoted": sorted({quote.passage.id for claim in answer.claims for quote in claim.quotes}),
                "decisions": [f"{d.policy}:{d.decision}" for d in answer.policies],
                "model": answer.model,
                **self._served(),
                "milliseconds": round(course.timings["total"]),
                **{kind.value: course.verdicts[kind.value] for kind in VerdictKind},
                "tokens": _tokens(course, answer.model),
            },
        )


def _tokens(course: _Course, model: str) -> int:
    """Return about how many tokens a model read and wrote: four for three words. Nothing is read by no model."""
    if not model.startswith(MODEL_SERVER):
        return 0
    read = sum(len((item.context or item.passage.text).split()) for item in course.evidence)
    return (read + course.written) * 4 // 3


def _ms(start: float, end: float) -> float:
    return (end - start) * 1000
