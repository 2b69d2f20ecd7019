"""The identifiers of 45 CFR 164.514(b)(2)(i) that text can hold: what research sees of each.

(P) biometric identifiers and (Q) photographs are no text. (A) names are found where they announce themselves or where
the record knows them; a name in free running text that nobody knows is not.
"""

from __future__ import annotations

from functools import cache

import pytest

from domain.identities import KnownIdentity
from policies.disclosure.deidentifier import PresidioDeidentifier
from policies.disclosure.policy import Disclosure
from policies.pack import load_pack

KNOWN = (KnownIdentity(subject="p", kind="name", value="Jane Quincy Doe"),)
TABLE = [
    ("A", "Dr. Smith saw Jane today.", "Dr. [PERSON] saw [PERSON] today."),
    ("B", "Lives at 12 Perch Street, Springfield, IL 62704.", "Lives at [ADDRESS], [LOCATION], IL [ZIP_CODE]."),
    ("C", "Born 11/28/1931, admitted March 3, 2014.", "Born [BIRTH_DATE], admitted [DATE]."),
    ("C", "A 93-year-old, ill since 2014.", "A [AGE_OVER_89]-year-old, ill since 2014."),
    ("D", "Phone (617) 555-0142.", "Phone [PHONE_NUMBER]."),
    ("E", "Fax: 617-555-0143.", "Fax: [PHONE_NUMBER]."),
    ("F", "E-mail jane@example.org.", "E-mail [EMAIL_ADDRESS]."),
    ("G", "SSN 219-09-9998.", "SSN [US_SSN]."),
    ("H", "MRN: 00482917.", "MRN: [MEDICAL_RECORD_NUMBER]."),
    ("I", "Member ID: XQP-993-20418; MBI 1EG4-TE5-MK73.", "Member ID: [HEALTH_PLAN_ID]; MBI [US_MBI]."),
    ("J", "Account no. 77-20931, card 4111 1111 1111 1111.", "Account no. [ACCOUNT_NUMBER], card [CREDIT_CARD]."),
    ("K", "Driver's license S99931344; DEA AB1234563.", "Driver's license [DRIVER_LICENSE]; DEA [DEA_NUMBER]."),
    ("L", "VIN 1M8GDM9AXKP042788, license plate 7ABC123.", "VIN [VIN], license plate [LICENSE_PLATE]."),
    ("M", "Pacemaker serial no. PJN-720914K.", "Pacemaker serial no. [DEVICE_ID]."),
    ("N", "See https://example.org/jane.", "See [URL]."),
    ("O", "Logged in from 198.51.100.23.", "Logged in from [IP_ADDRESS]."),
    ("R", "Accession number: S22-10482.", "Accession number: [OTHER_ID]."),
]


@cache
def research() -> Disclosure:
    return Disclosure(deidentifier=PresidioDeidentifier(), pack=load_pack("medical"))


@pytest.mark.parametrize(("letter", "text", "shown"), TABLE)
def test_research_sees_no_identifier_of_safe_harbor(letter: str, text: str, shown: str) -> None:
    (redacted,), _ = research().apply([text], "research", KNOWN)
    assert redacted.text == shown, letter


def test_every_letter_that_text_can_hold_is_in_the_table() -> None:
    assert {letter for letter, _, _ in TABLE} == set("ABCDEFGHIJKLMNOR")
