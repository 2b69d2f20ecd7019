"""Originals are kept by their digest, once, until they are deleted."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.store.blob_store import FolderBlobStore
from domain.errors import ServiceError

DIGEST = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"  # of "hello", by sha256sum


def test_bytes_come_back_by_their_digest_until_they_are_deleted(tmp_path: Path) -> None:
    store = FolderBlobStore(tmp_path / "originals")
    assert store.put(b"hello") == store.put(b"hello") == DIGEST
    assert [file.name for file in tmp_path.rglob("*") if file.is_file()] == [DIGEST]
    assert FolderBlobStore(tmp_path / "originals").get(DIGEST) == b"hello"
    for _ in range(2):
        store.delete(DIGEST)
    assert store.get(DIGEST) is None


def test_what_is_no_digest_is_refused_and_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(ServiceError):
        FolderBlobStore(tmp_path).get("../../etc/passwd")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ServiceError) as caught:
        FolderBlobStore(tmp_path / "file").put(b"hello")
    assert caught.value.code == "service.storage_unavailable"
