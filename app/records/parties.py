"""Finds the parties that a contract names, and what kind of document a text is. What is not plain is not said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_OPENING: Final = 6_000  # characters: parties stand at the beginning
_BETWEEN: Final = re.compile(r"\b(?:by\s+and\s+between|between|among|parties\s*:?)(?=\s)", re.IGNORECASE)
_TERM: Final = re.compile(
    r"\(\s*(?:hereinafter\s+|hereafter\s+)?(?:referred\s+to\s+as\s+|called\s+)?(?:the\s+|each\s+an?\s+)?"
    r"[\"“](?P<term>[A-Z][\w &’'-]{1,40})[\"”]\s*\)"
)
_LEADS: Final = re.compile(r"^(?:[\s,;:]|\band\b|\bbetween\b|\bamong\b|\(?\d{1,2}[.)]|\([a-z]\))+", re.IGNORECASE)
_NO_PARTY: Final = re.compile(r"\b(?:Date|Agreement|Contract|Amendment|Services|Products|Term|Parties|Schedule)$")
_NAME: Final = re.compile(r"[A-Z0-9][^\n,;:()“”\"]{1,100}")
_PLAIN: Final = re.compile(
    r"\b(?:Agreement|Contract|Lease|Amendment|Addendum)\b[^.\n]{0,80}?\bbetween\s+"
    r"(?P<one>(?:[A-Z][\w&.'’-]*)(?:\s+(?:[A-Z][\w&.'’-]*|of|&))*)\s+and\s+"
    r"(?P<two>(?:[A-Z][\w&'’-]*)(?:\s+(?:[A-Z][\w&'’-]*|of|&))*)(?=[.,;\n]|\s*$)"
)
_HEADER: Final = re.compile(r"^(?P<role>From|To|Cc):\s*(?P<value>[^\n]+)$", re.MULTILINE)
# What a document is by the words of its title or first lines, the more special first.
_KINDS: Final = (
    ("amendment", r"amendment|addendum|änderungsvereinbarung|nachtrag|补充协议"),
    ("nda", r"non-disclosure agreement|confidentiality agreement|geheimhaltungsvereinbarung|保密协议"),
    ("lease", r"lease|mietvertrag|租赁合同"),
    ("statement_of_work", r"statement of work"),
    ("memo", r"memo|memorandum|vermerk|备忘录"),
    ("minutes", r"minutes"),
    ("judgment", r"judgment|judgement|urteil|判决书"),
    ("pleading", r"complaint|petition|motion|statement of claim|klageschrift"),
    ("notice", r"notice of [a-z]+|kündigung"),
    ("invoice", r"invoice|rechnung|发票"),
    ("letter", r"letter"),
    ("policy", r"policy"),
    ("agreement", r"agreement|contract|vertrag|合同|协议"),
)
_FIRST: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A name, the term or role by which the document calls it, and where both stand."""

    name: str
    role: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a document is, with the words that say so; no span where its format does."""

    name: str
    start: int | None = None
    end: int | None = None


def kind_of(text: str, media_type: str) -> Kind:
    """Return the kind by the format or the first heading; "other" where no word says it."""
    if media_type == "message/rfc822":
        return Kind(name="email")
    first = next((line for line in re.finditer(r"[^\n]+", text[:_FIRST]) if line[0].strip(" #*")), None)
    if first is None:
        return Kind(name="other")
    for name, words in _KINDS:
        match = re.search(rf"(?<!\w)(?:{words})(?!\w)|(?:{words})$", first[0], re.IGNORECASE)
        if match:
            return Kind(name=name, start=first.start() + match.start(), end=first.start() + match.end())
    return Kind(name="other")


def parties(text: str, media_type: str) -> list[Party]:
    """Return the parties in the order in which they are named, each once."""
    if media_type == "message/rfc822":
        head = text.partition("\n\n")[0]
        return [
            Party(name=m["value"].strip(), role=m["role"].casefold(), start=m.start(), end=m.end())
            for m in _HEADER.finditer(head)
        ]
    opening = text[:_OPENING]
    found = [*_defined(opening)] or [*_plain(opening)]
    once: dict[tuple[str, str], Party] = {}
    for one in found:
        once.setdefault((one.name, one.role), one)
    return list(once.values())


def _defined(text: str) -> Iterator[Party]:
    """Yield parties as contracts define them: between NAME, a company (the "Term") and NAME."""
    begin = _BETWEEN.search(text)
    if begin is None:
        return
    place = begin.end()
    for term in _TERM.finditer(text, place):
        chunk = text[place : term.start()]
        if "\n\n" in chunk.strip() or len(chunk) > 600:  # noqa: PLR2004 - longer is a paragraph, not a party
            return
        led = _LEADS.match(chunk)
        start = place + (led.end() if led else 0)
        name = _NAME.match(text, start, term.start())
        if name and not _NO_PARTY.search(term["term"]):
            yield Party(name=name[0].strip(), role=term["term"], start=start, end=term.end())
        place = term.end()


def _plain(text: str) -> Iterator[Party]:
    match = _PLAIN.search(text)
    if match:
        for part in ("one", "two"):
            yield Party(name=match[part].strip(), role="", start=match.start(part), end=match.end(part))
