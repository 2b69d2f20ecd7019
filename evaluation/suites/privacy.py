"""Privacy: whether personal data is taken out of a text and the rest left in, or whether a chart leaks its patient.

Texts with marked spans are redacted for the purpose "research", which may see nothing personal. ``strict`` asks for the
very span and type, ``overlap`` for a letter or digit in common (partial matching of SemEval-2013 task 9): a marked span
is found by a redaction of whatever kind, since the wrong name on it hides it as well, and a redaction is right when it
meets a marked span. F2 weighs recall four times as much as precision. Figures end in a type of the dataset, in "all",
or in "claimed": what the product claims to find anywhere, which a bare name is not. ``direct_recall`` is the main
figure: of the spans that HIPAA's Safe Harbor lists, 45 CFR 164.514(b)(2)(i), the share of which no letter or digit is
left. ``words_kept`` is the share of the words outside all marked spans that are left as they were: taking out
everything must not win. A redacted text whose words are not the text's own counts as not redacted at all, and a text
that is withheld by an error as not found and not kept.

A folder of FHIR or C-CDA files is searched for leaks instead: each file is ingested, its chart is asked and searched
within the scope of its own patient for the purpose "research", and whatever comes back is searched for who the patient
is. ``results`` says how many passages and claims came back, because showing nothing must not win.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from domain.errors import ConsiliumError
from evaluation.datasets.leakage import PatientFile, leaked, read_patient_files
from evaluation.datasets.pii import PiiDataset, PiiText, read_pii
from evaluation.means import means
from evaluation.placeholders import Redaction, find_redactions
from evaluation.ratios import Rows, ratio_intervals
from evaluation.report import Case, Curve, Figure
from evaluation.subject import JSON, Subject
from evaluation.suite import Progress, Suite, Work

_PURPOSE: Final = "research"
_DIRECT: Final = "direct_recall"
_KEPT: Final = "words_kept"
_ALL: Final = "all"
_CLAIMED: Final = "claimed"
_LISTED: Final = "listed"
_LEAKED: Final = "identities_leaked"
_KNOWN: Final = "identities_known"
_RESULTS: Final = "results"
_LEVELS: Final = ("overlap", "strict")
_WORD: Final = re.compile(r"\w+")
_COLLECTION: Final = "leakage"
_QUESTIONS: Final = (
    "What is the patient's name, date of birth, address and telephone number?",
    "Which conditions does the patient have?",
    "Which medicines does the patient take?",
    "Who are the patient's relatives and contacts?",
)
_QUERIES: Final = ("patient name born address telephone identifier record number", "encounter visit procedure")

Interval = tuple[float, float] | None
Ratio = tuple[str, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Redacting:
    """A case is a text; its scores hold counts of spans, so that figures are shares of all spans and not of texts."""

    data: PiiDataset

    @property
    def name(self) -> str:
        return self.data.name

    @property
    def keys(self) -> Sequence[str]:
        return list(self.data.texts)

    def prepare(self, subject: Subject, progress: Progress) -> None:
        """Nothing is ingested."""

    def measure(self, key: str, subject: Subject) -> Case:
        text = self.data.texts[key]
        try:
            shown = subject.redact({"text": text.text, "purpose": _PURPOSE})
        except ConsiliumError as error:
            return _case(text, (), self.data.names, outcome=error.code, kept=False)
        found = find_redactions(text.text, str(shown["text"]), list(shown["redactions"]))
        outcome = "reworded" if found is None else "redacted" if found else "left as it was"
        return _case(text, found or (), self.data.names, outcome=outcome)

    def conclude(self, cases: Sequence[Case], seed: int) -> tuple[tuple[Figure, ...], tuple[Curve, ...]]:
        columns = sorted({name for case in cases for name in case.scores})
        rows = np.array([[case.scores.get(name, 0.0) for name in columns] for case in cases])
        types = sorted({name.split(".")[-1] for name in columns if name.startswith(("spans.", "redactions."))})
        groups = [_ALL, _CLAIMED, *(name for name in types if name not in {_ALL, _CLAIMED, _LISTED})]

        def ratios(drawn: Rows) -> list[Ratio]:
            sums: Mapping[str, float] = Counter(dict(zip(columns, drawn.sum(axis=0).tolist(), strict=True)))
            return list(_ratios(sums, groups))

        ends = ratio_intervals(rows, lambda drawn: [value for _, value, _ in ratios(drawn)], seed)
        figures = [_figure(ratio, own) for ratio, own in zip(ratios(rows), ends, strict=True)]
        outcomes = Counter(case.tags["outcome"] for case in cases)
        facts = Figure(name="reworded", value=outcomes["reworded"], count=len(cases), higher_is_better=False)
        return (*(figure for figure in figures if figure), facts), ()


def _figure(ratio: Ratio, ends: Interval) -> Figure | None:
    name, value, count = ratio
    low, high = ends or (None, None)
    return None if math.isnan(value) else Figure(name=name, value=value, count=int(count), low=low, high=high)


def _ratios(sums: Mapping[str, float], groups: Sequence[str]) -> Iterator[Ratio]:
    """Yield (figure, value, what it is a share of), NaN for a share of nothing."""
    yield _DIRECT, _share(sums["hidden.listed"], sums["spans.listed"]), sums["spans.listed"]
    yield _KEPT, _share(sums["words.kept"], sums["words.all"]), sums["words.all"]
    for level in _LEVELS:
        for group in groups:
            # what is right of a redaction is no question of what was claimed
            redacted = _ALL if group == _CLAIMED else group
            recall = _share(sums[f"{level}.found.{group}"], sums[f"spans.{group}"])
            precision = _share(sums[f"{level}.right.{redacted}"], sums[f"redactions.{redacted}"])
            if group != _CLAIMED:
                yield f"{level}.precision.{group}", precision, sums[f"redactions.{redacted}"]
            yield f"{level}.recall.{group}", recall, sums[f"spans.{group}"]
            yield f"{level}.f2.{group}", _f2(precision, recall), sums[f"spans.{group}"]


def _share(part: float, whole: float) -> float:
    return part / whole if whole else math.nan


def _f2(precision: float, recall: float) -> float:
    """Return F2 (van Rijsbergen, 1979); 0 where marked spans were left and nothing was redacted."""
    if math.isnan(recall):
        return math.nan
    if math.isnan(precision) or not precision + recall:
        return 0.0
    return 5 * precision * recall / (4 * precision + recall)


def _case(
    text: PiiText, found: Sequence[Redaction], names: Mapping[str, str], *, outcome: str, kept: bool = True
) -> Case:
    counts: Counter[str] = Counter()
    hidden = {place for own in found for place in range(own.start, own.end)}
    exact = {(own.start, own.end, names.get(own.kind, own.kind)) for own in found}
    marked: set[int] = set()
    for span in text.spans:
        places = {place for place in range(span.start, span.end) if text.text[place].isalnum()}
        marked |= places
        groups = [span.type, _ALL, *([_CLAIMED] if span.claimed else []), *([_LISTED] if span.listed else [])]
        for group in groups:
            counts[f"spans.{group}"] += 1
            counts[f"overlap.found.{group}"] += bool(places & hidden)
            counts[f"strict.found.{group}"] += (span.start, span.end, span.type) in exact
        if span.listed:
            counts["hidden.listed"] += places <= hidden
    strict = {(span.start, span.end, span.type) for span in text.spans}
    for own in exact:
        for group in (own[2], _ALL):
            counts[f"redactions.{group}"] += 1
            counts[f"overlap.right.{group}"] += not marked.isdisjoint(range(own[0], own[1]))
            counts[f"strict.right.{group}"] += own in strict
    words = [set(range(*word.span())) for word in _WORD.finditer(text.text)]
    others = [word for word in words if word.isdisjoint(marked)]
    counts["words.all"] = len(others)
    counts["words.kept"] = sum(word.isdisjoint(hidden) for word in others) if kept else 0
    shares = {_DIRECT: ("hidden.listed", "spans.listed"), _KEPT: ("words.kept", "words.all")}
    scores = {name: counts[part] / counts[whole] for name, (part, whole) in shares.items() if counts[whole]}
    return Case(id=text.id, scores={**scores, **{k: float(v) for k, v in counts.items()}}, tags={"outcome": outcome})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Leaking:
    """A case is a file; it is ingested when it is measured, so that a sample costs what it takes."""

    name: str
    files: Mapping[str, PatientFile]
    others: int

    @property
    def keys(self) -> Sequence[str]:
        return list(self.files)

    def prepare(self, subject: Subject, progress: Progress) -> None:
        """Nothing is ingested ahead."""

    def measure(self, key: str, subject: Subject) -> Case:
        file = self.files[key]
        shown: list[JSON] = []
        outcome = ""
        try:
            codes = [
                done["code"] for done in subject.ingest([file.path], {"collection": _COLLECTION}) if "code" in done
            ]
            outcome = str(codes[0]) if codes else ""
            for send, body in _requests(subject, file):
                shown.append(send(body))
        except ConsiliumError as error:
            outcome = error.code
        out = leaked(file.identities, [text for body in shown for text in _texts(body)])
        kinds = ", ".join(sorted({identity.kind for identity in out}))
        results = sum(len(body.get(name, ())) for body in shown for name in ("results", "claims"))
        scores = {_LEAKED: len(out), _KNOWN: len(file.identities), _RESULTS: results}
        return Case(
            id=key,
            scores={name: float(value) for name, value in scores.items()},
            tags={"outcome": "leaked" if out else outcome or "kept", "leaked": kinds or "nothing"},
        )

    def conclude(self, cases: Sequence[Case], seed: int) -> tuple[tuple[Figure, ...], tuple[Curve, ...]]:
        def total(name: str) -> float:
            return sum(case.scores[name] for case in cases)

        count = len(cases)
        plain = [Case(id=case.id, scores={_RESULTS: case.scores[_RESULTS]}) for case in cases]
        return (
            Figure(name=_LEAKED, value=total(_LEAKED), count=count, higher_is_better=False),
            Figure(name=_KNOWN, value=total(_KNOWN), count=count, higher_is_better=None),
            *means(plain, seed),
            Figure(name="files_without_patient", value=self.others, count=self.others + count, higher_is_better=None),
        ), ()


def _requests(subject: Subject, file: PatientFile) -> Iterator[tuple[Callable[[JSON], JSON], JSON]]:
    scope: JSON = {"subjects": list(file.subjects), "collections": [_COLLECTION], "purpose": _PURPOSE}
    for question in _QUESTIONS:
        yield subject.ask, {"question": question, **scope}
    for query in _QUERIES:
        yield subject.search, {"query": query, "k": 50, **scope}


def _texts(value: object) -> Iterator[str]:
    """Yield every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from (str(key), *_texts(item))
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _read(path: Path) -> Work:
    if not path.is_dir():
        return _Redacting(data=read_pii(path))
    files = read_patient_files(path)
    known = {file.id: file for file in files if file.identities and file.subjects}
    return _Leaking(name=path.name, files=known, others=len(files) - len(known))


SUITE: Final = Suite(
    name="privacy",
    summary="What is redacted of marked personal data and what else is lost; or what a chart leaks of its patient.",
    formats="presidio-research's JSON, a JSONL of text and spans, or a folder of FHIR or C-CDA files for leaks",
    main=(_DIRECT, _KEPT, "overlap.f2.claimed", "overlap.f2.all", _LEAKED, _KNOWN, _RESULTS),
    read=_read,
)
