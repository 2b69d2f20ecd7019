"""A folder that a batch is written into: each file whole or not at all, and what batch it belongs to."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from domain.errors import RequestError

MARK: Final = ".consilium-report.json"


@dataclass(frozen=True, slots=True)
class Folder:
    """Where the files of one batch go. Raises RequestError ``request.invalid`` where nothing can be written."""

    path: Path

    def begun(self, order: dict[str, Any]) -> str | None:
        """Return the batch that an earlier run with the same order began here, if one did.

        Raises RequestError ``request.conflict`` where the folder has the files of another order.
        """
        try:
            mark = json.loads((self.path / MARK).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise RequestError("request.invalid", f"out: {type(error).__name__}") from None
        if mark.get("order") != order:
            raise RequestError("request.conflict", "out: the folder has another batch; name a new one")
        return str(mark["report"])

    def begin(self, order: dict[str, Any], report_id: str) -> None:
        """Remember which batch is written here."""
        self.write(MARK, json.dumps({"report": report_id, "order": order}, ensure_ascii=False).encode())

    def has(self, name: str, digest: str) -> bool:
        """Say whether a file is there already, with the same bytes."""
        try:
            return hashlib.sha256((self.path / name).read_bytes()).hexdigest() == digest
        except OSError:
            return False

    def write(self, name: str, content: bytes) -> None:
        """Write a file: it is complete under its name, or not there."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.path, prefix=".part-", delete=False) as part:
                part.write(content)
                part.flush()
                os.fsync(part.fileno())
            Path(part.name).chmod(0o644)
            Path(part.name).replace(self.path / name)
            entry = os.open(self.path, os.O_RDONLY)
            try:
                os.fsync(entry)
            finally:
                os.close(entry)
        except OSError as error:
            raise RequestError("request.invalid", f"out: {type(error).__name__}") from None

    def sweep(self) -> None:
        """Remove what a run that was killed left half written."""
        for part in self.path.glob(".part-*"):
            part.unlink(missing_ok=True)
