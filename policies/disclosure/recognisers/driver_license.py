"""Driving licence numbers behind a label."""

from __future__ import annotations

from policies.disclosure.recogniser import Form, Recogniser, labelled

RECOGNISER = Recogniser(
    name="driver_license",
    kind="DRIVER_LICENSE",
    forms=(
        Form(
            pattern=labelled(
                r"driv(?:er'?s?'?|ing) licen[cs]e|driver'?s? lic\.?|d\.l\.|dl(?= ?(?:[:\#]|no\b|num))"
                r"|führerschein(?:nummer)?"
            ),
            score=0.85,
        ),
        Form(pattern=r"(?<![\w.\-])[A-Z]\d{7,14}(?![\w\-])", score=0.2),
    ),
    context="driver drivers driving licence license",
    canary="Driver's license S99931344 was shown.",
    planted="S99931344",
)
