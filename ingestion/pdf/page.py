"""What a page holds: words with their boxes, in lines, in reading order."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from domain.documents import Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A run of characters without spaces. ``size`` is the line height of its font in points, 0 where unknown."""

    text: str
    box: Box
    size: float = 0.0
    bold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """At least one word, on one base line."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """Return its words with single spaces."""
        return " ".join(word.text for word in self.words)

    @property
    def page(self) -> int:
        """Return the number of its page, from 1."""
        return self.words[0].box.page

    @property
    def left(self) -> float:
        """Return where its first word starts."""
        return self.words[0].box.left

    @property
    def right(self) -> float:
        """Return where its last word ends."""
        return self.words[-1].box.right

    @property
    def top(self) -> float:
        """Return the upper edge of its first word."""
        return self.words[0].box.top

    @property
    def height(self) -> float:
        """Return the height of its first word's box."""
        return self.words[0].box.bottom - self.words[0].box.top

    @property
    def size(self) -> float:
        """Return the size of its first word."""
        return self.words[0].size

    @property
    def bold(self) -> bool:
        """Say whether every word is bold."""
        return all(word.bold for word in self.words)

    @property
    def gap(self) -> tuple[float, float]:
        """Return left and right edge of the widest gap between neighbouring words, (0, 0) for a single word."""
        gaps = [(one.box.right, other.box.left) for one, other in pairwise(self.words)]
        return max(gaps, key=lambda gap: gap[1] - gap[0], default=(0.0, 0.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as displayed: number from 1, size in points, lines in reading order, and whether its text is a picture."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    scan: bool = False
