"""Views of JSON objects that forgive wrong shapes and remember what was read, so that nothing is lost silently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

_UNSAID: Final = frozenset(
    {"id", "resourceType", "meta", "implicitRules", "language", "contained", "text", "fhir_comments"}
)

_TYPES: Final = frozenset(
    """
    Address Age Annotation Attachment Availability Base64Binary Boolean Canonical Code CodeableConcept
    CodeableReference Coding ContactDetail ContactPoint Count Date DateTime Decimal Distance Dosage Duration
    Expression ExtendedContactDetail HumanName Id Identifier Instant Integer Integer64 Markdown Meta Money Oid
    Period PositiveInt Quantity Range Ratio RatioRange Reference RelatedArtifact SampledData Signature SimpleQuantity
    String Time Timing UnsignedInt Uri Url Uuid
""".split()
)


def plain(value: object) -> str:
    """Return a scalar in one line, white space collapsed; empty for objects, lists and ``None``."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return " ".join(value.split()) if isinstance(value, str) else ""


class Node:
    """One JSON object. Every method takes missing, null, single and repeated values alike; none raises."""

    __slots__ = ("_below", "_closed", "_taken", "data")

    def __init__(self, data: Mapping[str, object]) -> None:
        self.data = data
        self._taken: set[str] = set()
        self._below: dict[str, list[Node]] = {}
        self._closed = False

    def __contains__(self, key: str) -> bool:
        return key in self.data

    def values(self, key: str) -> list[object]:
        """Return the values of an element, a single one as a list of one, nulls left out."""
        value = self.data.get(key)
        self._taken.add(key)
        if isinstance(value, list):
            return [item for item in value if item is not None]
        return [] if value is None else [value]

    def nodes(self, key: str) -> list[Node]:
        """Return the objects of an element; a bare string stands for an object with that text."""
        if key not in self._below:
            found = []
            for value in self.values(key):
                if isinstance(value, Mapping):
                    found.append(Node(value))
                elif plain(value):
                    found.append(Node({"text": value}))
            self._below[key] = found
        return self._below[key]

    def node(self, key: str) -> Node:
        """Return the first object of an element, an empty one where there is none."""
        return next(iter(self.nodes(key)), Node({}))

    def words(self, key: str) -> list[str]:
        """Return the scalars of an element; an element of objects stays unread."""
        found = [text for value in self.values(key) if (text := plain(value))]
        if not found:
            self._taken.discard(key)
        return found

    def word(self, key: str) -> str:
        """Return the first scalar of an element; empty where there is none."""
        return next(iter(self.words(key)), "")

    def is_true(self, key: str) -> bool:
        """Say whether a flag is set."""
        return self.word(key).lower() == "true"

    def choice(self, stem: str) -> tuple[str, object]:
        """Return (type, value) of an element such as ``value[x]``, type in FHIR's spelling; ("", None) without one."""
        for key, value in self.data.items():
            rest = key[len(stem) :]
            if key.startswith(stem) and rest in _TYPES and value is not None:
                self._taken.add(key)
                return rest, value[0] if isinstance(value, list) and value else value
        return "", None

    def skip(self, *keys: str) -> None:
        """Count elements as said: they are shown elsewhere, or say nothing to a reader."""
        self._taken.update(keys)

    def close(self) -> None:
        """Count the whole object as said."""
        self._closed = True

    def rest(self, *labels: str) -> Iterator[tuple[tuple[str, ...], object]]:
        """Yield (labels, value) of every element that nobody read, here and in the objects handed out."""
        if self._closed:
            return
        for key, value in self.data.items():
            if key in self._below:
                for below in self._below[key]:
                    yield from below.rest(*labels, key)
            elif not (key in self._taken or key in _UNSAID or value in (None, "", [], {}) or self._is_echo(key)):
                yield (*labels, key), value

    def _is_echo(self, key: str) -> bool:
        """Say whether a key only holds ids and null marks of a primitive that was read."""
        value = self.data[key]
        items = value if isinstance(value, list) else [value]
        extended = any(isinstance(item, Mapping) and item.get("extension") for item in items)
        return key.startswith("_") and key[1:] in self._taken and not extended
