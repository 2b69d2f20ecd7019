"""Sets assistants up without code: versions that never change, publication, and files to carry them elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from app.access import AccessControl
from domain.access import TENANT
from domain.assistants import NAME, Assistant, AssistantVersion, Design, Serving
from domain.audit import Fact
from domain.callers import Caller, Resource, Role
from domain.errors import RequestError
from domain.ports.assistants import Assistants
from domain.ports.audit_log import AuditLog
from domain.ports.clock import Clock
from domain.ports.ids import Ids
from domain.ports.members import Directory, Members
from policies.pack import Pack

USE: Final = "assistant.use"
EDIT: Final = "assistant.edit"
PUBLISH: Final = "assistant.publish"
CLIENT: Final = "client"
MODEL: Final = "model"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistantService:
    """Makes, changes, publishes and finds assistants. Each change is in the audit trail before it is made.

    Whoever edits needs no right to read documents, and gets none: an assistant asks with the rights of its asker.
    """

    kept: Assistants
    members: Members
    directory: Directory
    access: AccessControl
    audit: AuditLog
    clock: Clock
    ids: Ids
    pack_named: Callable[[str], Pack | None]

    def create(self, caller: Caller, tenant: str, name: str, design: Design) -> tuple[Assistant, AssistantVersion]:
        """Make an assistant with its first version. Raises RequestError ``request.conflict`` when the name is taken."""
        self._require(caller, EDIT, tenant)
        self._loadable(design)
        if not NAME.fullmatch(name):
            raise RequestError("request.invalid", "name: 1 to 60 small letters, digits and hyphens")
        now = self._now()
        made = Assistant(id=self.ids.new("as"), tenant=tenant, name=name, created_at=now)
        if self.kept.find(tenant, name):
            raise RequestError("request.conflict", "an assistant by that name")
        first = AssistantVersion(assistant_id=made.id, number=1, design=design, created_at=now, created_by=caller.id)
        self._record("assistant_created", caller, made, {"version": 1})
        if not self.kept.add(made, first):
            raise RequestError("request.conflict", "an assistant by that name")
        return made, first

    def save(
        self, caller: Caller, tenant: str, key: str, design: Design, *, base: int | None, restored: int = 0
    ) -> tuple[Assistant, AssistantVersion]:
        """Add a version to an assistant; one that says the same as the newest is not added.

        ``base`` is the version that was changed: when another one came meanwhile, it is a RequestError
        ``request.conflict``, so that nobody overwrites what they have not seen.
        """
        found = self.editable(caller, tenant, key)
        self._loadable(design)
        last = self.kept.versions(found.id)[0]
        if base is not None and base != last.number:
            raise RequestError("request.conflict", f"version {last.number} came meanwhile")
        if design == last.design and not found.retired:
            return found, last
        version = AssistantVersion(
            assistant_id=found.id,
            number=last.number + 1,
            design=design,
            created_at=self._now(),
            created_by=caller.id,
            restored=restored,
        )
        self._record("assistant_changed", caller, found, {"version": version.number, "restored": restored})
        if not self.kept.append(version):
            raise RequestError("request.conflict", "another version came meanwhile")
        if found.retired:
            found = replace(found, retired=False)
            self.kept.change(found)
        return found, version

    def take_in(self, caller: Caller, tenant: str, name: str, design: Design) -> tuple[Assistant, AssistantVersion]:
        """Take in what a file says: as a new assistant, or as the next version of the one by its name."""
        self._require(caller, EDIT, tenant)
        if self.kept.find(tenant, name) is None:
            return self.create(caller, tenant, name, design)
        return self.save(caller, tenant, name, design, base=None)

    def restore(self, caller: Caller, tenant: str, key: str, number: int) -> tuple[Assistant, AssistantVersion]:
        """Add a version that says what an older one said."""
        found = self.editable(caller, tenant, key)
        old = self.version_of(found, number)
        return self.save(caller, tenant, key, old.design, base=None, restored=number)

    def publish(
        self, caller: Caller, tenant: str, key: str, number: int, *, client: bool, model: bool
    ) -> Assistant:  # fmt: skip
        """Let a version be used, in the client, as a model of the API, or nowhere any more.

        Raises RequestError ``request.invalid`` when its pack cannot be loaded here.
        """
        self._require(caller, PUBLISH, tenant)
        found = self._found(tenant, key)
        somewhere = client or model
        if somewhere:
            self._loadable(self.version_of(found, number).design)
        told: dict[str, Fact] = {"version": number if somewhere else 0, "client": client, "model": model}
        self._record("assistant_published", caller, found, told)
        changed = replace(
            found,
            published=number if somewhere else 0,
            client=client,
            model=model,
            published_at=self._now(),
            published_by=caller.id,
            retired=found.retired and not somewhere,
        )
        self.kept.change(changed)
        return changed

    def retire(self, caller: Caller, tenant: str, key: str) -> None:
        """Let nobody use an assistant any more. Its versions stay, for the answers that it gave."""
        self._require(caller, PUBLISH, tenant)
        found = self._found(tenant, key)
        self._record("assistant_retired", caller, found, {})
        self.kept.change(replace(found, published=0, client=False, model=False, retired=True))

    def every(self, caller: Caller, tenant: str) -> list[tuple[Assistant, AssistantVersion]]:
        """Return all assistants of a tenant that are not retired, each with its newest version. For those who edit."""
        self._require(caller, EDIT, tenant)
        alive = [one for one in self.kept.all(tenant) if not one.retired]
        return [(one, self.kept.versions(one.id)[0]) for one in alive]

    def usable(self, caller: Caller, tenant: str, channel: str = CLIENT) -> list[Serving]:
        """Return what a caller may use, by name. Raises AccessError for somebody who may not ask at all."""
        self._require(caller, USE, tenant)
        found = [self._serving(one, one.published) for one in self.kept.all(tenant) if getattr(one, channel)]
        return [one for one in found if self._in_audience(caller, tenant, one.design)]

    def serving(
        self, caller: Caller, tenant: str, key: str, channel: str = CLIENT, number: int | None = None
    ) -> Serving:
        """Return the assistant that a question is asked of, as it is published, or in a version that is tried.

        Trying takes the right to edit; who is not in the audience of an assistant is told what is told where there is
        none. Raises AccessError, and RequestError ``request.not_found``.
        """
        self._require(caller, EDIT if number is not None else USE, tenant)
        found = self._found(tenant, key)
        if number is not None:
            return self._serving(found, self.version_of(found, number).number)
        if not getattr(found, channel):
            raise RequestError("request.not_found", "assistant")
        serving = self._serving(found, found.published)
        if not self._in_audience(caller, tenant, serving.design):
            raise RequestError("request.not_found", "assistant")
        return serving

    def editable(self, caller: Caller, tenant: str, key: str) -> Assistant:
        """Return an assistant to somebody who may edit it. Raises AccessError, RequestError ``request.not_found``."""
        self._require(caller, EDIT, tenant)
        return self._found(tenant, key)

    def version_of(self, assistant: Assistant, number: int) -> AssistantVersion:
        """Return one version. Raises RequestError ``request.not_found``."""
        version = self.kept.version(assistant.id, number)
        if version is None:
            raise RequestError("request.not_found", "version")
        return version

    def _serving(self, assistant: Assistant, number: int) -> Serving:
        version = self.version_of(assistant, number)
        return Serving(id=assistant.id, name=assistant.name, number=number, design=version.design)

    def _found(self, tenant: str, key: str) -> Assistant:
        found = self.kept.find(tenant, key)
        if found is None:
            raise RequestError("request.not_found", "assistant")
        return found

    def _in_audience(self, caller: Caller, tenant: str, design: Design) -> bool:
        """Say whether a caller has a role and a team of those that are named; the machine's owner is everybody."""
        if Role.OWNER in caller.roles:
            return True
        if design.roles and not {role.value for role in caller.roles} & set(design.roles):
            return False
        if not design.teams:
            return True
        theirs = self.members.standing(caller, tenant, (), self._now()).teams
        named = {team.id for name in design.teams for team in self.directory.teams(tenant, name)}
        return bool(theirs & (named | set(design.teams)))

    def _loadable(self, design: Design) -> None:
        if design.pack and self.pack_named(design.pack) is None:
            raise RequestError("request.invalid", f"pack: there is no pack {design.pack} on this server")

    def _require(self, caller: Caller, action: str, tenant: str) -> None:
        self.access.require(caller, action, Resource(kind=TENANT, id=tenant, tenant=tenant))

    def _record(self, event: str, caller: Caller, one: Assistant, more: dict[str, Fact]) -> None:
        self.audit.append(event, {"assistant": one.id, "actor": caller.id, "tenant": one.tenant, **more})

    def _now(self) -> str:
        return self.clock.now().isoformat()
