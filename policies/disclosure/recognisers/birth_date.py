"""Dates of birth: a date behind "born", "DOB" or "date of birth"."""

from __future__ import annotations

from policies.disclosure.recogniser import Form, Recogniser

_LABEL = (
    r"(?i)(?<![a-z])(?:d\.?o\.?b\.?|(?:date of )?birth(?: ?date|day)?|born(?: on)?|geb(?:oren)?(?: am|\.)?"
    r"|geburtsdatum)"
)
_LINK = r"(?:[ \t]*(?:\(?[a-z/]{2,10}\)|is|was|on|[:=.\-])){0,2}\s{0,4}"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|\.)?"
_MONTH = r"[a-zä]{3,9}\.?"

RECOGNISER = Recogniser(
    name="birth_date",
    kind="BIRTH_DATE",
    forms=(
        Form(pattern=rf"{_LABEL}{_LINK}(?P<value>\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{1,4}})(?!\d)", score=0.9),
        Form(pattern=rf"{_LABEL}{_LINK}(?P<value>(?:19|20)\d{{6}})(?!\d)", score=0.9),
        Form(pattern=rf"{_LABEL}{_LINK}(?P<value>{_MONTH} {_DAY},? (?:18|19|20)\d\d)(?!\d)", score=0.9),
        Form(pattern=rf"{_LABEL}{_LINK}(?P<value>{_DAY}[ -]{_MONTH}[ -](?:18|19|20)\d\d)(?!\d)", score=0.9),
    ),
    canary="DOB: 11/28/1944, male.",
    planted="11/28/1944",
)
