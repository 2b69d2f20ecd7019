"""German health insurance numbers (Krankenversichertennummer): a letter and nine digits, the last a check digit."""

from __future__ import annotations

from policies.disclosure.recogniser import Form, Recogniser, labelled


def _valid(value: str) -> bool:
    # The letter counts as its two-digit place in the alphabet; weights 1 and 2 alternate from the left, and the sum of
    # digit sums modulo 10 is the check digit (SGB V section 290 and its Anlage 1).
    letter = f"{ord(value[0].upper()) - ord('A') + 1:02d}"
    weighted = (int(digit) * (1 + place % 2) for place, digit in enumerate(letter + value[1:9]))
    return sum(number // 10 + number % 10 for number in weighted) % 10 == int(value[9])


RECOGNISER = Recogniser(
    name="de_kvnr",
    kind="DE_KVNR",
    forms=(
        Form(
            pattern=labelled(
                r"kvnr|(?:kranken)?versicherten[- ]?(?:nummer|id)|krankenversicherungsnummer", r"[A-Z]\d{9}"
            ),
            score=0.9,
        ),
        Form(pattern=r"(?<![\w\-])[A-Z]\d{9}(?![\w\-])", score=0.4),
    ),
    context="insurance krankenkasse krankenversicherung kvnr versichert versichertennummer",
    check=_valid,
    canary="KVNR: A123456780 (AOK).",
    planted="A123456780",
)
