"""The one point through which passages are reached."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

from app.access import AccessControl
from domain.answers import Decision, Evidence
from domain.citations import Citation
from domain.ports.catalogue import Catalogue
from domain.questions import Question
from policies.access import passages as access
from policies.citing import Candidate
from retrieval.retriever import Retriever

_HEAD: Final = 3_000


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardedRetriever:
    """Lets questions in, filters inside the query, and checks again after it.

    Who may not ask gets AccessError ``access.denied`` before anything is looked up, so that the answer is the same
    whether the tenant or subject exists or not. What is outside of a question's scope does not exist for it.
    """

    retriever: Retriever
    catalogue: Catalogue
    access: AccessControl

    def resolve(self, question: Question) -> Question:
        """Return the question as it is let in: with the names of its subjects that its actor may look under.

        A name that documents use for the same subject was given by whoever ingested them, and opens nothing by itself:
        it is left out where the actor is no member of it. Raises AccessError ``access.denied``.
        """
        asked = self.access.admit(question)
        tenant, subjects = question.scope.tenant, question.scope.subjects
        alike = {other for subject in subjects for other in self.catalogue.subjects_alike(tenant, subject)}
        if alike <= set(subjects):
            return asked
        return self.access.admit(replace(question, alike=tuple(sorted(alike))), widen=True)

    def ask_again(self, question: Question) -> None:
        """Raise AccessError ``access.denied`` when the actor of a resolved question may not see all of it any more."""
        now = self.access.admit(question)
        if not set(question.actor.walls) <= set(now.actor.walls):
            self.access.refuse_wall(question)

    def retrieve(self, question: Question, mode: str = "hybrid") -> tuple[tuple[Evidence, ...], Decision]:
        """Return the permitted evidence for a resolved question, and what the last look at each passage said."""
        by_words = "; by words alone until the index is made anew" if self.retriever.words_only else ""
        found = self.retriever.retrieve(question, mode)
        self.ask_again(question)
        denied = Counter[str]()
        allowed = []
        for item in found:
            decision = access.decide(item.passage, question.scope, question.actor)
            if decision.decision == "allow":
                allowed.append(item)
            else:
                denied[decision.reason] += 1
        if denied:
            reasons = "; ".join(sorted(denied))
            return tuple(allowed), Decision(
                policy=access.POLICY,
                decision="deny",
                reason=f"{denied.total()} passages were held back: {reasons}{by_words}",
            )
        return tuple(allowed), Decision(
            policy=access.POLICY,
            decision="allow",
            reason=f"searched within tenant, subjects, collections, walls and date{by_words}",
        )

    def cited(self, question: Question, citation: Citation, limit: int = 50) -> list[Candidate]:
        """Return the permitted passages of a resolved question that a citation may name, best first."""
        found = dict(self.retriever.cited(question, citation, limit))
        self.ask_again(question)
        passages = self.catalogue.passages(list(found))
        seen = [passages[one] for one in found if one in passages]
        allowed = [one for one in seen if access.decide(one, question.scope, question.actor).decision == "allow"]
        heads = {version: self._head(version, question) for version in {one.version_id for one in allowed}}
        return [Candidate(passage=one, keys=found[one.id], head=heads[one.version_id]) for one in allowed]

    def _head(self, version_id: str, question: Question) -> str:
        """Return how a version introduces itself, as far as the question may see it."""
        first = self.catalogue.neighbours(version_id, 0, _HEAD)
        seen = [one for one in first if access.decide(one, question.scope, question.actor).decision == "allow"]
        document = self.catalogue.document(seen[0].document_id) if seen else None
        told = [one.text[: _HEAD - one.start] for one in seen if one.start < _HEAD]
        return "\n".join([document.title, document.identity, *told]) if document else ""

    def collections(self, question: Question) -> list[str]:
        """Return the collections in which a resolved question finds anything at all, by name."""
        scope = question.scope
        known = self.catalogue.collections(scope.tenant, scope.as_of)
        wanted = [name for name in known if not scope.collections or name in scope.collections]
        return [name for name in wanted if self.retriever.count(question, name)]
