"""The address that signs the owner of this machine in to the web client."""

from __future__ import annotations

from app.cli.demo import FOLDER
from app.cli.door import running_server
from app.identity.owner import read_owner_token
from app.settings import Settings
from domain.errors import RequestError


def address_of(settings: Settings) -> str:
    """Return it, for the server of this home or of the demo below it.

    The token stands in the fragment, which browsers send to no server, and which the client takes away at once. Raises
    RequestError ``request.not_found`` when none of the two is being served.
    """
    for home in (settings.home, settings.home / FOLDER):
        own = settings.model_copy(update={"home": home})
        url, token = running_server(own), read_owner_token(home)
        if url and token:
            return signed_in(url, token)
    raise RequestError("request.not_found", "no server of this home is running; start one: consilium serve")


def signed_in(url: str, token: str) -> str:
    """Return an address of the client that takes its token along."""
    return f"{url}/#token={token}"
