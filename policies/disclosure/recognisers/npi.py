"""US National Provider Identifiers (45 CFR 162.406): ten digits with the Luhn check digit under the prefix 80840."""

from __future__ import annotations

from stdnum import luhn

from policies.disclosure.recogniser import Form, Recogniser, labelled


def _valid(value: str) -> bool:
    return bool(luhn.is_valid("80840" + value))


RECOGNISER = Recogniser(
    name="npi",
    kind="NPI",
    forms=(
        Form(pattern=labelled(r"npi|national provider(?: identifier)?", r"[12]\d{9}"), score=0.9),
        Form(pattern=r"(?<![\w.\-+])[12]\d{9}(?![\w\-]|\.\d)", score=0.3),
    ),
    context="npi prescriber provider",
    check=_valid,
    canary="NPI: 1234567893 attending.",
    planted="1234567893",
)
