from __future__ import annotations

import pytest

from domain.errors import RequestError
from domain.questions import PURPOSES
from policies.pack import load_pack, parse_pack

GOOD = """
title = "Yours"
default_purpose = "audit"
on_unsupported = "flag"
[redact]
treatment = "nothing"
legal_advice = "secret"
operations = "direct"
research = "all"
audit = "all"
[retrieval]
dense_weight = 1.0
rrf_k = 10
"""


@pytest.mark.parametrize(
    ("name", "purpose", "on_unsupported"),
    [("medical", "treatment", "drop"), ("legal", "legal_advice", "drop"), ("general", "treatment", "drop")],
)
def test_the_packs_that_come_along_load(name: str, purpose: str, on_unsupported: str) -> None:
    pack = load_pack(name)
    assert (pack.name, pack.default_purpose, pack.on_unsupported) == (name, purpose, on_unsupported)
    assert tuple(pack.redact) == PURPOSES


def test_a_pack_of_yours_is_read_the_same_way() -> None:
    pack = parse_pack("yours", GOOD)
    assert pack.redact["treatment"] == frozenset()
    assert pack.retrieval.rrf_k == 10
    assert pack.retrieval.phrase_weight == 0.2
    assert parse_pack("yours", GOOD + "phrase_weight = 0.0\n").retrieval.phrase_weight == 0
    assert pack.retrieval.candidates_share == 0.0
    assert parse_pack("yours", GOOD + "candidates_share = 0.5\n").retrieval.candidates_share == 0.5
    assert pack.retrieval.document_weight == 0.0
    assert parse_pack("yours", GOOD + "document_weight = 0.5\n").retrieval.document_weight == 0.5


def test_a_pack_names_a_reranker_with_its_digest_or_has_none() -> None:
    assert parse_pack("yours", GOOD).retrieval.reranker == ""
    named = f"law@{'0' * 64}"
    pack = parse_pack("yours", GOOD + f'reranker = "{named}"\nreranker_weight = 0.2\n')
    assert (pack.retrieval.reranker, pack.retrieval.reranker_weight) == (named, 0.2)


@pytest.mark.parametrize(
    ("old", "new", "setting"),
    [
        ('title = "Yours"', "", "title"),
        ('title = "Yours"', "title = 3", "title"),
        ('title = "Yours"', 'title = "Yours"\ncolour = "red"', "colour"),
        ('default_purpose = "audit"', 'default_purpose = "fun"', "default_purpose"),
        ('"flag"', '"keep"', "on_unsupported"),
        ('audit = "all"', "", "redact.audit"),
        ('audit = "all"', 'audit = "some"', "redact.audit"),
        ('audit = "all"', 'audit = "all"\nfun = "all"', "redact.fun"),
        ("rrf_k = 10", "rrf_k = 10\nphrase_weight = 1.5", "retrieval.phrase_weight"),
        ("rrf_k = 10", "rrf_k = 10\ncandidates_share = -0.1", "retrieval.candidates_share"),
        ("rrf_k = 10", "rrf_k = 10\ndocument_weight = 1.5", "retrieval.document_weight"),
        ("rrf_k = 10", "rrf_k = -1", "retrieval.rrf_k"),
        ("rrf_k = 10", "rrf_k = true", "retrieval.rrf_k"),
        ("rrf_k = 10", "rrf_k = 10\nspeed = 1", "retrieval.speed"),
        ("dense_weight = 1.0", "dense_weight = -1.0", "retrieval.dense_weight"),
        ("dense_weight = 1.0", 'dense_weight = "1"', "retrieval.dense_weight"),
        ("rrf_k = 10", 'rrf_k = 10\nreranker = "law"', "retrieval.reranker"),
        ("rrf_k = 10", 'rrf_k = 10\nreranker = "../law@' + "0" * 64 + '"', "retrieval.reranker"),
        ("rrf_k = 10", "rrf_k = 10\nreranker_weight = 1.1", "retrieval.reranker_weight"),
        ("[retrieval]", "[[retrieval]]", "retrieval"),
        ("[retrieval]", "[retrieval", "pack.yours"),
    ],
)
def test_anything_not_understood_is_refused_by_name(old: str, new: str, setting: str) -> None:
    with pytest.raises(RequestError) as caught:
        parse_pack("yours", GOOD.replace(old, new))
    assert (caught.value.code, caught.value.detail) == ("request.setting_invalid", setting)


@pytest.mark.parametrize("name", ["none_such", "../packs/medical", "", "Medical"])
def test_a_pack_that_is_not_there_is_refused(name: str) -> None:
    with pytest.raises(RequestError) as caught:
        load_pack(name)
    assert (caught.value.code, caught.value.detail) == ("request.setting_invalid", "pack")
