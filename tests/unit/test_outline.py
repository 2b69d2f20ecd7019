from __future__ import annotations

import pytest

from ingestion.outline import Outline


def test_spans_of_sections_cover_their_headings_and_children() -> None:
    outline = Outline()
    outline.open("Chapter I", kind="heading")
    outline.open("Article 1", kind="article")
    outline.add("Scope.")
    outline.close()
    outline.close()
    outline.open("Chapter II", kind="heading")
    outline.add("Duties.")
    read = outline.finish(media_type="text/plain", title="  An   act ")
    assert read.text == "Chapter I\n\nArticle 1\nScope.\n\nChapter II\nDuties."
    assert [read.text[s.start : s.end] for s in read.sections[1:]] == [
        "Chapter I\n\nArticle 1\nScope.",
        "Article 1\nScope.",
        "Chapter II\nDuties.",
    ]
    assert read.sections[2].path == ("Chapter I", "Article 1")
    assert read.title == "An act"


def test_a_table_knows_its_header_and_where_each_row_starts() -> None:
    outline = Outline()
    outline.table("drug | dose", ["lisinopril | 10 mg", "metformin | 500 mg"])
    read = outline.finish(media_type="text/csv", title="t")
    (table,) = read.tables
    assert read.text[table.header_start : table.header_end] == "drug | dose"
    assert [read.text[start : start + 6] for start in table.row_starts] == ["lisino", "metfor"]


def test_the_root_closes_only_with_the_outline() -> None:
    with pytest.raises(ValueError, match="finish"):
        Outline().close()
