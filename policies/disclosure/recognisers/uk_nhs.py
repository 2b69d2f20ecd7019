"""NHS numbers of England, Wales and the Isle of Man: ten digits, the last a modulus 11 check digit."""

from __future__ import annotations

from stdnum.gb import nhs

from policies.disclosure.recogniser import Form, Recogniser, digits, labelled


def _valid(value: str) -> bool:
    return bool(nhs.is_valid(digits(value)))


RECOGNISER = Recogniser(
    name="uk_nhs",
    kind="UK_NHS",
    forms=(
        Form(pattern=labelled(r"nhs|national health(?: service)?|chi", r"\d{3}[ -]?\d{3}[ -]?\d{4}"), score=0.9),
        Form(pattern=r"(?<![\w.\-+(])\d{3}([ -])\d{3}\1\d{4}(?![\w\-]|\.\d)", score=0.5),
        Form(pattern=r"(?<![\w.\-+(])\d{10}(?![\w\-]|\.\d)", score=0.3),
    ),
    context="national nhs",
    check=_valid,
    canary="NHS number 943 476 5919 confirmed.",
    planted="943 476 5919",
)
