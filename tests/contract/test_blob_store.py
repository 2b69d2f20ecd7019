"""Originals are kept by their digest, once, until they are deleted, wherever they lie; sealed when there is a key."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from app.store.blob_store import FolderBlobStore, FsspecBlobStore
from app.store.cipher import Cipher, cipher_of
from domain.errors import RequestError, ServiceError
from domain.ports.blob_store import BlobStore

DIGEST = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"  # of "hello", by sha256sum
OLD, NEW = b"o" * 32, b"n" * 32
Make = Callable[..., BlobStore]


@pytest.fixture(params=["folder", "fsspec local", "fsspec memory"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    if request.param == "folder":
        return lambda cipher=None: FolderBlobStore(tmp_path / "originals", cipher)
    # S3 itself cannot run here; these are what fsspec puts the same calls through.
    url = f"file://{tmp_path}/originals" if "local" in request.param else f"memory://{uuid.uuid4().hex}/originals"
    return lambda cipher=None: FsspecBlobStore(url, cipher)


@pytest.mark.parametrize("cipher", [None, Cipher([NEW])], ids=["plain", "sealed"])
def test_bytes_come_back_by_their_digest_until_they_are_deleted(make: Make, cipher: Cipher | None) -> None:
    store = make(cipher)
    assert list(store.digests()) == []
    assert store.get(DIGEST) is None
    assert store.put(b"hello") == store.put(b"hello") == DIGEST
    assert list(make(cipher).digests()) == [DIGEST]
    assert make(cipher).get(DIGEST) == b"hello"
    for _ in range(2):
        store.delete(DIGEST)
    assert store.get(DIGEST) is None
    assert list(store.digests()) == []
    with pytest.raises(ServiceError):
        store.get("../../etc/passwd")


def test_what_is_sealed_needs_its_key_and_keys_can_be_changed(make: Make) -> None:
    make().put(b"hello")
    other = make(Cipher([OLD])).put(b"sealed from the start")
    assert make(Cipher([OLD])).get(DIGEST) == b"hello"
    for cipher in (None, Cipher([NEW])):
        with pytest.raises(ServiceError) as caught:
            make(cipher).get(other)
        assert caught.value.code == "service.storage_unavailable"
    both = make(Cipher([NEW, OLD]))
    assert [both.reseal(digest) for digest in both.digests()] == [True, True]
    assert [both.reseal(digest) for digest in both.digests()] == [False, False]
    assert make(Cipher([NEW])).get(DIGEST) == b"hello"
    assert make(Cipher([NEW])).get(other) == b"sealed from the start"


def test_a_folder_holds_one_file_an_original_and_no_word_of_it_when_there_is_a_key(tmp_path: Path) -> None:
    FolderBlobStore(tmp_path / "plain").put(b"hello")
    FolderBlobStore(tmp_path / "sealed", Cipher([NEW])).put(b"hello")
    plain, sealed = sorted(file for file in tmp_path.rglob("*") if file.is_file())
    assert (plain.name, sealed.name) == (DIGEST, DIGEST)
    assert plain.read_bytes() == b"hello"
    assert b"hello" not in sealed.read_bytes()


def test_a_sealed_original_that_was_changed_or_changed_places_is_not_handed_out(tmp_path: Path) -> None:
    store = FolderBlobStore(tmp_path, Cipher([NEW]))
    first, second = store.put(b"one"), store.put(b"two")
    one, two = (tmp_path / digest[:2] / digest for digest in (first, second))
    content = one.read_bytes()
    for changed in (content[:-1], content[:20] + b"\x00" + content[21:], two.read_bytes()):
        one.write_bytes(changed)
        with pytest.raises(ServiceError):
            store.get(first)


def test_an_original_that_looks_sealed_and_is_not_comes_back_as_it_is(make: Make) -> None:
    odd = Cipher([OLD]).seal(b"x", "y")
    digest = make().put(odd)
    assert make().get(digest) == make(Cipher([NEW])).get(digest) == odd


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ServiceError) as caught:
        FolderBlobStore(tmp_path / "file").put(b"hello")
    assert caught.value.code == "service.storage_unavailable"


def test_an_address_that_nothing_installed_reaches_is_a_setting_that_is_not_valid() -> None:
    with pytest.raises(RequestError) as caught:
        FsspecBlobStore("nosuchkind://bucket/prefix")
    assert caught.value.code == "request.setting_invalid"


def test_keys_come_from_a_setting_or_a_file_and_are_32_bytes(tmp_path: Path) -> None:
    old, new = (base64.b64encode(key).decode() for key in (OLD, NEW))
    assert cipher_of(None, None) is None
    sealed = Cipher([OLD]).seal(b"text", "context")
    (tmp_path / "keys").write_text(f"{new}\n{old}\n")
    for cipher in (cipher_of(f"{new},{old}", None), cipher_of(None, tmp_path / "keys")):
        assert cipher is not None
        assert cipher.open(sealed, "context") == b"text"
        assert cipher.key == Cipher([NEW]).key
    for key, file in (("c2hvcnQ=", None), ("no base64!", None), ("", None), (new, tmp_path / "keys"), (None, tmp_path)):
        with pytest.raises(RequestError) as caught:
            cipher_of(key, file)
        assert caught.value.code == "request.setting_invalid"
        assert not key or key not in str(caught.value)
