"""Reads e-mail (RFC 5322 and MIME): headers, body, and attachments still to be read by their own readers."""

from __future__ import annotations

import email
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import PurePath
from typing import Final

from domain.documents import Attachment, Reading, TableSpan
from domain.errors import DocumentError
from ingestion.decoding import decoded
from ingestion.names import title_from
from ingestion.outline import Outline
from ingestion.readers.html import HtmlReader

_SHOWN: Final = ("From", "To", "Cc", "Date", "Subject")
_KNOWN: Final = frozenset(
    ["from", "to", "cc", "bcc", "date", "subject", "received", "message-id", "mime-version", "return-path", "reply-to",
     "sender", "delivered-to", "content-type", "x-mailer", "in-reply-to", "references", "dkim-signature"]
)  # fmt: skip
_HEADER: Final = re.compile(rb"([!-9;-~]+):[ \t\r\n]")
_ENOUGH: Final = 2
_LONGEST_HEADER: Final = 20_000  # characters; the parser of addresses is slower than linear
_SIGNATURES: Final = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")
_ENCRYPTED: Final = ("application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted")


@dataclass(frozen=True, slots=True)
class EmailReader:
    """Reads one message. Attachments and messages inside are handed on; text is preferred to its HTML alternative."""

    name: str = "email"
    media_types: tuple[str, ...] = ("message/rfc822",)
    suffixes: tuple[str, ...] = (".eml",)

    def sniff(self, content: bytes, name: str) -> float:
        """Look for header lines of mail at the very start."""
        found = len(_known_headers(content[: 64 * 1024]))
        if PurePath(name).suffix.lower() in self.suffixes and found:
            return 0.95
        return 0.8 if found > _ENOUGH else 0.0

    def read(self, content: bytes, name: str) -> Reading:
        """Read a message. Raises document.malformed, .encrypted and .bomb."""
        if not _known_headers(content):
            raise DocumentError("document.malformed")
        try:
            message = email.message_from_bytes(content, policy=policy.default)
            parts = _Parts()
            parts.collect(message)
        except RecursionError:
            raise DocumentError("document.bomb", "parts nested too deep") from None
        except (MessageError, ValueError, TypeError, LookupError, AttributeError) as error:
            raise DocumentError("document.malformed", type(error).__name__) from error
        return _reading(message, parts, title_from(name))


@dataclass(slots=True)
class _Parts:
    """What a message is made of: bodies in order as (text, is HTML), and attachments."""

    bodies: list[tuple[str, bool]] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    is_encrypted: bool = False

    def collect(self, part: EmailMessage) -> None:
        kind = part.get_content_type()
        if kind in _ENCRYPTED or kind == "multipart/encrypted":
            self.is_encrypted = True
        elif kind == "message/rfc822":
            self._attach(part, _inner(part), "message.eml")
        elif kind == "multipart/alternative":
            self._collect_best(list(_children(part)))
        elif part.is_multipart():
            for inner in _children(part):
                self.collect(inner)
        elif part.get_filename() or part.get_content_disposition() == "attachment":
            self._attach(part, _payload(part), "")
        elif kind in ("text/plain", "text/html"):
            self.bodies.append((_text(part), kind == "text/html"))
        elif not kind.startswith("image/") and kind not in _SIGNATURES:
            self._attach(part, _payload(part), "")

    def _collect_best(self, alternatives: list[EmailMessage]) -> None:
        """Collect the plain alternative, or the last one, which says most (RFC 2046, 5.1.4)."""
        plain = [part for part in alternatives if part.get_content_type() == "text/plain" and _text(part).strip()]
        for part in (plain or alternatives)[-1:]:
            self.collect(part)

    def _attach(self, part: EmailMessage, content: bytes, name: str) -> None:
        kind = part.get_content_type()
        number = len(self.attachments) + 1
        name = part.get_filename() or name or f"attachment-{number}{mimetypes.guess_extension(kind) or ''}"
        self.attachments.append(Attachment(name=PurePath(name).name, media_type=kind, content=content))


def _reading(message: EmailMessage, parts: _Parts, stem: str) -> Reading:
    headers = {name: value for name in _SHOWN if (value := _header(message, name))}
    if parts.is_encrypted and not parts.bodies:
        raise DocumentError("document.encrypted")
    sent = _sent(headers.get("Date", ""))
    day = sent.date() if sent else None
    outline = Outline()
    outline.open("Headers", kind="message", heading="", date=day)
    for name, value in headers.items():
        outline.add(f"{name}: {value}")
    outline.close()
    tables: list[TableSpan] = []
    if parts.bodies:
        outline.open("Body", kind="message", heading="", date=day)
        for text, is_html in parts.bodies:
            _add_body(outline, text, tables, is_html=is_html)
        outline.close()
    outline.attachments.extend(parts.attachments)
    metadata = {"author": headers.get("From", ""), "created": sent.isoformat() if sent else ""}
    reading = outline.finish(
        media_type="message/rfc822",
        title=headers.get("Subject") or stem,
        metadata={key: value for key, value in metadata.items() if value},
    )
    return replace(reading, tables=tuple(tables))


def _add_body(outline: Outline, text: str, tables: list[TableSpan], *, is_html: bool) -> None:
    if not is_html:
        outline.add(text.replace("\r\n", "\n").strip())
        return
    page = HtmlReader().read(("\ufeff" + text).encode("utf-8", "replace"), "")
    start, _ = outline.add(page.text)
    tables.extend(
        replace(
            table,
            start=table.start + start,
            end=table.end + start,
            header_start=table.header_start + start,
            header_end=table.header_end + start,
            row_starts=tuple(row + start for row in table.row_starts),
        )
        for table in page.tables
    )


def _known_headers(head: bytes) -> set[str]:
    """Return which headers of mail the lines before the first empty one begin with; none where another line comes."""
    found = set()
    for line in head.lstrip(b"\xef\xbb\xbf").splitlines():
        match = _HEADER.match(line + b"\n")
        if match:
            found.add(match[1].decode("ascii").lower())
        elif not line or not (line.startswith((b" ", b"\t")) or (line.startswith(b"From ") and not found)):
            break
    return found & _KNOWN


def _header(message: EmailMessage, name: str) -> str:
    """Return a header decoded; as it stands where it is too long or broken to parse."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
    if len(raw) <= _LONGEST_HEADER:
        try:
            return " ".join(str(message.get(name, "")).split())
        except (ValueError, IndexError, AttributeError, KeyError, TypeError):
            pass  # CPython's header parser fails on some malformed headers; the raw one still tells
    return " ".join(raw.split())[:_LONGEST_HEADER]


def _sent(value: str) -> datetime | None:
    try:
        return parsedate_to_datetime(value) if value else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _children(part: EmailMessage) -> Iterator[EmailMessage]:
    payload = part.get_payload()
    for inner in payload if isinstance(payload, list) else ():
        if isinstance(inner, EmailMessage):
            yield inner


def _inner(part: EmailMessage) -> bytes:
    return b"".join(inner.as_bytes() for inner in _children(part)) or _payload(part)


def _payload(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _text(part: EmailMessage) -> str:
    payload = _payload(part)
    charset = part.get_content_charset()
    try:
        return payload.decode(charset, "replace") if charset else decoded(payload)
    except LookupError:
        return decoded(payload)
