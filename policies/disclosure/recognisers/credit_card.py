"""Payment card numbers: issuer ranges of 12 to 19 digits (ISO/IEC 7812) with the Luhn check digit."""

from __future__ import annotations

from stdnum import luhn

from policies.disclosure.recogniser import Form, Recogniser, digits


def _luhn(value: str) -> bool:
    number = digits(value)
    return bool(luhn.is_valid(number)) and len(set(number)) > 1


RECOGNISER = Recogniser(
    name="credit_card",
    kind="CREDIT_CARD",
    forms=(
        Form(
            pattern=r"(?=\d{4})(?<![\w.+\-])(?:4\d{12}(?:\d{3}){0,2}|(?:5[1-5]|2[2-7]|6[0245])\d{14}(?:\d{3})?|3[47]\d{13}|3[0689]\d{12}"
            r"|(?:2131|1800|35\d{2})\d{11,12}|(?:5[0678]|6[0-9])\d{10,17})(?![\w\-]|\.\d)",
            score=0.6,
        ),
        Form(
            pattern=r"(?=\d{4})(?<![\w.+\-])(?:[2-6]\d{3}([ -])\d{4}\1\d{4}\1\d{1,4}(?:\1\d{3})?"
            r"|3[47]\d{2}([ -])\d{6}\2\d{5}"
            r"|3[0689]\d{2}([ -])\d{6}\3\d{4})(?![\w\-]|\.\d)",
            score=0.7,
        ),
    ),
    check=_luhn,
    canary="Paid by card 4111 1111 1111 1111 in full.",
    planted="4111 1111 1111 1111",
)
