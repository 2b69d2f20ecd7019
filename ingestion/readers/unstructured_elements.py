"""Partitions HTML with the unstructured package, without its network calls and its guesses.

As it comes, the package reports its use to its vendor, installs a language model at run time, and uses that model to
guess what a paragraph is; a paragraph of one character ("7") is then dropped. Here nothing is reported, the model is
an empty one, and a paragraph is text.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

_SILENCE: Final = {"DO_NOT_TRACK": "1", "SCARF_NO_ANALYTICS": "1", "UNSTRUCTURED_DISABLE_NOTICE": "1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """A block of a document: ``kind`` is "heading" (with its level from 1), "table" (with flat HTML) or "text"."""

    kind: str
    text: str
    level: int = 0
    html: str = ""


def html_elements(html: str) -> list[Element]:
    """Return the blocks of an HTML document in order. Nothing is fetched and no script runs."""
    return [element for element in map(_element, _partitioner()(text=html, languages=[""])) if element.text.strip()]


def _element(found: Any) -> Element:
    if found.category == "Title":
        return Element(kind="heading", text=found.text, level=(found.metadata.category_depth or 0) + 1)
    if found.category == "Table":
        return Element(kind="table", text=found.text, html=found.metadata.text_as_html or "")
    return Element(kind="text", text=found.text)


@cache
def _partitioner() -> Callable[..., Sequence[Any]]:
    os.environ.update(_SILENCE)  # must stand before the import, which sends the first report
    import spacy  # noqa: PLC0415 - seconds of imports that only HTML needs
    from unstructured.documents.elements import Text  # noqa: PLC0415
    from unstructured.nlp import tokenize  # noqa: PLC0415
    from unstructured.partition.html import parser, partition_html  # noqa: PLC0415

    def load_blank_model() -> Any:
        model = spacy.blank("en")
        model.add_pipe("sentencizer")
        return model

    def plain_text(text: str) -> type[Text] | None:  # noqa: ARG001 - the name is the package's
        return Text

    tokenize._load_spacy_model = load_blank_model  # noqa: SLF001 - the package has no switch for it
    parser.derive_element_type_from_text = plain_text
    return partition_html
