"""Passport numbers behind a label, or as one letter and eight digits near the word."""

from __future__ import annotations

from policies.disclosure.recogniser import Form, Recogniser, labelled

RECOGNISER = Recogniser(
    name="passport",
    kind="PASSPORT",
    forms=(
        Form(pattern=labelled(r"passport|reisepass(?:nummer)?", r"(?=[A-Z]{0,3}\d)[A-Z0-9]{6,10}"), score=0.85),
        Form(pattern=r"(?<![\w\-])[A-Z]{1,2}\d{6,8}[A-Z]?(?![\w\-])", score=0.2),
    ),
    context="passport passports reisepass",
    canary="Passport no. X31949511 was seen.",
    planted="X31949511",
)
