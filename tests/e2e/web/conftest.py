"""A served sample home and a browser: one of each for all journeys. See docs/client.md."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from app.api.client import DIST
from app.bootstrap import Replacements, build
from app.cli.demo import LABELS, SAMPLES
from app.cli.door import LocalDoor
from app.settings import load_settings
from domain.ports.embedder import Embedder
from tests.chromium import CHROMIUM
from tests.e2e.web.people import Web, Window, believing, watched
from tests.issuer import Issuer
from tests.served import serving

ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage --hide-scrollbars"
).split()
# Whatever a page would fetch from elsewhere is not found, whether a journey watches for it or not.
NOWHERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


@pytest.fixture(scope="session")
def issuer() -> Iterator[Issuer]:
    """Yield the issuer that people sign in with."""
    with Issuer() as running:
        yield running


@pytest.fixture(scope="session")
def served_samples(
    tmp_path_factory: pytest.TempPathFactory, encoder: Embedder, issuer: Issuer
) -> Iterator[tuple[str, Path]]:
    """Yield the address of a server over the samples, and its home."""
    if not (DIST / "index.html").is_file():
        pytest.skip("the web client is not built: make setup")
    home = tmp_path_factory.mktemp("web") / "home"
    with build(load_settings(home=home), Replacements(embedder=encoder)) as consilium:
        door = LocalDoor(consilium)
        manifest = tomllib.loads((SAMPLES / "manifest.toml").read_text(encoding="utf-8"))
        for item in manifest["documents"]:
            options = {key: item[key] for key in LABELS if key in item}
            for outcome in door.ingest([SAMPLES / "files" / item["file"]], options):
                assert outcome["status"] == "indexed" or outcome["code"] == "document.needs_ocr", outcome
    with serving(home, **believing(issuer)) as server:
        yield server.url, home


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Yield Debian's Chromium without a window.

    It ends with the journeys: while Playwright runs, so does an event loop in this thread, and DBOS refuses to start.
    """
    if CHROMIUM is None:
        pytest.skip("no chromium on PATH: apt-get install chromium")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=[*ARGUMENTS, NOWHERE])
        yield running
        running.close()


@pytest.fixture
def web(browser: Browser, served_samples: tuple[str, Path], issuer: Issuer) -> Iterator[Web]:
    """Yield the served samples with ways to open pages as anybody."""
    url, home = served_samples
    with watched(Web(url=url, home=home, issuer=issuer, browser=browser)) as web:
        yield web


@pytest.fixture
def page(web: Web) -> Window:
    """Return a page that the owner of the machine is signed in to, at the start."""
    return web.open("/")
