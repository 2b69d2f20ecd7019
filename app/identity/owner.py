"""The token of the machine's owner: a file that only who owns the store's folder can read."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import Final

from domain.errors import ServiceError
from domain.ports.secret_source import SecretSource

FILE: Final = "owner.token"
PREFIX: Final = "cso_"
_TOKEN: Final = re.compile(PREFIX + r"[A-Za-z0-9_-]{43}")


def owner_token(home: Path, secrets: SecretSource) -> str:
    """Return the token, and make it at the first start. Delete the file and start again to change it.

    Raises ServiceError ``service.storage_unavailable`` when the file cannot be made or is not as we made it.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        if not (home / FILE).exists():
            _make(home / FILE, PREFIX + secrets.new())
    except OSError as error:
        raise ServiceError("service.storage_unavailable", f"{FILE}: {type(error).__name__}") from error
    found = read_owner_token(home)
    if found is None:
        raise ServiceError("service.storage_unavailable", f"{FILE}: not a token that others cannot read")
    return found


def read_owner_token(home: Path) -> str | None:
    """Return the token when there is one that we may read; one that everybody may read is nobody's."""
    try:
        file = home / FILE
        if file.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH):
            return None
        text = file.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return None
    return text if _TOKEN.fullmatch(text) else None


def _make(file: Path, token: str) -> None:
    part = file.with_suffix(f".{os.getpid()}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(descriptor, f"{token}\n".encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    # Two processes that start at once agree on the first.
    try:
        os.link(part, file)
    except FileExistsError:
        pass
    finally:
        part.unlink(missing_ok=True)
