"""Who calls, and how people sign in."""

from __future__ import annotations

from fastapi import FastAPI

from app.api.callers import CallerHere
from app.api.identity_views import CodeBody, IssuerView, MeView, SignInView, TokenView
from app.bootstrap import Consilium
from app.identity.sign_in import Exchange


def add(application: FastAPI, consilium: Consilium) -> None:
    """Add the routes. Everybody may know who they are themselves."""
    settings = consilium.settings

    @application.get("/v1/me", response_model=MeView, summary="Who am I")
    def me(caller: CallerHere) -> MeView:
        return MeView(id=caller.id, tenant=caller.tenant, roles=sorted(caller.roles), teams=sorted(caller.teams))

    @application.get("/v1/identity/configuration", response_model=SignInView, summary="How people sign in")
    def configuration() -> SignInView:
        return SignInView(
            issuer=settings.oidc_issuer,
            client_id=settings.oidc_client_id,
            audience=settings.oidc_audience,
            scopes=settings.oidc_scopes.split(),
        )

    @application.get("/v1/identity/issuer", response_model=IssuerView, summary="Where people sign in")
    def issuer() -> IssuerView:
        return IssuerView(authorization_endpoint=consilium.sign_in.endpoints().authorization)

    @application.post("/v1/identity/tokens", response_model=TokenView, summary="Exchange a code of the issuer")
    def tokens(body: CodeBody) -> TokenView:
        found = consilium.sign_in.exchange(Exchange(**body.model_dump()))
        return TokenView(access_token=found.access_token, expires_in=found.expires_in)
