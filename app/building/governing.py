"""Who may do what: access rules, identities, keys, memberships, teams and break-glass."""

from __future__ import annotations

from dataclasses import dataclass

from app.access import AccessControl
from app.assistants import AssistantService
from app.break_glass import BreakGlassService
from app.building.ground import Ground
from app.building.storing import Stores
from app.directory import DirectoryService
from app.identity.attempts import Attempts
from app.identity.authenticator import Authenticator
from app.identity.keys import KeyService
from app.identity.owner import owner_token
from app.identity.sign_in import SignIn
from app.memberships import MembershipService
from app.system import RandomIds, RandomSecrets
from app.wiring import sign_in_of, tokens_of
from policies.pack import pack_named


@dataclass(frozen=True, slots=True, kw_only=True)
class Governing:
    """What decides who comes in, and what they may."""

    access: AccessControl
    identity: Authenticator
    sign_in: SignIn
    keys: KeyService
    memberships: MembershipService
    break_glass: BreakGlassService
    directory: DirectoryService
    assistants: AssistantService


def build_governing(ground: Ground, stores: Stores) -> Governing:
    """Return what governs."""
    settings, clock, ids, audit = ground.settings, ground.clock, ground.ids, stores.audit
    members, directory = stores.members, stores.directory
    access = AccessControl(decider=ground.decider, members=members, audit=audit, clock=clock)
    randomness = RandomSecrets()
    keys = KeyService(keys=stores.keys, audit=audit, clock=clock, ids=RandomIds(), secrets=randomness)
    return Governing(
        access=access,
        identity=Authenticator(
            owner_token=owner_token(settings.home, randomness),
            keys=keys,
            tokens=tokens_of(settings, clock),
            attempts=Attempts(clock),
        ),
        sign_in=sign_in_of(settings, clock),
        keys=keys,
        memberships=MembershipService(
            members=members, directory=directory, access=access, audit=audit, clock=clock, ids=ids
        ),
        break_glass=BreakGlassService(
            members=members,
            access=access,
            audit=audit,
            clock=clock,
            ids=ids,
            most_minutes=settings.break_glass_minutes,
        ),
        directory=DirectoryService(directory=directory, access=access, audit=audit, clock=clock, ids=ids),
        assistants=AssistantService(
            kept=stores.assistants,
            members=members,
            directory=directory,
            access=access,
            audit=audit,
            clock=clock,
            ids=ids,
            pack_named=pack_named,
        ),
    )
