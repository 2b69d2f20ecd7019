"""The command line: ``consilium demo | ingest | search | ask | check | redact | evaluate | tune | serve | settings``.

Commands import the product only when they run, so that help and mistakes are answered at once.
"""

from __future__ import annotations

import atexit
import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from app.cli import (
    assistants,
    audit,
    break_glass,
    feedback,
    hold,
    jobs,
    keys,
    members,
    reporting,
    show,
    upkeep,
)
from app.cli.options import Home, Json, Tenant, day, of_one, print_json
from app.settings import Settings, load_settings
from app.statuses import DATA, EXIT_STATUS
from domain.errors import ConsiliumError, RequestError
from ingestion.outcomes import Progress

_GARBAGE: Final = (50_000, 20, 100)  # objects, and younger looks, before a look at each generation

application = typer.Typer(
    name="consilium",
    help="Answers from your own records and the law in force; every claim carries verbatim, checked quotes.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

application.add_typer(audit.application, name="audit")
application.add_typer(hold.application, name="hold")
application.add_typer(members.application, name="members")
application.add_typer(break_glass.application, name="break-glass")
upkeep.add(application)
application.add_typer(keys.application, name="keys")
application.add_typer(jobs.application, name="jobs")
application.add_typer(assistants.application, name="assistants")
application.add_typer(feedback.application, name="feedback")
application.add_typer(reporting.application, name="report")

Collection = Annotated[list[str] | None, typer.Option(help="Collection to search; repeat for several; default all.")]
Subject = Annotated[list[str] | None, typer.Option(help="Patient or matter in scope; repeat for several.")]
AsOf = Annotated[str | None, typer.Option(metavar="DATE", help="Only text in force on this date; default today.")]
K = Annotated[int, typer.Option("--k", help="How many passages.")]
Purpose = Annotated[str | None, typer.Option(help="treatment, legal_advice, operations, research or audit.")]


@application.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders; archives are opened.")],
    collection: Annotated[str, typer.Option(help="Collection to put them in.")] = "default",
    tenant: Tenant = "default",
    subject: Annotated[str | None, typer.Option(help="Patient or matter that they are about.")] = None,
    document: Annotated[str | None, typer.Option(help="Name of the document this file is a version of.")] = None,
    title: Annotated[str | None, typer.Option(help="Title, instead of the file's own.")] = None,
    same_subject: Annotated[
        bool,
        typer.Option("--same-subject", help="The subject and the one that the file names are one."),
    ] = False,
    effective_from: Annotated[str | None, typer.Option(metavar="DATE", help="First day in force.")] = None,
    effective_to: Annotated[str | None, typer.Option(metavar="DATE", help="First day no longer in force.")] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Read files, cut them into passages and index them; a file that is broken is rejected with its reason."""
    options = _given(
        collection=collection, tenant=tenant, subject=subject, document=document, title=title,
        effective_from=effective_from, effective_to=effective_to, same_subject=same_subject or None,
    )  # fmt: skip
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise RequestError("request.invalid", f"{len(missing)} of the paths do not exist: {missing[0]}")
    from ingestion.workflow import files_under

    total = sum(1 for _ in files_under(paths))
    outcomes = []
    with _door(home) as door, _progress(total) as (watch, console):
        for outcome in door.ingest(paths, options, watch):
            outcomes.append(outcome)
            if not as_json and outcome["status"] != "unchanged":
                show.file(console, outcome)
    if as_json:
        print_json({"files": outcomes, "summary": _summary(outcomes)})
    else:
        counts = ", ".join(f"{n} {status}" for status, n in _summary(outcomes).items())
        Console().print(f"{counts or 'no files'}; {sum(o.get('passages', 0) for o in outcomes)} passages.")
    if outcomes and all(outcome["status"] == "rejected" for outcome in outcomes):
        raise typer.Exit(DATA)


@application.command()
def search(
    query: Annotated[str, typer.Argument(help="What to find.")],
    collection: Collection = None,
    tenant: Tenant = "default",
    subject: Subject = None,
    as_of: AsOf = None,
    k: K = 10,
    mode: Annotated[str, typer.Option(help="hybrid, dense or words.")] = "hybrid",
    purpose: Purpose = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Find passages by meaning, words and exact citation, within a scope."""
    body = _scope(tenant, collection, subject, as_of, purpose) | {"query": query, "k": k, "mode": mode}
    with _door(home) as door:
        _show(door.search(body), show.search, as_json=as_json)


@application.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question.")],
    collection: Collection = None,
    tenant: Tenant = "default",
    subject: Subject = None,
    as_of: AsOf = None,
    k: K = 10,
    purpose: Purpose = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Answer a question with checked quotes, or refuse and say what would help."""
    body = _scope(tenant, collection, subject, as_of, purpose) | {"question": question, "k": k}
    with _door(home) as door:
        _show(door.ask(body), show.answer, as_json=as_json)


@application.command()
def check(
    draft: Annotated[str, typer.Argument(help="A draft's text, a file that holds it, or - for standard input.")],
    collection: Collection = None,
    tenant: Tenant = "default",
    subject: Subject = None,
    as_of: AsOf = None,
    purpose: Purpose = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Check a draft written by anybody: each sentence's verdict with the best quotes, or what contradicts it."""
    body = _scope(tenant, collection, subject, as_of, purpose) | {"draft": _text(draft)}
    with _door(home) as door:
        _show(door.check(body), show.check, as_json=as_json)


@application.command()
def redact(
    file: Annotated[str, typer.Argument(help="A text file, or - for standard input.")],
    tenant: Tenant = "default",
    subject: Subject = None,
    purpose: Annotated[str, typer.Option(help="treatment, legal_advice, operations, research or audit.")] = "research",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Redact personal data in a text by the purpose of the asker."""
    body = _scope(tenant, None, subject, None, purpose) | {"text": _text(file)}
    with _door(home) as door:
        result = door.redact(body)
    if as_json:
        print_json(result)
    else:
        sys.stdout.write(result["text"] if result["text"].endswith("\n") else result["text"] + "\n")


@application.command()
def erase(
    subject: Annotated[str | None, typer.Option(help="Patient or matter to erase.")] = None,
    document: Annotated[str | None, typer.Option(help="Id of a document to erase.")] = None,
    shared: Annotated[bool, typer.Option(help="Documents that are about other subjects too, as a whole.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    tenant: Tenant = "default",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Erase a patient, a matter or a document everywhere, and say what was removed and what is held."""
    of_one(subject, document)
    body = _given(tenant=tenant, subject=subject, document=document, shared=shared)
    if not yes:
        typer.confirm("What is erased cannot be brought back. Go on?", abort=True)
    with _door(home) as door:
        _show(door.erase(body), show.receipt, as_json=as_json)


@application.command()
def reindex(
    encoder: Annotated[
        str | None, typer.Option(help="Encoder to make it with; set CONSILIUM_ENCODER to it too.")
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Make the index anew beside the one that answers, and switch over; interrupted, it goes on where it stopped."""
    from app.cli.reindexing import run

    run(_settings(home, encoder=encoder), as_json=as_json, named=encoder is not None)


@application.command()
def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to bind to; other than loopback only with an issuer or a key.")
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port; 0 picks a free one.")] = None,
    samples: Annotated[
        bool, typer.Option("--samples", help="Serve the demo's folder, with the samples ingested first.")
    ] = False,
    home: Home = None,
) -> None:
    """Serve the web client and the HTTP API on this machine."""
    _sound(home=home, host=host, port=port)
    from app.cli.server import run

    settings = _settings(home, host=host, port=port)
    if samples:
        from app.cli.demo import prepared

        settings = prepared(settings)
    run(settings)


@application.command()
def worker(home: Home = None) -> None:
    """Work on jobs in a process of its own, beside servers: needs PostgreSQL and a Qdrant server."""
    _sound(home=home)
    from app.cli.worker import run

    run(_settings(home))


@application.command("open")
def open_client(home: Home = None) -> None:
    """Print the address at which the owner of this machine is signed in to the web client that is being served."""
    from app.cli.opening import address_of

    # not through the console, which would break a long line
    sys.stdout.write(address_of(_settings(home)) + "\n")


@application.command()
def settings(home: Home = None, as_json: Json = False) -> None:
    """Show every setting with its source, and what is wrong with which way out; secrets are masked."""
    from app.cli import configuration
    from app.settings_report import settings_report

    report = settings_report({"home": home})
    if as_json:
        print_json(report.as_json())
    else:
        configuration.show(Console(highlight=False), report)
    if not report.sound:
        raise typer.Exit(EXIT_STATUS["request.setting_invalid"])


@application.command()
def demo(
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Ingest the sample documents and ask the sample questions."""
    from app.cli.demo import run

    raise typer.Exit(run(_settings(home), as_json=as_json))


@application.command()
def evaluate(
    suite: Annotated[
        str,
        typer.Argument(
            help="retrieval, answers, abstention, grounding, privacy, in-force, injection or walls; or compare."
        ),
    ],
    reports: Annotated[list[Path] | None, typer.Argument(help="For compare: two reports that --json wrote.")] = None,
    dataset: Annotated[
        Path | None, typer.Option(help="File or folder in the field's formats; default: a sample.")
    ] = None,
    answerer: Annotated[str | None, typer.Option(metavar="URL", help="Measure a running server instead.")] = None,
    gate: Annotated[Path | None, typer.Option(help="TOML with limits; a figure beyond one exits with 1.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the report with every case.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write a page with plots, in one file.")] = None,
    limit: Annotated[int | None, typer.Option(help="Only so many cases, evenly spread.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the bootstrap.")] = 0,
) -> None:
    """Measure the product on a dataset. Interrupted runs go on where they stopped; two reports can be compared."""
    from app.cli import evaluating

    if suite == "compare":
        if reports is None or len(reports) != 2:  # noqa: PLR2004 - a comparison is of two
            raise RequestError("request.invalid", "compare: name two reports")
        evaluating.run_compare(*reports, html=html, seed=seed)
        return
    if reports:
        raise RequestError("request.invalid", f"{suite}: takes no reports; name the dataset with --dataset")
    order = evaluating.Order(
        suite=suite, dataset=dataset, answerer=answerer, gate=gate, json=json_file, html=html, limit=limit, seed=seed
    )
    evaluating.run(load_settings(), order)


@application.command()
def tune(
    what: Annotated[str, typer.Argument(help="reranker.")],
    data: Annotated[str, typer.Option(help="A collection of the store, or a folder with a corpus.jsonl (BEIR).")],
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="New folder; default CONSILIUM_HOME/rerankers/NAME.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 0,
    steps: Annotated[int, typer.Option(help="Most steps, of four questions each.")] = 1000,
    minutes: Annotated[float, typer.Option(help="Most minutes of training.")] = 10.0,
    licence: Annotated[str, typer.Option(help="Licence of the texts, for the model card.")] = "not stated",
    tenant: Tenant = "default",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Train a small adapter on the texts of a collection, never on questions; nothing is switched on by it."""
    if what != "reranker":
        raise RequestError("request.invalid", "tune: only reranker can be tuned")
    from app.cli.tuning import Order, run
    from retrieval.tuning.training import Budget

    budget = Budget(steps=steps, minutes=minutes, seed=seed)
    order = Order(data=data, out=out, licence=licence, tenant=tenant, budget=budget, as_json=as_json)
    run(_settings(home), order)


def main() -> None:
    """Run the command line; errors become one line and an exit status by their code."""
    # What is imported stays: to look for garbage in it again and again, and once more at the end, took a third of the
    # time of a command.
    gc.set_threshold(*_GARBAGE)
    atexit.register(gc.freeze)
    try:
        application()
    except ConsiliumError as error:
        if "--json" in sys.argv:
            print_json({"error": {"code": error.code, "detail": str(error)}})
        Console(stderr=True).print(f"[red]{error}[/]", highlight=False)
        sys.exit(EXIT_STATUS[error.code])
    except KeyboardInterrupt:
        sys.exit(130)


def _sound(**overrides: object) -> None:
    """Print what is wrong with the settings, and raise RequestError ``request.setting_invalid`` when it is too much."""
    from app.cli import configuration
    from app.settings_report import ERROR, settings_report

    report = settings_report(overrides)
    if report.problems:
        configuration.show_problems(Console(stderr=True, highlight=False), report)
    if not report.sound:
        at_fault = [problem.setting or "settings" for problem in report.problems if problem.severity == ERROR]
        raise RequestError("request.setting_invalid", ", ".join(dict.fromkeys(at_fault)))


def _settings(home: Path | None, **overrides: object) -> Settings:
    return load_settings(home=home, **overrides)


@contextmanager
def _door(home: Path | None) -> Iterator[Any]:
    settings = _settings(home)
    with Console(stderr=True).status("Starting…"):
        from app.cli.door import open_door

        door = open_door(settings)
    try:
        yield door
    finally:
        door.close()


@contextmanager
def _progress(files: int) -> Iterator[tuple[Callable[[Progress], None], Console]]:
    """Show two bars on a terminal: files that are read and so found by words, and passages that have their vectors."""
    console = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=console, disable=not console.is_terminal) as bars:
        read = bars.add_task("Files read", total=files)
        embedded = bars.add_task("Passages embedded", total=0, visible=False)

        def watch(now: Progress) -> None:
            bars.update(read, completed=now.files)
            bars.update(embedded, completed=now.embedded, total=now.searchable, visible=now.searchable > 0)

        yield watch, bars.console


def _scope(
    tenant: str, collections: list[str] | None, subjects: list[str] | None, as_of: str | None, purpose: str | None
) -> dict[str, Any]:
    on = day(as_of)
    given = on.isoformat() if on else None
    return _given(tenant=tenant, collections=collections, subjects=subjects, as_of=given, purpose=purpose)


def _given(**values: object) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _text(source: str) -> str:
    if source == "-":
        return sys.stdin.read()
    try:
        return Path(source).read_text(encoding="utf-8")
    except (OSError, ValueError):
        if len(source.split()) > 1:
            return source
        raise RequestError("request.invalid", "the file cannot be read as UTF-8 text") from None


def _summary(outcomes: list[dict[str, Any]]) -> dict[str, int]:
    statuses = [outcome["status"] for outcome in outcomes]
    return {status: statuses.count(status) for status in ("indexed", "unchanged", "rejected") if status in statuses}


def _show(body: dict[str, Any], view: Callable[[Console, dict[str, Any]], None], *, as_json: bool) -> None:
    if as_json:
        print_json(body)
    else:
        view(Console(highlight=False), body)


if __name__ == "__main__":
    main()
