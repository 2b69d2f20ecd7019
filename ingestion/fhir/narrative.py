"""Takes the words out of a narrative (XHTML), a block a line, a table row a line."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final

_BLOCKS: Final = frozenset(
    {
        "p",
        "div",
        "li",
        "tr",
        "table",
        "ul",
        "ol",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "br",
        "blockquote",
        "dt",
        "dd",
        "hr",
    }
)
_CELLS: Final = frozenset({"td", "th"})
_UNSEEN: Final = frozenset({"script", "style"})


class _Lines(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[list[str]] = [[]]
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - as inherited
        """Begin a line at a block, a cell after another one in the same line."""
        if tag in _UNSEEN:
            self.unseen += 1
        elif tag in _BLOCKS:
            self.lines.append([])
        elif tag in _CELLS and any(part.strip() for part in self.lines[-1]):
            self.lines[-1].append(" | ")

    def handle_endtag(self, tag: str) -> None:
        """End a line with its block."""
        if tag in _UNSEEN:
            self.unseen = max(0, self.unseen - 1)
        elif tag in _BLOCKS:
            self.lines.append([])

    def handle_data(self, data: str) -> None:
        """Keep what is seen."""
        if not self.unseen:
            self.lines[-1].append(data)


def narrative_lines(div: str) -> list[str]:
    """Return the lines of a narrative; never raises, whatever the markup."""
    parser = _Lines()
    try:
        parser.feed(div)
        parser.close()
    except AssertionError:  # the standard parser asserts that "<![...]" sections are known ones
        parser.lines.append(["(the rest of the narrative is not well formed)"])
    return [text for parts in parser.lines if (text := " ".join("".join(parts).split()))]
