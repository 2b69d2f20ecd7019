"""Rules on inquiries with Cedar (cedarpolicy.com), from the policy files in this folder."""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import cedarpy

from domain.access import CALLER, SUBJECT, TEAM, TENANT, Inquiry, Ruling
from domain.errors import PolicyUnavailableError

UNAVAILABLE: Final = "policy.access_unavailable"
_KEPT_SECONDS: Final = 1.0
_MOST_KEPT: Final = 4096
_WITH_PURPOSE: Final = frozenset({"passage.read", "breakglass.open"})
_ACTIONS: Final = re.compile(r"^action\s+(.*?)\s*(?:\bin\b|\bappliesTo\b)", re.MULTILINE | re.DOTALL)
_NOT_A_MEMBER: Final = (
    "you are no member of this patient or matter; ask a steward to add you, or break the glass in an emergency"
)
_FAILED: Final = "a policy could not be evaluated, so nothing is allowed"


def _shipped() -> dict[str, str]:
    folder = files("policies.access")
    return {item.name: item.read_text(encoding="utf-8") for item in folder.iterdir() if item.name.endswith(".cedar")}


class CedarDecider:
    """Implements :class:`domain.ports.access_decider.AccessDecider`.

    A forbid wins over every permit; what no permit names is refused, and so is what cannot be evaluated. ``further``
    names a folder with more ``*.cedar`` files of the operator. Equal inquiries are ruled once a second: an inquiry
    carries every fact that the policies look at, so that a changed membership is another inquiry. ``now`` counts
    seconds. Raises PolicyUnavailableError ``policy.access_unavailable`` for policies that do not parse or do not fit
    their schema.
    """

    def __init__(self, now: Callable[[], float], further: Path | None = None) -> None:
        texts = _shipped()
        try:
            schema_text = files("policies.access").joinpath("schema.cedarschema").read_text(encoding="utf-8")
            if further:
                texts |= {f"further/{path.name}": path.read_text("utf-8") for path in sorted(further.glob("*.cedar"))}
                if not further.is_dir():
                    raise PolicyUnavailableError(UNAVAILABLE, "the folder of further policies is not there")
            self._schema = cedarpy.Schema.from_str(schema_text)
            self._policies, self._reasons = _parsed(texts, self._schema)
        except (OSError, ValueError) as error:
            raise PolicyUnavailableError(UNAVAILABLE, type(error).__name__) from error
        self._actions = frozenset(
            name for listed in _ACTIONS.findall(schema_text) for name in re.findall(r'"([^"]+)"', listed)
        )
        self._now = now
        self._kept: OrderedDict[Inquiry, tuple[float, Ruling]] = OrderedDict()

    @property
    def actions(self) -> frozenset[str]:
        """Return every action that the policies know."""
        return self._actions

    def rule(self, inquiry: Inquiry) -> Ruling:
        """Return what the policies say."""
        now = self._now()
        kept = self._kept.get(inquiry)
        if kept and now - kept[0] < _KEPT_SECONDS:
            return kept[1]
        ruling = self._evaluate(inquiry)
        self._kept[inquiry] = now, ruling
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return ruling

    def _evaluate(self, inquiry: Inquiry) -> Ruling:
        if inquiry.action not in self._actions:
            return Ruling(allowed=False, policies=(), reason=f"{inquiry.action} is no action that the policies know")
        try:
            result = cedarpy.is_authorized(_request(inquiry), self._policies, _entities(inquiry), self._schema)
            found = result.diagnostics
            named = [found.id_annotations_by_reason.get(reason, reason) for reason in found.reasons]
            failed = bool(found.errors)
        except Exception:  # noqa: BLE001 - whatever goes wrong inside of an engine of another language, the answer is no
            return Ruling(allowed=False, policies=(), reason=_FAILED)
        policies = tuple(sorted(named))
        if failed:
            return Ruling(allowed=False, policies=policies, reason=_FAILED)
        if result.allowed:
            return Ruling(allowed=True, policies=policies, reason="allowed by " + ", ".join(policies))
        reason = next((self._reasons[name] for name in policies if name in self._reasons), _without_a_permit(inquiry))
        return Ruling(allowed=False, policies=policies, reason=reason)


