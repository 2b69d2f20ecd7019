"""How long a 300-page PDF takes to open at a quote in the client: ``python -m tests.bench.web_pdf``.

What the client itself takes is the time from the navigation until the quote's box stands in sight over a drawn page,
without the time in which only the server or the network was waited for. The bar is 1.5 seconds.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from fpdf import FPDF
from playwright.sync_api import Browser, Page, sync_playwright

from app.bootstrap import Consilium, Replacements, build
from app.identity.owner import read_owner_token
from app.requests import IngestOptions
from app.settings import load_settings
from tests.bench.record import record
from tests.chromium import CHROMIUM
from tests.fakes.embedder import FakeEmbedder
from tests.served_here import served
from tests.unit.readers.pdf_files import pages, put

PAGES, QUOTED, LINES, RUNS = 300, 211, 44, 5
BAR_SECONDS: Final = 1.5
_DRAWN: Final = """() => {
  const box = document.querySelector('[data-box]'), place = box?.closest('[role=region]');
  const sheet = box?.parentElement?.querySelector('canvas');
  if (!box || !place || !sheet || !box.parentElement.querySelector('.textLayer span')) return false;
  const [inner, outer] = [box.getBoundingClientRect(), place.getBoundingClientRect()];
  return inner.top >= outer.top && inner.bottom <= outer.bottom && sheet.width > 100;
}"""
_WAITED: Final = """() => performance.getEntriesByType('resource')
  .concat(performance.getEntriesByType('navigation'))
  .map(one => [one.name.replace(location.origin, '').split('?')[0], one.requestStart, one.responseEnd])"""


def guideline() -> bytes:
    """Return a PDF of 300 pages of invented text, every sentence of it different."""

    def write(pdf: FPDF, number: int) -> None:
        put(pdf, 72, 60, f"{number} Chapter of the handbook", size=14, style="B")
        for line in range(LINES):
            put(
                pdf,
                72,
                90 + 15 * line,
                f"Rule {number}.{line}: the ward keeps list {line} of part {number} for two weeks.",
            )

    return pages(write, PAGES)


def quote(consilium: Consilium) -> tuple[str, int, int]:
    """Ingest the PDF, and return its version and where the words stand."""
    (outcome,) = consilium.ingestor.ingest_bytes(
        guideline(), "handbook.pdf", IngestOptions.model_validate({}).to_request()
    )
    assert outcome.document_id, outcome
    version = consilium.catalogue.version(consilium.catalogue.versions(outcome.document_id)[0].id)
    assert version is not None
    words = f"the ward keeps list 30 of part {QUOTED} for two weeks"
    start = version.text.index(words)
    return version.id, start, start + len(words)


def opened(browser: Browser, url: str, token: str, path: str) -> dict[str, float]:
    """Open the quote in a new window, and return seconds: in all, waited for others, and the client's own."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{url}/sign-in#token={token}")
    page.wait_for_function("() => sessionStorage.getItem('consilium.credential') !== null")
    page.goto(url + path)
    page.wait_for_function(_DRAWN, timeout=120_000, polling="raf")
    found = _times(page)
    context.close()
    return found


def _times(page: Page) -> dict[str, float]:
    total = page.evaluate("performance.now()")
    waits = [(start, end) for _, start, end in page.evaluate(_WAITED) if end > start]
    waited = _union(waits, total)
    return {"total": total / 1000, "waited": waited / 1000, "client": (total - waited) / 1000}


def _union(spans: Sequence[tuple[float, float]], until: float) -> float:
    waited, reached = 0.0, 0.0
    for start, end in sorted(spans):
        last = min(end, until)
        waited += max(0.0, last - max(start, reached))
        reached = max(reached, last)
    return waited


def main() -> int:
    """Measure and record; return 1 where the bar is missed."""
    with (
        tempfile.TemporaryDirectory() as home,
        build(load_settings(home=Path(home), index="memory"), Replacements(embedder=FakeEmbedder())) as consilium,
        served(consilium) as url,
        sync_playwright() as playwright,
    ):
        version, start, end = quote(consilium)
        path, token = f"/sources/{version}?start={start}&end={end}", read_owner_token(Path(home)) or ""
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        runs = [opened(browser, url, token, path) for _ in range(RUNS + 1)]
        browser.close()
    median = {name: statistics.median(run[name] for run in runs[1:]) for name in runs[0]}
    figures = {
        "pages": PAGES,
        **{f"first opening, {name}, s": round(value, 2) for name, value in runs[0].items()},
        **{f"median of {RUNS} more, {name}, s": round(value, 2) for name, value in median.items()},
    }
    record("web_pdf", figures)
    return int(median["client"] > BAR_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
