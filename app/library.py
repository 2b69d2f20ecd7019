"""What is kept: documents, versions and passages, shown within a scope."""

from __future__ import annotations

from dataclasses import dataclass

from app.answering.guarded import GuardedRetriever
from app.answering.presentation import JSON, Presenter, decision_json, interval_json
from domain.answers import Evidence
from domain.documents import Document
from domain.errors import RequestError
from domain.ports.catalogue import Catalogue
from domain.questions import Question
from policies.access import passages as access


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """Lists and shows what a scope allows. What it does not allow does not exist: the error is the same."""

    catalogue: Catalogue
    retriever: GuardedRetriever
    presenter: Presenter

    def documents(self, asker: Question) -> JSON:
        """Return the documents of a scope, without text."""
        resolved = self.retriever.resolve(asker)
        scope = resolved.scope
        found = [d for d in self.catalogue.documents(scope.tenant, scope.collections) if _visible(d, resolved)]
        return {"documents": [self._document(document, resolved) for document in found]}

    def document(self, document_id: str, asker: Question) -> JSON:
        """Return one document with its versions. Raises RequestError ``request.not_found``."""
        resolved = self.retriever.resolve(asker)
        document = self.catalogue.document(document_id)
        if document is None or not _visible(document, resolved):
            raise RequestError("request.not_found", "document")
        return self._document(document, resolved)

    def passage(self, passage_id: str, asker: Question) -> JSON:
        """Return one passage with its text. Raises RequestError ``request.not_found``."""
        resolved = self.retriever.resolve(asker)
        passage = self.catalogue.passages([passage_id]).get(passage_id)
        if passage is None or access.decide(passage, resolved.scope, resolved.actor).decision != "allow":
            raise RequestError("request.not_found", "passage")
        hits, counts, decision = self.presenter.hits([Evidence(passage=passage, score=1.0)], resolved)
        return {
            **hits[0],
            "redactions": counts,
            "policies": [decision_json(one) for one in (*resolved.decisions, decision)],
        }

    def _document(self, document: Document, asker: Question) -> JSON:
        versions = [v for v in self.catalogue.versions(document.id) if v.visible]
        titles = self.presenter.texts([document.title, *(v.path for v in versions)], asker)
        return {
            "id": document.id,
            "title": titles[0],
            "collection": document.labels.collection,
            "subjects": list(document.labels.subjects),
            "jurisdiction": document.labels.jurisdiction,
            "versions": [
                {
                    "id": version.id,
                    "path": path,
                    "media_type": version.media_type,
                    "in_force": interval_json(version.in_force),
                    "passages": version.passages,
                    "digest": version.digest,
                }
                for version, path in zip(versions, titles[1:], strict=True)
            ],
        }


def _visible(document: Document, resolved: Question) -> bool:
    labels, scope = document.labels, resolved.scope
    return (
        labels.tenant == scope.tenant
        and (not scope.collections or labels.collection in scope.collections)
        and set(labels.subjects) <= set(scope.subjects)
        and set(labels.walls) <= set(resolved.actor.walls)
    )
