"""Says which folder holds the shard that counts, so that another can take its place in one step."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path
from typing import Final

_POINTER: Final = "current"
_FIRST: Final = "first"


class ShardFolders:
    """The folders of one index. The file ``current`` names the one that counts; every other is left over."""

    def __init__(self, home: Path) -> None:
        self._home = home
        _take_in_older(home)

    def current(self) -> Path:
        """Return the folder that counts."""
        pointer = self._home / _POINTER
        return self._home / (pointer.read_text(encoding="ascii") if pointer.exists() else _FIRST)

    def fresh(self) -> Path:
        """Return a folder that does not exist; never the same twice, as a killed owner's builder may still write."""
        return self._home / secrets.token_hex(8)

    def make_current(self, folder: Path) -> None:
        """Let ``folder`` count from now on; a crash leaves either the old or the new one."""
        written = self._home / f"{_POINTER}.new"
        with written.open("w", encoding="ascii") as file:
            file.write(folder.name)
            file.flush()
            os.fsync(file.fileno())
        written.replace(self._home / _POINTER)
        handle = os.open(self._home, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def sweep(self) -> None:
        """Remove every folder that does not count; what cannot be removed yet is left for the next time."""
        kept = self.current()
        for folder in self._home.iterdir():
            if folder.is_dir() and folder != kept:
                shutil.rmtree(folder, ignore_errors=True)


def _take_in_older(home: Path) -> None:
    """Make the folder; a shard that lies in it directly, as it did before there were graphs, becomes its first one.

    Each step is one renaming, and a crash between them is made good the next time.
    """
    aside = home.with_name(f"{home.name}.aside")
    if (home / "segments").is_dir():
        home.rename(aside)
    home.mkdir(parents=True, exist_ok=True)
    if aside.is_dir():
        aside.rename(home / _FIRST)
