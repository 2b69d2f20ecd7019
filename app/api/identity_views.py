"""The shapes of identities and keys, for the OpenAPI document."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.identity.keys import DEFAULT_DAYS, MOST_DAYS
from domain.callers import Role
from domain.keys import ApiKey, KeyState

KeyRole = Literal[Role.READER, Role.PROFESSIONAL, Role.STEWARD, Role.AUDITOR, Role.ADMINISTRATOR, Role.SYSTEM]
KeyName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
TenantName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class _View(BaseModel):
    model_config = ConfigDict(extra="forbid")


class MeView(_View):
    """Who calls."""

    id: str
    tenant: str
    roles: list[Role]
    teams: list[str]


class SignInView(_View):
    """How people sign in: authorization code with PKCE (RFC 7636); ``null`` where no issuer is configured."""

    issuer: str | None
    client_id: str | None
    audience: str | None
    scopes: list[str]
    response_type: Literal["code"] = "code"
    code_challenge_method: Literal["S256"] = "S256"


class IssuerView(_View):
    """Where the issuer takes people who sign in."""

    authorization_endpoint: str


class CodeBody(_View):
    """What the client has after somebody came back from the issuer."""

    code: str = Field(min_length=1, max_length=4096, description="The authorization code.")
    code_verifier: str = Field(
        pattern=r"^[A-Za-z0-9._~-]{43,128}$", description="The secret that the code was asked for with (RFC 7636)."
    )
    redirect_uri: str = Field(min_length=1, max_length=2048, description="Where the issuer sent the browser to.")
    nonce: str = Field(min_length=16, max_length=200, description="What the identity must hold.")


class TokenView(_View):
    """What the client sends from then on as ``Authorization: Bearer``."""

    access_token: str
    expires_in: int | None = Field(description="Seconds, where the issuer says so.")


class KeyBody(_View):
    """A key to make."""

    name: KeyName = Field(description="Which system it is for.", examples=["ward 3 importer"])
    roles: list[KeyRole] = Field(min_length=1, max_length=6, description="What it may do.")
    tenant: TenantName | None = Field(None, description="Its tenant; default: yours.")
    days: int = Field(DEFAULT_DAYS, ge=1, le=MOST_DAYS, description="Days until it expires.")


class KeyView(_View):
    """A key, without its secret."""

    id: str
    name: str
    tenant: str
    roles: list[Role]
    state: KeyState
    created_at: datetime
    created_by: str
    expires_at: datetime
    last_used: date | None = Field(description="Last day on which it was used, in UTC.")
    revoked_at: datetime | None


class NewKeyView(KeyView):
    """A key that was made. ``key`` is what the system sends; it is shown this once."""

    key: str = Field(examples=["csk_5f0c…_Zk3…"])


class KeysView(_View):
    """The keys of a tenant."""

    keys: list[KeyView]


def key_view(key: ApiKey, now: datetime) -> KeyView:
    """Return a key as it is shown."""
    return KeyView(
        id=key.id,
        name=key.name,
        tenant=key.tenant,
        roles=sorted(key.roles),
        state=key.state(now),
        created_at=key.created_at,
        created_by=key.created_by,
        expires_at=key.expires_at,
        last_used=key.last_used,
        revoked_at=key.revoked_at,
    )