def _without_a_permit(inquiry: Inquiry) -> str:
    if inquiry.resource.kind == SUBJECT and inquiry.action == "passage.read":
        return _NOT_A_MEMBER
    return f"no role of yours allows {inquiry.action}"


def _parsed(texts: dict[str, str], schema: Any) -> tuple[Any, dict[str, str]]:
    """Return the policies and the reason that each forbid gives, by the policy's id."""
    reasons: dict[str, str] = {}
    names: set[str] = set()
    if not texts:
        raise PolicyUnavailableError(UNAVAILABLE, "there are no policies")
    for file, text in sorted(texts.items()):
        try:
            checked = cedarpy.validate_policies(text, schema)
            policies = json.loads(cedarpy.policies_to_json_str(text))["staticPolicies"]
        except ValueError:
            raise PolicyUnavailableError(UNAVAILABLE, f"{file} does not parse") from None
        if not checked.validation_passed:
            raise PolicyUnavailableError(UNAVAILABLE, f"{file} does not fit the schema")
        for policy in policies.values():
            notes = policy.get("annotations", {})
            name = notes.get("id")
            if not name or name in names:
                raise PolicyUnavailableError(UNAVAILABLE, f"{file}: a policy without an @id of its own")
            names.add(name)
            if "reason" in notes:
                reasons[name] = notes["reason"]
    return cedarpy.PolicySet.from_str("\n".join(texts[file] for file in sorted(texts))), reasons


def _request(inquiry: Inquiry) -> dict[str, Any]:
    return {
        "principal": _caller(inquiry.caller.id),
        "action": {"type": "Action", "id": inquiry.action},
        "resource": _resource(inquiry),
        "context": {"purpose": inquiry.purpose} if inquiry.action in _WITH_PURPOSE else {},
    }


def _entities(inquiry: Inquiry) -> str:
    caller, resource = inquiry.caller, inquiry.resource
    parents = [{"type": "Role", "id": str(role)} for role in sorted(caller.roles)]
    parents += [_team(team) for team in sorted(caller.teams)]
    own = {"id": caller.id, "tenant": caller.tenant, "active": inquiry.active}
    facts: dict[str, Any] = {"tenant": resource.tenant}
    if resource.kind == SUBJECT:
        facts |= {
            "members": _named(inquiry.members, CALLER),
            "memberTeams": _named(inquiry.members, TEAM),
            "excluded": _named(inquiry.excluded, CALLER),
            "excludedTeams": _named(inquiry.excluded, TEAM),
            "opened": [{"__entity": _caller(caller.id)}] if inquiry.opened else [],
        }
    elif resource.kind == TENANT:
        facts["grants"] = sorted(inquiry.grants)
    else:
        facts |= {"kind": resource.kind, "owner": resource.owner}
    return json.dumps(
        [
            {"uid": _caller(caller.id), "attrs": own, "parents": parents},
            {"uid": _resource(inquiry), "attrs": facts, "parents": []},
        ]
    )


def _resource(inquiry: Inquiry) -> dict[str, str]:
    kinds = {SUBJECT: "Subject", TENANT: "Tenant"}
    return {"type": kinds.get(inquiry.resource.kind, "Thing"), "id": inquiry.resource.id}


def _named(parties: frozenset[tuple[str, str]], kind: str) -> list[dict[str, Any]]:
    make = _caller if kind == CALLER else _team
    return [{"__entity": make(name)} for party, name in sorted(parties) if party == kind]


def _caller(name: str) -> dict[str, str]:
    return {"type": "Caller", "id": name}


def _team(name: str) -> dict[str, str]:
    return {"type": "Team", "id": name}
