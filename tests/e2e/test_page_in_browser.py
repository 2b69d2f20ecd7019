"""The page of a report in a real browser."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from lxml import html
from PIL import Image

from evaluation.compare import compare
from evaluation.page import page
from tests.chromium import CHROMIUM
from tests.unit.evaluation.reports import HOSTILE, full

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage --hide-scrollbars"
).split()

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on PATH: apt-get install chromium"),
    pytest.mark.xdist_group("browser"),
]


def browse(file: Path, folder: Path, *flags: str) -> str:
    """Open a file in a new profile and return what the browser prints."""
    result = subprocess.run(
        [str(CHROMIUM), *FLAGS, f"--user-data-dir={folder / 'profile'}", *flags, file.as_uri()],
        capture_output=True,
        text=True,
        timeout=90,
        check=True,
    )
    return result.stdout


def dom(text: str, folder: Path) -> html.HtmlElement:
    file = folder / "page.html"
    file.write_text(text, encoding="utf-8")
    return html.document_fromstring(browse(file, folder, "--dump-dom"))


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """Yield the address of a server on this machine and the paths that were asked of it."""
    asked: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Listener) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}", asked
        listening.shutdown()
        thread.join()


def test_the_headings_the_figures_and_the_plots_are_there(tmp_path: Path) -> None:
    tree = dom(page(full(), comparison=compare(full(), full())), tmp_path)
    assert [heading.text_content() for heading in tree.xpath("//h1 | //h2")] == [
        "Retrieval on small",
        "Main figures",
        "Compared with an earlier run",
        "All figures",
        "Curves",
        "Distribution over cases",
        "By tag",
        "Worst cases",
        "How to repeat it",
    ]
    values = tree.xpath("//dd[@class='value']/text()")
    assert [value.strip() for value in values] == ["0.483", "19.5 ms"]
    assert len(tree.xpath("//*[local-name()='svg']//*[local-name()='path']")) > 30
    assert len(tree.xpath("//section[@aria-labelledby='worst']//tbody/tr")) == 20


def test_no_script_runs_and_no_request_leaves_from_hostile_names(tmp_path: Path, server: tuple[str, list[str]]) -> None:
    address, asked = server
    hostile = HOSTILE.replace("http://127.0.0.1:9", address)
    tree = dom(page(full(name=hostile, tag=hostile)), tmp_path)
    assert tree.xpath("string(//title)") == "Retrieval on small – Consilium"
    assert tree.xpath("//script | //img") == []
    assert hostile in tree.xpath("//section[@aria-labelledby='worst']")[0].text_content()
    assert asked == []


def test_the_policy_of_the_page_stops_what_a_broken_template_would_let_through(
    tmp_path: Path, server: tuple[str, list[str]]
) -> None:
    """The same payload, put in as markup: it runs without the policy, so that the browser is known to run scripts."""
    address, asked = server
    payload = f"<script>document.title='owned'</script><img src='{address}/x'><link rel=stylesheet href='{address}/y'>"
    broken = page(full()).replace('<main id="main">', f'<main id="main">{payload}')
    assert dom(broken, tmp_path).xpath("string(//title)") == "Retrieval on small – Consilium"
    assert asked == []
    unguarded = broken.replace("Content-Security-Policy", "X-Nothing")
    assert dom(unguarded, tmp_path).xpath("string(//title)") == "owned"
    assert sorted(asked) == ["/x", "/y"]


def test_the_page_is_drawn_light_or_dark_as_the_reader_prefers(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(page(full()), encoding="utf-8")
    lightness = []
    for number, dark in enumerate((1, 0)):
        picture = tmp_path / f"{number}.png"
        browse(
            file,
            tmp_path,
            f"--screenshot={picture}",
            "--window-size=800,600",
            f"--blink-settings=preferredColorScheme={dark}",
        )
        with Image.open(picture) as image:
            assert image.size == (800, 600)
            pixels = list(image.convert("L").tobytes())
        assert len(set(pixels)) > 50
        lightness.append(sum(pixels) / len(pixels))
    light, dark_one = lightness
    assert light > 220
    assert dark_one < 60


def test_only_tables_and_plots_scroll_sideways(tmp_path: Path) -> None:
    """Measured by frames around the page, in a file that may run scripts: the page itself may not."""
    (tmp_path / "inner.html").write_text(page(full(name="q" * 200)), encoding="utf-8")
    outer = tmp_path / "outer.html"
    measure = "document.title += ' ' + this.contentDocument.documentElement.scrollWidth"
    frame = '<iframe src="inner.html" style="width:{}px;height:600px;border:0" onload="{}"></iframe>'
    outer.write_text(frame.format(320, measure) + frame.format(640, measure), encoding="utf-8")
    printed = browse(outer, tmp_path, "--dump-dom", "--allow-file-access-from-files")
    assert sorted(str(html.document_fromstring(printed).xpath("string(//title)")).split()) == ["320", "640"]
