from __future__ import annotations

import ast
from pathlib import Path

import pytest

from ingestion.limits import Limits
from ingestion.readers.pdf import PdfReader
from ingestion.readers.zip_archive import ZipReader
from ingestion.reading import Limited
from ingestion.registry import READERS
from tests.data import ROOT

MODULES = sorted((ROOT / "ingestion" / "readers").glob("[!_]*.py"))


def readers_of(module: Path) -> list[str]:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    return [
        node.name
        for node in tree.body
        if isinstance(node, ast.ClassDef) and node.name.endswith("Reader") and not node.name.startswith("_")
    ]


def test_every_reader_is_registered_once() -> None:
    defined = sorted((f"ingestion.readers.{module.stem}", name) for module in MODULES for name in readers_of(module))
    assert defined
    assert sorted((type(reader).__module__, type(reader).__name__) for reader in READERS) == defined


def test_every_reader_has_its_own_test_file() -> None:
    tests = ROOT / "tests" / "unit" / "readers"
    missing = [
        module.stem for module in MODULES if readers_of(module) and not (tests / f"test_{module.stem}.py").exists()
    ]
    assert missing == []


def test_names_of_readers_are_unique_and_suffixes_are_lower_case_with_a_dot() -> None:
    names = [reader.name for reader in READERS]
    assert len(names) == len(set(names))
    assert all(suffix == suffix.lower() and suffix.startswith(".") for reader in READERS for suffix in reader.suffixes)
    assert all(reader.media_types for reader in READERS)


def test_readers_with_limits_take_those_of_the_file() -> None:
    limits = Limits(max_pages=7)
    fitted = {reader.name: reader.within(limits) for reader in READERS if isinstance(reader, Limited)}
    assert fitted == {"pdf": PdfReader(limits=limits), "zip": ZipReader(limits=limits)}


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "piece",
    [b"<!-- a -->\n", b"<?xml?> ", b"<!--", b"<a ", b"<a x='", b" \n", b"{", b'{"a":', b"# ", b"a,b;", b"=\n",
     b"From: a\n", b"- ", b"{\\rtf", b"<p:a ", b"<!DOCTYPE ", b"\xff\xfe", b"%PDF", b"PK\x03\x04",
     b"| a |\n|--", b"[a](", b"A: b\n"],
)  # fmt: skip
def test_no_repetition_keeps_a_reader_guessing(piece: bytes) -> None:
    content = piece * (200_000 // len(piece))
    for reader in READERS:
        assert 0.0 <= reader.sniff(content, "file.bin") <= 1.0
