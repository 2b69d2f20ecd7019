"""US Social Security numbers (20 CFR 422.103): area, group, serial; areas 000, 666 and 900-999 are never issued."""

from __future__ import annotations

from stdnum.us import ssn

from policies.disclosure.recogniser import Form, Recogniser, digits, labelled


def _issuable(value: str) -> bool:
    return bool(ssn.is_valid(digits(value)))


RECOGNISER = Recogniser(
    name="us_ssn",
    kind="US_SSN",
    forms=(
        Form(pattern=r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])", score=0.7),
        Form(pattern=r"(?<![\w.-])\d{3}[ .]\d{2}[ .]\d{4}(?![\w-])", score=0.4),
        Form(pattern=r"(?<![\w.-])\d{9}(?![\w-]|\.\d)", score=0.2),
        Form(pattern=labelled(r"ssn|ss|social security", r"\d{3}[ .-]?\d{2}[ .-]?\d{4}"), score=0.9),
    ),
    context="security social ss ssn ssno",
    check=_issuable,
    canary="SSN 219-09-9998 on file.",
    planted="219-09-9998",
)
