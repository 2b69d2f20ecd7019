from __future__ import annotations

import pytest

from domain.errors import PolicyUnavailableError
from domain.identities import KnownIdentity
from domain.questions import PURPOSES
from policies.disclosure.kinds import KINDS, Level, kinds_at_least, level_of
from policies.disclosure.policy import Disclosure, kinds_to_redact
from policies.pack import load_pack
from tests.fakes.deidentifier import ExactDeidentifier

MEDICAL = load_pack("medical")
KNOWN = (KnownIdentity(subject="p", kind="name", value="Jane Doe"),)
TEXT = "Jane Doe, SSN 219-09-9998, seen."


def disclosure(*, broken: bool = False) -> Disclosure:
    return Disclosure(deidentifier=ExactDeidentifier(broken=broken), pack=MEDICAL)


@pytest.mark.parametrize(
    ("purpose", "shown"),
    [
        ("treatment", "Jane Doe, SSN [US_SSN], seen."),
        ("legal_advice", "Jane Doe, SSN [US_SSN], seen."),
        ("operations", "[PERSON], SSN [US_SSN], seen."),
        ("research", "[PERSON], SSN [US_SSN], seen."),
        ("audit", "[PERSON], SSN [US_SSN], seen."),
        ("curiosity", "[PERSON], SSN [US_SSN], seen."),
    ],
)
def test_what_is_shown_depends_on_the_purpose(purpose: str, shown: str) -> None:
    (redacted,), decision = disclosure().apply([TEXT], purpose, KNOWN)
    assert redacted.text == shown
    assert (decision.policy, decision.decision) == ("disclosure", "redact")


def test_treatment_keeps_back_only_numbers_that_invite_fraud() -> None:
    assert kinds_to_redact("treatment", MEDICAL) == {"US_SSN", "US_ITIN", "CREDIT_CARD", "IBAN_CODE", "BANK_ACCOUNT"}


def test_operations_keep_dates_and_places_and_lose_names() -> None:
    kinds = kinds_to_redact("operations", MEDICAL)
    assert {"PERSON", "MEDICAL_RECORD_NUMBER", "BIRTH_DATE", "US_SSN"} <= kinds
    assert kinds.isdisjoint({"DATE", "LOCATION", "ZIP_CODE", "AGE_OVER_89"})


@pytest.mark.parametrize("purpose", ["research", "curiosity", ""])
def test_research_and_unknown_purposes_lose_every_kind(purpose: str) -> None:
    assert kinds_to_redact(purpose, MEDICAL) == KINDS.keys()


@pytest.mark.parametrize("pack", ["medical", "legal", "general"])
@pytest.mark.parametrize("purpose", PURPOSES)
def test_whoever_loses_a_kind_loses_the_more_telling_ones_too(pack: str, purpose: str) -> None:
    # Overlapping findings take the name of the most telling one; this is what makes that safe.
    kinds = kinds_to_redact(purpose, load_pack(pack))
    assert kinds == kinds_at_least(min((level_of(kind) for kind in kinds), default=Level.SECRET))


def test_the_decision_says_how_much_without_saying_what() -> None:
    _, decision = disclosure().apply([TEXT, TEXT, "nothing"], "operations", KNOWN)
    assert decision.reason == "purpose operations: 29 of 34 kinds are kept back; 4 redacted, of 2 kinds"


def test_the_decision_does_not_repeat_an_unknown_purpose() -> None:
    _, decision = disclosure().apply([TEXT], "Jane Doe", KNOWN)
    assert "Jane" not in decision.reason


def test_nothing_to_hide_is_an_allow() -> None:
    (redacted,), decision = disclosure().apply(["Take with food."], "research", KNOWN)
    assert (redacted.text, decision.decision) == ("Take with food.", "allow")


def test_a_broken_detector_gives_no_text_at_all() -> None:
    with pytest.raises(PolicyUnavailableError):
        disclosure(broken=True).apply(["Take with food."], "treatment", ())
