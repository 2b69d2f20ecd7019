"""Users and teams in the words of SCIM 2.0 (RFC 7643, RFC 7644): what a directory sends, and what it gets back.

Of what SCIM knows only what Consilium keeps is read (userName, externalId, displayName, active; members); the rest is
passed over, as RFC 7644 section 3.3 allows. Names of attributes and operations are taken in any case.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from domain.access import DirectoryUser, Team
from domain.errors import RequestError

JSON = dict[str, Any]
USER: Final = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP: Final = "urn:ietf:params:scim:schemas:core:2.0:Group"
LIST: Final = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR: Final = "urn:ietf:params:scim:api:messages:2.0:Error"
MOST: Final = 1_000
_LONGEST: Final = 200
_MOST_MEMBERS: Final = 10_000
_MOST_OPERATIONS: Final = 1_000
_FILTER: Final = re.compile(r'\s*([A-Za-z]+)\s+eq\s+("(?:[^"\\]|\\.)*")\s*', re.IGNORECASE)
_ONE_MEMBER: Final = re.compile(r'members\[\s*value\s+eq\s+("(?:[^"\\]|\\.)*")\s*\]', re.IGNORECASE)
_PREFIX: Final = re.compile(r"^urn:ietf:params:scim:schemas:core:2\.0:(?:User|Group):", re.IGNORECASE)
_USER_FIELDS: Final = {"username": "name", "externalid": "external_id", "displayname": "display_name"}
_TEAM_FIELDS: Final = {"displayname": "name", "externalid": "external_id"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """``attribute eq "value"``, the one filter that directories need."""

    attribute: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One change of a PATCH: "add", "replace" or "remove", an attribute in lower case ("" for several), a value."""

    kind: str
    attribute: str
    value: Any


def filter_of(text: str | None, allowed: Sequence[str]) -> Filter | None:
    """Return what is filtered by. Raises RequestError ``request.invalid`` for any other filter."""
    if text is None or not text.strip():
        return None
    found = _FILTER.fullmatch(text)
    if found is None or found[1].casefold() not in allowed:
        raise RequestError("request.invalid", f"filter: only {' or '.join(allowed)}, with eq")
    return Filter(attribute=found[1].casefold(), value=_string(found[2]))


def user_of(body: JSON, before: DirectoryUser) -> DirectoryUser:
    """Return the user that a POST or PUT describes; id, tenant and dates are those of ``before``."""
    given = _lowered(body)
    user = replace(before, external_id="", display_name="", active=True, name="")
    for attribute in (*_USER_FIELDS, "active"):
        if given.get(attribute) is not None:
            user = _set_user(user, attribute, given[attribute])
    if not user.name:
        raise RequestError("request.invalid", "userName: missing")
    return user


def team_of(body: JSON, before: Team) -> Team:
    """Return the team that a POST or PUT describes."""
    given = _lowered(body)
    team = replace(before, name="", external_id="", users=())
    for attribute in (*_TEAM_FIELDS, "members"):
        if given.get(attribute) is not None:
            team = _set_team(team, attribute, given[attribute])
    if not team.name:
        raise RequestError("request.invalid", "displayName: missing")
    return team


def patched_user(user: DirectoryUser, body: JSON) -> DirectoryUser:
    """Return a user after the operations of a PATCH, all of them or (by an error) none."""
    for operation in _operations(body):
        if operation.kind == "remove":
            if operation.attribute in {"username", "active"}:
                raise RequestError("request.invalid", f"{operation.attribute}: cannot be removed")
            if operation.attribute in _USER_FIELDS:
                user = _set_user(user, operation.attribute, "")
        else:
            for attribute, value in _changes(operation):
                user = _set_user(user, attribute, value)
    return user


def patched_team(team: Team, body: JSON) -> Team:
    """Return a team after the operations of a PATCH, all of them or (by an error) none."""
    for operation in _operations(body):
        if operation.attribute.startswith("members"):
            team = replace(team, users=_patched_members(team.users, operation))
        elif operation.kind == "remove":
            if operation.attribute == "displayname":
                raise RequestError("request.invalid", "displayname: cannot be removed")
            if operation.attribute == "externalid":
                team = replace(team, external_id="")
        else:
            for attribute, value in _changes(operation):
                more = attribute == "members" and operation.kind == "add"
                kept = team.users if more else ()
                team = _set_team(team, attribute, value)
                team = replace(team, users=tuple(dict.fromkeys((*kept, *team.users)))) if more else team
    return team


def user_json(user: DirectoryUser, teams: Sequence[Team]) -> JSON:
    """Return a user as SCIM shows it."""
    return {
        "schemas": [USER],
        "id": user.id,
        **({"externalId": user.external_id} if user.external_id else {}),
        "userName": user.name,
        **({"displayName": user.display_name} if user.display_name else {}),
        "active": user.active,
        "groups": [{"value": team.id, "display": team.name} for team in teams],
        "meta": _meta("User", f"/scim/v2/Users/{user.id}", user),
    }


def team_json(team: Team, *, members: bool = True) -> JSON:
    """Return a team as SCIM shows it."""
    return {
        "schemas": [GROUP],
        "id": team.id,
        **({"externalId": team.external_id} if team.external_id else {}),
        "displayName": team.name,
        **({"members": [{"value": user, "type": "User"} for user in team.users]} if members else {}),
        "meta": _meta("Group", f"/scim/v2/Groups/{team.id}", team),
    }


