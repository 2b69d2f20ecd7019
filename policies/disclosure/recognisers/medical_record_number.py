"""Medical record numbers behind a label, or as a long number near the word MRN."""

from __future__ import annotations

from policies.disclosure.recogniser import Form, Recogniser, labelled

RECOGNISER = Recogniser(
    name="medical_record_number",
    kind="MEDICAL_RECORD_NUMBER",
    forms=(
        Form(
            pattern=labelled(
                r"mrn|mr(?= ?(?:\#|no\b|num))|m\.r\.n\.|(?:medical|health|hospital|clinical) record"
                r"|(?:chart|hospital|unit|record)(?= ?(?:\#|no\b|num))|(?:patient )?chart|emr|ehr|fallnummer"
                r"|patientennummer"
            ),
            score=0.8,
        ),
        Form(pattern=r"(?i)\bmrn(?P<value>\d{4,12})(?!\w)", score=0.8),
        Form(pattern=r"(?<![\w.\-])[A-Z]{0,3}\d{6,12}(?![\w\-]|\.\d)", score=0.2),
    ),
    context="chart mrn mrns record",
    canary="MRN: 00482917, seen today.",
    planted="00482917",
)
