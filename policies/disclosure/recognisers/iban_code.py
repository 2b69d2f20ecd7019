"""International bank account numbers (ISO 13616) with country format and check digits."""

from __future__ import annotations

from stdnum import iban

from policies.disclosure.recogniser import Form, Recogniser


def _valid(value: str) -> bool:
    return bool(iban.is_valid(value))


# Twice, because "... 7654 32 USD" and "... 1332 USD" end at different groups and only the check digits can tell.
RECOGNISER = Recogniser(
    name="iban_code",
    kind="IBAN_CODE",
    forms=(
        Form(pattern=r"(?i)\b[a-z]{2}\d{2}[a-z0-9]{11,30}(?![a-z0-9])", score=0.9),
        Form(pattern=r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ -][A-Z0-9]{4}){2,7}(?![A-Za-z0-9])", score=0.9),
        Form(
            pattern=r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ -][A-Z0-9]{4}){2,7}[ -][A-Z0-9]{1,3}(?![A-Za-z0-9])", score=0.9
        ),
    ),
    check=_valid,
    canary="Refund to DE89 3704 0044 0532 0130 00 please.",
    planted="DE89 3704 0044 0532 0130 00",
)
