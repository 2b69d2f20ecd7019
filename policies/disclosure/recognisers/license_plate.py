"""Licence plate numbers behind a label."""

from __future__ import annotations

from policies.disclosure.recogniser import Form, Recogniser, labelled

RECOGNISER = Recogniser(
    name="license_plate",
    kind="LICENSE_PLATE",
    forms=(
        Form(
            pattern=labelled(
                r"(?:(?:licen[cs]e|number|vehicle|registration) plates?|plate(?= ?(?:\#|:|no\b|num)))"
                r"(?: (?=no|num|\#))?(?:,? (?:state|[A-Z]{2})\b)?"
                r"|(?:vehicle )?(?:registration|tag)(?= (?:no|num|mark))(?: mark)?|kfz-kennzeichen|kennzeichen",
                r"(?=[A-Za-zÄÖÜ \-]{0,7}\d)[A-ZÄÖÜa-z0-9]{1,4}[ \-·]?[A-Za-z0-9]{1,4}(?:[ \-]?[A-Z0-9]{1,4})?",
            ),
            score=0.7,
        ),
    ),
    canary="License plate: 7ABC123 parked outside.",
    planted="7ABC123",
)
