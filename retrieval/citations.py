"""Finds citations of provisions and cases, for exact lookup.

A key names a provision without its act: "art:17(1)(b)", "sec:164.512(b)(1)(i)", "recital:26", "annex:ii". Which act is
meant is left to the ranking, which knows the words of the question. Sections of codes, clauses of contracts and rules
of rulebooks are all "sec:", since people name one and the same thing by each of these words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from domain.citations import Citation
from domain.documents import Passage
from retrieval.acts import act_at
from retrieval.codes import codes_in

_FIRST: Final = r"\d{1,5}[a-z]{0,2}(?:[.-]\d{1,5}[a-z]?)*"
_BRACKETS: Final = r"(?:\s?\([0-9a-z]{1,5}\))*"
# What follows a number in words: Absatz 1 Buchstabe b; Abs. 1 lit. b; paragraph 1, point (f).
_WORDS: Final = (
    r"(?:,?\s+(?:absatz|abs\.|unterabsatz|uabs\.|satz|nummer|nr\.|ziffer|buchstabe|buchst\.|lit\.|litera"
    r"|(?:sub)?paragraph|para\.|point|letter|subsection|item)\s*\(?[0-9a-z]{1,4}\)?(?!\w))*"
)
_ONE: Final = rf"{_FIRST}{_BRACKETS}{_WORDS}"
_MORE: Final = rf"(?:\s*(?:,|;|&|and|or|und|oder|to|through|bis|–|,\s*and|,\s*or)\s*{_ONE}(?!\s*(?:cfr|u\.s\.c)))*"
_KINDS: Final = (
    ("art", r"\b(?:articles?|artikeln?|arts?\.|(?-i:Arts?))\s*"),
    ("recital", r"\b(?:recitals?|erwägungsgr(?:und|ünde))\s*"),
    (
        "sec",
        (
            r"(?:§{1,2}\s*|\b(?:sections?|secs?\.|clauses?|cl\.|rule|regulation|regs?\."
            r"|(?:cfr|c\.f\.r\.)(?:\s+parts?)?|u\.s\.c\.|usc)\s*(?:§{1,2}\s*)?)"
        ),
    ),
)
_CITATIONS: Final = tuple(
    (kind, re.compile(rf"{name}(?P<all>{_ONE}{_MORE})(?![\w%/])", re.IGNORECASE)) for kind, name in _KINDS
)
_ANNEX: Final = re.compile(
    r"\b(?:annex|appendix|schedule|anhang|anlage)\s+(?P<number>[ivx]{1,5}|[a-z]|\d{1,3})\b", re.IGNORECASE
)
_POINT_OF: Final = re.compile(
    r"\b(?:points?|letter|subparagraph|paragraph|subsection|clause)\s+\(?(?P<inner>[0-9a-z]{1,4})\)?\s+of\s+"
    rf"(?P<kind>article|section)\s+(?P<outer>{_FIRST}{_BRACKETS})",
    re.IGNORECASE,
)
_EACH: Final = re.compile(_ONE, re.IGNORECASE)
_FIRST_NUMBER: Final = re.compile(_FIRST, re.IGNORECASE)
_INNER: Final = re.compile(r"\(([0-9a-z]{1,5})\)|[\s.(]([0-9]{1,4}|[a-z]{1,2})(?=[\s,)]|$)", re.IGNORECASE)
_NUMBERED: Final = re.compile(r"(?P<number>\d{1,3}(?:\.\d{1,3})+|\d{1,3}(?=\.\s))\.?\s")
# A volume, the name of a reporter, a page, on one line. The word with a full stop is what plain prose lacks; numbers of
# rules ("A6.1") and of editions ("F.2d", "2d", "4th") are words with digits, and only the latter stand in a reporter.
_MAYBE_CASE: Final = re.compile(
    r"\b\d{1,4}[^\S\n\t]+(?:(?:[A-Z][A-Za-z.’']*(?:\d(?:d|th))?|\d(?:d|th))[^\S\n\t]?){1,6}[^\S\n\t]*\d{1,5}\b"
)


class RegexCitationFinder:
    """Implements CitationFinder with regular expressions, and eyecite for cases; stateless."""

    def keys_of(self, passage: Passage) -> tuple[str, ...]:
        """Return the keys of a passage: its own citation and headings with their ancestors; codes and cases in it.

        A provision that the text merely mentions is no key: the passage is not that provision.
        """
        keys: dict[str, None] = {}
        if passage.locator.citation:
            keys.update(dict.fromkeys(_with_ancestors(_provisions(passage.locator.citation, whole=True))))
        for heading in passage.section:
            keys.update(dict.fromkeys(_with_ancestors(_of_heading(heading))))
        text = f"{passage.header}\n{passage.text}" if passage.header else passage.text
        keys.update(dict.fromkeys(codes_in(text)))
        keys.update(dict.fromkeys(_cases(text)))
        return tuple(keys)

    def keys_in(self, question: str) -> tuple[str, ...]:
        """Return the keys that a question names, each followed by its ancestors, so the most exact comes first."""
        keys: dict[str, None] = {}
        for key in [*codes_in(question), *_cases(question)]:
            keys[key] = None
        for key in _provisions(question):
            keys.update(dict.fromkeys((key, *_outer(key))))
        return tuple(sorted(keys, key=lambda key: -key.count("(")))

    def citations_in(self, text: str) -> tuple[Citation, ...]:
        """Return each place at which a text cites a provision or a case, in order; the longest of those that overlap.

        Of "Articles 6 and 9" each number is a place of its own.
        """
        found = [*_places(text), *_places_of_cases(text)]
        found.sort(key=lambda one: (one.start, -one.end))
        apart: list[Citation] = []
        for one in found:
            if not apart or one.start >= apart[-1].end:
                apart.append(one)
        return tuple(apart)


def families(keys: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Group the keys of a question: each provision that is not the ancestor of another, with its own ancestors.

    >>> families(("art:17(1)", "art:17", "art:6"))
    [('art:17(1)', 'art:17'), ('art:6',)]
    """
    leaves = [key for key in keys if not any(other.startswith(f"{key}(") for other in keys)]
    return [(leaf, *(key for key in _outer(leaf) if key in keys)) for leaf in leaves]


