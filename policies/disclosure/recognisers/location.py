"""Places smaller than a state: a city in front of a US state, and where someone lives, by the words around it."""

from __future__ import annotations

from policies.disclosure.recogniser import Form, Recogniser
from policies.disclosure.us_states import STATE

_CITY = r"[A-ZÀ-Þ][\w'’.\-]{1,24}(?: (?:(?:of|de|la|del|upon|am|on) )?[A-ZÀ-Þ][\w'’\-]{1,24}){0,2}"

RECOGNISER = Recogniser(
    name="location",
    kind="LOCATION",
    forms=(
        Form(pattern=rf"(?<![\w.])(?P<value>{_CITY}),[ \n]{{1,2}}{STATE}(?![\w'\-])", score=0.6),
        Form(
            pattern=rf"(?<!\w)(?i:lives? in|lived in|living in|resid(?:es?|ing) in|resident of|grew up in"
            rf"|born in|moved to|native of"
            rf"|originally from|hometown(?: is|:)|city(?: of|:)|town(?: of|:)|county of"
            rf"|wohnhaft in)\s{{1,3}}(?P<value>{_CITY})",
            score=0.6,
        ),
        Form(pattern=rf"(?<!\w)(?P<value>{_CITY}) (?:County|Parish|Township)(?!\w)", score=0.6),
    ),
    canary="She lives in Springfield with her son.",
    planted="Springfield",
)
