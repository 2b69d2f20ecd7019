"""Who is in a cohort: ids as named, or what a team, a collection or a matter has that the caller may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.access import AccessControl
from app.library import Library
from app.reports.requests import MOST_ITEMS, Cohort
from app.reports.template import Template
from domain.access import SUBJECT, TEAM, Relation
from domain.callers import Caller, Resource
from domain.documents import Document
from domain.errors import RequestError
from domain.ports.clock import Clock
from domain.ports.members import Directory, Members

_READ: Final = "document.list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohorts:
    """Finds the items of a batch. What the caller may not see is no part of a group; all are asked again later."""

    library: Library
    members: Members
    directory: Directory
    access: AccessControl
    clock: Clock

    def targets(self, cohort: Cohort, template: Template, tenant: str, caller: Caller) -> list[str]:
        """Return the ids, in order, none twice.

        Raises RequestError: ``request.invalid`` where nobody is in it, ``request.too_large`` for too many.
        """
        found = list(dict.fromkeys(self._found(cohort, template, tenant, caller)))
        if not found:
            raise RequestError("request.invalid", "cohort: there is nobody in it that you may see")
        if len(found) > MOST_ITEMS:
            raise RequestError("request.too_large", f"cohort: {len(found)}; at most {MOST_ITEMS}")
        return found

    def _found(self, cohort: Cohort, template: Template, tenant: str, caller: Caller) -> Iterable[str]:
        if cohort.ids is not None:
            return cohort.ids
        of_documents = template.about == "document"
        if cohort.subject is not None:
            if not of_documents:
                raise RequestError("request.invalid", "cohort.subject: this template is not about documents")
            documents = self.library.catalogue.documents_about(tenant, [cohort.subject])
            return [one.id for one in documents if self._visible(one, caller)]
        if cohort.collection is not None:
            documents = list(self.library.catalogue.documents(tenant, [cohort.collection]))
            seen = [one for one in documents if self._visible(one, caller)]
            if of_documents:
                return [one.id for one in seen]
            return sorted({subject for one in seen for subject in one.labels.subjects})
        if of_documents:
            raise RequestError("request.invalid", "cohort.team: this template is about documents")
        return self._of_team(cohort.team or "", tenant, caller)

    def _of_team(self, named: str, tenant: str, caller: Caller) -> list[str]:
        known = self.directory.teams(tenant, named)
        team = known[0].id if known else named
        now = self.clock.now().isoformat()
        return [
            subject
            for subject in self.library.subjects(tenant)
            if any(
                (one.party_kind, one.party, one.relation) == (TEAM, team, Relation.MEMBER) and one.holds(now)
                for one in self.members.of(tenant, SUBJECT, subject)
            )
            and self._allowed(subject, tenant, caller)
        ]

    def _visible(self, document: Document, caller: Caller) -> bool:
        labels = document.labels
        standing = self.members.standing(caller, labels.tenant, labels.subjects, self.clock.now().isoformat())
        inside = set(labels.walls) <= set(standing.walls)
        return inside and all(self._allowed(subject, labels.tenant, caller) for subject in labels.subjects)

    def _allowed(self, subject: str, tenant: str, caller: Caller) -> bool:
        return self.access.allows(caller, _READ, Resource(kind=SUBJECT, id=subject, tenant=tenant))
