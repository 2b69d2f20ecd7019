"""Checks drafts written by anybody, searches, and redacts: the product's other three services."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from app.answering import abandoning
from app.answering.guarded import GuardedRetriever
from app.answering.presentation import JSON, Presenter, decision_json
from app.answering.references import References
from domain.answers import Decision, Evidence
from domain.errors import RequestError
from domain.ports.audit_log import AuditLog
from domain.ports.clock import Clock
from domain.ports.ids import Ids
from domain.ports.verifier import Verifier
from domain.questions import Question
from policies.grounding.check import best_quotes
from policies.sentences import split

MAX_SENTENCES: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchService:
    """Finds passages and shows them."""

    retriever: GuardedRetriever
    presenter: Presenter
    audit: AuditLog
    clock: Clock
    ids: Ids

    def search(self, question: Question, mode: str = "hybrid") -> JSON:
        """Return ranked passages within the question's scope."""
        resolved = self.retriever.resolve(question)
        search_id = self.ids.new("s")
        _audit(self.audit, "search", search_id, resolved)
        started = self.clock.monotonic()
        evidence, access = self.retriever.retrieve(resolved, mode)
        results, counts, disclosure = self.presenter.hits(evidence, resolved)
        return {
            "id": search_id,
            "as_of": resolved.scope.as_of.isoformat(),
            "results": results,
            "policies": [decision_json(one) for one in (*resolved.decisions, access, disclosure)],
            "redactions": counts,
            "timings_ms": {"total": round((self.clock.monotonic() - started) * 1000, 2)},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckService:
    """Returns each sentence's verdict with the best quotes, or what contradicts it, and what became of citations."""

    retriever: GuardedRetriever
    references: References
    verifier: Verifier
    presenter: Presenter
    audit: AuditLog
    clock: Clock
    ids: Ids

    def check(self, draft: Question) -> JSON:
        """Check ``draft.text`` sentence by sentence. Raises RequestError ``request.too_large`` over 500 sentences."""
        *_, (_, body) = self.stream(draft)
        return body

    def stream(self, draft: Question) -> Iterator[tuple[str, JSON]]:
        """Yield ("draft", how many sentences), ("sentence", …) for each, and ("check", all of it) at the end.

        Raises RequestError ``request.too_large`` over 500 sentences, and AbandonedError when nobody waits any more.
        """
        spans = split(draft.text)
        if len(spans) > MAX_SENTENCES:
            raise RequestError("request.too_large", f"{len(spans)} sentences; at most {MAX_SENTENCES}")
        resolved = self.retriever.resolve(draft)
        check_id = self.ids.new("c")
        _audit(self.audit, "check", check_id, resolved)
        started = self.clock.monotonic()
        yield "draft", {"id": check_id, "sentences": len(spans)}
        redactions: Counter[str] = Counter()
        sentences: list[JSON] = []
        evidence: dict[tuple[int, int], tuple[Evidence, ...]] = {}
        decision: Decision | None = None
        for span in spans:
            abandoning.check()
            evidence[span], item, counts, decision = self._sentence(resolved, span)
            sentences.append(item)
            redactions.update(counts)
            yield "sentence", item
        abandoning.check()
        told, counts = self.references.told(resolved, evidence)
        redactions.update(counts)
        verdicts = [item["verdict"] for item in sentences]
        yield (
            "check",
            {
                "id": check_id,
                "as_of": resolved.scope.as_of.isoformat(),
                "sentences": sentences,
                **told,
                "summary": {kind: verdicts.count(kind) for kind in ("supported", "contradicted", "unsupported")},
                "policies": [decision_json(one) for one in (*resolved.decisions, *([decision] if decision else []))],
                "redactions": dict(sorted(redactions.items())),
                "timings_ms": {"total": round((self.clock.monotonic() - started) * 1000, 2)},
            },
        )

    def _sentence(
        self, draft: Question, span: tuple[int, int]
    ) -> tuple[tuple[Evidence, ...], JSON, Mapping[str, int], Decision]:
        text = draft.text[span[0] : span[1]]
        evidence, _ = self.retriever.retrieve(replace(draft, text=text))
        verdict, quotes = best_quotes(text, evidence, self.verifier)
        own = {"text": text, "start": span[0], "end": span[1]}
        shown, counts, disclosure = self.presenter.checked([(own, verdict, quotes)], draft)
        return evidence, shown[0], counts, disclosure


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactionService:
    """Redacts a text by the purpose of the asker."""

    retriever: GuardedRetriever
    presenter: Presenter
    audit: AuditLog
    ids: Ids

    def redact(self, text: Question) -> JSON:
        """Return ``text`` with what its purpose may not see replaced by ``[KIND]``."""
        resolved = self.retriever.resolve(text)
        redaction_id = self.ids.new("r")
        _audit(self.audit, "redaction", redaction_id, resolved)
        known = self.presenter.catalogue.identities(resolved.scope.tenant, resolved.known_as)
        (redacted,), decision = self.presenter.disclosure.apply([resolved.text], resolved.purpose, known)
        return {
            "id": redaction_id,
            "text": redacted.text,
            "redactions": dict(sorted(redacted.counts.items())),
            "policies": [decision_json(one) for one in (*resolved.decisions, decision)],
        }


def _audit(audit: AuditLog, event: str, event_id: str, question: Question) -> None:
    audit.append(
        event,
        {
            "id": event_id,
            "actor": question.actor.id,
            "tenant": question.scope.tenant,
            "purpose": question.purpose,
            "subjects": list(question.scope.subjects),
            "collections": list(question.scope.collections),
            "as_of": question.scope.as_of.isoformat(),
        },
    )
