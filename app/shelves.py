"""Lists of documents: by title for those who may see them, by ids and labels for those who keep them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from app.access import AccessControl
from app.answering.guarded import GuardedRetriever
from app.answering.presentation import JSON, Presenter, interval_json
from app.lifecycle.erasure import ErasureService
from domain.access import TENANT
from domain.callers import Caller, Resource
from domain.documents import Document
from domain.errors import RequestError
from domain.listings import Listed, Order, Wanted
from domain.ports.catalogue import Catalogue, StoredVersion
from domain.ports.listings import Listings
from domain.questions import Question
from policies.disclosure.policy import kinds_to_redact

INVENTORY: Final = "document.inventory"
_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which page of which list: ``title`` holds words of a title, ``whole`` asks for every document of the tenant."""

    wanted: Wanted
    order: Order = Order.ADDED
    down: bool = True
    title: str = ""
    whole: bool = False
    after: str = ""
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelves:
    """Lists documents, and shows a document's labels.

    What the scope of the asker allows has its title, redacted as everywhere. Whoever looks after documents and reads
    none (a steward) sees all of the tenant, by ids, labels, dates and digests: titles and the names of files are text
    of documents, and stay out.
    """

    listings: Listings
    catalogue: Catalogue
    retriever: GuardedRetriever
    presenter: Presenter
    access: AccessControl
    erasures: ErasureService

    def page(self, asked: Asked, asker: Question) -> JSON:
        """Return a page of a list, the first one with counts.

        Raises AccessError ``access.denied``; RequestError ``request.invalid`` for a cursor whose document is gone, and
        where titles are looked for or sorted by that the asker is shown redacted, or not at all.
        """
        resolved = self._resolved(asked, asker)
        if resolved is None and asked.title:
            raise RequestError("request.invalid", "title: titles are not shown in this list")
        if asked.order is Order.TITLE and not _names_are_shown(resolved, self.presenter):
            raise RequestError("request.invalid", "order: titles are not shown whole for this purpose or role")
        wanted = _bounded(asked.wanted, resolved)
        found, more = self._found(asked, wanted, resolved)
        held = set(self.erasures.held(wanted.tenant))
        body: JSON = {
            "documents": [self._line(one, title, held, asker) for one, title in found],
            "next": found[-1][0].document.id if more else None,
        }
        if not asked.after:
            body["total"] = None if asked.title else self.listings.count(wanted)
            body["collections"] = self.listings.collections(wanted)
        return body

    def labels(self, tenant: str, document_id: str) -> JSON:
        """Return the labels, versions and holds of a document. Raises RequestError ``request.not_found``."""
        document = self.catalogue.document(document_id)
        if document is None or document.labels.tenant != tenant:
            raise RequestError("request.not_found", "document")
        versions = [one for one in self.catalogue.versions(document_id) if one.state != "retired"]
        hold = self.erasures.hold_on(document)
        return {
            **_labelled(document),
            "versions": [_version(one) for one in versions],
            "hold_id": hold.id if hold else None,
        }

    def _resolved(self, asked: Asked, asker: Question) -> Question | None:
        """Return the question as it is let in; nothing where the whole tenant is listed, by ids alone."""
        if not asked.whole:
            return self.retriever.resolve(asker)
        tenant = asked.wanted.tenant
        caller = asker.actor.caller or Caller(id=asker.actor.id, tenant=tenant)
        self.access.require(caller, INVENTORY, Resource(kind=TENANT, id=tenant, tenant=tenant))
        return None

    def _found(
        self, asked: Asked, wanted: Wanted, resolved: Question | None
    ) -> tuple[list[tuple[Listed, str | None]], bool]:
        """Return the documents of a page with their titles as they may be shown, and whether others follow."""
        found: list[tuple[Listed, str | None]] = []
        for some in self._following(asked, wanted):
            near = [one for one in some if _says(one.document.title, asked.title)]
            titles: Sequence[str | None] = [None] * len(near)
            if resolved:
                titles = self.presenter.texts([one.document.title for one in near], resolved)
            # A title is found by what is shown of it: one that is redacted does not tell by being found.
            found += [(one, title) for one, title in zip(near, titles, strict=True) if _says(title or "", asked.title)]
            if len(found) > asked.limit:
                return found[: asked.limit], True
        return found, False

    def _following(self, asked: Asked, wanted: Wanted) -> Iterator[list[Listed]]:
        after, at_once = asked.after, _AT_ONCE if asked.title else asked.limit + 1
        while True:
            some = self.listings.page(wanted, asked.order, down=asked.down, after=after, limit=at_once)
            if some is None:
                raise RequestError("request.invalid", "cursor: its document is gone; begin anew")
            if some:
                yield some
            if len(some) < at_once:
                return
            after = some[-1].document.id

    def _line(self, one: Listed, title: str | None, held: set[tuple[str, str]], asker: Question) -> JSON:
        document = one.document
        versions = [v for v in self.catalogue.versions(document.id) if v.state != "retired"]
        current = next((v for v in reversed(versions) if v.in_force.covers(asker.scope.as_of)), None)
        told = current or (versions[-1] if versions else None)
        covers = {("document", document.id), *(("subject", name) for name in document.labels.subjects)}
        return {
            **_labelled(document),
            "title": title,
            "state": one.state,
            "added_at": one.added_at,
            "versions": one.versions,
            "current": current is not None,
            "media_type": told.media_type if told else None,
            "in_force": interval_json(told.in_force) if told else None,
            "passages": told.passages if told else 0,
            "held": bool(covers & held),
        }


def _bounded(wanted: Wanted, resolved: Question | None) -> Wanted:
    if resolved is None:
        return replace(wanted, within=None)
    return replace(wanted, within=resolved.scope.subjects, walls=resolved.actor.walls)


def _names_are_shown(resolved: Question | None, presenter: Presenter) -> bool:
    """Say whether names stay in titles: where they do not, an order would tell their letters one by one."""
    return resolved is not None and "PERSON" not in kinds_to_redact(resolved.purpose, presenter.disclosure.pack)


def _says(title: str, words: str) -> bool:
    told = title.casefold()
    return all(word in told for word in words.casefold().split())


def _labelled(document: Document) -> dict[str, Any]:
    labels = document.labels
    return {
        "id": document.id,
        "collection": labels.collection,
        "subjects": list(labels.subjects),
        "walls": list(labels.walls),
        "sensitivity": labels.sensitivity,
        "jurisdiction": labels.jurisdiction,
    }


def _version(one: StoredVersion) -> dict[str, Any]:
    return {
        "id": one.id,
        "media_type": one.media_type,
        "in_force": interval_json(one.in_force),
        "state": one.state,
        "added_at": one.added_at,
        "passages": one.passages,
        "digest": one.digest,
    }
