"""What is kept: documents, versions and passages, shown within a scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from app.answering.guarded import GuardedRetriever
from app.answering.presentation import JSON, Presenter, decision_json, interval_json
from domain.answers import Evidence, Quote
from domain.documents import Document, Passage
from domain.errors import RequestError
from domain.ports.catalogue import Catalogue
from domain.questions import Question
from policies.access import passages as access

_MOST_MORE: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """Lists and shows what a scope allows. What it does not allow does not exist: the error is the same."""

    catalogue: Catalogue
    retriever: GuardedRetriever
    presenter: Presenter

    def documents(self, asker: Question, *, after: str = "", limit: int = 1_000_000) -> JSON:
        """Return documents of a scope by id, those after one, without text; "more" says whether others follow."""
        resolved = self.retriever.resolve(asker)
        scope = resolved.scope
        every = (d for d in self.catalogue.documents(scope.tenant, scope.collections) if d.id > after)
        seen = (document for document in every if visible(document, resolved))
        found = list(islice(seen, limit + 1))
        return {
            "documents": [self._document(document, resolved) for document in found[:limit]],
            "more": len(found) > limit,
        }

    def document(self, document_id: str, asker: Question) -> JSON:
        """Return one document with its versions. Raises RequestError ``request.not_found``."""
        resolved = self.retriever.resolve(asker)
        document = self.catalogue.document(document_id)
        if document is None or not visible(document, resolved):
            raise RequestError("request.not_found", "document")
        return self._document(document, resolved)

    def about(self, asker: Question) -> list[JSON]:
        """Return the documents of a scope that are about its subjects, by id, without text."""
        resolved = self.retriever.resolve(asker)
        found = self.catalogue.documents_about(resolved.scope.tenant, resolved.scope.subjects)
        return [self._document(document, resolved) for document in found if visible(document, resolved)]

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

    def sees(self, document_ids: Sequence[str], asker: Question) -> bool:
        """Say whether all of these documents are there and within the scope of the asker."""
        scope = self.retriever.resolve(asker)
        found = [self.catalogue.document(document_id) for document_id in document_ids]
        return all(one is not None and visible(one, scope) for one in found)

    def versions(self, document_id: str, asker: Question) -> list[JSON]:
        """Return the versions of a document, oldest date in force first. Raises RequestError ``request.not_found``."""
        found: list[JSON] = self.document(document_id, asker)["versions"]
        return found

    def text(self, version_id: str, start: int, end: int, asker: Question) -> JSON:
        """Return ``start..end`` of a version's text, made larger to whole lines, so that no name is cut in two.

        Raises RequestError ``request.not_found``.
        """
        scope = self.retriever.resolve(asker)
        version = self.catalogue.version(version_id)
        document = self.catalogue.document(version.document_id) if version else None
        known = {v.id: v for v in self.catalogue.versions(version.document_id) if v.visible} if version else {}
        if version is None or document is None or version_id not in known:
            raise RequestError("request.not_found", "version")
        if not visible(document, scope):
            raise RequestError("request.not_found", "version")
        text = version.text
        start, end = min(start, len(text)), min(max(start, end), len(text))
        first = text.rfind("\n", max(0, start - _MOST_MORE), start) + 1 if start else 0
        first = first or max(0, start - _MOST_MORE)
        newline = text.find("\n", end, end + _MOST_MORE)
        last = newline if newline >= 0 else min(len(text), end + _MOST_MORE)
        shown = self.presenter.texts([version.title, version.path, text[first:last]], scope)
        return {
            "id": version_id,
            "document_id": version.document_id,
            "title": shown[0],
            "path": shown[1],
            "media_type": version.media_type,
            "digest": version.digest,
            "in_force": interval_json(version.in_force),
            "length": len(text),
            "start": first,
            "end": last,
            "text": shown[2],
        }

    def verbatim(self, passage_id: str, start: int, end: int, text: str, asker: Question) -> str:
        """Return the document of a passage in which ``text`` stands at ``start..end``.

        Raises RequestError: ``request.not_found`` for a passage outside of the scope, and ``request.invalid`` for words
        that do not stand there, or that the asker would be shown redacted.
        """
        shown = self.passage(passage_id, asker)
        passage = self.catalogue.passages([passage_id])[passage_id]
        own = passage.text[start - passage.start : end - passage.start] if passage.start <= start else ""
        if end > passage.end or own != text or self.presenter.texts([own], self.retriever.resolve(asker)) != [own]:
            raise RequestError("request.invalid", "quote: not verbatim at this place")
        return str(shown["document_id"])

    def passage_at(self, version_id: str, start: int, end: int) -> str:
        """Return the id of the passage that holds a span of a version, for :meth:`verbatim` to look at.

        Raises RequestError ``request.invalid`` when no single passage does; whether the asker may see it is not said.
        """
        near = self.catalogue.neighbours(version_id, start, end)
        found = next((one for one in near if one.start <= start and end <= one.end), None)
        if found is None:
            raise RequestError("request.invalid", "quote: not within one passage of the version")
        return found.id

    def quotes(self, spans: Sequence[tuple[str, int, int]], asker: Question) -> tuple[Quote, ...]:
        """Return the words at spans (passage id, start, end), without those that the asker may not see."""
        known = self.readable([passage_id for passage_id, _, _ in spans], asker)
        found = []
        for passage_id, start, end in spans:
            passage = known.get(passage_id)
            if passage and passage.start <= start < end <= passage.end:
                text = passage.text[start - passage.start : end - passage.start]
                found.append(Quote(passage=passage, start=start, end=end, text=text))
        return tuple(found)

    def readable(self, passage_ids: Sequence[str], asker: Question) -> dict[str, Passage]:
        """Return passages by id, without those that the asker may not see; their texts are not redacted."""
        resolved = self.retriever.resolve(asker)
        known = self.catalogue.passages(list(passage_ids))
        return {
            key: one
            for key, one in known.items()
            if access.decide(one, resolved.scope, resolved.actor).decision == "allow"
        }

    def subjects(self, tenant: str) -> list[str]:
        """Return every patient and matter that documents of a tenant are about, by id."""
        found = self.catalogue.documents(tenant, [])
        return sorted({subject for document in found for subject in document.labels.subjects})

    def named(self, tenant: str, words: str) -> frozenset[str]:
        """Return the ids of patients of whom a name holds ``words``."""
        return frozenset(self.catalogue.named(tenant, words))

    def names(self, tenant: str, subjects: Sequence[str]) -> dict[str, str]:
        """Return the name of each patient who has one: the longest of the records as it is read aloud."""
        known = [one for one in self.catalogue.identities(tenant, subjects) if one.kind == "name"]
        return {one.subject: one.value for one in sorted(known, key=lambda one: ("," not in one.value, len(one.value)))}

    def collections(self, asker: Question) -> list[str]:
        """Return the collections of the documents within a scope, by name."""
        scope = self.retriever.resolve(asker)
        found = self.catalogue.documents(scope.scope.tenant, scope.scope.collections)
        return sorted({d.labels.collection for d in found if visible(d, scope)})

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


def visible(document: Document, resolved: Question) -> bool:
    """Say whether a document is within the scope of a question that was let in, and its actor inside of its walls."""
    labels, scope = document.labels, resolved.scope
    return (
        labels.tenant == scope.tenant
        and (not scope.collections or labels.collection in scope.collections)
        and set(labels.subjects) <= set(scope.subjects)
        and set(labels.walls) <= set(resolved.actor.walls)
    )
