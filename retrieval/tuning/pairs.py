"""Makes training pairs from a collection's own texts: what could be asked, and the passage that answers it.

Five kinds: a heading and its passage; a question that a text asks itself; a sentence and the passage that it was taken
out of (the inverse cloze task of Lee, Chang and Toutanova, 2019), turned into a question where its grammar allows; a
defined term and its definition; a sentence that cites a provision and that provision. A passage never holds the
sentence that became its question.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from domain.documents import Passage
from policies.sentences import split
from retrieval.bm25 import STOP_WORDS

KINDS: Final = ("heading", "asked", "cloze", "definition", "reference")
_FEWEST_WORDS: Final = 8
_LONGEST_QUESTION: Final = 45
_LONGEST_TERM: Final = 8
_PER_PASSAGE: Final = 2
_HELD_OUT_SHARE: Final = 10
_LOOKED_AT: Final = 4
_COMMON: Final = 0.01
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_MARKER: Final = re.compile(r"^\W*(?:\(?(?:[0-9.]{1,8}|[ivxlc]{1,5}|[A-Za-z])[.)]\s*)*")
_SPACE: Final = re.compile(r"\s+")
# "An Authorised Person must keep records." -> "Must an Authorised Person keep records?"
_MODAL: Final = re.compile(
    r"(?P<subject>(?:An?|The|Each|Every|All|Any|No|This|These|[A-Z]\w+)\b[^.;:,?]{0,70}?)\s+"
    r"(?P<modal>must not|may not|must|may|shall|should|can|will|is|are|was|were|has|have)\s+"
    r"(?P<rest>[^;:?]{10,220}?)[.;:]*$"
)
_ARTICLE: Final = re.compile(r"^(?:An?|The|Each|Every|All|Any|No|This|These)\b")
_MEANS: Final = re.compile(
    r"^(?:[“\"'‘]?|In this \w+, [“\"'‘]?)(?:The term [“\"'‘]?)?(?P<term>[A-Za-z][\w ()/’'-]{2,60}?)[”\"'’]?\s+"
    r"(?:means|is defined as|has the meaning|refers to)\b"
)
_IS_A: Final = re.compile(r"^(?P<term>[A-Z][\w ()/’'-]{2,60}?)\s+(?:is|are)\s+(?:an?|the|one of|any)\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A passage as training sees it.

    ``keys`` are the provisions that it is (:class:`domain.ports.citation_finder.CitationFinder`), ``document`` tells
    which excerpts belong together.
    """

    id: str
    document: str
    heading: str
    text: str
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A question, the text that answers it, and the excerpt that this text is or was cut from."""

    kind: str
    question: str
    passage: str
    excerpt: str


def make_pairs(
    excerpts: Sequence[Excerpt], *, cited: Mapping[str, Sequence[str]] | None = None, limit: int, seed: int
) -> list[Pair]:
    """Return at most ``limit`` pairs in a random order that ``seed`` decides, at most two of a passage.

    Kinds take turns, so that a rare one is not drowned. ``cited`` gives, by excerpt id, the excerpts that it cites.
    """
    chance = random.Random(seed)
    order = list(excerpts)
    chance.shuffle(order)
    texts = {excerpt.id: excerpt for excerpt in excerpts}
    telling = _telling_words(excerpts)
    by_kind: dict[str, list[Pair]] = defaultdict(list)
    for excerpt in order[: limit * _LOOKED_AT]:
        found = list(_of_excerpt(excerpt, telling, chance))
        found += [_reference(excerpt, texts[target]) for target in (cited or {}).get(excerpt.id, ()) if target in texts]
        for pair in chance.sample(found, min(_PER_PASSAGE, len(found))):
            by_kind[pair.kind].append(pair)
    taken = _in_turns([by_kind[kind] for kind in KINDS], limit)
    chance.shuffle(taken)
    return taken


def excerpt_of(passage: Passage, keys: tuple[str, ...] = ()) -> Excerpt:
    """Return a passage as training and the re-ranker read it: title and section path are its heading."""
    heading = " > ".join(part for part in (passage.title, *passage.section) if part)
    return Excerpt(id=passage.id, document=passage.document_id, heading=heading, text=passage.text, keys=keys)


def is_held_out(document: str) -> bool:
    """Say whether the pairs of a document are kept for measuring: one document in ten, the same ones every time."""
    return hashlib.sha256(document.encode()).digest()[0] % _HELD_OUT_SHARE == 0


def passage_text(excerpt: Excerpt) -> str:
    """Return what is read of an excerpt: its heading and its text."""
    return "\n".join(part for part in (excerpt.heading, excerpt.text) if part)


def _in_turns(lists: Sequence[Sequence[Pair]], limit: int) -> list[Pair]:
    taken: list[Pair] = []
    for turn in range(max(map(len, lists), default=0)):
        taken.extend(pairs[turn] for pairs in lists if turn < len(pairs))
        if len(taken) >= limit:
            break
    return taken[:limit]


def _telling_words(excerpts: Sequence[Excerpt]) -> frozenset[str]:
    """Return the words of headings that say what a text is about: not "Part" or "PubMed", which many headings have."""
    headings = {excerpt.heading for excerpt in excerpts}
    counts = Counter(word for heading in headings for word in set(_WORD.findall(heading.lower())))
    most = max(1.0, _COMMON * len(headings))
    return frozenset(word for word, count in counts.items() if count <= most and word not in STOP_WORDS)


def _of_excerpt(excerpt: Excerpt, telling: frozenset[str], chance: random.Random) -> Iterator[Pair]:
    text = excerpt.text
    if _long(text) and not telling.isdisjoint(_WORD.findall(excerpt.heading.lower())):
        yield Pair(kind="heading", question=excerpt.heading, passage=text, excerpt=excerpt.id)
    spans = split(text)
    sentences = [_SPACE.sub(" ", text[start:end]) for start, end in spans]
    if sentences and (term := _defined(sentences[0])) and _long(text):
        yield Pair(kind="definition", question=f"What is {term}?", passage=text, excerpt=excerpt.id)
    chosen = [n for n, sentence in enumerate(sentences) if _is_usable(sentence)]
    asked = [n for n in chosen if sentences[n].endswith("?")]
    for kind, numbers in (("asked", asked), ("cloze", [n for n in chosen if n not in asked])):
        if numbers:
            number = chance.choice(numbers)
            start, end = spans[number]
            rest = f"{text[:start]}{text[end:]}".strip()
            if _long(rest):
                sentence = _MARKER.sub("", sentences[number])
                question = sentence if kind == "asked" else _question(sentence, chance)
                yield Pair(kind=kind, question=question, passage=_headed(excerpt, rest), excerpt=excerpt.id)


def _reference(source: Excerpt, target: Excerpt) -> Pair:
    question = " ".join(_SPACE.sub(" ", source.text).split(" ")[:_LONGEST_QUESTION])
    return Pair(kind="reference", question=question, passage=passage_text(target), excerpt=target.id)


def _question(sentence: str, chance: random.Random) -> str:
    """Return a statement as a question when it has the grammar for it; else its words with some left out."""
    found = _MODAL.match(sentence)
    if found and chance.random() < 0.7:  # noqa: PLR2004 - most, so that plain words stay known too
        subject = found["subject"]
        if _ARTICLE.match(subject):
            subject = subject[0].lower() + subject[1:]
        modal, _, negation = found["modal"].partition(" ")
        middle = f"{subject} {negation}".strip()
        return f"{modal.capitalize()} {middle} {found['rest']}?"
    words = sentence.rstrip(".;:").split(" ")
    return " ".join(w for w in words if w.lower() not in STOP_WORDS and chance.random() < 0.7) or sentence  # noqa: PLR2004


def _defined(sentence: str) -> str | None:
    if sentence.endswith("?"):
        return None
    found = [match["term"].strip() for form in (_IS_A, _MEANS) if (match := form.match(_MARKER.sub("", sentence)))]
    term = min(found, key=len, default="")
    return term if 0 < len(term.split()) <= _LONGEST_TERM else None


def _is_usable(sentence: str) -> bool:
    return _FEWEST_WORDS - 3 <= len(_WORD.findall(sentence)) <= _LONGEST_QUESTION


def _long(text: str) -> bool:
    return len(_WORD.findall(text)) >= _FEWEST_WORDS


def _headed(excerpt: Excerpt, text: str) -> str:
    return f"{excerpt.heading}\n{text}" if excerpt.heading else text
