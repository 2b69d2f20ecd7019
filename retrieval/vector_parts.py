"""Vectors of passages as bytes: a line of JSON with the ids, then their numbers as 32-bit floats, little endian."""

from __future__ import annotations

import array
import json
import sys
from collections.abc import Mapping

from domain.errors import RequestError


def write_vectors(vectors: Mapping[str, array.array[float]]) -> bytes:
    """Return the bytes of some vectors of one length."""
    return json.dumps({"ids": list(vectors)}).encode() + b"\n" + b"".join(map(_bytes, vectors.values()))


def read_vectors(content: bytes, dimension: int) -> dict[str, array.array[float]]:
    """Return the vectors by passage id. Raises RequestError ``request.backup_invalid`` when the sizes do not fit."""
    head, _, numbers = content.partition(b"\n")
    try:
        ids = [str(one) for one in json.loads(head)["ids"]]
    except (ValueError, TypeError, KeyError) as error:
        raise RequestError("request.backup_invalid", f"vectors: {type(error).__name__}") from None
    size = dimension * 4
    if len(numbers) != size * len(ids):
        raise RequestError("request.backup_invalid", "vectors: not as many numbers as ids")
    return {one: _vector(numbers[n * size : (n + 1) * size]) for n, one in enumerate(ids)}


def _bytes(vector: array.array[float]) -> bytes:
    numbers = array.array("f", vector)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def _vector(content: bytes) -> array.array[float]:
    numbers = array.array("f")
    numbers.frombytes(content)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
