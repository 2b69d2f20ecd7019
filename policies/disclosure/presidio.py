"""What we use of Presidio, imported without transformers.

Presidio imports its pipelines when it finds them, for recognisers that are not used here: three seconds of every start
of a command. Where transformers is loaded already, nothing is different.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_HIDDEN = "transformers"


@contextmanager
def _hidden() -> Iterator[None]:
    if _HIDDEN in sys.modules:
        yield
        return
    sys.modules[_HIDDEN] = None  # type: ignore[assignment]  # what importlib takes for "not installed"
    try:
        yield
    finally:
        del sys.modules[_HIDDEN]


with _hidden():
    from presidio_analyzer import AnalyzerEngine, LocalRecognizer, RecognizerRegistry, RecognizerResult
    from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
    from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

__all__ = [
    "AnalyzerEngine",
    "ContextAwareEnhancer",
    "LocalRecognizer",
    "NlpArtifacts",
    "NlpEngine",
    "RecognizerRegistry",
    "RecognizerResult",
]
