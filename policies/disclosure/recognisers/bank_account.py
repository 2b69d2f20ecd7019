"""Bank account numbers behind a label or near a banking word; routing numbers need their check digit."""

from __future__ import annotations

from stdnum.us import rtn

from policies.disclosure.recogniser import Form, Recogniser, digits, labelled

_ROUTING = 9


def _not_a_wrong_routing_number(value: str) -> bool:
    number = digits(value)
    return len(number) != _ROUTING or bool(rtn.is_valid(number)) or value[0] not in "0123"


RECOGNISER = Recogniser(
    name="bank_account",
    kind="BANK_ACCOUNT",
    forms=(
        Form(
            pattern=labelled(
                r"bank (?:account|acct\.?)|(?:checking|savings|current|giro) (?:account|acct\.?)|kontonummer"
                r"|konto|sort code",
                r"\d[\d -]{4,20}\d",
            ),
            score=0.8,
        ),
        Form(pattern=labelled(r"(?:aba|routing)(?: transit)?|rtn", r"\d{9}"), score=0.8),
        Form(pattern=r"(?<![\w.\-])\d{8,17}(?![\w\-]|\.\d)", score=0.2),
    ),
    context="bank banking checking debit deposit iban routing savings withdrawal",
    before=5,
    after=0,
    check=_not_a_wrong_routing_number,
    canary="Bank account number: 000123456789 closed.",
    planted="000123456789",
)
