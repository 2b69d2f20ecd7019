"""Refuses archives that would unpack to far more than they are, before anything is unpacked."""

from __future__ import annotations

import io
import zipfile
from typing import Final

from domain.errors import DocumentError

MAX_TOTAL: Final = 512 * 2**20  # bytes
MAX_RATIO: Final = 200
RATIO_COUNTS_ABOVE: Final = 64 * 2**20  # bytes
MAX_ENTRIES: Final = 20_000


def check_expansion(content: bytes) -> None:
    """Check the sizes that a ZIP archive declares for its members.

    The standard library never gives out more of a member than it declares, so the declared sizes are what unpacking
    can cost. Raises document.bomb, and document.malformed where ``content`` is no archive.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            sizes = [entry.file_size for entry in archive.infolist()]
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise DocumentError("document.malformed") from error
    total = sum(sizes)
    if len(sizes) > MAX_ENTRIES:
        raise DocumentError("document.bomb", f"{len(sizes)} entries, limit {MAX_ENTRIES}")
    if total > MAX_TOTAL or (total > RATIO_COUNTS_ABOVE and total > MAX_RATIO * len(content)):
        raise DocumentError("document.bomb", f"{total} bytes from {len(content)}")
