"""Stores that a restored one took the place of, and what a restoration that was killed left."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import select

from app.store.database import Database
from app.store.tables import holds

PREVIOUS: Final = "previous-"
RESTORING: Final = "restoring"
_READY: Final = "SWITCH"


def set_aside(home: Path) -> list[Path]:
    """Return the folders of stores that were replaced, by name."""
    return sorted(folder for folder in home.glob(f"{PREVIOUS}*") if folder.is_dir())


def half_restored(home: Path) -> Path | None:
    """Return the folder of a restoration that did not come to its end."""
    folder = home / RESTORING
    return folder if folder.is_dir() else None


def begin_switch(home: Path, aside: str) -> None:
    """Say durably that the restored store takes the place of the one before, which goes aside under that name.

    :func:`settle` does it.
    """
    staged = home / RESTORING
    names = sorted(file.name for file in staged.iterdir())
    plan = {"aside": aside, "new": names}
    part = staged / f"{_READY}.part"
    part.write_text(json.dumps(plan), encoding="utf-8")
    part.replace(staged / _READY)


def settle(home: Path) -> None:
    """Carry out a switch that was begun, once or again: each step is one renaming and done only where it is missing.

    It happens inside the home folder, which may be the root of a volume and then cannot be renamed itself.
    """
    staged = home / RESTORING
    try:
        plan = json.loads((staged / _READY).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return
    old = home / plan["aside"]
    old.mkdir(exist_ok=True)
    waiting = {file.name for file in staged.iterdir()} - {_READY}
    for file in sorted(home.iterdir()):
        arrived = file.name in plan["new"] and file.name not in waiting
        if file.name == RESTORING or file.name.startswith(PREVIOUS) or arrived:
            continue
        file.rename(old / file.name)
    for name in sorted(waiting):
        (staged / name).rename(home / name)
    (staged / _READY).unlink()
    staged.rmdir()
    if not any(old.iterdir()):
        old.rmdir()


class StoresSetAside:
    """Implements :class:`domain.ports.traces.Traces`.

    A store that was replaced cannot be erased from by halves, so the first erasure after it removes it as a whole;
    but not while any legal hold stands, as what is held may be in it alone.
    """

    def __init__(self, home: Path, database: Database) -> None:
        self._home = home
        self._database = database

    def forget(self, tenant: str, subjects: Sequence[str], document_ids: Sequence[str]) -> int:
        """Remove every store that was set aside, and what a restoration left half done; return how many."""
        del tenant, subjects, document_ids
        if self._database.rows(select(holds.c.id).limit(1)):
            return 0
        half = half_restored(self._home)
        folders = [*set_aside(self._home), *([half] if half else [])]
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
        return len(folders)
