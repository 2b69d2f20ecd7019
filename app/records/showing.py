"""Lets the texts of a view out: all of them through the disclosure policy, with the passage that each came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.answering.presentation import JSON, Presenter, decision_json
from domain.questions import Question

WITHHELD: Final = "[WITHHELD]"


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of something that is not disclosed yet; ``made`` turns a text that stays as it was into a value."""

    text: str
    source: str
    made: Callable[[str], Any] | None


class Showing:
    """Collects texts. A word taken out of a passage is hidden wherever the passage itself would not show it.

    A date alone may look like nothing, and be a date of birth in its sentence: so each text is judged by itself and
    within ``source``, the words around it.
    """

    def __init__(self) -> None:
        self._texts: dict[str, None] = {}

    def keep(self, text: str, source: str = "", made: Callable[[str], Any] | None = None) -> Slot:
        """Return what stands for a text until it is disclosed; ``made`` gives ``None`` for one that is hidden."""
        for one in (text, source):
            if one:
                self._texts[one] = None
        return Slot(text, source, made)

    def disclosed(self, body: JSON, presenter: Presenter, resolved: Question) -> JSON:
        """Return ``body`` with every slot filled, the redactions counted and the policies that acted."""
        texts = list(self._texts)
        shown, counts, decision = presenter.disclosed(texts, resolved)
        known = dict(zip(texts, shown, strict=True))
        filled: JSON = _filled(body, known)
        filled["redactions"] = counts
        filled["policies"] = [decision_json(one) for one in (*resolved.decisions, decision)]
        return filled


def _filled(value: Any, known: Mapping[str, str]) -> Any:
    if isinstance(value, Slot):
        text = _text(value, known)
        if value.made is None:
            return text
        return value.made(text) if text and text == value.text else None
    if isinstance(value, Mapping):
        return {key: _filled(item, known) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_filled(item, known) for item in value]
    return value


def _text(slot: Slot, known: Mapping[str, str]) -> str:
    if not slot.text:
        return ""
    shown = known[slot.text]
    if shown != slot.text or not slot.source:
        return shown
    around = known[slot.source]
    hidden = around != slot.source and slot.text in slot.source and slot.text not in around
    return WITHHELD if hidden else shown
