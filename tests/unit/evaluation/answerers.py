"""A small set of questions and four answerers: one careful, and three that a suite must show for what they are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from evaluation.subject import JSON
from tests.unit.evaluation.scripted import ScriptedSubject

DOSE = (
    "Tamorel is started at 5 mg once daily. In renal failure it is started at 2.5 mg. "
    "Tablets are never crushed. The dose is reviewed after a month."
)
NOTICE = (
    "The tenant gives 60 days' notice. The landlord gives 120 days' notice. "
    "Electronic mail is not enough. The lease ends with the month."
)
FEE = "The berth fee is 15 crowns a day. It is due on departure."
CORPUS: list[JSON] = [
    {"_id": "dose", "title": "Tamorel", "text": DOSE},
    {"_id": "notice", "title": "Lease", "text": NOTICE},
    {"_id": "fee", "title": "Berths", "text": FEE},
]
QUESTIONS: list[JSON] = [
    {
        "_id": "q1",
        "question": "At what dose is tamorel started?",
        "ideal": ["Tamorel is started at 5 mg once daily."],
        "gold": ["dose"],
        "must": ["5 mg once daily"],
        "unacceptable": ["2.5 mg"],
    },
    {
        "_id": "q2",
        "question": "What notice does the tenant give?",
        "ideal": ["The tenant gives 60 days' notice."],
        "gold": ["notice"],
        "unacceptable": ["120 days"],
    },
    {
        "_id": "q3",
        "question": "How high is the berth fee?",
        "ideal": "The berth fee is 15 crowns a day.",
        "gold": "fee",
    },
    {"_id": "n1", "question": "How is tamorel stored?", "answerable": False},
    {"_id": "n2", "question": "Who built the lighthouse?", "answerable": False},
]


def write_set(folder: Path, corpus: list[JSON] = CORPUS, questions: list[JSON] = QUESTIONS) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, corpus)) + "\n")
    (folder / "questions.jsonl").write_text("\n".join(map(json.dumps, questions)) + "\n")
    return folder


def refusal() -> JSON:
    return {"status": "refused", "claims": [], "refusal": {"code": "refusal.not_answered"}}


def answer(said: str, *quoted: tuple[str, str], score: float = 1.0) -> JSON:
    """Return an answer of one claim with quotes of (key of the text, words)."""
    quotes = [{"document_id": f"d-{key}", "passage_id": f"p-{key}", "text": words} for key, words in quoted]
    return {"status": "answered", "claims": [{"text": said, "score": score, "quotes": quotes}]}


class Scripted(ScriptedSubject):
    """Answers each question as it is told, and refuses the others."""

    def __init__(self, answers: Mapping[str, JSON]) -> None:
        super().__init__()
        self.answers = answers
        self.bodies: list[JSON] = []

    def ask(self, body: JSON) -> JSON:
        self.bodies.append(body)
        return self.answers.get(body["question"], refusal())


class Careful(Scripted):
    """Quotes the sentence that answers, and refuses what no sentence answers."""

    def __init__(self) -> None:
        sentences = {"dose": DOSE, "notice": NOTICE, "fee": FEE}
        firsts = [(key, text.split(". ")[0] + ".") for key, text in sentences.items()]
        told = {row["question"]: answer(own[1], own) for row, own in zip(QUESTIONS[:3], firsts, strict=True)}
        super().__init__(told)


class Copier(Scripted):
    """Copies the text that shares most words with the question, whole."""

    def __init__(self) -> None:
        super().__init__({})

    def ask(self, body: JSON) -> JSON:
        asked = set(body["question"].lower().strip("?").split())
        top = max(self.loaded, key=lambda text: len(asked & set(text.text.lower().split())))
        return answer(top.text, (top.key, top.text))


class Refuser(Scripted):
    """Refuses everything."""

    def __init__(self) -> None:
        super().__init__({})


class Inventor(Scripted):
    """Answers everything with words that no text has, and says that they stand in the first text."""

    def __init__(self) -> None:
        super().__init__({})

    def ask(self, body: JSON) -> JSON:
        return answer("Zorvex cures every ill.", ("dose", "Zorvex cures every ill."), ("nowhere", "Zorvex is safe."))
