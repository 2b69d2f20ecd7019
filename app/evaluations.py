"""Reports of ``consilium evaluate`` that are kept in the store, for those who supervise it: figures, and no text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from domain.errors import RequestError
from evaluation.compare import Comparison, compare
from evaluation.report import Report, read_report, write_report

FOLDER: Final = "evaluations"
MOST: Final = 200
_MOST_BYTES: Final = 64 * 2**20
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,119}")


@dataclass(frozen=True, slots=True)
class EvaluationReports:
    """The ``*.json`` files of a folder, the newest :data:`MOST` of them. A report's id is its file's name."""

    folder: Path

    def keep(self, report: Report) -> str:
        """Write a report that has just been made and return its id. Raises RequestError."""
        started = re.sub(r"[^0-9T]", "", report.origin.started[:19])
        name = f"{report.suite}-{started}"
        self.folder.mkdir(parents=True, exist_ok=True)
        write_report(report, self.folder / f"{name}.json")
        return name

    def all(self) -> tuple[list[tuple[str, Report]], list[str]]:
        """Return the reports by id, the one of the latest run first, and the ids of files that are none."""
        found, unreadable = [], []
        for path in self._files():
            try:
                found.append((path.stem, _read(path)))
            except RequestError:
                unreadable.append(path.stem)
        return sorted(found, key=lambda one: (one[1].origin.started, one[0]), reverse=True), unreadable

    def report(self, name: str) -> Report:
        """Return a report. Raises RequestError ``request.not_found``, and ``request.dataset_invalid`` for no report."""
        path = self.folder / f"{name}.json"
        if not _NAME.fullmatch(name) or not path.is_file():
            raise RequestError("request.not_found", "evaluation")
        return _read(path)

    def comparison(self, first: str, second: str) -> Comparison:
        """Return how the second report differs from the first. Raises RequestError."""
        return compare(self.report(first), self.report(second))

    def _files(self) -> list[Path]:
        if not self.folder.is_dir():
            return []
        files = [path for path in self.folder.glob("*.json") if _NAME.fullmatch(path.stem) and path.is_file()]
        return sorted(files, key=lambda path: path.stat().st_mtime, reverse=True)[:MOST]


def _read(path: Path) -> Report:
    try:
        state = path.stat()
    except OSError as error:
        raise RequestError("request.not_found", "evaluation") from error
    if state.st_size > _MOST_BYTES:
        raise RequestError("request.dataset_invalid", f"{path.name} is too large")
    return _known(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=32)
def _known(path: Path, changed: int, size: int) -> Report:
    del changed, size  # they tell one content of the file from another
    return read_report(path)
