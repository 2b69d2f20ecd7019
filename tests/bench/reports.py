"""Reports: sixty Synthea patients in one batch that is killed three times; forty contracts with twelve clauses.

The batch has to be complete, no item made twice after it was kept, and every file byte for byte that of an undisturbed
run. Every quote of the grid has to stand in its contract, word for word. The PDF files have to show every word inside
of their pages, and the Word files have to open in LibreOffice where it is installed.
"""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pypdfium2

from app.bootstrap import Consilium, build
from app.cli.door import LocalDoor
from app.reports.rendering.visible import visible
from app.reports.requests import ReportBody
from app.settings import load_settings
from domain.callers import OWNER
from domain.reports import Report
from tests.batches import DAY, made_in
from tests.bench.record import record
from tests.data import shared_data

CONTRACTS: Final = 40
_LARGEST: Final = 150_000  # characters of a contract
_WORD: Final = 12  # characters of a cell that are looked for in the PDF


def patients(limit: int, keep: Path | None) -> dict[str, Any]:
    """Make the batch twice, once killed, and compare."""
    files = sorted(shared_data("records/fhir-synthea-r4").glob("*.json"))[:limit]
    with tempfile.TemporaryDirectory() as folder:
        homes = [Path(folder) / name for name in ("killed", "undisturbed")]
        started = time.monotonic()
        with build(load_settings(home=homes[0])) as house:
            ended = [one["status"] for one in LocalDoor(house).ingest(files, {"collection": "patients"})]
            people = house.library.subjects("default")
        _say(f"{ended.count('indexed')} charts ingested in {time.monotonic() - started:.0f} s")
        return compared(homes, people, keep)


def compared(homes: list[Path], people: list[str], keep: Path | None) -> dict[str, Any]:
    """Make a batch in the first home, killed, and in a copy of it, undisturbed; return what differs."""
    shutil.copytree(homes[0], homes[1])
    body = {"template": "pre-visit-summary", "cohort": {"ids": people}, "as_of": DAY}
    kills = _kills(len(people))
    started = time.monotonic()
    killed = made_in(homes[0], body, kills, real=True)
    _say(f"killed {len(kills)} times and completed in {time.monotonic() - started:.0f} s")
    started = time.monotonic()
    calm = made_in(homes[1], body, [], real=True)
    seconds = time.monotonic() - started
    _say(f"undisturbed in {seconds:.0f} s")
    figures = _compared(killed, calm) | {"seconds of the undisturbed batch": round(seconds)}
    with build(load_settings(home=homes[1])) as house:
        report = house.reports.find(calm["id"])
        figures |= _looked_at(house, report, keep)
    return figures


