"""How smoothly a list of 10,000 documents scrolls: the times between frames while Chromium scrolls it to its end.

Run it by hand: ``python -m tests.bench.web_list``. The documents are rows of the catalogue alone, as the list reads
nothing else; the client must be built.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

from app.identity.owner import read_owner_token
from app.store.catalogue import SqlCatalogue
from app.store.database import Database
from domain.documents import Document, Interval, Labels, Version
from ingestion.outline import Outline
from tests.bench.record import record
from tests.chromium import CHROMIUM
from tests.served import serving

MANY: Final = 10_000
_SCROLL: Final = """async () => {
  const list = document.querySelector('[role=table]');
  const times = [];
  let last = performance.now(), still = 0;
  while (still < 120) {
    await new Promise(requestAnimationFrame);
    const now = performance.now(); times.push(now - last); last = now;
    const before = list.scrollTop; list.scrollTop += 400;
    still = list.scrollTop === before ? still + 1 : 0;
  }
  const rows = [...document.querySelectorAll('[role=row][data-index]')].map(row => Number(row.dataset.index));
  const moving = times.slice(1, -120).sort((a, b) => a - b);
  const at = share => moving[Math.floor(share * (moving.length - 1))];
  return {
    frames: moving.length, p50: at(.5), p95: at(.95), p99: at(.99), longest: at(1), rows: rows.length,
    last: Math.max(...rows),
  };
}"""


def fill(home: Path) -> None:
    """Write the rows of many documents."""
    database = Database(home / "catalogue.db")
    catalogue = SqlCatalogue(database)
    with catalogue.transaction():
        for number in range(MANY):
            outline = Outline()
            outline.add("Text.")
            read = outline.finish(media_type="text/plain", title=f"Letter {number:05d} about the usual things")
            labels = Labels(collection=f"collection-{number % 7}")
            document = Document(id=f"d_{number:05d}", identity=f"path:{number}", title=read.title, labels=labels)
            version = Version(
                id=f"v_{number:05d}", document_id=document.id, digest=f"{number:064d}", path=f"{number}.txt",
                media_type=read.media_type, title=read.title, text=read.text, in_force=Interval(),
            )  # fmt: skip
            catalogue.add_version(document, version, read, [])
            catalogue.set_state(version.id, "indexed")
    database.close()


def main() -> int:
    """Measure and record."""
    home = Path(tempfile.mkdtemp()) / "home"
    home.mkdir()
    fill(home)
    with serving(home) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{server.url}/sign-in#token={read_owner_token(home)}")
        page.wait_for_function("() => sessionStorage.getItem('consilium.credential') !== null")
        page.goto(f"{server.url}/documents")
        page.locator("[role=row][data-index]").first.wait_for()
        figures = page.evaluate(_SCROLL)
        browser.close()
    record("web_list", {name: round(value, 1) for name, value in figures.items()})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