def _outer(key: str) -> Iterator[str]:
    """Yield the provisions around a key, innermost first: "art:17(1)(b)" -> "art:17(1)", "art:17"."""
    while "(" in key:
        key = key[: key.rindex("(")]
        yield key


def _with_ancestors(keys: Iterator[str]) -> Iterator[str]:
    """Yield each key, the provisions around it, and for dotted numbers the part they belong to."""
    for key in keys:
        yield key
        number = key
        for number in _outer(key):
            yield number
        while number.startswith("sec:") and "." in number:
            number = number[: number.rindex(".")]
            yield number


def _provisions(text: str, *, whole: bool = False) -> Iterator[str]:
    """Yield the provisions that a text names; ``whole`` says that it is nothing but a citation."""
    for match in _POINT_OF.finditer(text):
        kind = "art" if match["kind"].lower() == "article" else "sec"
        yield f"{_key(kind, match['outer'])}({match['inner'].lower()})"
    for kind, pattern in _CITATIONS:
        for match in pattern.finditer(text):
            for one in _EACH.findall(match["all"]):
                yield _key(kind, one)
    for match in _ANNEX.finditer(text):
        if whole or match["number"].isupper() or match["number"].isdigit():
            yield f"annex:{match['number'].lower()}"


def _places(text: str) -> Iterator[Citation]:
    """Yield where a text names provisions, each with the act that it says they are of."""
    for match in _POINT_OF.finditer(text):
        kind = "art" if match["kind"].lower() == "article" else "sec"
        key = f"{_key(kind, match['outer'])}({match['inner'].lower()})"
        yield _place(text, match.span(), key, match.end())
    for kind, pattern in _CITATIONS:
        for match in pattern.finditer(text):
            for number, one in enumerate(_EACH.finditer(match["all"])):
                first = match.start("all") + one.start() if number else match.start()
                yield _place(text, (first, match.start("all") + one.end()), _key(kind, one[0]), match.end())
    for match in _ANNEX.finditer(text):
        if match["number"].isupper() or match["number"].isdigit():
            yield _place(text, match.span(), f"annex:{match['number'].lower()}", match.end())


def _place(text: str, span: tuple[int, int], key: str, last: int) -> Citation:
    act, start = act_at(text, span[0], last)
    return Citation(start=start, end=span[1], keys=(key, *_outer(key)), act=act)


def _places_of_cases(text: str) -> Iterator[Citation]:
    """Yield where a text cites cases."""
    for span, key in _cited_cases(text):
        yield Citation(start=span[0], end=span[1], keys=(key,))


def _key(kind: str, one: str) -> str:
    first = _FIRST_NUMBER.match(one)
    assert first is not None
    inner = [bracketed or bare for bracketed, bare in _INNER.findall(one[first.end() :])]
    return f"{kind}:{first[0].lower()}" + "".join(f"({part.lower()})" for part in inner)


def _of_heading(heading: str) -> Iterator[str]:
    """Yield the provision that a heading opens: "Article 17", "§ 164.512 Uses", "7.2 Payment"."""
    for kind, pattern in _CITATIONS:
        match = pattern.match(heading)
        if match:
            yield _key(kind, match["all"])
            return
    numbered = _NUMBERED.match(f"{heading} ")
    if numbered:
        yield f"sec:{numbered['number']}"


def _cases(text: str) -> Iterator[str]:
    """Yield the cases that a text cites: "410 U.S. 113" -> "case:410 u.s. 113"."""
    return (key for _, key in _cited_cases(text))


def _cited_cases(text: str) -> Iterator[tuple[tuple[int, int], str]]:
    # Almost no text cites a case; eyecite takes a second to load and a millisecond a text.
    if not _may_cite(text):
        return
    # "Art. 17 Abs. 1" has the form of volume, reporter and page.
    for _, pattern in _CITATIONS:
        text = pattern.sub(lambda match: " " * len(match[0]), text)
    if not _may_cite(text):
        return
    from eyecite import get_citations  # noqa: PLC0415 - see above
    from eyecite.models import FullCaseCitation  # noqa: PLC0415

    for citation in get_citations(text):
        if isinstance(citation, FullCaseCitation):
            corrected: Callable[[], str] = citation.corrected_citation
            span: Callable[[], tuple[int, int]] = citation.span
            yield span(), f"case:{corrected().lower()}"


def _may_cite(text: str) -> bool:
    return any("." in match[0] for match in _MAYBE_CASE.finditer(text))
