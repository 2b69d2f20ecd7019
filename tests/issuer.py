"""An issuer of tokens: a real HTTP server with real keys, and ways to sign what no issuer would."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Mapping
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final, Self, TypeAlias
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

JSON: TypeAlias = dict[str, Any]
Sign: TypeAlias = Callable[[bytes], bytes]
AUDIENCE: Final = "https://consilium.example"


def b64(data: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def number(value: int) -> str:
    """Return a number as JWKs hold it."""
    return b64(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def fixed(value: int) -> str:
    """Return a coordinate on P-256."""
    return b64(value.to_bytes(32, "big"))


@cache
def rsa_key(name: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    """Return the RSA key of this name, made once a process."""
    del name
    return rsa.generate_private_key(65537, bits)


@cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    """Return a key on P-256."""
    return ec.generate_private_key(ec.SECP256R1())


@cache
def ed_key() -> ed25519.Ed25519PrivateKey:
    """Return a key on Ed25519."""
    return ed25519.Ed25519PrivateKey.generate()


def rs256(key: rsa.RSAPrivateKey) -> Sign:
    return lambda data: key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def ps256(key: rsa.RSAPrivateKey) -> Sign:
    return lambda data: key.sign(data, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())


def es256(data: bytes) -> bytes:
    r, s = decode_dss_signature(ec_key().sign(data, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def eddsa(data: bytes) -> bytes:
    return ed_key().sign(data)


def hs256(secret: bytes) -> Sign:
    return lambda data: hmac.new(secret, data, hashlib.sha256).digest()


def compact(header: bytes | Mapping[str, Any], claims: bytes | Mapping[str, Any], sign: Sign) -> str:
    """Return a token in compact form; bytes go into it as they are."""
    parts = [part if isinstance(part, bytes) else json.dumps(part).encode() for part in (header, claims)]
    message = ".".join(map(b64, parts))
    return f"{message}.{b64(sign(message.encode()))}"


def rsa_jwk(name: str, **more: str) -> JSON:
    """Return the public half of an RSA key, under its name."""
    numbers = rsa_key(name).public_key().public_numbers()
    return {"kty": "RSA", "kid": name, "n": number(numbers.n), "e": number(numbers.e), **more}


def ec_jwk() -> JSON:
    numbers = ec_key().public_key().public_numbers()
    return {"kty": "EC", "crv": "P-256", "kid": "ec", "x": fixed(numbers.x), "y": fixed(numbers.y)}


def ed_jwk() -> JSON:
    return {"kty": "OKP", "crv": "Ed25519", "kid": "ed", "x": b64(ed_key().public_key().public_bytes_raw())}


class Issuer:
    """Publishes ``keys``; while it is ``down`` it answers 503. ``paths`` holds what it was asked for.

    ``answer`` stands in for what it says at a path. Whoever comes to /authorize is signed in at once as ``person``,
    with a code that is good for one exchange at /token with the secret behind its challenge (RFC 7636).
    """

    def __init__(self) -> None:
        self.keys: list[JSON] = [rsa_jwk("one", use="sig", alg="RS256"), ec_jwk(), ed_jwk(), rsa_jwk("any")]
        self.down = False
        self.paths: list[str] = []
        self.answer: dict[str, bytes] = {}
        self.person: JSON = {"sub": "dr-okafor", "roles": ["professional"]}
        self.codes: dict[str, dict[str, str]] = {}
        self.forms: list[dict[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.paths.append(self.path)
                if outer.down:
                    self.send_error(503)
                    return
                if self.path.startswith("/authorize?"):
                    self.send_response(302)
                    self.send_header("Location", outer.authorised(self.path))
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                body = outer.answer.get(self.path) or json.dumps(outer.said(self.path)).encode()
                self.send_response(302 if self.path == "/moved" else 200)
                self.send_header("Location", "/keys")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self) -> None:
                outer.paths.append(self.path)
                length = int(self.headers.get("Content-Length", "0"))
                form = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
                outer.forms.append(form)
                said = None if self.path != "/token" else outer.exchanged(form)
                status, body = (503, b"") if outer.down else (400, b'{"error": "invalid_grant"}')
                if said is not None and not outer.down:
                    status, body = 200, json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name for it
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        """Return its name, which is its address."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def said(self, path: str) -> JSON:
        """Return what it publishes at a path."""
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.url,
                "jwks_uri": f"{self.url}/keys",
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
            }
        return {"keys": self.keys}

    def authorised(self, path: str) -> str:
        """Return where somebody is sent back to, with a code."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def exchanged(self, form: Mapping[str, str]) -> JSON | None:
        """Return the tokens for a code; ``None`` for one that is unknown, spent, or asked for by somebody else."""
        asked = self.codes.pop(form.get("code", ""), None)
        challenge = b64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if asked is None or asked["code_challenge"] != challenge or asked["redirect_uri"] != form.get("redirect_uri"):
            return None
        now = int(time.time())
        common = {"iss": self.url, "iat": now, "exp": now + 600, **self.person}
        access = {**common, "aud": AUDIENCE}
        identity = {**common, "aud": asked["client_id"], "nonce": asked["nonce"]}
        sign = rs256(rsa_key("one"))
        return {
            "access_token": compact({"alg": "RS256", "typ": "at+jwt", "kid": "one"}, access, sign),
            "id_token": compact({"alg": "RS256", "typ": "JWT", "kid": "one"}, identity, sign),
            "token_type": "Bearer",
            "expires_in": 600,
        }

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
