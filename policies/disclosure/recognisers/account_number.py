"""Account, invoice and customer numbers behind a label."""

from __future__ import annotations

from policies.disclosure.recogniser import Form, Recogniser, labelled

RECOGNISER = Recogniser(
    name="account_number",
    kind="ACCOUNT_NUMBER",
    forms=(
        Form(
            pattern=labelled(
                r"(?:(?:patient|hospital|guarantor|billing|customer|client|my|his|her|your|user) )?(?:account"
                r"|acct\.?|a/c)"
                r"|invoice|customer (?=no|num|id|\#)|guarantor (?=no|num|id|\#)|kundennummer"
            ),
            score=0.7,
        ),
    ),
    canary="Guarantor account #: 77-20931 is open.",
    planted="77-20931",
)
