"""Bar 5: forty questions over GDPR and HIPAA; each answer must quote the right article or section."""

from __future__ import annotations

import sys
import tempfile
import tomllib
from pathlib import Path

from app.bootstrap import build
from app.cli.door import LocalDoor
from app.settings import load_settings
from tests.bench.record import record
from tests.data import ROOT, shared_data

FILES = {"gdpr": "gdpr-formex-en.xml", "hipaa": "hipaa-combined-2013.pdf"}


def within(citation: str | None, expected: str) -> bool:
    """Say whether a citation is the expected one or lies inside it: a paragraph, or a defined term of a section."""
    if citation is None or not citation.startswith(expected):
        return False
    rest = citation[len(expected) :]
    return not rest or rest[0] in "( "


def article(expected: str) -> str:
    """Return the article or section without its paragraphs."""
    return expected.split("(", maxsplit=1)[0]


def main() -> int:
    """Ask every question and print how many were answered from the right place."""
    questions = tomllib.loads((ROOT / "tests/spec/article_questions.toml").read_text(encoding="utf-8"))
    law = shared_data("law")
    right = exact = total = 0
    with tempfile.TemporaryDirectory() as folder, build(load_settings(home=Path(folder))) as consilium:
        door = LocalDoor(consilium)
        for name, file in FILES.items():
            for outcome in door.ingest([law / file], {"collection": name}):
                sys.stdout.write(f"{outcome['status']} {file}: {outcome.get('passages', 0)} passages\n")
        for name, asked in questions.items():
            for expected, question in asked.items():
                answer = door.ask({"question": question, "collections": [name], "purpose": "legal_advice"})
                quoted = [q["locator"].get("citation") for claim in answer["claims"] for q in claim["quotes"]]
                total += 1
                hit = any(within(c, article(expected)) for c in quoted)
                right += hit
                exact += any(within(c, expected) for c in quoted)
                if not hit:
                    sys.stdout.write(f"  missed {expected}: {answer['status']}, quoted {quoted}\n")
    record("articles", {"questions": total, "right article or section quoted": right, "exact paragraph quoted": exact})
    return 0 if right == total else 1


if __name__ == "__main__":
    sys.exit(main())
