"""Telephone and fax numbers: North American, with a country code, and digit groups near a telling word."""

from __future__ import annotations

from policies.disclosure.recogniser import Form, Recogniser, digits

_EXTENSION = r"(?:[ ,]{0,2}(?:x|ext\.?|extension)[ .:]{0,2}\d{1,6})?"
_MOST_DIGITS = 15  # ITU-T E.164
_FEWEST_DIGITS = 6


def _plausible(value: str) -> bool:
    number = digits(value.lower().partition("x")[0].partition("ext")[0])
    year_first = len(value) > _FEWEST_DIGITS and value[:2] in {"19", "20"} and value[4] == "-" and value[7:8] == "-"
    return _FEWEST_DIGITS <= len(number) <= _MOST_DIGITS + 2 and not year_first


RECOGNISER = Recogniser(
    name="phone_number",
    kind="PHONE_NUMBER",
    forms=(
        Form(
            pattern=r"(?=[(+\d][+\d])(?<![\w.\-/])(?:(?:\+|00)?1[-. ]?)?(?:\([2-9]\d{2}\) ?"
            r"|[2-9]\d{2}[-. /])\d{3}[-. ]\d{4}" + _EXTENSION + r"(?![\w\-]|\.\d)",
            score=0.65,
        ),
        Form(
            pattern=r"(?<![\w+])\+\d{1,3}(?:[ .\-/]?\(?\d{1,5}\)?){1,6}" + _EXTENSION + r"(?!\w)",
            score=0.65,
        ),
        Form(
            pattern=r"(?<![\w.\-/])00[1-9]\d{0,2}(?:[ .\-/]\(?\d{1,8}\)?){2,6}" + _EXTENSION + r"(?![\w\-]|\.\d)",
            score=0.5,
        ),
        Form(
            pattern=r"(?=[(\d]\d)(?<![\w.\-/+])(?:\(\d{1,5}\)|\d{2,5})(?:[ .\-/]{1,2}\(?\d{1,8}\)?){1,5}"
            + _EXTENSION
            + r"(?![\w/]|[.\-]\d)",
            score=0.2,
        ),
        Form(pattern=r"(?<![\w.\-/+])\d{7,12}" + _EXTENSION + r"(?![\w/]|[.\-]\d)", score=0.2),
    ),
    context="answering beeper call called calling cell cellphone contact desk dial facsimile fax handy helpline "
    "hotline message messages mobile office pager ph phone sms tel telefon telephone texted voicemail whatsapp",
    before=4,
    check=_plausible,
    canary="Call the office at (617) 555-0142 ext. 9.",
    planted="(617) 555-0142 ext. 9",
)
