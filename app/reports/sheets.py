"""What a batch has beside its reports: the contents sheet, by ids alone, and the grid of answers over all items."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.answering.presentation import JSON
from app.reports.filling import SCHEMA, Order
from app.reports.rendering.renderer import SUFFIXES
from app.reports.wording import wording_of
from domain.jobs import ItemState, JobItem
from domain.reports import ReportItem, ReportState

_SLUG: Final = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST: Final = 60


def state_of(item: ReportItem, job_item: JobItem | None) -> str:
    """Return how far an item is: "waiting", "done", "aside", "cancelled" or "erased"."""
    if item.state is ReportState.ERASED:
        return "erased"
    if item.state is ReportState.DONE:
        return "done"
    return job_item.state.value if job_item and job_item.state is not ItemState.DONE else "waiting"


def file_name(item: ReportItem, suffix: str) -> str:
    """Return the name of a file of an item: its number and the id that it is about, without anything odd."""
    slug = _SLUG.sub("-", item.target).strip("-.")[:_LONGEST]
    return f"{item.number + 1:04d}{'-' + slug if slug else ''}{suffix}"


def contents_sheet(order: Order, made: JSON, items: Sequence[ReportItem], pieces: Mapping[int, JobItem]) -> JSON:
    """Return the contents sheet of a batch: items, files with their digests, and the versions that each rests on.

    It carries ids, codes and counts, and nothing of a document.
    """
    words = wording_of(order.template)
    listed = [_listed(item, pieces.get(item.number)) for item in items]
    rows = [
        [
            f"{entry['number'] + 1}",
            entry["target"],
            words[entry["state"]] + (f" ({entry['code']})" if "code" in entry else ""),
            "\n".join(f"{file['name']}  {file['sha256'][:12]}" for file in entry["files"]),
        ]
        for entry in listed
    ]
    rests = [
        [f"{entry['number'] + 1}", version["document_id"], version["version_id"], version["sha256"][:16]]
        for entry in listed
        for version in entry["versions"]
    ]
    template = made["template"]
    told = [
        [words["template"], f"{template['name']} {template['version']}"],
        [f"{words['template']} SHA-256", template["digest"]],
        [words["product"], made["product"]],
        *[[name, value] for name, value in made["models"].items()],
    ]
    sections = [
        {
            "title": words["contents"],
            "blocks": [
                _table(order.template.title, [words[k] for k in ("item", order.template.about, "state", "files")], rows)
            ],
        },
        {"title": words["provenance"], "blocks": [_table(words["product"], [words["name"], words["value"]], told)]},
        {
            "title": words["rests_on"],
            "blocks": [
                _table(words["sources"], [words["item"], words["document"], words["version"], words["digest"]], rests)
            ],
        },
    ]
    return _sheet(order, made, "contents", sections) | {"items": listed}


def _listed(item: ReportItem, piece: JobItem | None) -> JSON:
    entry: JSON = {
        "number": item.number,
        "target": item.target,
        "state": state_of(item, piece),
        "quotes": item.quotes,
        "files": [
            {
                "format": file.format,
                "name": file_name(item, SUFFIXES[file.format]),  # type: ignore[index]
                "sha256": file.digest,
                "bytes": file.size,
            }
            for file in item.files
        ],
        "versions": [
            {"document_id": document, "version_id": version, "sha256": digest}
            for document, version, digest in item.versions
        ],
    }
    if piece and piece.code and entry["state"] == "aside":
        entry["code"] = piece.code
    return entry


def grid(order: Order, made: JSON, reports: Sequence[JSON]) -> JSON:
    """Return the answers of all reports in one grid: a row for each report, a column for each question.

    Each cell is the first quote of the answer, word for word. On a screen it is one table; on paper an overview, and
    one table for each question.
    """
    words = wording_of(order.template)
    titles = [block["title"] for section in order.template.sections for block in _asked(section)]
    answers = [[_first(block) for section in report["sections"] for block in _answers(section)] for report in reports]
    names = [report["target_title"] or report["target"] for report in reports]
    whole = _table(
        words["grid"],
        [words[order.template.about], *titles],
        [
            [name, *(f"{one['text']}\n{one['where']}" if one else words["not_found"] for one in found)]
            for name, found in zip(names, answers, strict=True)
        ],
    ) | {"only": ["html"], "matrix": True}
    overview = _table(
        words["overview"],
        [words[order.template.about], *titles],
        [[name, *("●" if one else "-" for one in found)] for name, found in zip(names, answers, strict=True)],
    ) | {"only": ["pdf", "docx"]}
    sections: list[JSON] = [{"title": words["grid"], "blocks": [whole, overview]}]
    for place, title in enumerate(titles):
        rows = []
        for name, found in zip(names, answers, strict=True):
            one = found[place]
            rows.append([name, one["text"], one["where"]] if one else [name, words["not_found"], ""])
        table = _table("", [words[order.template.about], words["text"], words["source"]], rows)
        sections.append({"title": title, "blocks": [table | {"only": ["pdf", "docx"]}]})
    cells = [
        {"target": report["target"], "title": name, "answers": dict(zip(titles, found, strict=True))}
        for report, name, found in zip(reports, names, answers, strict=True)
    ]
    shown = [section for section in sections if section["blocks"]]
    return _sheet(order, made, "grid", shown) | {"wide": True, "rows": cells, "columns": titles}


def _asked(section: Any) -> list[dict[str, str]]:
    return [{"title": part.title or part.ask} for part in section.parts if part.kind == "answer"]


def _answers(section: JSON) -> list[JSON]:
    return [block for block in section["blocks"] if block["kind"] == "answer"]


def _first(block: JSON) -> JSON | None:
    """Return the first quote of an answer; none where there is no answer."""
    for claim in block["claims"]:
        for quote in claim["quotes"]:
            kept = ("text", "where", "document_id", "version_id", "passage_id", "start", "end", "redacted")
            return {name: quote[name] for name in kept if name in quote}
    return None


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> JSON:
    return {
        "kind": "table",
        "title": title,
        "columns": list(columns),
        "rows": [{"cells": [{"text": text} for text in row], "quote": None} for row in rows],
        "more": False,
    }


def _sheet(order: Order, made: JSON, kind: str, sections: list[JSON]) -> JSON:
    words = wording_of(order.template)
    return {
        "schema": SCHEMA,
        "kind": kind,
        "title": f"{order.template.title} - {words[kind]}",
        "language": order.template.language,
        "about": order.template.about,
        "target": "",
        "target_title": "",
        "as_of": order.as_of.isoformat(),
        "purpose": order.purpose,
        "label": words["label"],
        "notes": [],
        "sections": sections,
        "sources": [],
        "provenance": made,
    }
