"""The byte search that tests of erasure rely on finds what it should."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.store_bytes import files_with

WORD = "zqsecretx"


@pytest.mark.parametrize(
    "written",
    [
        b"a zqsecretx b",
        b"ZQSecretX",
        b"xtercesqz",
        "zqsecretx".encode("utf-16-le"),
        "zqsecretx".encode("utf-16-be"),
        "zqsecretx".encode("utf-32-be"),
    ],
)
def test_a_word_is_found_however_it_is_written_and_wherever_it_stands(tmp_path: Path, written: bytes) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(1 << 25)
        file.seek(9_999_999)
        file.write(written)
    assert files_with(tmp_path, WORD, "zqotherx") == [WORD]


def test_nothing_is_found_where_nothing_was_written(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(1 << 25)
    (tmp_path / "empty").touch()
    (tmp_path / "text").write_bytes(b"zq secretx")
    assert files_with(tmp_path, WORD) == []
