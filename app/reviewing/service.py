"""The reviewer's queue: who may look at feedback, what they see of it, and what they decide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.access import READ, AccessControl
from app.answering.presentation import JSON, Presenter
from app.library import Library
from app.reviewing.answers import GivenAnswers, ToldAnswer, ToldClaim
from domain.access import SUBJECT, TENANT
from domain.answers import Claim, Quote, Verdict, VerdictKind
from domain.callers import Caller, Resource, Role
from domain.conversations import ACCEPTED, BESIDE, BETTER_QUOTE, RIGHT, SUPPORTED, Feedback, Resolution
from domain.errors import AccessError, RequestError
from domain.paging import Page, Place
from domain.ports.audit_log import AuditLog
from domain.ports.clock import Clock
from domain.ports.feedbacks import Feedbacks
from domain.questions import Question

QUEUE = "feedback.queue"
REVIEW = "feedback.review"
EXPORT = "feedback.export"
_COUNTING = frozenset({Role.STEWARD, Role.AUDITOR, Role.OWNER})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewService:
    """Shows feedback to colleagues who may read what it is about, and to nobody else; takes their decisions.

    Whether one may is asked of the access rules for every subject and of the library for every document, each time.
    Break-glass does not count: it is for the work with a patient. Stewards and auditors see ids, verdicts and counts.
    """

    kept: Feedbacks
    answers: GivenAnswers
    library: Library
    presenter: Presenter
    access: AccessControl
    audit: AuditLog
    clock: Clock

    def queue(self, caller: Caller, tenant: str, *, after: Place | None, limit: int) -> tuple[list[JSON], Place | None]:
        """Return what waits, newest first, and where to go on; without content.

        Professionals find what they may decide of; stewards and auditors find all of it, and may decide of none.
        """
        self._require(caller, QUEUE, tenant)
        page: Page[Feedback] = self.kept.waiting(tenant, after=after, limit=limit)
        counting = bool(caller.roles & _COUNTING)
        found = [(one, self.may_decide(caller, one)) for one in page.items]
        shown = [_line(one, may) for one, may in found if may or counting]
        last = page.items[-1] if page.more else None
        return shown, Place(at=last.at, id=last.id) if last else None

    def counts(self, caller: Caller, tenant: str) -> list[JSON] | None:
        """Return how much feedback of which kind there is, to those who look after the whole; ``None`` to others."""
        if not caller.roles & _COUNTING:
            return None
        return [
            {"verdict": verdict, "decision": decision or "open", "count": count}
            for (verdict, decision), count in sorted(self.kept.counts(tenant).items())
        ]

    def show(self, caller: Caller, tenant: str, feedback_id: str) -> JSON:
        """Return feedback with what it is on. Raises AccessError, and RequestError ``request.not_found``."""
        feedback, told = self._open(caller, tenant, feedback_id)
        asker = told.asked_by(caller)
        resolved = self.library.retriever.resolve(asker)
        which = range(len(told.claims)) if feedback.claim is None else [feedback.claim]
        question, comment = self.presenter.texts([told.question, feedback.comment], resolved)
        better = self.better(feedback, asker)
        return {
            **_line(feedback, may=True),
            "given_by": feedback.owner,
            "comment": comment,
            "question": question,
            "subjects": list(told.scope.subjects),
            "collections": list(told.scope.collections),
            "purpose": told.purpose,
            "as_of": told.scope.as_of.isoformat(),
            "refusal": told.refusal or None,
            "claims": [
                self._shown(*self.claim(told.claims[number], asker), resolved)
                for number in which
                if number < len(told.claims)
            ],
            "quote": self.presenter.claim(_claim("", SUPPORTED, better), resolved)["quotes"][0] if better else None,
            "finding": finding_of(feedback),
        }

    def decide(
        self, caller: Caller, tenant: str, feedback_id: str, *, decision: str, finding: str, reason: str
    ) -> Resolution:
        """Accept or reject feedback, once; the reason is kept with it and goes with it, and is not in the trail.

        Raises AccessError, and RequestError ``request.not_found`` and ``request.invalid`` (it is decided already).
        """
        feedback, _ = self._open(caller, tenant, feedback_id)
        if finding and (feedback.claim is None or decision != ACCEPTED):
            raise RequestError("request.invalid", "finding: of a claim, in feedback that is accepted")
        if feedback.verdict != "wrong" and finding not in {"", SUPPORTED}:
            raise RequestError("request.invalid", "finding: a claim that is right is supported")
        if finding == SUPPORTED and feedback.verdict == "wrong":
            raise RequestError("request.invalid", "finding: a claim that is wrong is not supported")
        found = (finding or finding_of(feedback)) if decision == ACCEPTED else ""
        resolution = Resolution(
            feedback_id=feedback_id,
            decision=decision,
            finding=found,
            reason=reason,
            reviewer=caller.id,
            at=self.clock.now().isoformat(),
        )
        if self.kept.resolution(feedback_id):
            raise RequestError("request.invalid", "decision: it has one already")
        self.audit.append(
            "feedback_decided",
            {
                "feedback": feedback_id, "answer_id": feedback.answer_id, "actor": caller.id, "tenant": tenant,
                "decision": decision, "finding": found,
            },
        )  # fmt: skip
        if not self.kept.resolve(resolution):
            raise RequestError("request.invalid", "decision: it has one already")
        return resolution

    def accepted(self, caller: Caller, tenant: str) -> Iterator[tuple[Feedback, Resolution, ToldAnswer | None]]:
        """Yield what was accepted, with the answer where the caller may read what it is about."""
        self._require(caller, EXPORT, tenant)
        for feedback, resolution in self.kept.accepted(tenant):
            told = self.answers.told(feedback)
            yield feedback, resolution, told if told and self._reads(caller, feedback, told) else None

    def may_decide(self, caller: Caller, feedback: Feedback) -> bool:
        """Say whether a caller may see and decide of feedback; nothing is recorded of the question."""
        if not self.access.allows(caller, REVIEW, _thing(feedback)):
            return False
        told = self.answers.told(feedback)
        return told is not None and self._reads(caller, feedback, told)

    def claim(self, claim: ToldClaim, asker: Question) -> tuple[ToldClaim, tuple[Quote, ...]]:
        """Return a claim with its words and quotes, as far as they are kept and the asker may see them."""
        quotes = self.library.quotes(claim.spans, asker)
        return self.answers.worded(claim, quotes), quotes

    def better(self, feedback: Feedback, asker: Question) -> tuple[Quote, ...]:
        """Return the better quote."""
        if feedback.verdict != BETTER_QUOTE:
            return ()
        return self.library.quotes([(feedback.passage_id, feedback.start, feedback.end)], asker)

    def _shown(self, claim: ToldClaim, quotes: tuple[Quote, ...], resolved: Question) -> JSON:
        return self.presenter.claim(_claim(claim.text, claim.verdict, quotes), resolved)

    def _open(self, caller: Caller, tenant: str, feedback_id: str) -> tuple[Feedback, ToldAnswer]:
        self._require(caller, QUEUE, tenant)
        feedback = self.kept.find(feedback_id)
        if feedback is None or feedback.tenant != tenant:
            # who may review nothing is told so, whether it is there or not
            self.access.require(caller, REVIEW, Resource(kind="feedback", id=feedback_id, tenant=tenant))
            raise RequestError("request.not_found", "feedback")
        self.access.require(caller, REVIEW, _thing(feedback))
        told = self.answers.told(feedback)
        if told is None or not self._reads(caller, feedback, told):
            raise RequestError("request.not_found", "feedback")
        return feedback, told

    def _reads(self, caller: Caller, feedback: Feedback, told: ToldAnswer) -> bool:
        """Say whether a caller may read every subject and every document of an answer, without break-glass."""
        tenant = feedback.tenant
        subjects = sorted({*feedback.subjects, *told.scope.subjects})
        places = [Resource(kind=SUBJECT, id=name, tenant=tenant) for name in subjects]
        places = places or [Resource(kind=TENANT, id=tenant, tenant=tenant)]
        if not all(self.access.allows(caller, READ, place) for place in places):
            return False
        try:
            return self.library.sees(feedback.documents, told.asked_by(caller))
        except AccessError:
            return False

    def _require(self, caller: Caller, action: str, tenant: str) -> None:
        self.access.require(caller, action, Resource(kind=TENANT, id=tenant, tenant=tenant))


def finding_of(feedback: Feedback) -> str:
    """Return what feedback says of a claim, for a reviewer who does not say otherwise."""
    if feedback.claim is None:
        return ""
    return SUPPORTED if feedback.verdict in {RIGHT, BETTER_QUOTE} else "unsupported"


def _thing(feedback: Feedback) -> Resource:
    return Resource(kind="feedback", id=feedback.id, tenant=feedback.tenant, owner=feedback.owner)


def _line(feedback: Feedback, may: bool) -> JSON:  # noqa: FBT001 - of this module alone
    return {
        "id": feedback.id,
        "answer_id": feedback.answer_id,
        "claim": feedback.claim,
        "verdict": feedback.verdict,
        "at": feedback.at,
        "may_decide": may,
    }


def _claim(text: str, verdict: str, quotes: tuple[Quote, ...]) -> Claim:
    kind = VerdictKind(verdict if verdict != BESIDE else "unsupported")
    return Claim(text=text, verdict=Verdict(kind=kind, reason="", score=0.0, checker=""), quotes=quotes)
