"""Reads claims with their evidence and label: a JSONL of ours, MedHallu, NLI4CT, or LegalBench-RAG's NDAs.

The JSONL has ``_id``, ``claim``, ``evidence`` (a text or a list of texts) and ``label``: "supported", "contradicted" or
"unsupported". MedHallu (Pandit et al., 2025) is a CSV whose rows give two claims over one context, the true answer and
the invented one. NLI4CT (Jullien et al., 2023) is a folder of trials/ with dev.json, whose statements about sections of
trials are entailed or contradicted. LegalBench-RAG (Pipitone and Alami, 2024) is a folder whose
benchmarks/contractnli.json asks about clauses of NDAs (Koreeda and Manning, "ContractNLI", 2021); see
:mod:`evaluation.datasets.nda`.

Claims come in the order of their labels, so that a sample spread evenly over them keeps the mix.
"""

from __future__ import annotations

import ast
import csv
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from domain.errors import RequestError
from evaluation.datasets.nda import BENCHMARK, statements
from evaluation.datasets.questions import invalid, rows, strings

LABELS: Final = ("supported", "contradicted", "unsupported")
_MEDHALLU: Final = ("knowledge", "ground_truth", "least_similar_answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledClaim:
    """A claim, the texts that it is checked against, and what a person said of it."""

    id: str
    text: str
    evidence: tuple[str, ...]
    label: str


def read_claims(path: Path) -> dict[str, LabelledClaim]:
    """Return the claims by id. Raises RequestError ``request.dataset_invalid`` with the place at fault."""
    if (path / BENCHMARK).is_file():
        found = [
            LabelledClaim(id=i, text=t, evidence=e, label=LABELS[2 * (not own)]) for i, t, e, own in statements(path)
        ]
    elif path.is_dir():
        found = list(_nli4ct(path))
    elif path.suffix.lower() == ".csv":
        found = list(_medhallu(path))
    else:
        found = [_claim(row, place) for place, row in rows(path.parent, path.name)]
    if len({claim.label == LABELS[0] for claim in found}) == 1:
        raise invalid(path.name, "has no supported claim, or none that is not")
    found.sort(key=lambda claim: LABELS.index(claim.label))
    return {claim.id: claim for claim in found}


def _claim(row: Mapping[str, Any], place: str) -> LabelledClaim:
    text, evidence = strings(row, "claim", place), strings(row, "evidence", place)
    if len(text) != 1 or not evidence:
        raise invalid(place, "has no claim or no evidence")
    if row.get("label") not in LABELS:
        raise invalid(place, f"has a label that is none of {', '.join(LABELS)}")
    return LabelledClaim(id=row["_id"], text=text[0], evidence=evidence, label=row["label"])


def _medhallu(path: Path) -> Iterator[LabelledClaim]:
    csv.field_size_limit(sys.maxsize)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), start=1):
                place = f"{path.name}: row {number}"
                contexts, true, invented = (row.get(name) for name in _MEDHALLU)
                if not (contexts and true and invented):
                    raise invalid(place, f"has no {', '.join(_MEDHALLU)}")
                evidence = _contexts(contexts, place)
                yield LabelledClaim(id=f"{number}-true", text=true, evidence=evidence, label="supported")
                yield LabelledClaim(id=f"{number}-invented", text=invented, evidence=evidence, label="unsupported")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise invalid(path.name, "cannot be read as CSV") from error


def _contexts(literal: str, place: str) -> tuple[str, ...]:
    """Return the texts of a Python literal, which is how the set writes them."""
    try:
        contexts = ast.literal_eval(literal)["contexts"]
        return tuple(str(text) for text in contexts)
    except (ValueError, SyntaxError, KeyError, TypeError, RecursionError, MemoryError):
        raise invalid(place, "has knowledge without contexts") from None


def _nli4ct(folder: Path) -> Iterator[LabelledClaim]:
    statements = _json(folder / "dev.json")
    trials: dict[str, dict[str, Any]] = {}
    for key, row in statements.items():
        place = f"dev.json: {key}"
        try:
            names = [row["Primary_id"], *([row["Secondary_id"]] if "Secondary_id" in row else [])]
            for name in names:
                if name not in trials:
                    trials[name] = _json(folder / "trials" / f"{Path(name).name}.json")
            evidence = tuple("\n".join(trials[name][row["Section_id"]]) for name in names)
            label = {"Entailment": "supported", "Contradiction": "contradicted"}[row["Label"]]
            yield LabelledClaim(id=key, text=str(row["Statement"]), evidence=evidence, label=label)
        except (KeyError, TypeError):
            raise invalid(place, "is no statement about a section of a trial") from None


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise invalid(path.name, "cannot be read as JSON") from error
    if not isinstance(found, dict):
        raise RequestError("request.dataset_invalid", f"{path.name} is no JSON object")
    return found