def page(found: Sequence[Any], start: int, count: int) -> tuple[Sequence[Any], JSON]:
    """Return the part of a list that is asked for and its frame (RFC 7644 section 3.4.2.4); ``start`` counts from 1."""
    first, size = max(start, 1), min(max(count, 0), MOST)
    part = found[first - 1 : first - 1 + size]
    frame = {"schemas": [LIST], "totalResults": len(found), "startIndex": first, "itemsPerPage": len(part)}
    return part, frame


def service_provider_config() -> JSON:
    """Return what of SCIM is supported (RFC 7643 section 5)."""
    no = {"supported": False}
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "patch": {"supported": True},
        "bulk": {**no, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": True, "maxResults": MOST},
        "changePassword": no,
        "sort": no,
        "etag": no,
        "authenticationSchemes": [
            {"type": "oauthbearertoken", "name": "Bearer", "description": "A key or token of this service."}
        ],
        "meta": {"resourceType": "ServiceProviderConfig", "location": "/scim/v2/ServiceProviderConfig"},
    }


def error_json(status: int, detail: str) -> JSON:
    """Return an error as SCIM shows it (RFC 7644 section 3.12)."""
    kinds = {400: "invalidValue", 409: "uniqueness"}
    more = {"scimType": kinds[status]} if status in kinds else {}
    return {"schemas": [ERROR], "status": str(status), **more, "detail": detail}


def _meta(kind: str, location: str, one: DirectoryUser | Team) -> JSON:
    return {"resourceType": kind, "created": one.created_at, "lastModified": one.changed_at, "location": location}


def _operations(body: JSON) -> list[Operation]:
    listed = _lowered(body).get("operations")
    if not isinstance(listed, list) or not 0 < len(listed) <= _MOST_OPERATIONS:
        raise RequestError("request.invalid", "Operations: a list")
    found = []
    for item in listed:
        given = _lowered(item)
        kind, path = given.get("op"), given.get("path", "")
        if not isinstance(kind, str) or kind.casefold() not in {"add", "replace", "remove"}:
            raise RequestError("request.invalid", "op: add, replace or remove")
        if not isinstance(path, str) or (kind.casefold() == "remove" and not path):
            raise RequestError("request.invalid", "path: missing")
        attribute = _PREFIX.sub("", path)
        attribute = attribute if _ONE_MEMBER.fullmatch(attribute) else attribute.casefold()
        found.append(Operation(kind=kind.casefold(), attribute=attribute, value=given.get("value")))
    return found


def _changes(operation: Operation) -> list[tuple[str, Any]]:
    """Return the attributes that an operation sets; without a path its value names them."""
    if operation.attribute:
        return [(operation.attribute, operation.value)]
    return [(_PREFIX.sub("", name).casefold(), value) for name, value in _lowered(operation.value).items()]


def _patched_members(users: tuple[str, ...], operation: Operation) -> tuple[str, ...]:
    if one := _ONE_MEMBER.fullmatch(operation.attribute):
        if operation.kind != "remove":
            raise RequestError("request.invalid", "path: a member can only be removed by a filter")
        return tuple(user for user in users if user != _string(one[1]))
    if operation.attribute != "members":
        raise RequestError("request.invalid", "path: members, or members[value eq …]")
    if operation.kind == "remove" and operation.value is None:
        return ()
    named = _members(operation.value)
    if operation.kind == "remove":
        return tuple(user for user in users if user not in named)
    return named if operation.kind == "replace" else tuple(dict.fromkeys((*users, *named)))


def _set_user(user: DirectoryUser, attribute: str, value: Any) -> DirectoryUser:
    if attribute == "active":
        return replace(user, active=_boolean(value))
    if attribute not in _USER_FIELDS:
        return user
    text = _text(attribute, value)
    if attribute == "username" and not text:
        raise RequestError("request.invalid", "userName: empty")
    changes: dict[str, Any] = {_USER_FIELDS[attribute]: text}
    return replace(user, **changes)


def _set_team(team: Team, attribute: str, value: Any) -> Team:
    if attribute == "members":
        return replace(team, users=_members(value))
    if attribute not in _TEAM_FIELDS:
        return team
    text = _text(attribute, value)
    if attribute == "displayname" and not text:
        raise RequestError("request.invalid", "displayName: empty")
    changes: dict[str, Any] = {_TEAM_FIELDS[attribute]: text}
    return replace(team, **changes)


def _members(value: Any) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    if len(listed) > _MOST_MEMBERS:
        raise RequestError("request.invalid", f"members: at most {_MOST_MEMBERS}")
    return tuple(dict.fromkeys(_text("members.value", _lowered(item).get("value")) for item in listed))


def _boolean(value: Any) -> bool:
    """Return a truth value; some directories send it as a word."""
    if isinstance(value, str) and value.casefold() in {"true", "false"}:
        return value.casefold() == "true"
    if not isinstance(value, bool):
        raise RequestError("request.invalid", "active: true or false")
    return value


def _text(attribute: str, value: Any) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST or "\0" in value:
        raise RequestError("request.invalid", f"{attribute}: a text of at most {_LONGEST} characters")
    return value.strip()


def _string(quoted: str) -> str:
    try:
        return str(json.loads(quoted))
    except ValueError:
        raise RequestError("request.invalid", "filter: the value is no JSON string") from None


def _lowered(body: Any) -> Mapping[str, Any]:
    if not isinstance(body, Mapping):
        raise RequestError("request.invalid", "an object is expected")
    return {str(name).casefold(): value for name, value in body.items()}
