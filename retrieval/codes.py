"""Finds clinical codes in text: where their system is named beside them, or where their form leaves no doubt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_LOINC: Final = r"\d{1,5}-\d"
_ICD: Final = r"[A-TV-Z]\d[\dA-Z](?:\.[\dA-Z]{1,4})?"
_NUMBER: Final = r"\d{3,18}"
# The name of a system, and the form of its codes. A URL or OID names a system as FHIR and C-CDA do.
_SYSTEMS: Final = (
    ("loinc", r"loinc(?:\.org)?|2\.16\.840\.1\.113883\.6\.1", _LOINC),
    ("snomed", r"snomed(?:[ -]?ct)?(?:\.info/sct)?|2\.16\.840\.1\.113883\.6\.96", _NUMBER),
    ("rxnorm", r"rxnorm|2\.16\.840\.1\.113883\.6\.88", _NUMBER),
    ("icd10", r"icd-?10(?:-(?:cm|gm|am|pcs))?|2\.16\.840\.1\.113883\.6\.(?:90|3)", _ICD),
    ("cvx", r"cvx", r"\d{1,3}"),
)
_BETWEEN: Final = r"(?:[\s|:=#()\[\],/'\"]|code[sd]?\b|display\b|is\b){0,6}"
# Most texts name no system, and that is seen fastest without the patterns.
_NAMED_BY: Final = ("loinc", "snomed", "rxnorm", "icd", "cvx", "2.16.840.1.113883.6")
_BESIDE: Final = tuple(
    (
        system,
        re.compile(
            rf"(?:{name}){_BETWEEN}(?<![\w.])(?P<after>{code})(?![\w-])"
            rf"|(?<![\w.-])(?P<before>{code})\s*[(\[]\s*(?:{name})",
            re.IGNORECASE,
        ),
    )
    for system, name, code in _SYSTEMS
)
_PLAIN_ICD: Final = re.compile(r"(?<![\w.-])[A-TV-Z]\d[\dAB]\.\d[\dA-Z]{0,3}(?![\w.-]*\w)")
_PLAIN_LOINC: Final = re.compile(r"(?<![\w.,+/-])\d{4,5}-\d(?![\w.-]*\w)")


def codes_in(text: str) -> Iterator[str]:
    """Yield keys such as "loinc:4548-4", "icd10:e11.9" and "rxnorm:860975", in no particular order."""
    lowered = text.lower()
    if any(name in lowered for name in _NAMED_BY):
        for system, pattern in _BESIDE:
            for match in pattern.finditer(text):
                yield f"{system}:{(match['after'] or match['before']).lower()}"
    for match in _PLAIN_ICD.finditer(text):
        yield f"icd10:{match[0].lower()}"
    for match in _PLAIN_LOINC.finditer(text):
        if _is_loinc(match[0]):
            yield f"loinc:{match[0]}"


def _is_loinc(code: str) -> bool:
    """Check the last digit (modulus 10, double-add-double; LOINC Users' Guide, "LOINC code")."""
    number, check = code.split("-")
    total = 0
    for place, digit in enumerate(reversed(number)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled // 10 + doubled % 10
    return (10 - total % 10) % 10 == int(check)
