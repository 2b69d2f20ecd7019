"""Reads drafted claims out of JSON that arrives in pieces, each as soon as its object is complete.

The only text accepted is ``{"claims": [{"quotes": [{"passage_id": "...", "text": "..."}], "claim": "..."}, ...]}``,
with or without a Markdown fence around it. Everything is bounded: the server that sends it is not trusted.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final, NoReturn

from domain.answers import DraftedClaim, DraftedQuote

# each object is replaced by a 0 in the text around the objects, which these two then describe
_OPENED: Final = re.compile(r'\s*(?:```(?:json)?\s*)?\{\s*"claims"\s*:\s*\[\s*(?:0\s*,\s*)*')
_CLOSED: Final = re.compile(r'\s*(?:```(?:json)?\s*)?\{\s*"claims"\s*:\s*\[\s*(?:0\s*(?:,\s*0\s*)*)?\]\s*\}')
_NOTABLE: Final = re.compile(r'["{}\[\]]')
_IN_STRING: Final = re.compile(r'["\\]')
# control characters and bidirectional overrides make a sentence look like another one; surrogates are not text
_UNFIT_CLAIM: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_MAX_OUTSIDE: Final = 2_000
_MAX_OBJECT: Final = 40_000
_MAX_DEPTH: Final = 4
_MAX_QUOTES: Final = 10
_MAX_CLAIM: Final = 2_000


class MalformedReplyError(Exception):
    """The text is not what was asked for; its reason is a short code of ours and carries nothing of the text."""


class ClaimScanner:
    """Collects pieces of text and gives back the claims that they complete."""

    def __init__(self) -> None:
        self._outside = ""
        self._inside: list[str] = []
        self._size = 0
        self._depth = 0
        self._in_string = False
        self._escaped = False

    @property
    def complete(self) -> bool:
        """Say whether the outermost object is closed; what follows it is of no interest."""
        return self._depth == 0 and _CLOSED.match(self._outside) is not None

    def feed(self, piece: str) -> list[DraftedClaim]:
        """Return the claims that ``piece`` completes. Raises MalformedReplyError."""
        claims: list[DraftedClaim] = []
        position = 0
        while position < len(piece) and not self.complete:
            if self._depth:
                position = self._read_inside(piece, position)
                if not self._depth:
                    claims.append(_claim("".join(self._inside)))
            else:
                position = self._read_outside(piece, position)
        return claims

    def finish(self) -> None:
        """Raise MalformedReplyError unless the text was complete."""
        if not self.complete:
            _refuse("truncated" if self._outside.strip() else "empty")

    def _read_outside(self, piece: str, position: int) -> int:
        """Read up to the next claim's object, and open it."""
        brace = piece.find("{", position)
        # the first brace of all opens the outermost object, and is no claim
        while brace >= 0 and "{" not in self._outside + piece[position:brace]:
            brace = piece.find("{", brace + 1)
        stop = len(piece) if brace < 0 else brace
        self._outside += piece[position:stop]
        if len(self._outside) > _MAX_OUTSIDE:
            _refuse("not_json")
        if brace < 0 or self.complete:
            return stop
        if not _OPENED.fullmatch(self._outside):
            _refuse("wrong_shape")
        self._outside += "0"
        self._inside, self._size, self._depth = ["{"], 1, 1
        return brace + 1

    def _read_inside(self, piece: str, position: int) -> int:
        """Read up to the end of the open object, or of the piece."""
        start = position
        while position < len(piece) and self._depth:
            if self._escaped:
                self._escaped = False
                position += 1
                continue
            match = (_IN_STRING if self._in_string else _NOTABLE).search(piece, position)
            if match is None:
                position = len(piece)
                break
            position = match.end()
            self._turn(match[0])
        self._inside.append(piece[start:position])
        self._size += position - start
        if self._size > _MAX_OBJECT:
            _refuse("too_large")
        return position

    def _turn(self, character: str) -> None:
        if character == "\\":
            self._escaped = True
        elif character == '"':
            self._in_string = not self._in_string
        else:
            self._depth += 1 if character in "{[" else -1
            if self._depth > _MAX_DEPTH:
                _refuse("too_deep")


def _refuse(reason: str) -> NoReturn:
    raise MalformedReplyError(reason)


def _no_constant(_: str) -> NoReturn:
    _refuse("not_json")


def _claim(text: str) -> DraftedClaim:
    try:
        data = json.loads(text, parse_constant=_no_constant)
    except ValueError:
        # the decoder's own message quotes the text
        raise MalformedReplyError("not_json") from None
    quotes = data.get("quotes")
    if not isinstance(quotes, list) or not 0 < len(quotes) <= _MAX_QUOTES:
        _refuse("wrong_shape")
    claim = " ".join(_text(data, "claim").split())
    if not claim or len(claim) > _MAX_CLAIM or _UNFIT_CLAIM.search(claim):
        _refuse("unfit_claim")
    return DraftedClaim(
        quotes=tuple(
            DraftedQuote(passage_id=_text(quote, "passage_id"), text=_text(quote, "text")) for quote in quotes
        ),
        text=claim,
    )


def _text(data: Any, key: str) -> str:
    value = data.get(key) if isinstance(data, dict) else None
    if not isinstance(value, str) or _SURROGATE.search(value):
        _refuse("wrong_shape")
    return value
