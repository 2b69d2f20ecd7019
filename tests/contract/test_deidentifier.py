"""What every detector of personal data keeps, whatever it is made of."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from domain.errors import PolicyUnavailableError
from domain.identities import KnownIdentity
from domain.ports.deidentifier import Deidentifier
from policies.disclosure.deidentifier import PresidioDeidentifier
from policies.disclosure.recogniser import Form, Recogniser
from tests.fakes.deidentifier import ExactDeidentifier

JANE = KnownIdentity(subject="p", kind="name", value="Jane Doe")


def fail(value: str) -> bool:
    raise TypeError(value)


def broken_presidio() -> Deidentifier:
    form = Form(pattern=r"\w+", score=1.0)
    return PresidioDeidentifier(
        (Recogniser(name="b", kind="URL", forms=(form,), canary="x", planted="x", check=fail),),
    )


def broken_exact() -> Deidentifier:
    return ExactDeidentifier(broken=True)


@pytest.fixture(scope="module", params=[PresidioDeidentifier, ExactDeidentifier])
def deidentifier(request: pytest.FixtureRequest) -> Deidentifier:
    made: Deidentifier = request.param()
    return made


def test_a_known_name_is_found_where_it_stands(deidentifier: Deidentifier) -> None:
    text = "Told JANE DOE to rest."
    assert [(text[f.start : f.end], f.kind) for f in deidentifier.find(text, [JANE])] == [("JANE DOE", "PERSON")]


def test_a_name_that_nobody_knows_is_left_alone(deidentifier: Deidentifier) -> None:
    assert deidentifier.find("Told Jane Doe to rest.", []) == []


def test_patterns_need_no_known_identity(deidentifier: Deidentifier) -> None:
    findings = deidentifier.find("SSN 219-09-9998, mail jo@example.org", [])
    assert [found.kind for found in findings] == ["US_SSN", "EMAIL_ADDRESS"]


def test_findings_come_in_order_and_none_overlap(deidentifier: Deidentifier) -> None:
    text = "jane.doe@example.org is Jane Doe, SSN 219-09-9998; Jane Doe again"
    findings = deidentifier.find(text, [JANE])
    assert [found.kind for found in findings] == ["EMAIL_ADDRESS", "PERSON", "US_SSN", "PERSON"]
    assert all(before.end <= after.start for before, after in pairwise(findings))


def test_spans_count_code_points(deidentifier: Deidentifier) -> None:
    text = "👩‍⚕️ naïve — 219-09-9998"
    (found,) = deidentifier.find(text, [])
    assert text[found.start : found.end] == "219-09-9998"


@pytest.mark.parametrize("text", ["", " ", "\n"])
def test_an_empty_text_has_no_findings(deidentifier: Deidentifier, text: str) -> None:
    assert deidentifier.find(text, [JANE]) == []


def test_a_sound_detector_proves_itself(deidentifier: Deidentifier) -> None:
    deidentifier.prove()


@pytest.mark.parametrize("make", [broken_presidio, broken_exact])
def test_a_broken_detector_raises_instead_of_finding_nothing(make: Callable[[], Deidentifier]) -> None:
    with pytest.raises(PolicyUnavailableError) as caught:
        make().find("Told Jane Doe to rest.", [])
    assert caught.value.code == "policy.detector_unavailable"


@pytest.mark.parametrize("make", [broken_presidio, broken_exact])
def test_a_broken_detector_fails_its_proof(make: Callable[[], Deidentifier]) -> None:
    with pytest.raises(PolicyUnavailableError):
        make().prove()


def test_a_presidio_that_misses_a_canary_says_which_kind() -> None:
    blind = Recogniser(name="blind", kind="VIN", forms=(Form(pattern="z", score=1.0),), canary="a car", planted="car")
    with pytest.raises(PolicyUnavailableError, match="blind missed its canary of VIN"):
        PresidioDeidentifier((blind,)).prove()


def test_texts_together_are_searched_as_each_alone(deidentifier: Deidentifier) -> None:
    texts = ["Chart of Jane Doe", "", "SSN 219-09-9998", "jane doe", "A long text. " * 40 + "jo@example.org", "nothing"]
    assert deidentifier.find_each(texts, [JANE]) == [deidentifier.find(text, [JANE]) for text in texts]
    assert deidentifier.find_each([], [JANE]) == []
