"""German tax identification numbers (Steuer-ID, section 139b AO): eleven digits with a check digit."""

from __future__ import annotations

from stdnum.de import idnr

from policies.disclosure.recogniser import Form, Recogniser, digits, labelled


def _valid(value: str) -> bool:
    return bool(idnr.is_valid(digits(value)))


RECOGNISER = Recogniser(
    name="de_tax_id",
    kind="DE_TAX_ID",
    forms=(
        Form(
            pattern=labelled(
                r"steuer-?id(?:entifikations?nummer)?(?:-?nr\.?)?|idnr\.?|identifikationsnummer|tin",
                r"\d{2} ?\d{3} ?\d{3} ?\d{3}",
            ),
            score=0.9,
        ),
        Form(pattern=r"(?<![\w.\-+])\d{2} \d{3} \d{3} \d{3}(?![\w\-]|\.\d)", score=0.5),
        Form(pattern=r"(?<![\w.\-+])[1-9]\d{10}(?![\w\-]|\.\d)", score=0.3),
    ),
    context="finanzamt steuer steuerid steuernummer tax",
    check=_valid,
    canary="Steuer-ID: 36 574 261 809 bekannt.",
    planted="36 574 261 809",
)
