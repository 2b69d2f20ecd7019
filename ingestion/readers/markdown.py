"""Reads Markdown (CommonMark with tables): the text is the file, its headings are the sections."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from domain.documents import Reading, Section, TableSpan
from ingestion.decoding import decoded, looks_like_text
from ingestion.legal_text import regulation_sections
from ingestion.names import title_from

_LINE_END: Final = re.compile(r"\r\n?|\n")
_FRONT_MATTER: Final = re.compile(
    r"\ufeff?---[ \t]*\r?\n(?P<fields>.*?)^(?:---|\.\.\.)[ \t]*(?=\r?$)", re.DOTALL | re.MULTILINE
)
_FIELD: Final = re.compile(r"^(title|author|date|lang|language):[ \t]*(\S.*?)[ \t]*\r?$", re.MULTILINE | re.IGNORECASE)
_METADATA: Final = {"author": "author", "date": "created", "lang": "language", "language": "language"}


@dataclass(frozen=True, slots=True)
class MarkdownReader:
    """Reads Markdown; offsets of the canonical text are offsets of the decoded file."""

    name: str = "markdown"
    media_types: tuple[str, ...] = ("text/markdown",)
    suffixes: tuple[str, ...] = (".md", ".markdown")

    def sniff(self, content: bytes, name: str) -> float:
        """Go by the suffix: any text is Markdown."""
        return 0.5 if PurePath(name).suffix.lower() in self.suffixes and looks_like_text(content) else 0.0

    def read(self, content: bytes, name: str) -> Reading:
        """Read the file as it is. Raises document.malformed where it is no text."""
        text = decoded(content)
        fields = _front_matter(text)
        blocks = _Blocks(text)
        headings = blocks.headings()
        first = next((label for _, level, label in headings if level == 1), "")
        metadata = {_METADATA[key]: value for key, value in fields.items() if key in _METADATA}
        return Reading(
            media_type="text/markdown",
            title=fields.get("title") or first or title_from(name),
            text=text,
            sections=regulation_sections(text) or _sections(headings, len(text)),
            tables=tuple(blocks.tables()),
            language=metadata.get("language"),
            metadata=metadata,
        )


class _Blocks:
    """The block tokens of a Markdown text, with offsets into it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
        self._parser = MarkdownIt("commonmark").enable("table")
        self._parser.core.ruler.enableOnly(["normalize", "block"])
        self._inline = MarkdownIt("commonmark")
        found = _FRONT_MATTER.match(text)
        hidden = _LINE_END.sub("\n", text[: found.end()]).count("\n") if found else 0
        body = "\n" * hidden + text[found.end() if found else 0 :].replace("\ufeff", " ", 1 if not found else 0)
        self._tokens = self._parser.parse(body)

    def headings(self) -> list[tuple[int, int, str]]:
        """Return (offset, level, label) of every heading that stands in no list or quotation."""
        found = []
        for token, inline in zip(self._tokens, self._tokens[1:], strict=False):
            if token.type == "heading_open" and token.level == 0:
                start, _ = self._span(token)
                found.append((start, int(token.tag[1:]), self._words(inline.content)))
        return found

    def tables(self) -> list[TableSpan]:
        """Return the tables in order."""
        rows: list[tuple[int, int]] = []
        found = []
        for token in self._tokens:
            if token.type == "table_open":
                rows = []
            elif token.type == "tr_open":
                rows.append(self._span(token))
            elif token.type == "table_close" and rows:
                header, *body = rows
                found.append(
                    TableSpan(
                        start=header[0],
                        end=rows[-1][1],
                        header_start=header[0],
                        header_end=header[1],
                        row_starts=tuple(start for start, _ in body),
                    )
                )
        return found

    def _span(self, token: Token) -> tuple[int, int]:
        """Return where the lines of a token start and end, without the last line end."""
        first, after = token.map or (0, 0)
        start = self._starts[first]
        end = self._starts[after] if after < len(self._starts) else len(self._text)
        return start, start + len(self._text[start:end].rstrip("\r\n"))

    def _words(self, content: str) -> str:
        """Return a heading without its marks."""
        words = (
            part.content or " "
            for token in self._inline.parseInline(content)
            for part in _leaves(token)
            if part.type != "html_inline"
        )
        return " ".join("".join(words).split())


def _leaves(token: Token) -> Sequence[Token]:
    """Return the pieces of an inline token that hold text or break a line."""
    return [part for part in token.children or () if part.content or part.type in ("softbreak", "hardbreak")]


def _sections(headings: Sequence[tuple[int, int, str]], size: int) -> tuple[Section, ...]:
    sections = [Section(path=(), kind="document", start=0, end=size, parent=None)]
    stack: list[tuple[int, int]] = []
    for start, level, label in headings:
        _close(sections, stack, level, start)
        parent = stack[-1][0] if stack else 0
        path = (*sections[parent].path, label)
        sections.append(Section(path=path, kind="heading", start=start, end=start, parent=parent))
        stack.append((len(sections) - 1, level))
    _close(sections, stack, 0, size)
    return tuple(sections)


def _close(sections: list[Section], stack: list[tuple[int, int]], level: int, end: int) -> None:
    while stack and stack[-1][1] >= level:
        index, _ = stack.pop()
        sections[index] = replace(sections[index], end=end)


def _front_matter(text: str) -> Mapping[str, str]:
    found = _FRONT_MATTER.match(text)
    fields = _FIELD.findall(found["fields"]) if found else []
    return {key.lower(): value.strip("\"'") for key, value in fields}
