"""Opens Office Open XML packages (ECMA-376 part 2) without trusting them: parts, relationships, properties."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import Final

from lxml import etree

from domain.errors import DocumentError
from ingestion.archives import check_expansion
from ingestion.xml_tree import children, local_name, parse, text_of

OLE_START: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED_STREAM: Final = "EncryptedPackage".encode("utf-16-le")
_ZIP_START: Final = b"PK\x03\x04"
_ENCRYPTED_FLAG: Final = 0x1
_PROLOG: Final = 64 * 1024
_ROOT_TAG: Final = re.compile(rb"<[A-Za-z_]")
_PROPERTIES: Final = {
    "title": "title", "creator": "author", "created": "created", "modified": "modified", "language": "language",
}  # fmt: skip
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, OSError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A relationship of a part: the last word of its type and the name of the part it leads to."""

    id: str
    kind: str
    target: str


class OfficePackage:
    """The parts of a package. Raises document.encrypted, .bomb, .hostile and .malformed."""

    def __init__(self, content: bytes) -> None:
        if content.startswith(OLE_START):
            raise DocumentError("document.encrypted" if _ENCRYPTED_STREAM in content else "document.malformed")
        check_expansion(content)
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
        except _BROKEN as error:
            raise DocumentError("document.malformed") from error
        if any(entry.flag_bits & _ENCRYPTED_FLAG for entry in self._archive.infolist()):
            raise DocumentError("document.encrypted")
        self._names = frozenset(self._archive.namelist())

    def main_part(self, root: str) -> tuple[str, etree._Element]:
        """Return name and root element of the main part, which must be a ``root`` element."""
        name = next((relation.target for relation in self.relations("") if relation.kind == "officeDocument"), "")
        element = self.xml(name)
        if local_name(element) != root:
            raise DocumentError("document.malformed")
        return name, element

    def xml(self, name: str) -> etree._Element:
        """Return the root element of a part."""
        return parse(self._read(name))

    def relations(self, part: str) -> list[Relation]:
        """Return the relationships of a part (of the package for ""), those that lead outside left out."""
        folder, base = posixpath.split(part)
        name = posixpath.join(folder, "_rels", f"{base}.rels")
        if name not in self._names:
            return []
        return [
            Relation(
                id=element.get("Id", ""),
                kind=element.get("Type", "").rpartition("/")[2],
                target=posixpath.normpath(posixpath.join("/", folder, element.get("Target", ""))).lstrip("/"),
            )
            for element in children(self.xml(name), "Relationship")
            if element.get("TargetMode") != "External"
        ]

    def related(self, part: str, kind: str) -> etree._Element | None:
        """Return the root element of the first part that ``part`` is related to in this way, where it exists."""
        targets = [relation.target for relation in self.relations(part) if relation.kind == kind]
        return self.xml(targets[0]) if targets and targets[0] in self._names else None

    def properties(self) -> dict[str, str]:
        """Return what the package says of itself: title, author, created, modified, language."""
        core = self.related("", "core-properties")
        found = {} if core is None else {local_name(element): text_of(element) for element in children(core)}
        return {key: found[name] for name, key in _PROPERTIES.items() if found.get(name)}

    def check_prologs(self) -> None:
        """Refuse a part with a document type, which packages may not have: for parsers that would resolve entities."""
        for name in sorted(self._names):
            if not name.lower().endswith((".xml", ".rels")):
                continue
            head = self._read(name, _PROLOG).replace(b"\0", b"")
            root = _ROOT_TAG.search(head)
            if root is None:
                raise DocumentError("document.malformed")
            if b"<!DOCTYPE" in head[: root.start()]:
                raise DocumentError("document.hostile")

    def _read(self, name: str, most: int = -1) -> bytes:
        try:
            with self._archive.open(name) as part:
                return part.read(most)
        except (*_BROKEN, KeyError) as error:
            raise DocumentError("document.malformed") from error


def sniff_package(content: bytes, name: str, *, part: str, suffixes: tuple[str, ...]) -> float:
    """Return how sure it is that ``content`` is the kind of package that holds ``part``.

    An encrypted package is known by its suffix only.
    """
    if content.startswith(_ZIP_START):
        return 0.95 if part.encode("ascii") in content[:_PROLOG] else 0.6 if name.lower().endswith(suffixes) else 0.0
    return 0.9 if content.startswith(OLE_START) and name.lower().endswith(suffixes) else 0.0
