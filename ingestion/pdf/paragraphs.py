"""Puts lines together into paragraphs by where they stand on the page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median, quantiles
from typing import Final

from ingestion.pdf.page import Line, Page

_LOOSE: Final = 1.3  # times the usual distance of lines
_TABLE_GAP: Final = 1.8  # times the height of a line: wider than justified text stretches a space
_SAME_SIZE: Final = 0.1
_INDENT: Final = 0.8
_SPACE: Final = 0.25
_SAME_COLUMN: Final = 3.0
_TERMINATORS: Final = (".", ":", ";", "!", "?", ".”", '."', ".)", ".]", "; or", "; and", ", and", ", or")
_ITEM: Final = re.compile(r"(\([0-9a-zA-Z]{1,5}\)|[0-9]{1,3}[.)]|[a-zA-Z][.)]|[•◦▪‣●○–—-])$")

_FEW_COLUMN_LINES: Final = 8
_MOST: Final = 0.6
_PROSE: Final = 4


def paragraphs(pages: Sequence[Page]) -> list[list[Line]]:
    """Return the document's lines, paragraph by paragraph, across columns and pages."""
    lines = [line for page in pages for line in _by_column(page)]
    leading = _leading(lines)
    edges = _right_edges(lines)
    blocks: list[list[Line]] = []
    for index, line in enumerate(lines):
        if blocks and not _breaks(blocks[-1], line, leading, edges[index - 1]):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks


def is_row(line: Line) -> bool:
    """Say whether a line looks like the row of a table: a gap that no running text has."""
    left, right = line.gap
    return right - left > _TABLE_GAP * max(line.height, 1.0)


def follows(one: Line, other: Line) -> bool:
    """Say whether ``other`` stands below ``one`` in the same column."""
    overlap = min(one.right, other.right) - max(one.left, other.left)
    return one.page == other.page and other.top > one.top and overlap > 0


def _leading(lines: Sequence[Line]) -> float:
    """Return the usual distance of two lines, in line heights."""
    steps = [
        (other.top - one.top) / max(one.height, 1.0)
        for one, other in pairwise(lines)
        if follows(one, other) and _is_alike(one, other)
    ]
    # The usual distance is the lower one: half-titles and lists are set wider.
    return min(median(steps), quantiles(steps, n=4)[0] * 1.1) if len(steps) > 1 else 1.2


def _right_edges(lines: Sequence[Line]) -> list[float]:
    """Return for each line where text of its column usually ends."""
    edges: list[float] = []
    run: list[Line] = []
    for line in lines:
        near = run and abs(run[-1].left - line.left) < _SAME_COLUMN * max(line.height, 1.0)
        if run and not (near and follows(run[-1], line)):
            edges += [_usual_right(run)] * len(run)
            run = []
        run.append(line)
    return edges + ([_usual_right(run)] * len(run) if run else [])


def _usual_right(run: Sequence[Line]) -> float:
    rights = sorted(line.right for line in run)
    return rights[int(0.8 * (len(rights) - 1))]


def _breaks(block: Sequence[Line], line: Line, leading: float, edge: float) -> bool:
    last = block[-1]
    if is_row(last) or is_row(line) or not _is_alike(last, line):
        return True
    ends = last.text.endswith(_TERMINATORS)
    starts_item = bool(_ITEM.match(line.words[0].text))
    if not follows(last, line):
        return ends or starts_item or not line.text[0].islower()
    height = max(last.height, 1.0)
    if line.top - last.top > _LOOSE * leading * height or (starts_item and ends):
        return True
    if not ends and line.text[0].islower():
        return False
    if last.right + _SPACE * height + _least_width(line) < edge:
        return True  # its first word had room on the line before, so the break was meant
    listed = bool(_ITEM.match(block[0].words[0].text))
    return not listed and line.left - last.left > _INDENT * height and not _is_centred(last, line)


def _is_alike(one: Line, other: Line) -> bool:
    """Say whether two lines are set alike; boxes of one font differ a little from line to line."""
    return one.bold == other.bold and abs(one.size - other.size) <= _SAME_SIZE * max(one.size, other.size)


def _least_width(line: Line) -> float:
    """Return how wide the start of a line is that cannot be parted: a sign ("§") stays with its number."""
    first, second = line.words[0], line.words[min(1, len(line.words) - 1)]
    return (first if first.text[0].isalnum() else second).box.right - first.box.left


def _is_centred(one: Line, other: Line) -> bool:
    return abs((one.left + one.right) - (other.left + other.right)) < one.height


def _by_column(page: Page) -> Sequence[Line]:
    """Return a page's lines; two columns written across the gutter line by line are read one after the other."""
    gaps = [line.gap for line in page.lines if is_row(line)]
    if len(gaps) < max(_FEW_COLUMN_LINES, _MOST * len(page.lines)):
        return page.lines
    (gutter, lines), *_ = Counter(x for left, right in gaps for x in range(int(left) + 1, int(right))).most_common(1)
    lefts, rights, order = _split(page.lines, gutter)
    prose = _is_prose(lefts) and _is_prose(rights)
    return order if prose and lines >= _MOST * len(page.lines) else page.lines


def _split(lines: Sequence[Line], gutter: int) -> tuple[list[Line], list[Line], list[Line]]:
    """Return the left and the right column, and all lines in the order of reading, whole-width lines in place."""
    lefts: list[Line] = []
    rights: list[Line] = []
    order: list[Line] = []
    waiting: list[Line] = []
    for line in lines:
        left = tuple(word for word in line.words if word.box.right <= gutter)
        right = tuple(word for word in line.words if word.box.left >= gutter)
        across = len(left) + len(right) < len(line.words) or (left and right and not is_row(line))
        if across:
            order += [*waiting, line]
            waiting = []
            continue
        if left:
            lefts.append(Line(words=left))
            order.append(lefts[-1])
        if right:
            rights.append(Line(words=right))
            waiting.append(rights[-1])
    return lefts, rights, order + waiting


def _is_prose(lines: Sequence[Line]) -> bool:
    """Say whether lines fill their column with words, which the cells of a table do not."""
    if len(lines) < _FEW_COLUMN_LINES:
        return False
    edge, start = max(line.right for line in lines), min(line.left for line in lines)
    full = sum(line.right > edge - 0.15 * (edge - start) for line in lines)
    return full >= _MOST * len(lines) and median(len(line.words) for line in lines) >= _PROSE
