"""US individual taxpayer identification numbers (IRS Publication 1915): like an SSN, in areas 900 to 999."""

from __future__ import annotations

from stdnum.us import itin

from policies.disclosure.recogniser import Form, Recogniser, digits, labelled


def _issuable(value: str) -> bool:
    return bool(itin.is_valid(digits(value)))


RECOGNISER = Recogniser(
    name="us_itin",
    kind="US_ITIN",
    forms=(
        Form(pattern=r"(?<![\w-])9\d{2}-\d{2}-\d{4}(?![\w-])", score=0.6),
        Form(pattern=labelled(r"itin|taxpayer id(?:entification)?", r"9\d{2}[ -]?\d{2}[ -]?\d{4}"), score=0.9),
    ),
    check=_issuable,
    canary="ITIN 912-70-1234 applies.",
    planted="912-70-1234",
)
