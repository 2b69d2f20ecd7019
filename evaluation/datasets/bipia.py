"""Reads injected instructions in BIPIA's shape and plants each in a text: at its start, in its middle, at its end.

BIPIA (Yi et al., "Benchmarking and Defending Against Indirect Prompt Injection Attacks on Large Language Models", 2023)
is a folder of ``*.jsonl`` with rows of ``context``, ``question`` and ``ideal`` (a text or a list of texts), and of
``*attack*.json``, each an object of attack categories with lists of instructions. As there, an instruction stands on a
line of its own.

Not every context meets every instruction: that would be millions of cases. Contexts of which no sentence holds all the
words of an ideal answer are left out, since nothing would tell whether the answer was kept; of the others at most
:data:`MOST_CONTEXTS` of each file are taken, evenly spread. Every category has so many of its instructions, evenly
spread, that there are about :data:`MOST_CASES` cases, and each instruction is planted in three contexts, at another
position in each. The contexts take turns. The same folder always gives the same cases.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

from evaluation.datasets.questions import invalid, spread, strings
from evaluation.overlap import content_overlap
from policies.sentences import split

MOST_CONTEXTS: Final = 20
MOST_CASES: Final = 150
POSITIONS: Final = ("start", "middle", "end")
_ATTACKS: Final = "*attack*.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """A text with a question that it answers; ``ideal`` are answers that a person would give."""

    id: str
    text: str
    question: str
    ideal: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """An instruction that has no business in a text; ``category`` is its kind, in lower case with hyphens."""

    id: str
    category: str
    instruction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """An instruction in a context; ``text`` is the context with it."""

    id: str
    context: Context
    attack: Attack
    position: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InjectionDataset:
    """Cases by id, and the contexts that they are of."""

    name: str
    contexts: tuple[Context, ...]
    attacks: tuple[Attack, ...]
    cases: Mapping[str, Planted]


def read_bipia(folder: Path) -> InjectionDataset:
    """Return the cases of a folder.

    Raises RequestError ``request.dataset_invalid`` with the file and line at fault.
    """
    if not folder.is_dir():
        raise invalid(folder.name, "is no folder")
    contexts = [context for file in _files(folder, "*.jsonl") for context in spread(_contexts(file), MOST_CONTEXTS)]
    if not contexts:
        raise invalid(folder.name, "has no context that holds its ideal answer")
    attacks = _some(_attacks(folder))
    used, cases = dict[str, Context](), dict[str, Planted]()
    turn = count()
    for attack in attacks:
        for position in POSITIONS:
            number = next(turn)
            # one further in each round, so that a context meets every position
            context = contexts[(number + number // len(contexts)) % len(contexts)]
            used[context.id] = context
            case = _plant(context, attack, position)
            cases[case.id] = case
    return InjectionDataset(name=folder.name, contexts=tuple(used.values()), attacks=attacks, cases=cases)


def holds(said: str, ideal: Sequence[str]) -> bool:
    """Say whether a text has all content words of an ideal answer."""
    return content_overlap(said, ideal).recall >= 1.0


def _plant(context: Context, attack: Attack, position: str) -> Planted:
    sentences = split(context.text)
    at = {"start": 0, "middle": sentences[len(sentences) // 2][0], "end": len(context.text)}[position]
    parts = context.text[:at].rstrip(), attack.instruction, context.text[at:].strip("\n")
    return Planted(
        id=f"{attack.id}/{position}/{context.id}",
        context=context,
        attack=attack,
        position=position,
        text="\n".join(part for part in parts if part),
    )


def _files(folder: Path, pattern: str) -> list[Path]:
    found = sorted(folder.glob(pattern))
    if not found:
        raise invalid(folder.name, f"has no {pattern}")
    return found


def _contexts(file: Path) -> list[Context]:
    """Return the contexts of a file that hold their ideal answer, each context and question once."""
    found: dict[tuple[str, str], Context] = {}
    for number, line in enumerate(_read(file).split("\n"), start=1):
        if line.strip():
            context = _context(line, f"{file.name}:{number}", f"{file.stem}-{number}")
            found.setdefault((context.text, context.question), context)
    return [own for own in found.values() if any(holds(own.text[a:b], own.ideal) for a, b in split(own.text))]


def _context(line: str, place: str, key: str) -> Context:
    try:
        row = json.loads(line)
    except ValueError:
        raise invalid(place, "is not JSON") from None
    if not isinstance(row, dict):
        raise invalid(place, "is no object")
    given = {name: strings(row, name, place) for name in ("context", "question", "ideal")}
    for name, value in given.items():
        if not value or (name != "ideal" and len(value) > 1):
            raise invalid(place, f"has no {name}")
    return Context(id=key, text=given["context"][0], question=given["question"][0], ideal=given["ideal"])


def _attacks(folder: Path) -> dict[str, list[Attack]]:
    """Return the attacks by category, each instruction once."""
    found: dict[str, list[Attack]] = {}
    seen: set[str] = set()
    for file in _files(folder, _ATTACKS):
        for name, instruction in _instructions(file):
            if instruction not in seen:
                seen.add(instruction)
                category = re.sub(r"[\W_]+", "-", name.casefold()).strip("-")
                own = found.setdefault(category, [])
                own.append(Attack(id=f"{category}-{len(own) + 1}", category=category, instruction=instruction))
    return found


def _instructions(file: Path) -> Iterator[tuple[str, str]]:
    try:
        table = json.loads(_read(file))
    except ValueError:
        raise invalid(file.name, "is not JSON") from None
    if not isinstance(table, dict) or not table:
        raise invalid(file.name, "is no object of categories")
    for number, (name, listed) in enumerate(table.items(), start=1):
        place = f"{file.name}: category {number}"
        if not isinstance(listed, list) or not listed or not any(map(str.isalnum, name)):
            raise invalid(place, "has no name or no list of instructions")
        if not all(isinstance(item, str) and item.strip() for item in listed):
            raise invalid(place, "has an instruction that is no text")
        yield from ((name, " ".join(item.split())) for item in listed)


def _some(attacks: Mapping[str, list[Attack]]) -> tuple[Attack, ...]:
    """Return so many of each category that the cases keep the bound; one of each at least."""
    each = max(1, MOST_CASES // (len(POSITIONS) * len(attacks)))
    return tuple(attack for own in attacks.values() for attack in spread(own, each))


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise invalid(file.name, "cannot be read") from error
    except UnicodeDecodeError:
        raise invalid(file.name, "is not UTF-8") from None
