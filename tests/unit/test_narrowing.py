"""Packs are only ever made stricter."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from domain.questions import PURPOSES
from policies.disclosure.kinds import KINDS
from policies.narrowing import LEVELS, narrowed
from policies.pack import load_pack

PACKS = ("general", "medical", "legal")


@pytest.mark.parametrize(("server", "own", "redact"), list(itertools.product(PACKS, PACKS, LEVELS)))
def test_whatever_an_assistant_names_nothing_is_shown_that_the_server_keeps_back(
    server: str, own: str, redact: str
) -> None:
    ours, theirs = load_pack(server), load_pack(own)
    found = narrowed(ours, theirs, unsupported="", redact=redact)
    for purpose in PURPOSES:
        assert found.redact[purpose] >= ours.redact[purpose] | theirs.redact[purpose] | LEVELS[redact]
    assert found.retrieval == ours.retrieval
    assert found.name == own


def test_what_is_dropped_anywhere_is_dropped() -> None:
    drops = load_pack("general")
    flags = replace(drops, on_unsupported="flag")
    found = {
        (server.on_unsupported, own.on_unsupported, also): narrowed(
            server, own, unsupported=also, redact=""
        ).on_unsupported
        for server, own, also in itertools.product((drops, flags), (drops, flags), ("", "drop"))
    }
    assert [key for key, said in found.items() if said == "flag"] == [("flag", "flag", "")]


def test_a_purpose_that_a_pack_does_not_name_may_see_nothing() -> None:
    pack = replace(load_pack("general"), redact={})
    assert narrowed(pack, pack, unsupported="", redact="").redact["treatment"] == frozenset(KINDS)
