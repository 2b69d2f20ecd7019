"""Presidio's analyser with our recognisers, offline: no language model, no hub, no look-up, and no silent skipping.

Presidio's own pattern recogniser logs a pattern that times out and goes on without it, so text would pass unchecked;
its e-mail recogniser asks the network for the list of public suffixes; its default engine downloads a model; and
spaCy's vocabulary keeps every word it ever saw, patients' names included. None of these is used here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import regex

from domain.answers import Finding
from domain.errors import PolicyUnavailableError
from policies.disclosure.digits import needs_digit
from policies.disclosure.folding import fold
from policies.disclosure.presidio import (
    AnalyzerEngine,
    ContextAwareEnhancer,
    LocalRecognizer,
    NlpArtifacts,
    NlpEngine,
    RecognizerRegistry,
    RecognizerResult,
)
from policies.disclosure.recogniser import BOOST, REPORTED, Recogniser

_LANGUAGE: Final = "en"  # Presidio wants one; the patterns carry their own languages
_WORD: Final = regex.compile(r"\w+")
_DIGIT: Final = regex.compile(r"\d")


class Engine:
    """Runs recognisers over a text.

    ``seconds`` is how long one pattern may take on one text. Raises PolicyUnavailableError with the recogniser's name
    when one fails or takes longer; nothing found by the others is returned then.
    """

    def __init__(self, recognisers: Sequence[Recogniser], *, seconds: float) -> None:
        """Compile every pattern."""
        self._kinds = {recogniser.name: recogniser.kind for recogniser in recognisers}
        registry = RecognizerRegistry(recognizers=[_Runner(recogniser, seconds) for recogniser in recognisers])
        self._analyser = AnalyzerEngine(
            registry=registry,
            nlp_engine=_Words(),
            context_aware_enhancer=_Nearby({recogniser.name: recogniser for recogniser in recognisers}),
            default_score_threshold=REPORTED,
        )

    def find(self, text: str) -> list[Finding]:
        """Return what the recognisers found, overlaps included, in order of score."""
        folded = fold(text)
        if not folded.text.strip():
            return []
        findings = []
        for result in self._analyser.analyze(text=folded.text, language=_LANGUAGE):
            name = result.recognition_metadata[RecognizerResult.RECOGNIZER_NAME_KEY]
            start, end = folded.span(result.start, result.end)
            findings.append(
                Finding(start=start, end=end, kind=self._kinds[name], score=float(result.score), recogniser=name)
            )
        return findings


class _Runner(LocalRecognizer):
    """Runs one recogniser inside Presidio; whatever goes wrong stops the analysis."""

    def __init__(self, recogniser: Recogniser, seconds: float) -> None:
        self.name: str = recogniser.name
        self._recogniser = recogniser
        self._seconds = seconds
        self._forms = [
            (regex.compile(form.pattern), form.score, needs_digit(form.pattern)) for form in recogniser.forms
        ]
        super().__init__(supported_entities=[recogniser.kind], name=recogniser.name, supported_language=_LANGUAGE)

    def load(self) -> None:
        """Do nothing: the patterns are compiled already."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Return a result per match that the check does not refuse."""
        del entities, nlp_artifacts
        try:
            return list(self._results(text))
        except Exception as error:  # noqa: BLE001 - the boundary: a detector that fails in any way must stop the answer
            # Not chained: the message of a failed check may quote the text.
            detail = f"{self.name}: {type(error).__name__}"
            raise PolicyUnavailableError("policy.detector_unavailable", detail) from None

    def _results(self, text: str) -> Iterator[RecognizerResult]:
        check = self._recogniser.check
        without_digits = _DIGIT.search(text) is None
        for pattern, score, needs in self._forms:
            if needs and without_digits:
                continue
            group = "value" if "value" in pattern.groupindex else 0
            for match in pattern.finditer(text, timeout=self._seconds):
                start, end = match.span(group)
                if end > start and (check is None or check(text[start:end])):
                    yield RecognizerResult(
                        entity_type=self._recogniser.kind,
                        start=start,
                        end=end,
                        score=score,
                        recognition_metadata={
                            RecognizerResult.RECOGNIZER_NAME_KEY: self.name,
                            RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
                        },
                    )


class _Nearby(ContextAwareEnhancer):
    """Adds to the score of a finding that stands near one of its recogniser's context words.

    Presidio's own enhancer walks all words of the text for every finding; this one looks them up by position.
    """

    def __init__(self, recognisers: Mapping[str, Recogniser]) -> None:
        self._recognisers = recognisers
        self._contexts = {name: frozenset(recogniser.context.split()) for name, recogniser in recognisers.items()}
        super().__init__(
            context_similarity_factor=BOOST,
            min_score_with_context_similarity=0.0,
            context_prefix_count=0,
            context_suffix_count=0,
        )

    def enhance_using_context(
        self,
        text: str,
        raw_results: list[RecognizerResult],
        nlp_artifacts: NlpArtifacts,
        recognizers: list[Any],
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        """Return the results with their scores raised where context supports them."""
        del text, recognizers, context
        starts, lemmas = nlp_artifacts.tokens_indices, nlp_artifacts.lemmas
        for result in raw_results:
            name = result.recognition_metadata[RecognizerResult.RECOGNIZER_NAME_KEY]
            words = self._contexts[name]
            if not words:
                continue
            first = bisect_left(starts, result.start)
            last = bisect_left(starts, result.end)
            before = lemmas[max(0, first - self._recognisers[name].before) : first]
            after = lemmas[last : last + self._recognisers[name].after]
            if not words.isdisjoint(before) or not words.isdisjoint(after):
                result.score = min(1.0, result.score + BOOST)
        return raw_results


class _Words(NlpEngine):
    """Splits a text into lower-case words by a pattern; keeps nothing and needs no model."""

    def load(self) -> None:
        """Do nothing: there is nothing to load."""

    def is_loaded(self) -> bool:
        """Return True."""
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """Return the words of a text with their positions."""
        matches = list(_WORD.finditer(text))
        # Presidio asks for a spaCy document, of which only our enhancer would read the words.
        words: Any = [match.group().lower() for match in matches]
        return NlpArtifacts(
            entities=[],
            tokens=words,
            tokens_indices=[match.start() for match in matches],
            lemmas=words,
            nlp_engine=None,
            language=language,
        )

    def process_batch(
        self,
        texts: Iterable[str],
        language: str,
        batch_size: int = 1,
        n_process: int = 1,
        **kwargs: Any,
    ) -> Iterator[tuple[str, NlpArtifacts]]:
        """Yield the words of each text."""
        del batch_size, n_process, kwargs
        return ((text, self.process_text(text, language)) for text in texts)

    def is_stopword(self, word: str, language: str) -> bool:
        """Return False: every word may be context."""
        del word, language
        return False

    def is_punct(self, word: str, language: str) -> bool:
        """Say whether a word is punctuation, which a word never is here."""
        del language
        return not word.isalnum()

    def get_supported_entities(self) -> list[str]:
        """Return none: words alone name no kind."""
        return []

    def get_supported_languages(self) -> list[str]:
        """Return the language that Presidio is told."""
        return [_LANGUAGE]
