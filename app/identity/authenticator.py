"""Recognises who calls by what they send along: a token, a key, or the token of the machine's owner."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from typing import Final

from app.identity import keys as system_keys
from app.identity import owner
from app.identity.attempts import Attempts
from app.identity.keys import KeyService
from app.identity.tokens import TokenVerifier
from domain.callers import OWNER, Caller
from domain.errors import AccessError

MOST_CHARACTERS_OF_A_CHALLENGE: Final = 128
_BEARER: Final = re.compile(r"bearer +([A-Za-z0-9._~+/=-]+)", re.IGNORECASE)  # RFC 6750, section 2.1


class Authenticator:
    """Recognises callers; ``tokens`` is ``None`` where no issuer is configured. Use from several threads is safe."""

    def __init__(self, *, owner_token: str, keys: KeyService, tokens: TokenVerifier | None, attempts: Attempts) -> None:
        self._owner_token = owner_token.encode()
        self._keys = keys
        self._tokens = tokens
        self._attempts = attempts

    def caller(self, authorization: Sequence[bytes], address: str) -> Caller:
        """Return who calls, from all ``Authorization`` headers of a request and the address that it came from.

        Raises AccessError ``access.identity_required`` without a good one, or ``access.too_many_attempts`` after many
        bad ones from that address; and ServiceError when a token cannot be verified now.
        """
        if not authorization:
            raise AccessError("access.identity_required")
        try:
            return self._recognised(authorization)
        except AccessError as error:
            if self._attempts.failed(address):
                raise AccessError("access.too_many_attempts") from error
            raise

    def prove(self, challenge: str) -> str:
        """Return what only a server of this home can say to a challenge, so that its owner's token goes to no other."""
        return proof(self._owner_token.decode(), challenge)

    def _recognised(self, authorization: Sequence[bytes]) -> Caller:
        if len(authorization) > 1:
            raise AccessError("access.identity_required", "there are several Authorization headers")
        (header,) = authorization
        sent = _BEARER.fullmatch(header.decode("latin-1"))
        if sent is None:
            raise AccessError("access.identity_required", "the header is not: Authorization: Bearer TOKEN")
        credential = sent[1]
        if credential.startswith(system_keys.PREFIX):
            return self._keys.caller_of(credential)
        if credential.startswith(owner.PREFIX):
            if hmac.compare_digest(credential.encode(), self._owner_token):
                return OWNER
            raise AccessError("access.identity_required", "it is not the token of the owner of this machine")
        if self._tokens is None:
            raise AccessError("access.identity_required", "no issuer of tokens is configured")
        return self._tokens.caller_of(credential)


def proof(owner_token: str, challenge: str) -> str:
    """Return the answer to a challenge: an HMAC-SHA256 in hexadecimal digits (RFC 2104)."""
    message = b"consilium server\0" + challenge[:MOST_CHARACTERS_OF_A_CHALLENGE].encode()
    return hmac.new(owner_token.encode(), message, hashlib.sha256).hexdigest()
