"""Runs the HTTP server; it owns the index, so it leaves its address where the commands find it."""

from __future__ import annotations

import ipaddress
import json
import socket
import threading

import uvicorn
from rich.console import Console

from app.api.application import create_application
from app.bootstrap import build
from app.cli.door import ADDRESS_FILE
from app.identity.owner import FILE
from app.settings import Settings
from app.store.opening import open_keys
from domain.errors import ConsiliumError, RequestError, ServiceError
from ingestion.workflow import Ingestor


def run(settings: Settings) -> None:
    """Serve until stopped, and finish meanwhile what a run that was killed left without vectors.

    Raises RequestError for an address that others reach while nobody but the owner could be told from them.
    """
    host = "127.0.0.1" if settings.host == "localhost" else settings.host
    loopback = _check_host(settings, host)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, settings.port))
        except OSError as error:
            raise ServiceError("service.index_in_use", f"port {settings.port}: {error.strerror}") from None
        port = listener.getsockname()[1]
        near = _near(host)
        url = f"http://[{near}]:{port}" if ":" in near else f"http://{near}:{port}"
        console = Console(stderr=True)
        console.print("Loading the encoder and proving the detectors…")
        with build(settings) as consilium:
            address = settings.home / ADDRESS_FILE
            address.write_text(json.dumps({"url": url}), encoding="utf-8")
            stopped = threading.Event()
            finishing = threading.Thread(target=_finish, args=(consilium.ingestor, stopped, console))
            finishing.start()
            try:
                # Failed attempts are counted by address, so what a client says of its address is not believed.
                config = uvicorn.Config(
                    create_application(consilium), log_level="warning", access_log=False, proxy_headers=False
                )
                server = uvicorn.Server(config)
                _greet(console, settings, url, loopback=loopback)
                server.run(sockets=[listener])
            finally:
                address.unlink(missing_ok=True)
                stopped.set()
                finishing.join()


def _finish(ingestor: Ingestor, stopped: threading.Event, console: Console) -> None:
    """Embed what a run that was killed left; questions find it by words meanwhile. The next start tries again."""
    try:
        for _ in ingestor.finish():
            if stopped.is_set():
                return
    except ConsiliumError as error:
        console.print(f"Some passages are found by words only: {error.code}.")


def _check_host(settings: Settings, host: str) -> bool:
    """Return whether only this machine reaches the address. Raises RequestError, see :func:`run`."""
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        raise RequestError("request.setting_invalid", "host: an IP address") from None
    if not loopback and settings.oidc_issuer is None:
        with open_keys(settings) as keys:
            if not keys.keys.any_active(keys.clock.now()):
                fault = "host: loopback only, until oidc_issuer is set or consilium keys create made a key"
                raise RequestError("request.setting_invalid", fault)
    return loopback


def _near(host: str) -> str:
    """Return the address at which this machine's own commands find the server."""
    address = ipaddress.ip_address(host)
    if not address.is_unspecified:
        return host
    return "127.0.0.1" if address.version == 4 else "::1"  # noqa: PLR2004 - IPv4


def _greet(console: Console, settings: Settings, url: str, *, loopback: bool) -> None:
    console.print(f"Consilium listens at {url}, its API page is {url}/docs; Ctrl-C stops it.")
    console.print(
        f"Every request says who calls. You, the owner: Authorization: Bearer with what is in {settings.home / FILE};"
        " the commands send it by themselves. Systems: consilium keys create.",
        highlight=False,
    )
    if not loopback:
        console.print(
            "[yellow]Tokens and records would cross the network in the clear:[/] put a server that ends TLS in front,"
            " see docs/operating.md."
        )
