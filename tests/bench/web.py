"""Bar 4: the first claim on the screen against the API's own time to it, and how much JavaScript the first page takes.

``python -m tests.bench web``. Questions go to one server in turn, by HTTP and in the browser, so that both see the same
machine. The client's time runs from the key that asks until the claim is painted; the API's from the request until
the first claim has been read.
"""

from __future__ import annotations

import operator
import re
import statistics
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
from playwright.sync_api import Page, Response, sync_playwright

from app.bootstrap import build
from app.cli.demo import LABELS, SAMPLES
from app.cli.door import LocalDoor
from app.settings import load_settings
from tests.bench.record import record
from tests.chromium import CHROMIUM
from tests.served import Served, serving

ROUNDS: Final = 5
TYPING_MS: Final = 1000  # a question takes longer to type; the client begins its conversation meanwhile
# What the page itself saw: when the key was pressed, and when the first claim had been painted after it.
WATCH: Final = """(() => {
  window.bench = {};
  window.addEventListener('keydown', (event) => {
    if (event.ctrlKey && event.key === 'Enter') {
      window.bench = { asked: performance.now(), before: document.querySelectorAll('[data-claim]').length };
    }
  }, true);
  new MutationObserver(() => {
    const { asked, before, shown } = window.bench;
    if (asked === undefined || shown !== undefined) return;
    if (document.querySelectorAll('[data-claim]').length > before) {
      window.bench.shown = 0;
      requestAnimationFrame(() => setTimeout(() => { window.bench.shown = performance.now(); }));
    }
  }).observe(document, { childList: true, subtree: true });
})()"""


@contextmanager
def served_samples() -> Iterator[tuple[Served, list[dict[str, Any]]]]:
    """Yield a server over the samples, and the sample questions that are answered."""
    manifest = tomllib.loads((SAMPLES / "manifest.toml").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        with build(load_settings(home=home)) as consilium:
            door = LocalDoor(consilium)
            for item in manifest["documents"]:
                options = {key: item[key] for key in LABELS if key in item}
                list(door.ingest([SAMPLES / "files" / item["file"]], options))
        with serving(home) as server:
            asked = [{key: value for key, value in one.items() if key != "shows"} for one in manifest["questions"]]
            yield server, [one for one in asked if _is_answered(server, one)]


def _is_answered(server: Served, body: dict[str, Any]) -> bool:
    answer = httpx.post(f"{server.url}/v1/answers", json=body, headers=server.headers, timeout=120).json()
    return bool(answer["status"] == "answered")


def by_api(client: httpx.Client, body: dict[str, Any]) -> float:
    """Return the seconds until the first claim of a stream was read."""
    begun = time.perf_counter()
    with client.stream("POST", "/v1/answers", json=body, headers={"Accept": "text/event-stream"}) as response:
        took = [time.perf_counter() - begun for line in response.iter_lines() if line == "event: claim"]
    return took[0]


def by_client(page: Page, body: dict[str, Any]) -> float:
    """Return the seconds from asking until the first claim was painted."""
    page.evaluate("""body => {
      sessionStorage.setItem('consilium.scope', JSON.stringify({
        subject: (body.subjects ?? [])[0] ?? '', collections: body.collections ?? [],
        asOf: body.as_of ?? '', purpose: body.purpose ?? '',
      }));
      sessionStorage.removeItem('consilium.conversation');
    }""", body)  # fmt: skip
    page.reload()
    field = page.get_by_role("textbox", name=re.compile("question", re.IGNORECASE))
    field.fill(body["question"])
    page.wait_for_timeout(TYPING_MS)
    field.press("Control+Enter")
    until = time.monotonic() + 60
    # not wait_for_function, which evaluates text in the page and so meets its policy
    while not page.evaluate("window.bench.shown > 0") and time.monotonic() < until:
        page.wait_for_timeout(50)
    page.get_by_text("Written by a machine").wait_for(timeout=60_000)
    return float(page.evaluate("window.bench.shown - window.bench.asked")) / 1000


def scripts(page: Page, address: str) -> tuple[float, int]:
    """Return the kilobytes of compressed JavaScript that a first visit takes, and in how many files."""
    sizes: list[int] = []

    def seen(response: Response) -> None:
        if response.request.resource_type == "script" or response.url.endswith(".js"):
            sizes.append(int(response.headers["content-length"]))

    page.on("response", seen)
    page.goto(address)
    page.get_by_role("heading", level=1).wait_for()
    page.get_by_role("link", name="Ask").wait_for()
    page.wait_for_load_state("networkidle")
    return sum(sizes) / 1000, len(sizes)


def main() -> int:
    """Measure both and print them; an argument says how many rounds."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    api: list[float] = []
    client: list[float] = []
    with served_samples() as (server, questions), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        token = server.headers["Authorization"].removeprefix("Bearer ")
        first = browser.new_context(locale="en").new_page()
        kilobytes, files = scripts(first, f"{server.url}/ask#token={token}")
        first.context.close()
        page = browser.new_context(locale="en").new_page()
        page.add_init_script(WATCH)
        page.goto(f"{server.url}/ask#token={token}")
        page.get_by_role("heading", level=1).wait_for()
        with httpx.Client(base_url=server.url, headers=server.headers, timeout=120) as asking:
            for number in range(rounds + 1):
                for body in questions:
                    times = by_api(asking, body), by_client(page, body)
                    if number:  # the first round warms both
                        api.append(times[0])
                        client.append(times[1])
        browser.close()
    ratios = [seen / own for seen, own in zip(client, api, strict=True)]
    record(
        "web",
        {
            "questions": len(api),
            "API: first claim, median ms": statistics.median(api) * 1000,
            "client: first claim painted, median ms": statistics.median(client) * 1000,
            "client after the API, median ms": statistics.median(map(operator.sub, client, api)) * 1000,
            "client to API, of medians": statistics.median(client) / statistics.median(api),
            "client to API, median of pairs": statistics.median(ratios),
            "compressed JavaScript of the first page, kB": kilobytes,
            "in files": files,
        },
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