def _kills(many: int) -> list[dict[str, Any]]:
    """Return three kills: in the middle of an item, between two, and when the files of one are drawn."""
    return [
        {"step": "report.filled", "times": max(1, many // 5)},
        {"step": "report.kept", "times": max(1, many // 4)},
        {"step": "report.rendered", "times": max(1, many // 4)},
    ]


def _compared(killed: dict[str, Any], calm: dict[str, Any]) -> dict[str, Any]:
    again = [count - 1 for count in killed["made"].values()]
    different = [name for name, digest in calm["files"].items() if killed["files"].get(name) != digest]
    return {
        "patients": len(calm["items"]),
        "kills": len(_kills(1)),
        "items complete after the kills": sum(state == "done" for _, state, _ in killed["items"]),
        "items complete undisturbed": sum(state == "done" for _, state, _ in calm["items"]),
        "items begun again because a kill came before they were kept": sum(again),
        "items made again after they were kept": max(0, sum(again) - len(_kills(1))),
        "files": len(calm["files"]),
        "files that differ from the undisturbed run": len(different) + len(set(killed["files"]) - set(calm["files"])),
    }


def _looked_at(house: Consilium, report: Report, keep: Path | None) -> dict[str, Any]:
    """Look at every PDF of a batch, and open some of its Word files in LibreOffice."""
    outside = missing = pages = checked = quotes = 0
    words: list[tuple[str, bytes]] = []
    for item in house.reports.items(report)[0]:
        content = json.loads(house.reports.file(report, item["number"], "json", OWNER)[1])
        name, pdf = house.reports.file(report, item["number"], "pdf", OWNER)
        told = read_pdf(pdf)
        pages, outside = pages + told[0], outside + told[1]
        for text in cells(content):
            checked += 1
            missing += not shown(text, told[2])
        quotes += item["quotes"]
        if item["number"] % 12 == 0:
            words.append(house.reports.file(report, item["number"], "docx", OWNER))
        if keep and item["number"] < 4:
            keep.mkdir(parents=True, exist_ok=True)
            (keep / name).write_bytes(pdf)
            (keep / words[0][0]).write_bytes(words[0][1])
            html = house.reports.file(report, item["number"], "html", OWNER)
            (keep / html[0]).write_bytes(html[1])
    return {
        "quotes": quotes,
        "pages of PDF": pages,
        "characters outside of their page": outside,
        "cells and statements looked for in the PDF": checked,
        "cells and statements that the PDF does not show whole": missing,
    } | opened(words)


def cells(content: dict[str, Any]) -> Iterator[str]:
    """Yield the texts that a page has to show: statements and cells of tables."""
    for section in content["sections"]:
        for block in section["blocks"]:
            yield from (claim["text"] for claim in block.get("claims", ()))
            yield from (cell["text"] for row in block.get("rows", ()) for cell in row["cells"] if cell["text"])


def shown(text: str, pages: list[str]) -> bool:
    """Say whether pages show a text whole; it may go on on the next one, below the headings of its table."""
    left = _squeezed(visible(text))
    if any(left in page for page in pages):
        return True
    for page, following in pairwise(pages):
        most = next((size for size in range(len(left) - 1, 0, -1) if left[:size] in page), 0)
        if most and shown(left[most:], [following]):
            return True
    return False


def read_pdf(content: bytes) -> tuple[int, int, list[str]]:
    """Return how many pages there are, how many characters stand outside of theirs, and the texts without spaces."""
    document = pypdfium2.PdfDocument(io.BytesIO(content))
    outside, texts = 0, []
    for page in document:
        width, height = page.get_size()
        text = page.get_textpage()
        texts.append(text.get_text_range())
        for number in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(number)
            outside += left < -1 or bottom < -1 or right > width + 1 or top > height + 1
    return len(document), outside, [_squeezed(text) for text in texts]


def _squeezed(text: str) -> str:
    """Return a text without what a line break in a table adds or takes: spaces, hyphens, ligatures."""
    for joined, apart in (("ﬁ", "fi"), ("ﬂ", "fl"), ("ﬀ", "ff"), ("ﬃ", "ffi"), ("ﬄ", "ffl")):
        text = text.replace(joined, apart)
    return "".join(one for one in text if one.isalnum())


def opened(files: list[tuple[str, bytes]]) -> dict[str, Any]:
    """Convert Word files with LibreOffice, where it is installed."""
    program = shutil.which("soffice")
    if program is None:
        return {"Word files opened in LibreOffice": "not installed"}
    done = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files:
            (Path(folder) / name).write_bytes(content)
        paths = [str(Path(folder) / name) for name, _ in files]
        subprocess.run(
            [program, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf",
             "--outdir", folder, *paths],
            check=False, capture_output=True, timeout=600,
        )  # fmt: skip
        for name, _ in files:
            made = (Path(folder) / name).with_suffix(".pdf")
            done += made.is_file() and read_pdf(made.read_bytes())[0] > 0
    return {"Word files opened in LibreOffice": f"{done} of {len(files)}"}


def contracts(limit: int, keep: Path | None) -> dict[str, Any]:
    """Review contracts of LegalBench-RAG, and look at every quote of the grid."""
    chosen = []
    for path in sorted((shared_data("legalbenchrag") / "corpus" / "cuad").glob("*.txt")):
        with path.open(encoding="utf-8", newline="") as file:
            if len(file.read()) <= _LARGEST:
                chosen.append(path)
    with tempfile.TemporaryDirectory() as folder, build(load_settings(home=Path(folder), pack="legal")) as house:
        started = time.monotonic()
        ended = [one["status"] for one in LocalDoor(house).ingest(chosen[:limit], {"collection": "contracts"})]
        _say(f"{ended.count('indexed')} contracts ingested in {time.monotonic() - started:.0f} s")
        body = {"template": "contract-review", "cohort": {"collection": "contracts"}, "as_of": DAY}
        started = time.monotonic()
        report = house.reports.order(ReportBody.model_validate(body), OWNER)
        while (job := house.jobs.find(report.job_id)).open:
            house.jobs.work(job.run_id)
        seconds = time.monotonic() - started
        grid = json.loads(house.reports.grid(report, "json", OWNER))
        figures = _verbatim(house, grid, house.reports.items(report)[0])
        pdf = house.reports.grid(report, "pdf", OWNER)
        told = read_pdf(pdf)
        texts = [one["text"] for row in grid["rows"] for one in row["answers"].values() if one]
        if keep:
            for name in ("pdf", "docx", "html"):
                (keep / f"grid.{name}").write_bytes(house.reports.grid(report, name, OWNER))
        return figures | {
            "seconds of the review": round(seconds),
            "pages of the grid in PDF": told[0],
            "characters of the grid outside of their page": told[1],
            "quotes that the grid in PDF does not show whole": sum(not shown(one, told[2]) for one in texts),
        }


def _verbatim(house: Consilium, grid: dict[str, Any], items: list[dict[str, Any]]) -> dict[str, Any]:
    quotes = [one for row in grid["rows"] for one in row["answers"].values() if one]
    wrong = redacted = 0
    for quote in quotes:
        version = house.catalogue.version(quote["version_id"])
        redacted += "redacted" in quote
        same = version is not None and version.text[quote.get("start", 0) : quote.get("end", 0)] == quote["text"]
        wrong += not same and "redacted" not in quote
    return {
        "contracts": len(grid["rows"]),
        "clauses": len(grid["columns"]),
        "contracts reviewed": sum(item["state"] == "done" for item in items),
        "cells with a quote": len(quotes),
        "cells that say that nothing was found": len(grid["rows"]) * len(grid["columns"]) - len(quotes),
        "quotes that do not stand in their contract word for word": wrong,
        "quotes with something redacted": redacted,
    }


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> int:
    """Run the bar and print the figures: ``[patients] [contracts] [folder for files to look at]``; 0 leaves one out."""
    sizes = [int(one) for one in sys.argv[1:3]] + [60, CONTRACTS][len(sys.argv[1:3]) :]
    keep = Path(sys.argv[3]) if len(sys.argv) > 3 else None
    figures = (contracts(sizes[1], keep) if sizes[1] else {}) | (patients(sizes[0], keep) if sizes[0] else {})
    record("reports", figures)
    _say(json.dumps(figures, indent=1))
    must_be_nothing = (
        "items made again after they were kept", "files that differ from the undisturbed run",
        "characters outside of their page", "quotes that do not stand in their contract word for word",
        "cells and statements that the PDF does not show whole", "quotes that the grid in PDF does not show whole",
    )  # fmt: skip
    whole = figures.get("items complete after the kills") == figures.get("patients")
    return 0 if whole and not any(figures.get(name) for name in must_be_nothing) else 1


if __name__ == "__main__":
    sys.exit(main())
