"""Dates, every element but the year alone: numeric, ISO 8601, HL7 timestamps, and months in English and German."""

from __future__ import annotations

from policies.disclosure.recogniser import Form, Recogniser

_MONTH = (
    r"(?:jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?"
    r"|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)\b\.?"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH_NUMBER = r"(?:0?[1-9]|1[0-2])"
_YEAR = r"(?:1[89]\d\d|20\d\d)"
_TIME = r"(?:[T ,]{1,2}[0-2]?\d:[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?(?: ?[AaPp]\.?[Mm]\b\.?)?(?:Z|[+-]\d\d:?\d\d)?)?"
_ORDINAL = r"(?:st|nd|rd|th|\.)?"
_SAME_SIGN = r"(?P<sign>[-/.])"

RECOGNISER = Recogniser(
    name="date",
    kind="DATE",
    forms=(
        Form(
            pattern=rf"(?=\d{{4}})(?<![\w./\-]){_YEAR}{_SAME_SIGN}{_MONTH_NUMBER}(?P=sign){_DAY}{_TIME}(?![\d/]|[.\-]\d)",
            score=0.8,
        ),
        Form(
            pattern=rf"(?=\d\d?[-/.]\d)(?<![\w./\-])(?:{_MONTH_NUMBER}{_SAME_SIGN}{_DAY}|{_DAY}(?P<sign>[-/.]){_MONTH_NUMBER})(?P=sign)"
            rf"{_YEAR}{_TIME}(?![\w/]|[.\-]\d)",
            score=0.8,
        ),
        Form(
            pattern=rf"(?=\d\d?[-/]\d)(?<![\w./\-])(?:{_MONTH_NUMBER}(?P<sign>[-/]){_DAY}|{_DAY}(?P<sign>[-/]){_MONTH_NUMBER})"
            rf"(?P=sign)\d\d{_TIME}(?![\w/]|[.\-]\d)",
            score=0.6,
        ),
        # With points it is as often the number of a section ("Rule 4.14.61").
        Form(pattern=rf"(?=\d\d?\.\d)(?<![\w./\-]){_DAY}\.{_MONTH_NUMBER}\.\d\d(?![\w/]|[.\-]\d)", score=0.2),
        Form(pattern=rf"(?=\d\d?/\d)(?<![\w./\-]){_MONTH_NUMBER}/{_YEAR}(?![\w/])", score=0.55),
        Form(pattern=rf"(?=\d{{4}})(?<![\w./\-]){_YEAR}-(?:0[1-9]|1[0-2])(?![\w/-])", score=0.55),
        Form(pattern=rf"(?=\d\d?/\d)(?<![\w./\-]){_MONTH_NUMBER}/{_DAY}(?![\w/]|[.\-]\d|%)", score=0.2),
        Form(
            pattern=rf"(?i)(?=\d)(?<![\w./\-]){_DAY}{_ORDINAL}(?: of)?[ -]{_MONTH}(?:[ ,/\-]{{0,2}}(?:{_YEAR}"
            rf"|'?\d\d\b))?{_TIME}(?!\w)",
            score=0.7,
        ),
        Form(
            pattern=rf"(?i)(?=[jfmasond]\w\w)(?<![\w./\-]){_MONTH}[ -]{_DAY}(?:st|nd|rd|th)?(?![\w/%]"
            rf"|[.,]\d)(?:[ ,/\-]{{1,2}}{_YEAR})?{_TIME}(?!\w)",
            score=0.7,
        ),
        Form(pattern=rf"(?i)(?<![\w./\-]){_MONTH}(?:,| of|-|/)? ?(?:{_YEAR}|'\d\d)(?!\w)", score=0.7),
        Form(
            pattern=r"(?<![\w.\-])(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
            r"(?:[01]\d|2[0-3])?(?:[0-5]\d){0,2}(?:[+-]\d{4})?(?![\w.\-])",
            score=0.5,
        ),
    ),
    context="admitted am bis by date dated discharged due ended from last next on scheduled seen seit since started "
    "until visit vom",
    before=2,
    after=0,
    canary="Admitted on March 3rd, 2014 by ambulance.",
    planted="March 3rd, 2014",
)
