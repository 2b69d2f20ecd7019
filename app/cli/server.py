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
from app.settings import Settings
from domain.errors import ConsiliumError, RequestError, ServiceError
from ingestion.workflow import Ingestor


def run(settings: Settings) -> None:
    """Serve until stopped, and finish meanwhile what a run that was killed left without vectors.

    Raises RequestError for an address that is not loopback: there are no identities yet.
    """
    host = "127.0.0.1" if settings.host == "localhost" else settings.host
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise RequestError("request.setting_invalid", "host: loopback only until identities exist")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, settings.port))
        except OSError as error:
            raise ServiceError("service.index_in_use", f"port {settings.port}: {error.strerror}") from None
        port = listener.getsockname()[1]
        url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        console = Console(stderr=True)
        console.print("Loading the encoder and proving the detectors…")
        with build(settings) as consilium:
            address = settings.home / ADDRESS_FILE
            address.write_text(json.dumps({"url": url}), encoding="utf-8")
            stopped = threading.Event()
            finishing = threading.Thread(target=_finish, args=(consilium.ingestor, stopped, console))
            finishing.start()
            consilium.jobs.start()
            try:
                config = uvicorn.Config(create_application(consilium), log_level="warning", access_log=False)
                server = uvicorn.Server(config)
                console.print(f"Consilium listens at {url}, its API page is {url}/docs; Ctrl-C stops it.")
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
