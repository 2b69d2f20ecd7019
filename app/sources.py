"""Versions of documents shown for checking: outline, exact windows of text, places, changes, and originals.

Everything goes in by the guarded retriever and out by the presenter, like passages. What is outside of the scope does
not exist: the error is the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.answering.guarded import GuardedRetriever
from app.answering.presentation import JSON, Presenter, interval_json
from app.comparing import Change, changes, pieces
from app.library import visible
from app.originals import Originals
from domain.answers import Redacted
from domain.documents import Document, Interval, Locator, Section, Version
from domain.errors import RequestError
from domain.layout import merge_boxes
from domain.ports.catalogue import Catalogue, StoredVersion
from domain.questions import Question
from policies.access import passages as access

LONGEST: Final = 20_000
_MOST_MORE: Final = 2_000
_WINDOW: Final = 6_000
_MOST_SECTIONS: Final = 2_000
_MOST_CHANGES: Final = 500
_MOST_BOXES: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A version that the asker may see, its document, the versions around it, and the question as it was let in."""

    version: Version
    document: Document
    versions: Sequence[StoredVersion]
    asker: Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Shows versions within a scope. Every method raises RequestError ``request.not_found`` for one outside of it."""

    catalogue: Catalogue
    retriever: GuardedRetriever
    presenter: Presenter
    originals: Originals

    def outline(self, version_id: str, asker: Question) -> JSON:
        """Return what a version is, its sections in order, where its text is best cut, and the versions beside it."""
        seen = self._seen(version_id, asker)
        version, text = seen.version, seen.version.text
        every = self.catalogue.sections(version_id)
        kept = _shallowest(every)
        headings = [every[number].path[-1] if every[number].path else "" for number in kept]
        shown = self.presenter.texts([version.title, version.path, *headings], seen.asker)
        ids = [one.id for one in seen.versions]
        place = ids.index(version_id)
        return {
            **_stated(version, shown),
            "length": len(text),
            "windows": windows(text),
            "sections": [
                {
                    "number": number,
                    "level": len(every[number].path),
                    "kind": every[number].kind,
                    "heading": heading,
                    "start": every[number].start,
                    "end": every[number].end,
                    **_place_json(every[number].locator),
                    "date": day.isoformat() if (day := every[number].date) else None,
                }
                for number, heading in zip(kept, shown[2:], strict=True)
            ],
            "more_sections": sum(one.parent is not None for one in every) - len(kept),
            "number": place + 1,
            "count": len(ids),
            "previous": _neighbour(seen.versions[place - 1]) if place else None,
            "next": _neighbour(seen.versions[place + 1]) if place + 1 < len(ids) else None,
            "has_original": self.originals.has(version),
        }

    def text(self, version_id: str, start: int, end: int, mark: tuple[int, int] | None, asker: Question) -> JSON:
        """Return ``start..end`` of a version's text exactly, so that windows side by side join.

        A name that an edge would cut belongs whole to the window that it begins in. What is redacted is found with the
        lines around. ``marks`` and the sections that begin in the window are placed in the text as it is shown.
        """
        seen = self._seen(version_id, asker)
        text = seen.version.text
        start, end = min(start, len(text)), min(max(start, end), len(text), start + LONGEST)
        self._permitted(seen, start, end)
        first, last = _lines_around(text, start, end)
        redacted = self.presenter.redacted([text[first:last]], seen.asker)[0]
        low, high = _uncut(redacted, start - first), _uncut(redacted, end - first)
        begins = redacted.place(low)
        shown = redacted.text[begins : redacted.place(high)]
        own = [
            (n, s) for n, s in enumerate(self.catalogue.sections(version_id)) if first + low <= s.start < first + high
        ]
        return {
            "id": version_id,
            "start": first + low,
            "end": first + high,
            "text": shown,
            "marks": _marks(redacted, first, (low, high), mark),
            "sections": [
                {
                    "number": n,
                    "at": max(0, redacted.place(s.start - first) - begins),
                    "kind": s.kind,
                    "level": len(s.path),
                }
                for n, s in own
            ],
            "redactions": dict(sorted(redacted.counts.items())),
        }

    def locate(self, version_id: str, start: int, end: int, asker: Question) -> JSON:
        """Return where ``start..end`` stands: its innermost section, and the pages and boxes of its words."""
        seen = self._seen(version_id, asker)
        size = len(seen.version.text)
        if not 0 <= start < end <= size or end - start > LONGEST:
            raise RequestError("request.invalid", f"start, end: a span of at most {LONGEST} within 0..{size}")
        self._permitted(seen, start, end)
        section = self.catalogue.section_at(version_id, start, end)
        boxes = merge_boxes(self.catalogue.anchors(version_id, start, end))[:_MOST_BOXES]
        place = section.locator if section else Locator()
        path = self.presenter.texts(section.path, seen.asker) if section and section.path else []
        return {
            "start": start,
            "end": end,
            "section": path,
            "kind": section.kind if section else "document",
            **_place_json(place),
            "page": boxes[0].page if boxes else place.page,
            "boxes": [
                {"page": b.page, "left": b.left, "top": b.top, "right": b.right, "bottom": b.bottom} for b in boxes
            ],
        }

    def original(self, version_id: str, asker: Question) -> tuple[bytes, str]:
        """Return the file that a version was read from, and its media type of our own table.

        Raises AccessError ``access.original_withheld`` where it would show more than its passages do.
        """
        seen = self._seen(version_id, asker)
        self._permitted(seen, 0, len(seen.version.text))
        return self.originals.show(seen.version, seen.document, seen.asker)

    def changes(self, version_id: str, other_id: str, asker: Question) -> JSON:
        """Return what changed from another version to this one. Both are redacted alike before they are shown."""
        new, old = self._seen(version_id, asker), self._seen(other_id, asker)
        for seen in (new, old):
            self._permitted(seen, 0, len(seen.version.text))
        found, more = changes(old.version.text, new.version.text, _MOST_CHANGES)
        shown = self._changes(old.version, new.version, found, new.asker)
        titles = self.presenter.texts(
            [old.version.title, old.version.path, new.version.title, new.version.path], new.asker
        )
        return {
            "before": _stated(old.version, titles[:2]),
            "after": _stated(new.version, titles[2:]),
            "changes": shown,
            "more": more,
            "kept_back": len(found) - len(shown),
        }

    def _changes(self, old: Version, new: Version, found: Sequence[Change], asker: Question) -> list[JSON]:
        before = self._sentences(old.text, [one.before for one in found], asker)
        after = self._sentences(new.text, [one.after for one in found], asker)
        olds, news = self.catalogue.sections(old.id), self.catalogue.sections(new.id)
        within = [_innermost(news, one.after) if one.after else _innermost(olds, one.before) for one in found]
        headings = [heading for section in within for heading in (section.path if section else ())]
        shown = iter(self.presenter.texts(headings, asker) if headings else [])
        result: list[JSON] = []
        for one, left, right, section in zip(found, before, after, within, strict=True):
            path = [next(shown) for _ in (section.path if section else ())]
            if left == right:  # what changed is kept back on both sides
                continue
            kind = "changed" if left is not None and right is not None else "added" if left is None else "removed"
            result.append(
                {
                    "kind": kind,
                    "section": path,
                    "citation": section.locator.citation if section else None,
                    "before": _sentence_json(one.before, left),
                    "after": _sentence_json(one.after, right),
                    "pieces": [{"kind": k, "text": t} for k, t in pieces(left or "", right or "")],
                }
            )
        return result

    def _sentences(self, text: str, spans: Sequence[tuple[int, int] | None], asker: Question) -> list[str | None]:
        """Return sentences as they may be shown, each looked at with the line that it stands in."""
        around = [_lines_around(text, *span) if span else (0, 0) for span in spans]
        redacted = self.presenter.redacted([text[first:last] for first, last in around], asker)
        return [
            one.text[one.place(span[0] - first) : one.place(span[1] - first, after=True)] if span else None
            for span, (first, _), one in zip(spans, around, redacted, strict=True)
        ]

    def _seen(self, version_id: str, asker: Question) -> _Seen:
        resolved = self.retriever.resolve(asker)
        version = self.catalogue.version(version_id)
        document = self.catalogue.document(version.document_id) if version else None
        if version is None or document is None or not visible(document, resolved):
            raise RequestError("request.not_found", "version")
        versions = [one for one in self.catalogue.versions(document.id) if one.visible]
        if version_id not in {one.id for one in versions}:
            raise RequestError("request.not_found", "version")
        return _Seen(version=version, document=document, versions=versions, asker=resolved)

    def _permitted(self, seen: _Seen, start: int, end: int) -> None:
        """Look at each passage of a span again, by its own labels; dates aside, which versions are looked at across."""
        for passage in self.catalogue.neighbours(seen.version.id, start, end):
            always = replace(passage, in_force=Interval())
            if access.decide(always, seen.asker.scope, seen.asker.actor).decision != "allow":
                raise RequestError("request.not_found", "version")


def windows(text: str) -> list[int]:
    """Return where a text is best cut into windows: after the last line, or else word, of some thousand characters."""
    cuts = [0]
    while len(text) - cuts[-1] > _WINDOW:
        start, end = cuts[-1], cuts[-1] + _WINDOW
        line = text.rfind("\n", start + _WINDOW // 2, end) + 1
        cuts.append(line or text.rfind(" ", start + _WINDOW // 2, end) + 1 or end)
    return cuts


def _lines_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span made larger to whole lines, or by two thousand characters where a line is longer."""
    least = max(0, start - _MOST_MORE)
    line = text.rfind("\n", least, start) + 1
    newline = text.find("\n", end, end + _MOST_MORE)
    return line or least, newline if newline >= 0 else min(len(text), end + _MOST_MORE)


