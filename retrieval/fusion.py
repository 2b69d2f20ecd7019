"""Joins ranked lists into one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from domain.ports.passage_index import Hit, SparseVector

Lists = Sequence[tuple[float, Sequence[Hit]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FusionWeights:
    """How much the searches by meaning and by words count, and how deep each list is read.

    ``candidates`` is the share of the words' weight that goes to :func:`among`, 0 to 1; ``document`` is how much a
    passage gains from what else is found of its document, see :func:`gathered`; ``asked`` lets what a question asks
    decide within documents (``components/asked_scores.py``). With ``k`` lists are fused by reciprocal rank, where a
    larger ``k`` lets ranks fade more slowly; without it by standard scores, and only then do candidates count. What
    each is worth is measured by ``python -m tests.bench.ablation``.
    """

    dense: float = 1.0
    words: float = 1.0
    candidates: float = 0.0
    document: float = 0.0
    asked: bool = True
    k: int | None = None
    depth: int = 100


def fuse(lists: Lists, *, k: int | None, limit: int) -> list[Hit]:
    """Return the best of several (weight, hits); equal scores by passage id.

    A hit at rank r (from 1) of a list adds weight / (k + r) (Cormack, Clarke and Büttcher, 2009) or, without ``k``,
    weight times its standard score within the list (Renda and Straccia, 2003); the sums are moved so that the worst is
    zero. What a list does not score counts as its mean.
    """
    scores: dict[str, float] = {}
    for weight, hits in lists:
        shares = _standard(hits) if k is None else [1 / (k + rank) for rank in range(1, len(hits) + 1)]
        for hit, share in zip(hits, shares, strict=True):
            scores[hit.passage_id] = scores.get(hit.passage_id, 0.0) + weight * share
    lowest = min(scores.values(), default=0.0) if k is None else 0.0
    best = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:limit]
    return [Hit(passage_id=passage_id, score=score - lowest) for passage_id, score in best]


def among(question: SparseVector, passages: Mapping[str, Mapping[int, float]]) -> list[Hit]:
    """Return how ``passages``, by what they weigh of the question's terms, answer by those rare among them, best first.

    What nearly all candidates say ("privacy policy", the name of the only party) tells none of them from another,
    however rare it is elsewhere; the idea is that of local feedback (Xu and Croft, 1996). Each term adds its weight in
    the question times the square root of its weight in the passage times its squared inverse document frequency, the
    classic vector space form, in which saying a word often counts little. Equal scores are ordered by passage id.
    """
    wanted = dict(zip(question.indices, question.values, strict=True))
    frequency = Counter(chain.from_iterable(passages.values()))
    rarity = {
        term: wanted[term] * math.log((len(passages) - count + 0.5) / (count + 0.5) + 1) ** 2
        for term, count in frequency.items()
    }
    scores = [
        (-math.fsum([rarity[term] * math.sqrt(weight) for term, weight in weights.items()]), key)
        for key, weights in passages.items()
    ]
    return [Hit(passage_id=key, score=-score) for score, key in sorted(scores)]


def gathered(
    hits: Sequence[Hit], documents: Mapping[str, str], weight: float, told: Sequence[Hit] | None = None
) -> list[Hit]:
    """Return ``hits`` again, each with ``weight`` times the best score of its document added to its own.

    How good a document is, ``told`` says, where it is given, instead of ``hits``: it may be known by other scores.

    What is asked about one contract among many alike is then found in that contract (Callan, 1994, on passages and
    documents). The best passages of documents keep their order among themselves, so that no document gains by being
    long. A passage whose document is not named stands for itself. Equal scores are ordered by passage id.
    """
    best = _best(hits if told is None else told, documents)
    again = [
        Hit(
            passage_id=hit.passage_id,
            score=hit.score + weight * best.get(documents.get(hit.passage_id, hit.passage_id), 0.0),
        )
        for hit in hits
    ]
    return sorted(again, key=lambda hit: (-hit.score, hit.passage_id))


def _best(hits: Sequence[Hit], documents: Mapping[str, str]) -> dict[str, float]:
    """Return the best score of each document."""
    best: dict[str, float] = {}
    for hit in hits:
        document = documents.get(hit.passage_id, hit.passage_id)
        best[document] = max(hit.score, best.get(document, hit.score))
    return best


def _standard(hits: Sequence[Hit]) -> list[float]:
    """Return by how many standard deviations each score is above the mean; 0 where all are equal."""
    if not hits:
        return []
    mean = math.fsum(hit.score for hit in hits) / len(hits)
    above = [hit.score - mean for hit in hits]
    deviation = math.sqrt(math.fsum(value * value for value in above) / len(above))
    return [value / deviation if deviation else 0.0 for value in above]


def blend(hits: Sequence[Hit], scores: Sequence[float], weight: float) -> list[Hit]:
    """Return ``hits`` in the order of (1 - weight) times their own score plus ``weight`` times ``scores``.

    Both are brought to 0..1 first; what comes out lies between the lowest and the highest score that went in.
    """
    if not hits:
        return []
    again = [Hit(passage_id=hit.passage_id, score=score) for hit, score in zip(hits, scores, strict=True)]
    low, high = min(hit.score for hit in hits), max(hit.score for hit in hits)
    mixed = [(1 - weight) * own + weight * new for own, new in zip(_spread(hits), _spread(again), strict=True)]
    blended = [
        Hit(passage_id=hit.passage_id, score=low + (high - low) * share) for hit, share in zip(hits, mixed, strict=True)
    ]
    return sorted(blended, key=lambda hit: (-hit.score, hit.passage_id))


def _spread(hits: Sequence[Hit]) -> list[float]:
    """Return scores brought to 0..1 between the lowest and the highest; 1 where all are equal."""
    low, high = min(hit.score for hit in hits), max(hit.score for hit in hits)
    return [(hit.score - low) / (high - low) if high > low else 1.0 for hit in hits]


def place_first(exact: Sequence[Hit], fused: Sequence[Hit], *, limit: int) -> list[Hit]:
    """Return the passages that a citation names, in the order of ``fused``, and then the rest of it.

    How exactly they match (1 and more) decides first. So that scores fall from first to last, it is added to their
    fused score, and the rest is brought below.
    """
    named = {hit.passage_id: hit.score for hit in exact}
    scores = {hit.passage_id: hit.score for hit in fused}
    top = max(scores.values(), default=1.0)
    placed = [Hit(passage_id=key, score=top * score + scores.get(key, 0.0)) for key, score in named.items()]
    placed.sort(key=lambda hit: (-named[hit.passage_id], -hit.score, hit.passage_id))
    return [*placed, *(hit for hit in fused if hit.passage_id not in named)][:limit]
