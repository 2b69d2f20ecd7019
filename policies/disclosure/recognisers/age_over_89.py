"""Ages over 89, which Safe Harbor counts among the dates; younger ages may stay."""

from __future__ import annotations

from policies.disclosure.recogniser import Form, Recogniser

_AGE = r"(?P<value>9\d|1[0-2]\d)"
_WORDS = (
    r"(?P<value>ninety(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|(?:a|one) hundred(?: and"
    r"| )?(?: ?[a-z]{3,9})?)"
)

RECOGNISER = Recogniser(
    name="age_over_89",
    kind="AGE_OVER_89",
    forms=(
        Form(
            pattern=rf"(?i)(?<![\w./\-]){_AGE}(?:[- ]?(?:years?|yrs?\.?|y)[- ]?(?:old|o\b|of age)"
            rf"|[- ]?y[./]?o\b|[- ]jährig)",
            score=0.9,
        ),
        Form(pattern=rf"(?i)\b(?:aged?|age (?:of|is)|age at death)[: ]{{1,3}}{_AGE}(?![\w%]|[./]\d)", score=0.85),
        Form(
            pattern=rf"(?i)\b(?:turn(?:s|ed|ing)?|just turned|celebrated (?:his|her|their)) {_AGE}(?:st|nd|rd"
            rf"|th)?(?![\w%]|[./]\d)",
            score=0.7,
        ),
        Form(pattern=rf"(?<![\w./\-]){_AGE} ?(?:[MF]\b|(?:yo|y/o) )", score=0.6),
        Form(pattern=rf"(?i)\b{_WORDS}[- ]years?[- ](?:old|of age)", score=0.9),
        Form(pattern=r"(?i)\b(?P<value>nonagenarian|centenarian|supercentenarian)s?\b", score=0.8),
        Form(pattern=r"(?i)\bin (?:his|her|their) (?P<value>(?:early |mid-? ?|late )?(?:nineties|90'?s))\b", score=0.8),
    ),
    canary="A 94-year-old woman fell.",
    planted="94",
)
