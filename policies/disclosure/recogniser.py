"""What a recogniser is: patterns, context words, a check and a canary, as data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from policies.disclosure.kinds import KINDS

REPORTED: Final = 0.5  # findings that score less are not reported
BOOST: Final = 0.35  # what a context word near a finding adds to its score

# An identifier as people write it behind its label: letters, digits and single separators, at least one digit.
CODE: Final = r"(?=[A-Za-z\-./]{0,14}\d)[A-Za-z0-9](?:[A-Za-z0-9]|[-./](?=[A-Za-z0-9])){3,40}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One way of writing an identifier.

    ``pattern`` is a regular expression of the ``regex`` module, case-sensitive unless it says ``(?i)``; its group
    ``value`` is the finding, or the whole match where it has none. A ``score`` (0..1) under 0.5 needs a context word.
    """

    pattern: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Recogniser:
    """Finds one kind of personal data.

    ``context`` holds lower-case words, parted by spaces, that make a finding likelier when one stands within
    ``before`` words in front of it or ``after`` words behind it. ``check`` refuses a value (a wrong checksum).
    ``canary`` is a sentence with a made-up value that :meth:`Deidentifier.prove` must find; ``planted`` is that value.
    """

    name: str
    kind: str
    forms: tuple[Form, ...]
    canary: str
    planted: str
    context: str = ""
    before: int = 6
    after: int = 2
    check: Callable[[str], bool] | None = None

    def __post_init__(self) -> None:
        """Refuse an undeclared kind, and a canary without its value."""
        if self.kind not in KINDS:
            message = f"{self.name}: unknown kind {self.kind}"
            raise ValueError(message)
        if self.planted not in self.canary:
            message = f"{self.name}: the canary does not hold its value"
            raise ValueError(message)


def labelled(labels: str, value: str = CODE) -> str:
    """Return a pattern for a value behind one of ``labels`` (alternatives), as in "label no.: value"."""
    number = r"(?:[ \t]*\([^()\n]{1,20}\))?(?:[ \t]*(?:numbers?|(?:nos?|num|nr)\b\.?|ids?\b|code|\#|№)){0,2}"
    link = r"(?:[ \t]*(?:is\b|was\b|[:\#=\-])){0,2}\s{0,4}"
    return rf"(?i)\b(?:{labels}){number}{link}(?<![a-z0-9])(?P<value>{value})(?![a-z0-9])"


def digits(value: str) -> str:
    """Return the digits of a value."""
    return "".join(character for character in value if character.isdigit())
