"""Decides who may do what. Every route and command asks here before it acts, every question before it is searched."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final, NoReturn

from domain.access import SUBJECT, TENANT, Inquiry, Relation, Ruling, Standing
from domain.answers import Decision
from domain.callers import Caller, Resource
from domain.errors import AccessError
from domain.ports.access_decider import AccessDecider
from domain.ports.audit_log import AuditLog
from domain.ports.clock import Clock
from domain.ports.members import Members
from domain.questions import Question

READ: Final = "passage.read"
POLICIES: Final = "access.policies"
BREAK_GLASS: Final = "break-glass"
_OPENED: Final = "break_glass.opened"
_EXCLUDED: Final = "walls.excluded"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessControl:
    """Asks the policies, with memberships as they are at this moment.

    Nothing about a membership is kept from one question to the next, so that one that is revoked, in this process or in
    another, is effective at once. Each refusal goes into the audit trail; one that cannot be written refuses as well.
    """

    decider: AccessDecider
    members: Members
    audit: AuditLog
    clock: Clock

    def require(self, caller: Caller, action: str, resource: Resource, purpose: str = "") -> None:
        """Return when ``caller`` may do ``action`` ("document.ingest") to ``resource``.

        Raises AccessError ``access.denied`` with the reason otherwise.
        """
        subjects = (resource.id,) if resource.kind == SUBJECT else ()
        standing = self._standing(caller, resource.tenant, subjects)
        ruling = self._rule(caller, action, resource, standing, purpose)
        if not ruling.allowed:
            self._refuse(caller, action, [resource], ruling)

    def allows(self, caller: Caller, action: str, resource: Resource) -> bool:
        """Say whether ``caller`` may do ``action`` to ``resource``, for lists of what is open; nothing is recorded."""
        subjects = (resource.id,) if resource.kind == SUBJECT else ()
        return self._rule(caller, action, resource, self._standing(caller, resource.tenant, subjects), "").allowed

    def admit(self, question: Question, *, widen: bool = False) -> Question:
        """Return a question with the walls of its actor and what the policies said of it.

        Every subject in its scope must be permitted, and none of their names may be one from which the actor is
        excluded. ``widen`` takes those of ``question.alike`` into the scope that are permitted as well. Raises
        AccessError: ``access.identity_required`` for a question of nobody, ``access.denied`` with the reason.
        """
        caller = question.actor.caller
        if caller is None:
            raise AccessError("access.identity_required")
        scope = question.scope
        names = sorted({*scope.subjects, *question.alike})
        standing = self._standing(caller, scope.tenant, names)
        tenant = Resource(kind=TENANT, id=scope.tenant, tenant=scope.tenant)
        of_tenant = self._rule(caller, READ, tenant, standing, question.purpose)
        if not of_tenant.allowed and (of_tenant.policies or not scope.subjects):
            self._refuse(caller, READ, [tenant], of_tenant)
        subjects = {name: Resource(kind=SUBJECT, id=name, tenant=scope.tenant) for name in names}
        rulings = {name: self._rule(caller, READ, one, standing, question.purpose) for name, one in subjects.items()}
        for name, ruling in rulings.items():
            if not ruling.allowed and (name in scope.subjects or _EXCLUDED in ruling.policies):
                self._refuse(caller, READ, [subjects[one] for one in scope.subjects], ruling)
        permitted = {name: ruling for name, ruling in rulings.items() if ruling.allowed}
        return replace(
            question,
            scope=replace(scope, subjects=tuple(permitted)) if widen else scope,
            actor=replace(question.actor, walls=standing.walls),
            decisions=_decisions(of_tenant, permitted, standing),
        )

    def refuse_wall(self, question: Question) -> NoReturn:
        """Raise AccessError ``access.denied``: the actor has left a wall since the question was let in."""
        ruling = Ruling(allowed=False, policies=(), reason="you are not inside of a wall any more")
        tenant = question.scope.tenant
        caller = question.actor.caller or Caller(id=question.actor.id, tenant=tenant)
        self._refuse(caller, READ, [Resource(kind=TENANT, id=tenant, tenant=tenant)], ruling)

    def _standing(self, caller: Caller, tenant: str, subjects: Collection[str]) -> Standing:
        return self.members.standing(caller, tenant, subjects, self.clock.now().isoformat())

    def _rule(self, caller: Caller, action: str, resource: Resource, standing: Standing, purpose: str) -> Ruling:
        of_it = [one for one in standing.memberships if (one.kind, one.target) == (resource.kind, resource.id)]
        sides = {
            relation: frozenset((one.party_kind, one.party) for one in of_it if one.relation is relation)
            for relation in Relation
        }
        tenant = resource.kind == TENANT
        return self.decider.rule(
            Inquiry(
                caller=replace(caller, teams=standing.teams),
                action=action,
                resource=resource,
                active=standing.active,
                purpose=purpose,
                members=frozenset() if tenant else sides[Relation.MEMBER],
                excluded=sides[Relation.EXCLUDED],
                opened=resource.kind == SUBJECT and any(glass.subject == resource.id for glass in standing.opened),
                grants=frozenset(one.role for one in of_it) if tenant else frozenset(),
            )
        )

    def _refuse(self, caller: Caller, action: str, resources: Collection[Resource], ruling: Ruling) -> NoReturn:
        self.audit.append(
            "access_denied",
            {
                "actor": caller.id,
                "tenant": caller.tenant,
                "action": action,
                "subjects": [one.id for one in resources if one.kind == SUBJECT],
                "resources": [f"{one.kind}:{one.id}" for one in resources if one.kind != SUBJECT],
                "policies": list(ruling.policies),
            },
        )
        raise AccessError("access.denied", ruling.reason)


def _decisions(tenant: Ruling, subjects: dict[str, Ruling], standing: Standing) -> tuple[Decision, ...]:
    """Return what allowed a question, and one more for each subject that is open by break-glass alone."""
    by = sorted({*(tenant.policies if tenant.allowed else ()), *(p for one in subjects.values() for p in one.policies)})
    found = [Decision(policy=POLICIES, decision="allow", reason="allowed by " + ", ".join(by))]
    ends = {glass.subject: glass for glass in standing.opened}
    for name, ruling in subjects.items():
        if ruling.policies == (_OPENED,):
            glass = ends[name]
            reason = f"opened by break-glass {glass.id} until {glass.expires_at}; a reviewer will look at it"
            found.append(Decision(policy=BREAK_GLASS, decision="flag", reason=reason))
    return tuple(found)
