"""Says of each citation and each quotation in a draft what the documents in scope know of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.answering import abandoning
from app.answering.guarded import GuardedRetriever
from app.answering.presentation import JSON, Presenter
from domain.answers import Evidence, Quote
from domain.documents import Passage
from domain.questions import Question
from policies.citing import FOUND, Cited, judge
from policies.quoting import MISQUOTED, compare, difference, quotations_in
from retrieval.acts import written

_SHOWN: Final = 400
_Spans = Mapping[tuple[int, int], tuple[Evidence, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """Looks citations up in the index, and quoted words in what is cited beside them."""

    retriever: GuardedRetriever
    presenter: Presenter

    def told(self, draft: Question, evidence: _Spans) -> tuple[JSON, Mapping[str, int]]:
        """Return ``{citations, quotations}`` of a resolved draft, and what was redacted in them.

        ``evidence`` is what was found for each of its sentences, by span.
        """
        cited = self._cited(draft)
        citations, counts = self._citations(draft, cited)
        quotations, more = self._quotations(draft, cited, evidence)
        return {"citations": citations, "quotations": quotations}, Counter(counts) + Counter(more)

    def _cited(self, draft: Question) -> list[Cited]:
        found: list[Cited] = []
        for citation in self.retriever.retriever.citations_in(draft.text):
            abandoning.check()
            candidates = self.retriever.cited(draft, citation)
            found.append(judge(citation, candidates, written(citation.act) if citation.act else ()))
        return found

    def _citations(self, draft: Question, cited: Sequence[Cited]) -> tuple[list[JSON], Mapping[str, int]]:
        sources = [_beginning(one.passages[0]) if one.passages else None for one in cited]
        shown, counts = self.presenter.quoted(sources, draft)
        return [
            {
                "text": draft.text[one.citation.start : one.citation.end],
                "start": one.citation.start,
                "end": one.citation.end,
                "state": one.state,
                "reason": one.reason,
                "source": source,
            }
            for one, source in zip(cited, shown, strict=True)
        ], counts

    def _quotations(
        self, draft: Question, cited: Sequence[Cited], evidence: _Spans
    ) -> tuple[list[JSON], Mapping[str, int]]:
        places = quotations_in(draft.text)
        found = [
            compare(draft.text[start:end], _beside(draft.text, (start, end), cited), _around((start, end), evidence))
            for start, end in places
        ]
        quotes = [_quote(one.place.passage, one.place.start, one.place.end) if one.place else None for one in found]
        shown, counts = self.presenter.quoted(quotes, draft)
        told: list[JSON] = []
        for (start, end), one, source in zip(places, found, shown, strict=True):
            words = draft.text[start:end]
            # Only against what the asker is shown: a difference to a redacted text would tell what it hides.
            parts = difference(words, source["text"]) if source and one.state == MISQUOTED else []
            told.append(
                {
                    "text": words,
                    "start": start,
                    "end": end,
                    "state": one.state,
                    "reason": one.reason,
                    "source": source,
                    "difference": [{"of": of, "text": text} for of, text in parts],
                }
            )
        return told, counts


def _beside(text: str, span: tuple[int, int], cited: Sequence[Cited]) -> tuple[Passage, ...]:
    """Return what is cited nearest to quoted words, on the same line: after them first, as a rule."""
    first, last = text.rfind("\n", 0, span[0]) + 1, text.find("\n", span[1])
    last = last if last >= 0 else len(text)
    known = [one for one in cited if one.state == FOUND and first <= one.citation.start < last]
    return min(known, key=lambda one: _distance(one, span)).passages if known else ()


def _distance(one: Cited, span: tuple[int, int]) -> int:
    return one.citation.start - span[1] if one.citation.start >= span[1] else span[0] - one.citation.end


def _around(span: tuple[int, int], evidence: _Spans) -> list[Passage]:
    found = [items for (start, end), items in evidence.items() if start < span[1] and span[0] < end]
    return list({item.passage.id: item.passage for items in found for item in items}.values())


def _beginning(passage: Passage) -> Quote:
    return _quote(passage, passage.start, min(passage.end, passage.start + _SHOWN))


def _quote(passage: Passage, start: int, end: int) -> Quote:
    return Quote(passage=passage, start=start, end=end, text=passage.text[start - passage.start : end - passage.start])