def _uncut(redacted: Redacted, position: int) -> int:
    """Return a position, or the end of what is hidden around it."""
    return next((end for start, end, _ in redacted.hidden if start < position < end), position)


def _marks(redacted: Redacted, first: int, window: tuple[int, int], mark: tuple[int, int] | None) -> list[JSON]:
    if mark is None:
        return []
    low, high = max(mark[0] - first, window[0]), min(mark[1] - first, window[1])
    if low >= high:
        return []
    begins = redacted.place(window[0])
    return [{"start": redacted.place(low) - begins, "end": redacted.place(high, after=True) - begins}]


def _shallowest(sections: Sequence[Section]) -> list[int]:
    """Return the numbers of the sections below the root, without the deepest levels where there are too many."""
    numbers = [number for number, section in enumerate(sections) if section.parent is not None]
    levels = sorted(len(sections[number].path) for number in numbers)
    if len(numbers) <= _MOST_SECTIONS:
        return numbers
    deepest = levels[_MOST_SECTIONS]
    kept = [number for number in numbers if len(sections[number].path) < deepest]
    return kept or numbers[:_MOST_SECTIONS]


def _innermost(sections: Sequence[Section], span: tuple[int, int] | None) -> Section | None:
    if span is None:
        return None
    return next((s for s in reversed(sections) if s.start <= span[0] and span[1] <= s.end), None)


def _stated(version: Version, shown: Sequence[str]) -> JSON:
    return {
        "id": version.id,
        "document_id": version.document_id,
        "title": shown[0],
        "path": shown[1],
        "media_type": version.media_type,
        "digest": version.digest,
        "in_force": interval_json(version.in_force),
    }


def _neighbour(version: StoredVersion) -> JSON:
    return {"id": version.id, "in_force": interval_json(version.in_force)}


def _sentence_json(span: tuple[int, int] | None, text: str | None) -> JSON | None:
    return {"start": span[0], "end": span[1], "text": text} if span and text is not None else None


def _place_json(locator: Locator) -> JSON:
    return {name: getattr(locator, name) for name in ("page", "citation", "resource", "element")}
