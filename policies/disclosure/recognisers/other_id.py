"""Any other unique number behind a label: patient, encounter, claim, accession, specimen, order, employee."""

from __future__ import annotations

from policies.disclosure.recogniser import Form, Recogniser, labelled

RECOGNISER = Recogniser(
    name="other_id",
    kind="OTHER_ID",
    forms=(
        Form(
            pattern=labelled(
                r"(?:patient|pt|encounter|visit|claim|accession|specimen|sample|order|requisition|prescription|rx|referral|case"
                r"|subject|participant|study|enrollment|employee|staff|badge|student|user|login|donor"
                r"|identity card|personnel)"
                r"(?= ?(?:\#|no\b|num|id\b|identifier|nr\b|:(?=\s{0,2}[A-Z]{0,3}\d)))(?: identifier)?"
                r"|personalausweis(?:nummer)?"
            ),
            score=0.65,
        ),
        Form(
            pattern=r"(?i)(?<![\w\-])[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}(?![\w\-])",
            score=0.6,
        ),
    ),
    canary="Accession number: S22-10482 received.",
    planted="S22-10482",
)
