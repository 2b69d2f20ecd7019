"""Where words are drawn on pages."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from domain.documents import Anchor, Box


def anchors_within(anchors: Sequence[Anchor], start: int, end: int) -> list[Anchor]:
    """Return the anchors that overlap ``start..end``; ``anchors`` are in order."""
    first = bisect_left(anchors, start + 1, key=lambda anchor: anchor.end)
    last = bisect_left(anchors, end, key=lambda anchor: anchor.start)
    return list(anchors[first:last])


def merge_boxes(anchors: Sequence[Anchor]) -> tuple[Box, ...]:
    """Return one box a line of text: the union of neighbouring words that share a line."""
    boxes: list[Box] = []
    for anchor in anchors:
        box = anchor.box
        if boxes and _same_line(boxes[-1], box):
            previous = boxes[-1]
            boxes[-1] = Box(
                page=box.page,
                left=min(previous.left, box.left),
                top=min(previous.top, box.top),
                right=max(previous.right, box.right),
                bottom=max(previous.bottom, box.bottom),
            )
        else:
            boxes.append(box)
    return tuple(boxes)


def _same_line(one: Box, other: Box) -> bool:
    overlap = min(one.bottom, other.bottom) - max(one.top, other.top)
    height = min(one.bottom - one.top, other.bottom - other.top)
    return one.page == other.page and overlap > height / 2 and other.left >= one.left
