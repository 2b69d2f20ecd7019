"""Certificate, professional licence, registration and bar numbers behind a label."""

from __future__ import annotations

from policies.disclosure.recogniser import Form, Recogniser, labelled

RECOGNISER = Recogniser(
    name="license_number",
    kind="LICENSE_NUMBER",
    forms=(
        Form(
            pattern=labelled(
                r"(?:(?:state|medical|nursing|professional|pharmacy|board|pilot'?s?|firearms?|marriage|birth|death) )"
                r"(?:medical )?(?:licen[cs]e|certificate|certification|lic\.?)"
                r"|(?:licen[cs]e|lic\.?|certificate|cert\.?|registration|gmc|bar)(?= ?(?:\#|no\b|num))"
            ),
            score=0.7,
        ),
    ),
    canary="State medical license no. MD-48213 lapsed.",
    planted="MD-48213",
)
