"""Reads BioASQ (Tsatsaronis et al., 2015) as a BEIR folder whose questions carry ``ideal_answer``, one or several."""

from __future__ import annotations

from pathlib import Path

from evaluation.datasets.beir import read_beir
from evaluation.datasets.questions import AskedQuestion, QuestionDataset, beir_corpus, invalid, relevant, rows, strings


def read_bioasq(folder: Path) -> QuestionDataset:
    """Return the judged questions of a folder with their ideal answers; what is judged relevant is the gold evidence.

    Raises RequestError ``request.dataset_invalid`` with the file and line at fault.
    """
    data = read_beir(folder)
    questions = {}
    for place, row in rows(folder, "queries.jsonl"):
        key = row["_id"]
        if key in data.queries:
            ideal = strings(row, "ideal_answer", place)
            if not ideal:
                raise invalid(place, "has no ideal_answer")
            questions[key] = AskedQuestion(id=key, text=data.queries[key], gold=relevant(data, key), ideal=ideal)
    return QuestionDataset(name=data.name, corpus=beir_corpus(data), questions=questions)
