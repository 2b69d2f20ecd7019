"""Medicare beneficiary identifiers: 11 places by the CMS format, without S, L, O, I, B and Z."""

from __future__ import annotations

from policies.disclosure.recogniser import Form, Recogniser

_LETTER = "[AC-HJKMNP-RT-Y]"
_EITHER = "[AC-HJKMNP-RT-Y0-9]"

RECOGNISER = Recogniser(
    name="us_mbi",
    kind="US_MBI",
    forms=(
        Form(
            pattern=rf"(?<![\w\-])[1-9]{_LETTER}{_EITHER}\d([ -]?){_LETTER}{_EITHER}\d\1{_LETTER}{_LETTER}\d\d"
            rf"(?![\w\-])",
            score=0.8,
        ),
    ),
    canary="MBI 1EG4-TE5-MK73 was billed.",
    planted="1EG4-TE5-MK73",
)
