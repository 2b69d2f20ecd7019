"""Who uses the client in journeys, the windows they have, and what is looked at in each."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from app.identity.owner import read_owner_token
from tests.data import ROOT
from tests.issuer import AUDIENCE, Issuer, compact, rs256, rsa_key

Window = Page
CLIENT: Final = "consilium-web"
AXE: Final = ROOT / "app/web/node_modules/axe-core/axe.min.js"
TAGS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa")
# What axe-core finds by colours. Nothing else differs between the themes: ``test_themes.py``.
COLOURED: Final = ("color-contrast", "link-in-text-block")
SHOTS: Final = os.environ.get("CONSILIUM_SHOTS", "")
# A reply with an error status is noted in the console by the browser itself; journeys look at what the page says.
_EXPECTED: Final = "Failed to load resource: the server responded with a status of"
# A change of theme or size is drawn in the next frame; a colour that is inherited goes over a frame later a level.
_DRAWN: Final = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  await frame();
  do await frame(); while (document.getAnimations().some(one => one instanceof CSSTransition));
}"""


@dataclass
class Web:
    """The server and the browser. ``ward`` in the names of people is free: a person is whoever a token names."""

    url: str
    home: Path
    issuer: Issuer
    browser: Browser
    faults: list[str] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)

    @property
    def owner(self) -> str:
        """Return the token of the machine's owner."""
        token = read_owner_token(self.home)
        assert token is not None
        return token

    def token(self, person: str, *roles: str, teams: tuple[str, ...] = ()) -> str:
        """Return a token of the issuer for a person with these roles."""
        return person_token(self.issuer, person, roles, teams)

    def api(self, token: str | None = None) -> httpx.Client:
        """Return a client of the API, as its owner unless told otherwise; close it."""
        headers = {"Authorization": f"Bearer {token or self.owner}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=60)

    def member(self, subject: str, person: str) -> None:
        """Make a person a member of a patient or matter."""
        with self.api() as client:
            response = client.post(f"/v1/subjects/{subject}/members", json={"caller": person})
            assert response.status_code in {201, 409}, response.text

    def window(
        self,
        *,
        theme: str = "light",
        language: str = "en",
        width: int = 1280,
        height: int = 900,
        permissions: tuple[str, ...] = (),
    ) -> Page:
        """Return an empty window of a new visitor; nothing of an earlier one is in it."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if theme == "dark" else "light",
            locale=language,
            reduced_motion="reduce",
            permissions=list(permissions),
        )
        self._contexts.append(context)
        context.on("request", self._asked)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.faults.append(f"error: {error.error.message}"))
        page = context.new_page()
        page.set_default_timeout(15_000)
        return page

    def open(self, path: str = "/", token: str | None = None, **looks: Any) -> Page:
        """Return a window in which somebody is signed in, the owner unless a token is given, and that shows a path."""
        page = self.window(**looks)
        page.goto(f"{self.url}{path}#token={token or self.owner}")
        page.get_by_role("heading", level=1).wait_for()
        return page

    def close(self) -> list[str]:
        """Close all windows and return what was wrong in them."""
        for context in self._contexts:
            context.close()
        return self.faults

    def _asked(self, request: Request) -> None:
        here, there = urlsplit(self.url), urlsplit(request.url)
        if there.scheme in {"data", "blob"} or there.netloc == here.netloc:
            return
        to_issuer = there.netloc == urlsplit(self.issuer.url).netloc and request.is_navigation_request()
        if not to_issuer:
            self.faults.append(f"asked elsewhere: {request.url}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(_EXPECTED):
            self.faults.append(f"console: {message.text}")


@contextmanager
def watched(web: Web) -> Iterator[Web]:
    """Close the windows when the block ends.

    Every page that was opened must then have asked nothing of any other origin, logged no error and broken no content
    policy.
    """
    try:
        yield web
    finally:
        faults = web.close()
    assert faults == []


def believing(issuer: Issuer) -> dict[str, str]:
    """Return the settings of a server in which people sign in with an issuer."""
    return {
        "CONSILIUM_OIDC_ISSUER": issuer.url,
        "CONSILIUM_OIDC_AUDIENCE": AUDIENCE,
        "CONSILIUM_OIDC_CLIENT_ID": CLIENT,
        "CONSILIUM_OIDC_TEAMS_CLAIM": "groups",
    }


def person_token(issuer: Issuer, person: str, roles: tuple[str, ...], teams: tuple[str, ...] = ()) -> str:
    """Return an access token that the issuer signs (RFC 9068)."""
    now = int(time.time())
    claims = {
        "iss": issuer.url,
        "aud": AUDIENCE,
        "sub": person,
        "iat": now,
        "exp": now + 3600,
        "roles": list(roles),
        "groups": list(teams),
    }
    return compact({"alg": "RS256", "typ": "at+jwt", "kid": "one"}, claims, rs256(rsa_key("one")))


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


def axe(page: Page, rules: Sequence[str] = ()) -> None:
    """Assert that axe-core finds no violation of WCAG 2.2 A or AA in what a page shows now, or none of some rules.

    The window is made as tall as the page meanwhile: what lies under a bar until one scrolls is no small target.
    """
    size = page.viewport_size
    assert size is not None
    tall = max(size["height"], int(page.evaluate("document.documentElement.scrollHeight")) + 100)
    page.set_viewport_size({"width": size["width"], "height": tall})
    with_axe(page)
    page.evaluate(_DRAWN)
    wanted = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": list(TAGS)}
    found = page.evaluate(
        "async options => (await axe.run(document, options)).violations",
        {"runOnly": wanted, "resultTypes": ["violations"]},
    )
    page.set_viewport_size(size)
    assert not found, "\n".join(_violation(one) for one in found)


def with_axe(page: Page) -> None:
    """Have axe-core in a page, which then keeps it until it is left."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(f"() => {{ {_axe()} }}")


def looks(page: Page, name: str) -> None:
    """Assert that what a page shows now breaks no rule of WCAG in either theme, and take a picture in both.

    The page is light, as the system is; the system turns dark and light again.
    """
    root = page.locator("html")
    expect(root).to_have_attribute("data-theme", "light")
    axe(page)
    shot(page, f"{name}-light")
    page.emulate_media(color_scheme="dark")
    expect(root).to_have_attribute("data-theme", "dark")
    axe(page, COLOURED)
    shot(page, f"{name}-dark")
    page.emulate_media(color_scheme="light")


def at_widths(page: Page, name: str) -> None:
    """Assert the same in a wide and in a narrow window, and that neither scrolls sideways."""
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        fits(page)
        looks(page, f"{name}-{width}")


def _violation(found: Mapping[str, Any]) -> str:
    nodes = "; ".join(f"{node['html'][:200]} {json.dumps(node.get('any', []))[:300]}" for node in found["nodes"][:3])
    return f"{found['id']}: {found['help']} ({len(found['nodes'])}): {nodes}"


def shot(page: Page, name: str, *, whole: bool = True) -> None:
    """Take a picture into the folder that CONSILIUM_SHOTS names, if it names one."""
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=whole)


def in_theme(page: Page, theme: str) -> None:
    """Show a page in a theme from now on."""
    page.evaluate("theme => { localStorage.setItem('consilium.theme', theme) }", theme)
    page.reload()
    page.get_by_role("heading", level=1).wait_for()


def fits(page: Page) -> None:
    """Assert that nothing makes the page scroll sideways."""
    wide = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide[0] <= wide[1], wide


def focused(page: Page) -> str:
    """Return the text or name of what has the focus."""
    script = """() => {
      const one = document.activeElement;
      return (one?.innerText || one?.ariaLabel || one?.labels?.[0]?.innerText || '').trim();
    }"""
    return str(page.evaluate(script))


def tab_to(page: Page, name: str, key: str = "Tab") -> None:
    """Go to what has a name with the keyboard alone."""
    for _ in range(80):
        if focused(page) == name:
            return
        page.keyboard.press(key)
    pytest.fail(f"the keyboard does not come to {name}")
