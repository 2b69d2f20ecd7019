"""Reads the table of claims and quotes that is also generated into the manual."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator

import pytest

from policies.grounding.verifier import FactVerifier
from tests.data import ROOT

TABLE = ROOT / "tests/spec/grounding_cases.toml"


def cases() -> Iterator[tuple[str, list[str], str, str]]:
    for group in tomllib.loads(TABLE.read_text(encoding="utf-8"))["group"]:
        for case in group["case"]:
            assert case["why"]
            yield case["claim"], case["quotes"], case["verdict"], f"{group['title']}: {case['why']}"


@pytest.mark.parametrize(("claim", "quotes", "verdict", "why"), list(cases()))
def test_a_claim_gets_the_verdict_of_the_table(claim: str, quotes: list[str], verdict: str, why: str) -> None:
    found = FactVerifier().verify(claim, quotes)
    assert found.kind == verdict, (why, found.reason)


def test_the_table_holds_enough_of_each_verdict_and_no_case_twice() -> None:
    rows = list(cases())
    verdicts = Counter(verdict for _, _, verdict, _ in rows)
    assert len(rows) >= 120
    assert set(verdicts) == {"supported", "contradicted", "unsupported"}
    assert min(verdicts.values()) >= 30
    assert len({(claim, *quotes) for claim, quotes, _, _ in rows}) == len(rows)
