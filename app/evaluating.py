"""Lets the evaluation harness drive the product: in this process, or at a URL."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from app.about import about
from app.bootstrap import Consilium
from app.cli.door import JSON, LocalDoor, RemoteDoor, validated
from app.requests import AskBody, IngestOptions
from domain.answers import Evidence
from domain.documents import Interval, Labels, Locator, Passage, Reading
from domain.ports.passage_index import Hit
from domain.questions import Question, Scope
from evaluation.subject import CorpusText
from ingestion.outline import Outline
from ingestion.workflow import IngestRequest
from policies.grounding.check import best_quotes
from policies.sentences import split

_DEEPER: Final = 3
_MOST_RESULTS: Final = 100
_FROM_BEST: Final = ("supported", "unsupported", "contradicted")


def _reading(text: CorpusText) -> Reading | None:
    """Return a document with one body; ``None`` when it has no words."""
    body = text.text if text.text.strip() else text.title
    if not body.strip():
        return None
    outline = Outline()
    outline.add(body)
    return outline.finish(media_type="text/plain", title=text.title)


def _options(text: CorpusText, collection: str) -> JSON:
    given = {
        "subject": text.subject,
        "document": text.document,
        "effective_from": text.effective_from,
        "effective_to": text.effective_to,
    }
    return {"collection": collection, **{name: value for name, value in given.items() if value}}


@dataclass(slots=True, kw_only=True)
class ProductUnderTest:
    """Implements :class:`evaluation.subject.Subject` over the product's own parts in this process.

    A long text is several passages; it ranks as its best one.
    """

    consilium: Consilium
    _keys: dict[str, str] = field(default_factory=dict)
    _of_version: dict[str, str] = field(default_factory=dict)

    def describe(self) -> Mapping[str, Mapping[str, str]]:
        """Return version, configuration and models."""
        return about(self.consilium)

    def load(self, texts: Iterable[CorpusText], collection: str) -> Mapping[str, str]:
        """Ingest texts without files."""
        return self.load_each((collection, text) for text in texts)

    def load_each(self, items: Iterable[tuple[str, CorpusText]]) -> Mapping[str, str]:
        """Ingest texts of several collections; all are found by words before any is found by meaning."""
        loaded = {}
        for outcome in self.consilium.ingestor.ingest_each(self._labelled(items)):
            if outcome.document_id:
                loaded[self._keys[outcome.path]] = outcome.document_id
        return loaded

    def _labelled(self, items: Iterable[tuple[str, CorpusText]]) -> Iterator[tuple[str, Reading, IngestRequest]]:
        requests: dict[str, IngestRequest] = {}
        for collection, text in items:
            options = _options(text, collection)
            labels = repr(options)
            if labels not in requests:
                requests[labels] = validated(IngestOptions, options).to_request()
            if reading := _reading(text):
                name = f"{collection}/{text.key}"
                self._keys[name] = text.key
                yield name, reading, requests[labels]

    def ingest(self, paths: Sequence[Path], options: JSON) -> Sequence[JSON]:
        """Ingest files."""
        return list(self._door.ingest(paths, options))

    def rank(self, query: str, k: int, mode: str, collection: str) -> Sequence[tuple[str, float, str]]:
        """Return the best loaded texts, without reading or disclosing any.

        Only where long texts take several places among the first ``k`` passages, more of these are asked for.
        """
        best: dict[str, tuple[str, float, str]] = {}
        for depth in (k, k * _DEEPER):
            hits = self._hits(query, depth, mode, collection)
            texts = self._texts_of([hit.passage_id for hit in hits])
            for hit in hits:
                if key := texts.get(hit.passage_id):
                    best.setdefault(key, (key, hit.score, hit.passage_id))
            if len(best) >= k or len(hits) < depth:
                break
        return list(best.values())[:k]

    def _texts_of(self, passage_ids: Sequence[str]) -> dict[str, str]:
        """Return which loaded text each passage is of; one passage of a version is read, once."""
        versions = self.consilium.catalogue.versions_of(passage_ids)
        new = {version: passage for passage, version in versions.items() if version not in self._of_version}
        self._of_version.update((passage.version_id, self._keys[passage.path]) for passage in self._read(new.values()))
        # What is in the index and not yet visible has a version, and no text that anybody may read.
        known = {passage: self._of_version.get(version) for passage, version in versions.items()}
        return {passage: text for passage, text in known.items() if text is not None}

    def spans(self, query: str, k: int, mode: str, collection: str) -> Sequence[tuple[str, int, int, str]]:
        """Return the best passages as spans of their files."""
        hits = self._hits(query, k, mode, collection)
        found = self._read(hit.passage_id for hit in hits)
        return [(passage.path, passage.start, passage.end, passage.id) for passage in found]

    def _hits(self, query: str, k: int, mode: str, collection: str) -> Sequence[Hit]:
        scope = Scope(as_of=self.consilium.clock.today(), collections=(collection,))
        return self.consilium.retriever.search_ids(Question(text=query, scope=scope, k=k), k, mode)

    def _read(self, passage_ids: Iterable[str]) -> list[Passage]:
        ids = list(passage_ids)
        passages = self.consilium.catalogue.passages(ids)
        return [passages[passage_id] for passage_id in ids if passage_id in passages]

    def ask(self, body: JSON) -> JSON:
        """Ask a question."""
        return self._door.ask(body)

    def draft(self, body: JSON) -> Sequence[str] | None:
        """Return what the drafter says of the evidence that an answer would rest on."""
        service, clock = self.consilium.answers, self.consilium.clock
        question = service.retriever.resolve(validated(AskBody, body).to_question(self.consilium))
        evidence, _ = service.retriever.retrieve(question)
        return [claim.text for claim in service.drafter.draft(question, evidence, clock.monotonic() + service.deadline)]

    def search(self, body: JSON) -> JSON:
        """Find passages."""
        return self._door.search(body)

    def check(self, body: JSON) -> JSON:
        """Check a draft."""
        return self._door.check(body)

    def redact(self, body: JSON) -> JSON:
        """Redact a text."""
        return self._door.redact(body)

    def verify(self, claim: str, evidence: Sequence[str]) -> JSON:
        """Check a claim against nothing but ``evidence``, sentence by sentence as a draft is."""
        shown = [Evidence(passage=_passage(number, text), score=1.0) for number, text in enumerate(evidence)]
        verifier = self.consilium.answers.verifier
        sentences = [claim[start:end] for start, end in split(claim)] or [claim]
        verdicts = [best_quotes(sentence, shown, verifier)[0] for sentence in sentences]
        return _worst(
            [
                {"verdict": one.kind.value, "score": one.score, "reason": one.reason, "checker": one.checker}
                for one in verdicts
            ]
        )

    @property
    def _door(self) -> LocalDoor:
        return LocalDoor(self.consilium)


def _worst(sentences: Sequence[JSON]) -> JSON:
    """Return the verdict on a text: that of its worst sentence, the lowest score among those that are as bad."""
    worst = max(sentences, key=lambda sentence: (_FROM_BEST.index(sentence["verdict"]), -sentence["score"]))
    return {name: worst[name] for name in ("verdict", "score", "reason", "checker")}


def _passage(number: int, text: str) -> Passage:
    """Return a passage that is a whole document."""
    return Passage(
        id=f"p{number}",
        document_id=f"d{number}",
        version_id=f"v{number}",
        start=0,
        end=len(text),
        text=text,
        title="",
        section=(),
        locator=Locator(),
        labels=Labels(),
        in_force=Interval(),
        parent_start=0,
        parent_end=len(text),
    )


@dataclass(slots=True, kw_only=True)
class DeployedUnderTest:
    """Implements :class:`evaluation.subject.Subject` over the HTTP API of a running server.

    Texts are uploaded as files, and stay there: measure a server that was set up for it.
    """

    url: str
    credential: str | None = None
    _keys: dict[str, str] = field(default_factory=dict)
    _door: RemoteDoor = field(init=False)

    def __post_init__(self) -> None:
        """Connect."""
        self._door = RemoteDoor(self.url, self.credential)

    def close(self) -> None:
        """Close the connection."""
        self._door.close()

    def describe(self) -> Mapping[str, Mapping[str, str]]:
        """Return version, configuration and models."""
        return self._door.about()

    def load(self, texts: Iterable[CorpusText], collection: str) -> Mapping[str, str]:
        """Upload each text as a Markdown or plain text file."""
        loaded = {}
        with tempfile.TemporaryDirectory(prefix="consilium-evaluate-") as folder:
            for number, text in enumerate(texts):
                body = f"# {text.title}\n\n{text.text}" if text.title else text.text
                file = Path(folder) / f"{number}{'.md' if text.title else '.txt'}"
                file.write_text(body, encoding="utf-8")
                options = {"document": f"{collection}/{text.key}", **_options(text, collection)}
                for outcome in self._door.ingest([file], options):
                    if document := outcome.get("document_id"):
                        loaded[text.key] = document
                        self._keys[document] = text.key
        return loaded

    def ingest(self, paths: Sequence[Path], options: JSON) -> Sequence[JSON]:
        """Upload files."""
        return list(self._door.ingest(paths, options))

    def rank(self, query: str, k: int, mode: str, collection: str) -> Sequence[tuple[str, float, str]]:
        """Return the best uploaded texts."""
        best: dict[str, tuple[str, float, str]] = {}
        for hit in self._hits(query, mode, collection):
            if key := self._keys.get(hit["document_id"]):
                best.setdefault(key, (key, hit["score"], hit["passage_id"]))
        return list(best.values())[:k]

    def spans(self, query: str, k: int, mode: str, collection: str) -> Sequence[tuple[str, int, int, str]]:
        """Return the best passages as spans of their files."""
        found = self._hits(query, mode, collection)[:k]
        return [(hit["path"], hit["start"], hit["end"], hit["passage_id"]) for hit in found]

    def _hits(self, query: str, mode: str, collection: str) -> list[JSON]:
        body = {"query": query, "k": _MOST_RESULTS, "mode": mode, "collections": [collection], "purpose": "treatment"}
        hits: list[JSON] = self.search(body)["results"]
        return hits

    def ask(self, body: JSON) -> JSON:
        """Ask a question."""
        return self._door.ask(body)

    def draft(self, body: JSON) -> Sequence[str] | None:
        """Return ``None``: no route gives out what was not checked."""
        del body
        return None

    def search(self, body: JSON) -> JSON:
        """Find passages."""
        return self._door.search(body)

    def check(self, body: JSON) -> JSON:
        """Check a draft."""
        return self._door.check(body)

    def redact(self, body: JSON) -> JSON:
        """Redact a text."""
        return self._door.redact(body)

    def verify(self, claim: str, evidence: Sequence[str]) -> JSON:
        """Upload the evidence as a collection of its own and check the claim against it."""
        collection = f"evaluation-{len(self._keys)}"
        self.load((CorpusText(key=str(number), text=text) for number, text in enumerate(evidence)), collection)
        sentences = self.check({"draft": claim, "collections": [collection], "purpose": "treatment"})["sentences"]
        return _worst(sentences)
