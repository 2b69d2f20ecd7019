from __future__ import annotations

import io
import zipfile

import pytest

from domain.errors import DocumentError
from ingestion import archives
from ingestion.archives import check_expansion


def archive(*sizes: int) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for number, size in enumerate(sizes):
            file.writestr(f"{number}.bin", bytes(size))
    return target.getvalue()


def test_a_small_archive_passes_however_well_it_packs() -> None:
    check_expansion(archive(2**20))


def test_an_archive_that_packs_too_well_is_a_bomb() -> None:
    with pytest.raises(DocumentError, match=r"document\.bomb"):
        check_expansion(archive(65 * 2**20))


def test_an_archive_that_unpacks_to_too_much_is_a_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_TOTAL", 1_000)
    check_expansion(archive(600, 400))
    with pytest.raises(DocumentError, match=r"document\.bomb"):
        check_expansion(archive(600, 401))


def test_an_archive_of_too_many_members_is_a_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_ENTRIES", 3)
    check_expansion(archive(1, 1, 1))
    with pytest.raises(DocumentError, match=r"document\.bomb"):
        check_expansion(archive(1, 1, 1, 1))


@pytest.mark.parametrize("content", [b"", b"no archive", archive(10)[:-10]])
def test_what_is_no_archive_is_malformed(content: bytes) -> None:
    with pytest.raises(DocumentError, match=r"document\.malformed"):
        check_expansion(content)
