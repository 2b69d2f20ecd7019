"""What a page shows of a filled report: the same plain texts for Word, PDF and HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.answering.presentation import JSON
from app.reports.rendering.visible import all_visible

_SHORT_DIGEST: Final = 12
_NARROW, _WIDE, _LONG = 13, 48, 320  # characters


def view_of(content: JSON, words: Mapping[str, str], target: str) -> JSON:
    """Return what ``target`` ("html", "pdf" or "docx") shows of a report, with hidden characters made visible."""
    made = content["provenance"]
    template, models = made["template"], made["models"]
    facts = [(words["as_of"], content["as_of"]), (words["purpose"], content["purpose"].replace("_", " "))]
    if content["target"]:
        facts.insert(0, (words[content["about"]], content["target"]))
    facts += [
        (words["template"], f"{template['name']} {template['version']} ({template['digest'][:_SHORT_DIGEST]})"),
        (words["product"], ", ".join([made["product"], *(f"{name} {models[name]}" for name in sorted(models))])),
    ]
    view = {
        "title": content["title"],
        "subtitle": content["target_title"],
        "language": content["language"],
        "as_of": content["as_of"],
        "wide": bool(content.get("wide")),
        "label": content["label"],
        "short_label": words["short_label"],
        "notes": content["notes"],
        "facts": [list(fact) for fact in facts],
        "sections": [_section(section, words, target) for section in content["sections"]],
        "sources_title": words["sources"],
        "sources": [_source(source, words) for source in content["sources"]],
        "product": made["product"],
    }
    shown: JSON = all_visible(view)
    return shown


def _section(section: Mapping[str, Any], words: Mapping[str, str], target: str) -> JSON:
    blocks = [block for block in section["blocks"] if target in block.get("only", (target,))]
    return {"title": section["title"], "blocks": [_block(block, words) for block in blocks]}


def _block(block: Mapping[str, Any], words: Mapping[str, str]) -> JSON:
    if block["kind"] == "text":
        return {"kind": "text", "text": block["text"]}
    if block["kind"] == "answer":
        return {"kind": "answer", "title": block["title"], **_answer(block, words, words["unsupported"])}
    if block["kind"] == "pair":
        sides = (("required", "no_requirement"), ("shown", "gap"))
        return {
            "kind": "pair",
            "title": block["title"],
            "result": words[block["result"]],
            "state": block["result"],
            "sides": [{"title": words[side], **_answer(block[side], words, words[none])} for side, none in sides],
        }
    if block["kind"] == "table":
        return _table(block, words)
    return _chart(block, words)


def _answer(block: Mapping[str, Any], words: Mapping[str, str], missing: str) -> JSON:
    statements = []
    for claim in block["claims"]:
        quotes = [
            {"text": "" if quote["text"] == claim["text"] else quote["text"], "from": _from(quote)}
            for quote in claim["quotes"]
        ]
        flag = "" if claim["verdict"] == "supported" else words["flagged"]
        statements.append({"text": claim["text"], "flag": flag, "quotes": quotes})
    return {"statements": statements, "missing": "" if statements else missing}


def _from(quote: Mapping[str, Any]) -> str:
    return f"[{quote['source']}] {quote['where']}".strip()


def _table(block: Mapping[str, Any], words: Mapping[str, str]) -> JSON:
    quoted = any(row["quote"] for row in block["rows"])
    rows = []
    for row in block["rows"]:
        cells = [cell["text"] for cell in row["cells"]]
        if quoted:
            cells.append(_place(row["quote"], long=bool(block.get("places"))))
        rows.append(cells)
    columns = [*block["columns"], *([words["source"]] if quoted else [])]
    note = words["more_rows"] if block["more"] else "" if rows else words["nothing"]
    return {
        "kind": "table",
        "title": block["title"],
        "columns": columns,
        "rows": rows,
        "note": note,
        "widths": widths_of(columns, rows),
        "matrix": bool(block.get("matrix")),
    }


def widths_of(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
    """Return how wide each column is beside the others, by its cells and the longest word of its heading."""
    widths = []
    for name, *cells in zip(columns, *rows, strict=True):
        word = max(map(len, name.split()), default=0)
        longest = max((len(line) for one in cells for line in one.splitlines()), default=0)
        more = min(max(longest - _WIDE, 0), _LONG) / 4
        widths.append(round((min(max(longest, word, _NARROW), _WIDE) + more) / _NARROW, 2))
    return widths


def _place(quote: Mapping[str, Any] | None, *, long: bool) -> str:
    if quote is None:
        return ""
    return _from(quote) if long else f"[{quote['source']}]"


def _chart(block: Mapping[str, Any], words: Mapping[str, str]) -> JSON:
    told = []
    for series in block["series"]:
        points = series["points"]
        first, last = points[0], points[-1]
        unit = f" {series['unit']}" if series["unit"] else ""
        told.append(f"{series['name']}: {first['value']} ({first['date']}) … {last['value']} ({last['date']}){unit}")
    numbers = sorted({point["quote"]["source"] for series in block["series"] for point in series["points"]})
    return {
        "kind": "chart",
        "title": block["title"],
        "alt": "; ".join(told),
        "series": block["series"],
        "note": "" if told else words["no_values"],
        "sources": " ".join(f"[{number}]" for number in numbers),
    }


def _source(source: Mapping[str, Any], words: Mapping[str, str]) -> JSON:
    since, until = source["in_force"]["from"], source["in_force"]["to"]
    dates = f"{words['in_force']} {since or '…'} - {until or '…'}" if since or until else ""
    parts = (dates, f"{words['version']} {source['version_id']}", f"SHA-256 {source['digest'][:_SHORT_DIGEST]}")
    return {
        "number": str(source["number"]),
        "title": source["title"],
        "detail": "; ".join(part for part in parts if part),
    }
