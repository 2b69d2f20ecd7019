"""Registration numbers of the US Drug Enforcement Administration: two letters, six digits and a check digit."""

from __future__ import annotations

from policies.disclosure.recogniser import Form, Recogniser, digits


def _valid(value: str) -> bool:
    numbers = [int(digit) for digit in digits(value[2:])]
    total = sum(numbers[0:6:2]) + 2 * sum(numbers[1:6:2])
    return total % 10 == numbers[6]


RECOGNISER = Recogniser(
    name="dea_number",
    kind="DEA_NUMBER",
    forms=(Form(pattern=r"(?i)\b(?<!-)[a-hj-mprstux][a-z9]-?\d{7}(?![\w\-])", score=0.4),),
    context="dea license prescriber registration",
    check=_valid,
    canary="DEA AB1234563 prescribing.",
    planted="AB1234563",
)
