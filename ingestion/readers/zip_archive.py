"""Reads ZIP archives: every member becomes a file of its own."""

from __future__ import annotations

import lzma
import stat
import struct
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import PurePath, PurePosixPath, PureWindowsPath
from typing import Final
from zipfile import BadZipFile, ZipFile, ZipInfo

from domain.documents import Attachment, Reading
from domain.errors import DocumentError
from ingestion.archives import check_expansion
from ingestion.limits import Limits
from ingestion.outline import Outline

_MEDIA_TYPE: Final = "application/zip"
_SIGNATURES: Final = (b"PK\x03\x04", b"PK\x05\x06")
_HEAD: Final = 65_536
_CHUNK: Final = 65_536
_ENCRYPTED_FLAGS: Final = 0x1 | 0x40
_NAME_AT: Final = 30  # bytes from the start of a member's header to its name (APPNOTE 4.3.7)
_OFFICE: Final = b"[Content_Types].xml"  # ECMA-376 part 2
_PACKAGES: Final = (_OFFICE, b"mimetypeapplication/", b"META-INF/MANIFEST.MF")  # OpenDocument and EPUB, Java
_PACKAGE_SUFFIXES: Final = frozenset(
    (
        ".apk", ".docm", ".docx", ".dotx", ".epub", ".jar", ".key", ".numbers", ".odg", ".odp", ".ods", ".odt",
        ".pages", ".potx", ".pptm", ".pptx", ".war", ".whl", ".xlsb", ".xlsm", ".xlsx", ".xltx",
    )
)  # fmt: skip
_LEFT_OUT: Final = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class ZipReader:
    """Reads ZIP archives into attachments that are not inline; its own text is empty."""

    limits: Limits = field(default_factory=Limits)
    name: str = "zip"
    media_types: tuple[str, ...] = (_MEDIA_TYPE,)
    suffixes: tuple[str, ...] = (".zip",)

    def within(self, limits: Limits) -> ZipReader:
        """Return this reader with other limits."""
        return replace(self, limits=limits)

    def sniff(self, content: bytes, name: str) -> float:
        """Look for the signature; formats that are packed as ZIP but are one document are left to their readers."""
        if not content.startswith(_SIGNATURES):
            return 0.0
        is_package = content[_NAME_AT:_HEAD].startswith(_PACKAGES) or _OFFICE in content[:_HEAD]
        return 0.0 if is_package or PurePosixPath(name).suffix.lower() in _PACKAGE_SUFFIXES else 0.5

    def read(self, content: bytes, name: str) -> Reading:
        """Unpack all members. Raises document.hostile, .encrypted, .bomb, .malformed and .unsupported."""
        check_expansion(content)
        outline = Outline()
        try:
            with ZipFile(BytesIO(content)) as archive:
                members = _members(archive, self.limits)
                outline.attachments.extend(_unpack(archive, members, self.limits.max_expanded))
        except NotImplementedError as error:
            raise DocumentError("document.unsupported", "compression method") from error
        except (
            BadZipFile,
            EOFError,
            OSError,
            ValueError,
            RuntimeError,
            struct.error,
            zlib.error,
            lzma.LZMAError,
        ) as error:
            raise DocumentError("document.malformed") from error
        return outline.finish(media_type=_MEDIA_TYPE, title=PurePath(name).name)


def _members(archive: ZipFile, limits: Limits) -> list[ZipInfo]:
    """Return the members to read, by name, after a look at all names and flags."""
    listed = archive.infolist()
    if len(listed) > limits.max_members:
        raise DocumentError("document.bomb", f"{len(listed)} members, limit {limits.max_members}")
    for member in listed:
        if _is_hostile(member):
            raise DocumentError("document.hostile", "a member's name leaves the archive")
        if member.flag_bits & _ENCRYPTED_FLAGS:
            raise DocumentError("document.encrypted")
    if any(count > 1 for count in Counter(member.filename for member in listed).values()):
        raise DocumentError("document.malformed", "two members of one name")
    return sorted((member for member in listed if not _is_left_out(member)), key=lambda member: member.filename)


def _is_hostile(member: ZipInfo) -> bool:
    name = member.filename.replace("\\", "/")
    linked = stat.S_ISLNK(member.external_attr >> 16)
    return linked or name.startswith("/") or bool(PureWindowsPath(name).drive) or ".." in name.split("/")


def _is_left_out(member: ZipInfo) -> bool:
    """Leave out folders, hidden files and what operating systems drop into archives."""
    parts = PurePosixPath(member.filename).parts
    return member.is_dir() or any(part.startswith(".") or part in _LEFT_OUT for part in parts)


def _unpack(archive: ZipFile, members: Sequence[ZipInfo], limit: int) -> list[Attachment]:
    """Unpack by what really comes out; declared sizes are only claims."""
    attachments: list[Attachment] = []
    left = limit
    for member in members:
        parts: list[bytes] = []
        with archive.open(member) as stream:
            while chunk := stream.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise DocumentError("document.bomb", f"expands over {limit} bytes")
                parts.append(chunk)
        attachments.append(Attachment(name=member.filename, media_type=None, content=b"".join(parts), inline=False))
    return attachments
