"""Parties and kinds of documents, literally."""

from __future__ import annotations

import pytest

from app.records.parties import kind_of, parties

PARTIES = [
    (
        "Supply\n\nMade between Alder Ltd, a company of Norland (“Supplier”), and Birch gGmbH (the “Customer”).",
        [("Alder Ltd", "Supplier"), ("Birch gGmbH", "Customer")],
    ),
    (
        'Lease by and between (1) Cedar Homes Inc. ("Landlord") and (2) Dora Elm ("Tenant") from 1 May ("Start Date").',
        [("Cedar Homes Inc.", "Landlord"), ("Dora Elm", "Tenant")],
    ),
    (
        "Amendment No. 2 to the Agreement between Orchid Laboratories and Birch Clinic, of 1 March 2025.",
        [("Orchid Laboratories", ""), ("Birch Clinic", "")],
    ),
    ("The parties agree that nothing here names them (the “Agreement”).", []),
    ("A dispute between two parties arose.", []),
]

KINDS = [
    ("# Memo: Orchid", "text/markdown", "memo", "Memo"),
    ("Amendment No. 1 to the Services Agreement", "text/plain", "amendment", "Amendment"),
    ("Laboratory Services Agreement\n\nText", "text/plain", "agreement", "Agreement"),
    ("Kaufvertrag über Geräte", "text/plain", "other", None),
    ("Anything", "message/rfc822", "email", None),
    ("Nothing that says so", "text/plain", "other", None),
    ("", "text/plain", "other", None),
]


@pytest.mark.parametrize(("text", "expected"), PARTIES)
def test_parties_are_who_a_contract_defines(text: str, expected: list[tuple[str, str]]) -> None:
    found = parties(text, "text/plain")
    assert [(one.name, one.role) for one in found] == expected
    assert all(one.name in text[one.start : one.end] for one in found)


def test_the_parties_of_a_message_are_its_sender_and_receivers() -> None:
    text = "From: Sales <sales@vendor.example>\nTo: Contracts <c@orchid.example>\nDate: today\n\nFrom: nobody"
    assert [(one.name, one.role) for one in parties(text, "message/rfc822")] == [
        ("Sales <sales@vendor.example>", "from"),
        ("Contracts <c@orchid.example>", "to"),
    ]


@pytest.mark.parametrize(("text", "media_type", "kind", "words"), KINDS)
def test_a_document_is_what_its_heading_says(text: str, media_type: str, kind: str, words: str | None) -> None:
    found = kind_of(text, media_type)
    assert found.name == kind
    assert (text[found.start : found.end] if found.start is not None else None) == words
