"""Recognises the text of a scanned page with the ``tesseract`` program, where it is installed."""

from __future__ import annotations

import csv
import shutil
import subprocess
from functools import cache
from itertools import groupby
from typing import Final

from domain.documents import Box
from domain.errors import DocumentError
from ingestion.pdf.page import Line, Word

_SECONDS: Final = 60
_WORD_LEVEL: Final = "5"
_SURE: Final = 30.0  # tesseract's own confidence, 0..100: specks read as letters are below it


def is_available() -> bool:
    """Say whether the program is on the PATH."""
    return shutil.which("tesseract") is not None


def recognise(image: bytes, dpi: float, page: int) -> tuple[Line, ...]:
    """Return the lines of a page's image (PGM), with boxes in points. Raises document.too_slow."""
    program = shutil.which("tesseract") or "tesseract"
    command = [program, "stdin", "stdout", "-l", _languages(), "--dpi", str(round(dpi)), "tsv"]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program, fed by standard input
            command, input=image, capture_output=True, timeout=_SECONDS, check=True
        )
    except subprocess.TimeoutExpired as error:
        raise DocumentError("document.too_slow", f"text recognition of page {page}") from error
    except (subprocess.CalledProcessError, OSError) as error:
        raise DocumentError("document.unreadable", f"text recognition of page {page}") from error
    rows = csv.DictReader(done.stdout.decode("utf-8", "replace").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    words = [row for row in rows if row["level"] == _WORD_LEVEL and row["text"].strip() and float(row["conf"]) > _SURE]
    lines = groupby(words, key=lambda row: (row["block_num"], row["par_num"], row["line_num"]))
    return tuple(Line(words=tuple(_word(row, 72 / dpi, page) for row in line)) for _, line in lines)


def _word(row: dict[str, str], scale: float, page: int) -> Word:
    left, top, width, height = (int(row[name]) * scale for name in ("left", "top", "width", "height"))
    box = Box(
        page=page,
        left=round(left, 1),
        top=round(top, 1),
        right=round(left + width, 1),
        bottom=round(top + height, 1),
    )
    return Word(text="".join(row["text"].split()), box=box)


@cache
def _languages() -> str:
    """Return every installed language: who installed one has documents in it."""
    program = shutil.which("tesseract") or "tesseract"
    done = subprocess.run(  # noqa: S603 - a fixed program
        [program, "--list-langs"], capture_output=True, timeout=_SECONDS, check=False
    )
    names = done.stdout.decode("utf-8", "replace").split("\n")[1:]
    return "+".join(sorted(name for name in names if name and name != "osd" and "/" not in name)) or "eng"
