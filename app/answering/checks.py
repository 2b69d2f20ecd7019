"""Checks drafts written by anybody, searches, and redacts: the product's other three services."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from app.answering.guarded import GuardedRetriever
from app.answering.presentation import JSON, Presenter, decision_json
from domain.answers import Quote, Verdict
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
    """Returns each sentence's verdict with the best quotes, or what contradicts it."""

    retriever: GuardedRetriever
    verifier: Verifier
    presenter: Presenter
    audit: AuditLog
    clock: Clock
    ids: Ids

    def check(self, draft: Question) -> JSON:
        """Check ``draft.text`` sentence by sentence. Raises RequestError ``request.too_large`` over 500 sentences."""
        spans = split(draft.text)
        if len(spans) > MAX_SENTENCES:
            raise RequestError("request.too_large", f"{len(spans)} sentences; at most {MAX_SENTENCES}")
        resolved = self.retriever.resolve(draft)
        check_id = self.ids.new("c")
        _audit(self.audit, "check", check_id, resolved)
        started = self.clock.monotonic()
        sentences: list[tuple[JSON, Verdict, tuple[Quote, ...]]] = []
        for start, end in spans:
            text = draft.text[start:end]
            evidence, _ = self.retriever.retrieve(replace(resolved, text=text))
            verdict, quotes = best_quotes(text, evidence, self.verifier)
            sentences.append(({"text": text, "start": start, "end": end}, verdict, quotes))
        shown, counts, disclosure = self.presenter.checked(sentences, resolved)
        verdicts = [item["verdict"] for item in shown]
        return {
            "id": check_id,
            "as_of": resolved.scope.as_of.isoformat(),
            "sentences": shown,
            "summary": {kind: verdicts.count(kind) for kind in ("supported", "contradicted", "unsupported")},
            "policies": [decision_json(one) for one in (*resolved.decisions, disclosure)],
            "redactions": counts,
            "timings_ms": {"total": round((self.clock.monotonic() - started) * 1000, 2)},
        }


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
