"""Postal codes: US ZIP codes behind a state or a label, any code behind a label, and UK postcodes."""

from __future__ import annotations

from policies.disclosure.recogniser import Form, Recogniser, labelled
from policies.disclosure.us_states import STATE

RECOGNISER = Recogniser(
    name="zip_code",
    kind="ZIP_CODE",
    forms=(
        Form(pattern=rf"(?<![A-Za-z]){STATE}\.?,?\s{{1,8}}(?P<value>\d{{5}}(?:-\d{{4}})?)(?![\w\-])", score=0.8),
        Form(
            pattern=labelled(
                r"(?:my |the |your |his |her )?zip(?: ?\+ ?4)?|post(?:al)?[ -]?code|plz|postleitzahl",
                r"(?=[A-Za-z ]{0,3}\d)[A-Za-z0-9]{2,5}(?:[ -]?[A-Z0-9]{2,4})?",
            ),
            score=0.8,
        ),
        Form(pattern=r"(?<!\w)[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}(?!\w)", score=0.6),
        Form(pattern=r"(?<!\w)[ABCEGHJ-NPRSTVXY]\d[A-Z] \d[A-Z]\d(?!\w)", score=0.6),
        Form(pattern=r"(?<![\w.\-$€£])\d{5}-\d{4}(?![\w\-])", score=0.5),
    ),
    canary="Springfield, IL 62704 is home.",
    planted="62704",
)
