"""Reports for the tests of what is done with reports."""

from __future__ import annotations

from collections.abc import Mapping

from evaluation.report import Case, Curve, Figure, Origin, Report

HOSTILE = "<script>document.title='owned'</script>\"'><img src=http://127.0.0.1:9/x onerror=\"document.title='owned'\">"
ORIGIN = Origin(
    dataset="small",
    dataset_digest="d" * 64,
    product="1.2.3",
    configuration={"pack": "general", "dense_weight": "1.0"},
    models={"encoder": "minilm"},
    machine={"cores": "2"},
    seed=7,
    started="2025-11-23T04:05:06+00:00",
)


def report(scores: Mapping[str, Mapping[str, float]], *figures: Figure, suite: str = "retrieval") -> Report:
    """Return a report with a case for each entry, without tags and curves."""
    cases = tuple(Case(id=key, scores=own) for key, own in scores.items())
    return Report(suite=suite, origin=ORIGIN, seconds=1.5, main=("found",), figures=figures, cases=cases)


def full(name: str = "q", tag: str = "list") -> Report:
    """Return a report that has something of everything; ``name`` and ``tag`` become part of its ids and tags."""
    cases = tuple(
        Case(
            id=f"{name}-{number}",
            scores={"found": number / 30, "found.ms": 5.0 + number},
            tags={"type": tag if number % 3 else "other", tag: "yes"},
            passages=(f"p-{name}-{number}", f"p-{number}"),
        )
        for number in range(30)
    )
    figures = (
        Figure(name="found", value=0.4833, count=30, low=0.3833, high=0.5833),
        Figure(name=f"leaked.{name}", value=0.25, count=30, low=0.1, high=0.4, higher_is_better=False),
        Figure(name="p50_ms", value=19.5, count=30, unit="ms", higher_is_better=False),
        Figure(name="corpus", value=13732, count=1, higher_is_better=None),
    )
    curve = Curve(
        name=f"calibration {name}", x_label="said", y_label="was", points=((0.1, 0.2), (0.5, 0.5)), diagonal=True
    )
    return Report(
        suite="retrieval",
        origin=ORIGIN,
        seconds=3725.0,
        main=("found", "p50_ms", "absent"),
        figures=figures,
        cases=cases,
        curves=(curve,),
    )
