"""Packs: a domain as data, read from TOML and refused whole when anything in it is not understood."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final, TypeVar

from domain.errors import RequestError
from domain.questions import PURPOSES
from policies.disclosure.kinds import Level, kinds_at_least

_Value = TypeVar("_Value")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,40}")
_LEVELS: Final[Mapping[str, frozenset[str]]] = {
    "nothing": frozenset(),
    "secret": kinds_at_least(Level.SECRET),
    "direct": kinds_at_least(Level.DIRECT),
    "all": kinds_at_least(Level.INDIRECT),
}
_ON_UNSUPPORTED: Final = ("drop", "flag")
_LARGEST_WEIGHT: Final = 10
_LARGEST_RRF_K: Final = 1000
_RETRIEVAL: Final = (
    "dense_weight",
    "rrf_k",
    "phrase_weight",
    "candidates_share",
    "document_weight",
    "reranker",
    "reranker_weight",
)
_PHRASE_WEIGHT: Final = 0.2
_RERANKER: Final = re.compile(r"|[a-z0-9][a-z0-9_-]{0,60}@[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieval:
    """How the two searches are fused: the weight of the dense one, that of words being 1, and the k of RRF.

    ``rrf_k`` 0 fuses by standard scores instead of ranks, which measured better on every set. ``phrase_weight`` is how
    much two words side by side count, a word alone being 1, ``candidates_share`` which part of the words' weight
    counts how rare they are among what was found and not in the whole index, ``document_weight`` how much a passage
    gains from what else is found of its document. ``reranker`` is the folder below ``CONSILIUM_HOME/rerankers`` and the
    SHA-256 that ``consilium tune reranker`` printed, as "name@digest", or "" for none; ``reranker_weight`` is its share
    of the score, 0 to 1.
    """

    dense_weight: float
    rrf_k: int
    phrase_weight: float
    candidates_share: float = 0.0
    document_weight: float = 0.0
    reranker: str = ""
    reranker_weight: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A domain in data.

    ``on_unsupported`` is what happens to a claim that its quotes do not support: "drop" or "flag". ``redact`` holds the
    kinds of personal data that each purpose may not see; a purpose that it does not name may see none.
    """

    name: str
    title: str
    default_purpose: str
    on_unsupported: str
    redact: Mapping[str, frozenset[str]]
    retrieval: Retrieval


def load_pack(name: str) -> Pack:
    """Return a pack that comes with Consilium. Raises RequestError naming the setting that is not valid."""
    if not _NAME.fullmatch(name):
        raise _invalid("pack")
    source = files("policies.packs").joinpath(f"{name}.toml")
    if not source.is_file():
        raise _invalid("pack")
    return parse_pack(name, source.read_text("utf-8"))


def pack_named(name: str) -> Pack | None:
    """Return a pack that comes with Consilium, or ``None`` when none does by that name any more."""
    try:
        return load_pack(name)
    except RequestError:
        return None


def pack_names() -> list[str]:
    """Return the packs that come with Consilium, in order."""
    found = (one.name for one in files("policies.packs").iterdir())
    return sorted(name.removesuffix(".toml") for name in found if name.endswith(".toml"))


def parse_pack(name: str, text: str) -> Pack:
    """Return the pack that a TOML text describes. Raises RequestError naming the setting that is not valid."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _invalid("pack.", name) from error
    _only(table, ("title", "default_purpose", "on_unsupported", "redact", "retrieval"), "")
    retrieval = _of(table, "retrieval", dict, "")
    _only(retrieval, _RETRIEVAL, "retrieval.")
    return Pack(
        name=name,
        title=_of(table, "title", str, ""),
        default_purpose=_one_of(table, "default_purpose", PURPOSES, ""),
        on_unsupported=_one_of(table, "on_unsupported", _ON_UNSUPPORTED, ""),
        redact=_redact(_of(table, "redact", dict, "")),
        retrieval=Retrieval(
            dense_weight=_between(
                _of(retrieval, "dense_weight", float, "retrieval."), 0, _LARGEST_WEIGHT, "retrieval.dense_weight"
            ),
            rrf_k=int(_between(_of(retrieval, "rrf_k", int, "retrieval."), 0, _LARGEST_RRF_K, "retrieval.rrf_k")),
            phrase_weight=_share(retrieval, "phrase_weight", _PHRASE_WEIGHT),
            candidates_share=_share(retrieval, "candidates_share", 0.0),
            document_weight=_share(retrieval, "document_weight", 0.0),
            **_reranker(retrieval),
        ),
    )


def _share(table: Mapping[str, Any], name: str, otherwise: float) -> float:
    """Return a setting of 0 to 1."""
    return _between(_of({name: otherwise, **table}, name, float, "retrieval."), 0, 1, f"retrieval.{name}")


def _reranker(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return the re-ranker and its weight; without them there is none."""
    named = _of({"reranker": "", **table}, "reranker", str, "retrieval.")
    if not _RERANKER.fullmatch(named):
        raise _invalid("retrieval.", "reranker")
    return {"reranker": named, "reranker_weight": _share(table, "reranker_weight", 0.0)}


def _redact(table: Mapping[str, Any]) -> Mapping[str, frozenset[str]]:
    _only(table, PURPOSES, "redact.")
    return {purpose: _LEVELS[_one_of(table, purpose, tuple(_LEVELS), "redact.")] for purpose in PURPOSES}


def _only(table: Mapping[str, Any], keys: tuple[str, ...], where: str) -> None:
    for key in table:
        if key not in keys:
            raise _invalid(where, key)


def _of(table: Mapping[str, Any], key: str, kind: type[_Value], where: str) -> _Value:
    value = table.get(key)
    if type(value) is not kind:
        raise _invalid(where, key)
    return value


def _one_of(table: Mapping[str, Any], key: str, allowed: tuple[str, ...], where: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or value not in allowed:
        raise _invalid(where, key)
    return value


def _between(value: float, low: float, high: float, where: str) -> float:
    if not low <= value <= high:
        raise _invalid(where)
    return value


def _invalid(where: str, key: str = "") -> RequestError:
    return RequestError("request.setting_invalid", f"{where}{key}")
