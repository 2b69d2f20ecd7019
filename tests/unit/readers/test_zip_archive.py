from __future__ import annotations

import stat
import struct
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from domain.errors import DocumentError
from ingestion.limits import Limits
from ingestion.readers.zip_archive import ZipReader


def archive(members: dict[str, bytes]) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as written:
        for name, content in members.items():
            written.writestr(name, content)
    return stream.getvalue()


def code_of(content: bytes, reader: ZipReader | None = None) -> str:
    with pytest.raises(DocumentError) as caught:
        (reader or ZipReader()).read(content, "a.zip")
    return caught.value.code


def test_members_come_out_by_name_as_files_of_their_own() -> None:
    content = archive({"b.txt": b"two", "folder/": b"", "a/c.txt": b"one", "__MACOSX/._b.txt": b"x", ".hidden": b"x"})
    reading = ZipReader().read(content, "a.zip")
    assert reading.text == ""
    assert [(a.name, a.content, a.inline) for a in reading.attachments] == [
        ("a/c.txt", b"one", False),
        ("b.txt", b"two", False),
    ]


@pytest.mark.parametrize("name", ["../x.txt", "a/../../x.txt", "/etc/x.txt", "C:\\x.txt", "..\\x.txt"])
def test_a_name_that_leaves_the_archive_is_hostile(name: str) -> None:
    assert code_of(archive({"fine.txt": b"1", name: b"2"})) == "document.hostile"


def test_a_link_is_hostile() -> None:
    stream = BytesIO()
    link = ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with ZipFile(stream, "w") as written:
        written.writestr(link, "/etc/passwd")
    assert code_of(stream.getvalue()) == "document.hostile"


def test_an_encrypted_member_closes_the_archive() -> None:
    content = bytearray(archive({"a.txt": b"secret"}))
    content[6] |= 1  # the local header's flags
    content[content.index(b"PK\x01\x02") + 8] |= 1  # the directory's flags
    assert code_of(bytes(content)) == "document.encrypted"


def test_what_unpacks_beyond_the_limit_is_a_bomb() -> None:
    content = archive({"a.txt": b"0" * 600, "b.txt": b"0" * 600})
    assert code_of(content, ZipReader(limits=Limits(max_expanded=1_000))) == "document.bomb"


def test_more_members_than_the_limit_are_a_bomb() -> None:
    content = archive({f"{number}.txt": b"x" for number in range(4)})
    assert code_of(content, ZipReader(limits=Limits(max_members=3))) == "document.bomb"


def test_a_member_that_lies_about_its_size_is_malformed() -> None:
    content = archive({"a.txt": b"0" * 5_000})
    lie = content.replace(struct.pack("<I", 5_000), struct.pack("<I", 10))
    assert lie != content
    assert code_of(lie) == "document.malformed"


def test_two_members_of_one_name_are_malformed() -> None:
    assert code_of(archive({"a.txt": b"1", "b.txt": b"2"}).replace(b"b.txt", b"a.txt")) == "document.malformed"


def test_a_broken_archive_is_malformed() -> None:
    content = archive({"a.txt": b"some words that were packed"})
    assert code_of(content[: len(content) // 2]) == "document.malformed"


def test_packages_that_are_one_document_are_left_to_their_readers() -> None:
    reader = ZipReader()
    assert reader.sniff(archive({"a.txt": b"1"}), "a.zip") == 0.5
    assert reader.sniff(archive({"a.txt": b"1"}), "a.odt") == 0.0
    assert reader.sniff(archive({"x": b"1", "[Content_Types].xml": b"2"}), "upload") == 0.0
    assert reader.sniff(b"plain words", "a.zip") == 0.0
