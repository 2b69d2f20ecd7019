"""Trains a re-ranker on pairs made from a collection, and says how well it tells answers apart before and after."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from domain.errors import RequestError
from retrieval.cross_encoder import Base, CrossEncoder, fresh
from retrieval.tuning.negatives import HardNegatives
from retrieval.tuning.pairs import Excerpt, Pair, is_held_out, make_pairs

FEWEST_PAIRS: Final = 8
_MOST_PAIRS: Final = 8_000
_MEASURED: Final = 60
_NEGATIVES: Final = 4
_QUESTIONS: Final = 4
_RATE: Final = 5e-4
_HEAD_RATE: Final = 0.05
_WARM_UP: Final = 20
_LARGEST_GRADIENT: Final = 1.0

Cited = dict[str, list[str]]
Progress = Callable[[str, int, int, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How long to train: until ``steps`` or ``minutes`` are over, whichever is first.

    The rate of learning does not depend on either, so that ``steps`` repeats exactly what ``minutes`` reached.
    """

    steps: int
    minutes: float
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """What a training did. Accuracies are shares of held-out questions whose answer scores above all its negatives."""

    pairs: dict[str, int]
    held_out: int
    steps: int
    minutes: float
    first_loss: float
    last_loss: float
    accuracy_before: float
    accuracy_after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A question with one text that answers it, put first, and others that do not."""

    question: str
    texts: tuple[str, ...]


def train(
    base: Base, excerpts: Sequence[Excerpt], cited: Cited, budget: Budget, progress: Progress = lambda *_: None
) -> tuple[CrossEncoder, Trained]:
    """Return a trained model and its record; the same on every run with this seed, machine and number of threads.

    Raises RequestError ``request.dataset_invalid`` when too few pairs can be made, ServiceError when a part is missing.
    """
    pairs = make_pairs(excerpts, cited=cited, limit=_MOST_PAIRS, seed=budget.seed)
    documents = {excerpt.id: excerpt.document for excerpt in excerpts}
    kept = [pair for pair in pairs if is_held_out(documents[pair.excerpt])]
    used = [pair for pair in pairs if not is_held_out(documents[pair.excerpt])]
    if len(kept) < FEWEST_PAIRS // 4 or len(used) < FEWEST_PAIRS:
        needed = f"{FEWEST_PAIRS} and {FEWEST_PAIRS // 4} are needed"
        fault = f"{len(used)} pairs to train on and {len(kept)} to measure on; {needed}"
        raise RequestError("request.dataset_invalid", fault)
    negatives, chance = HardNegatives(excerpts), random.Random(budget.seed)
    measured = [_task(pair, negatives, chance) for pair in kept[:_MEASURED]]
    model = fresh(base, budget.seed)
    before = _accuracy(model, measured)
    losses, started = [], time.monotonic()
    for loss in _steps(model, _stream(used, negatives, chance)):
        losses.append(loss)
        progress("training", len(losses), budget.steps, loss)
        if len(losses) >= budget.steps or time.monotonic() - started >= budget.minutes * 60:
            break
    minutes = (time.monotonic() - started) / 60
    some = max(1, len(losses) // 10)
    return model, Trained(
        pairs={kind: sum(pair.kind == kind for pair in used) for kind in sorted({pair.kind for pair in used})},
        held_out=len(measured),
        steps=len(losses),
        minutes=round(minutes, 2),
        first_loss=round(sum(losses[:some]) / some, 4),
        last_loss=round(sum(losses[-some:]) / some, 4),
        accuracy_before=round(before, 4),
        accuracy_after=round(_accuracy(model, measured), 4),
    )


def _task(pair: Pair, negatives: HardNegatives, chance: random.Random) -> Task:
    return Task(question=pair.question, texts=(pair.passage, *negatives.of(pair, _NEGATIVES, chance)))


def _stream(pairs: Sequence[Pair], negatives: HardNegatives, chance: random.Random) -> Iterator[list[Task]]:
    """Yield batches for ever, in a new order each time round, with new negatives."""
    while True:
        order = chance.sample(pairs, len(pairs))
        for first in range(0, len(order) - _QUESTIONS + 1, _QUESTIONS):
            yield [_task(pair, negatives, chance) for pair in order[first : first + _QUESTIONS]]


def _steps(model: CrossEncoder, batches: Iterator[list[Task]]) -> Iterator[float]:
    """Yield the loss of each step: the cross-entropy of the answer among its negatives."""
    import torch  # noqa: PLC0415 - takes seconds to import

    head, *adapter = model.parameters()
    optimiser = torch.optim.AdamW(
        [{"params": adapter, "lr": _RATE}, {"params": [head], "lr": _HEAD_RATE, "weight_decay": 0.0}]
    )
    warming = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: min(1.0, (step + 1) / _WARM_UP))
    model.adapted.train()
    for tasks in batches:
        losses = [torch.logsumexp(scores, 0) - scores[0] for scores in _scores(model, tasks)]
        loss = torch.stack(losses).mean()
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch publishes no type for it
        torch.nn.utils.clip_grad_norm_([head, *adapter], _LARGEST_GRADIENT)
        optimiser.step()
        warming.step()
        yield float(loss.detach())


def _scores(model: CrossEncoder, tasks: Sequence[Task]) -> Sequence[Any]:
    """Return the scores of each question's texts, all read as one batch."""
    questions = [task.question for task in tasks for _ in task.texts]
    flat: Any = model.scores(questions, [text for task in tasks for text in task.texts])
    split: Sequence[Any] = flat.split([len(task.texts) for task in tasks])
    return split


def _accuracy(model: CrossEncoder, tasks: Sequence[Task]) -> float:
    import torch  # noqa: PLC0415 - as above

    model.adapted.eval()
    with torch.inference_mode():
        best = [int(scores.argmax()) for task in tasks for scores in _scores(model, [task])]
    return best.count(0) / len(best)
