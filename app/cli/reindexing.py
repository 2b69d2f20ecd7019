"""``consilium reindex``: a new index beside the one that answers."""

from __future__ import annotations

from contextlib import closing

from rich.console import Console

from app.bootstrap import build
from app.cli.door import RemoteDoor, credential_for, running_server
from app.cli.options import print_json
from app.settings import Settings
from domain.errors import RequestError


def run(settings: Settings, *, as_json: bool, named: bool) -> None:
    """Make the index anew here, or have the running server do it as a job.

    Raises RequestError when an encoder is named while a server runs: it answers with the one that it was started with.
    """
    url = running_server(settings)
    if url and named:
        raise RequestError("request.invalid", "encoder: start the server again with CONSILIUM_ENCODER instead")
    if url:
        with closing(RemoteDoor(url, credential_for(settings, url))) as door:
            body = door.reindex()
        told = f"The server makes it: consilium jobs show {body['id']}"
    else:
        with build(settings) as consilium:
            body = {"versions": sum(consilium.reindexing.run()), "encoder": consilium.ingestor.embedder.name}
        told = f"{body['versions']} versions are in the new index, made with {body['encoder']}."
    if as_json:
        print_json(body)
    else:
        Console(highlight=False, soft_wrap=True).print(told, markup=False)
