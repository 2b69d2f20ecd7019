from __future__ import annotations

from pathlib import Path

import pytest

from policies.disclosure import recognisers
from policies.disclosure.deidentifier import PresidioDeidentifier
from policies.disclosure.kinds import KINDS
from policies.disclosure.recogniser import Form, Recogniser
from policies.disclosure.registry import RECOGNISERS
from tests.data import ROOT

FILES = {path.stem for path in Path(recognisers.__path__[0]).glob("*.py")} - {"__init__"}


def test_every_recogniser_file_is_registered_once_under_its_own_name() -> None:
    assert sorted(recogniser.name for recogniser in RECOGNISERS) == sorted(FILES)


def test_every_recogniser_has_a_table_test() -> None:
    tables = {path.stem for path in (ROOT / "tests/unit/disclosure").glob("test_*.py")}
    assert {f"test_{name}" for name in FILES} - tables == set()


def test_every_kind_but_those_of_known_identities_has_a_recogniser() -> None:
    assert KINDS.keys() - {recogniser.kind for recogniser in RECOGNISERS} == {"NATIONAL_ID"}


def test_every_letter_of_safe_harbor_that_text_can_hold_has_a_kind() -> None:
    # (E), fax numbers, are found with (D); (P) biometric identifiers and (Q) photographs are no text.
    assert {kind.rule for kind in KINDS.values()} == set("ABCDFGHIJKLMNOR")


def test_every_canary_is_found_by_its_recogniser() -> None:
    PresidioDeidentifier().prove()


def test_a_recogniser_of_an_undeclared_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown kind SHOE_SIZE"):
        Recogniser(name="x", kind="SHOE_SIZE", forms=(Form(pattern="x", score=1.0),), canary="x", planted="x")


def test_a_canary_that_does_not_hold_its_value_is_refused() -> None:
    with pytest.raises(ValueError, match="does not hold"):
        Recogniser(name="x", kind="URL", forms=(Form(pattern="x", score=1.0),), canary="y", planted="x")
