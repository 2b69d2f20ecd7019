"""An answer as running text with numbered footnotes, for clients that know nothing but text."""

from __future__ import annotations

from typing import Any

from app.answering.presentation import JSON

UNSUPPORTED = "Not supported: "


class Footnotes:
    """Writes claims one after the other and remembers what they cite.

    ``annotations`` say where in the text each footnote's mark stands, as OpenAI's clients read them: positions count
    characters of the whole text, and addresses are those of the passages.
    """

    def __init__(self, base: str) -> None:
        self._base = base
        self._numbers: dict[tuple[str, int, int], int] = {}
        self._notes: list[str] = []
        self._length = 0
        self.annotations: list[JSON] = []

    def claim(self, claim: JSON) -> str:
        """Return the text of a claim with the marks of its quotes."""
        lead = "" if claim["verdict"] == "supported" else UNSUPPORTED
        text = f"{lead}{claim['text']}"
        for quote in claim["quotes"]:
            number = self._number(quote)
            mark = f" [{number}]"
            start = self._length + len(text) + 1
            self.annotations.append(
                {
                    "type": "url_citation",
                    "url_citation": {
                        "start_index": start,
                        "end_index": start + len(mark) - 1,
                        "title": quote["title"],
                        "url": f"{self._base}/v1/passages/{quote['passage_id']}",
                    },
                }
            )
            text += mark
        return self._said(f"{text}\n\n")

    def notes(self) -> str:
        """Return the footnotes."""
        return self._said("\n".join(self._notes))

    def refusal(self, refusal: JSON) -> str:
        """Return why there is no answer, and what would help."""
        return self._said(f"{refusal['reason']} {refusal['try']}")

    def _number(self, quote: JSON) -> int:
        key = (quote["passage_id"], quote["start"], quote["end"])
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers) + 1
            self._notes.append(f"[{self._numbers[key]}] {_place(quote)}: “{quote['text']}”")
        return self._numbers[key]

    def _said(self, text: str) -> str:
        self._length += len(text)
        return text


def _place(quote: JSON) -> str:
    locator: dict[str, Any] = quote["locator"]
    parts = [quote["title"], *quote["section"]]
    parts += [str(locator[name]) for name in ("citation", "resource") if name in locator]
    parts += [f"page {locator['page']}"] if "page" in locator else []
    since = quote["in_force"]["from"]
    return ", ".join(dict.fromkeys(part for part in parts if part)) + (f" (in force from {since})" if since else "")
