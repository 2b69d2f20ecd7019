from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.documents import Interval, Labels, Passage, Reading, Version
from ingestion.outline import Outline
from ingestion.passages import PREFIX_TOKENS, Cutter, embedding_text
from tests.readings import reading


def count_words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def cut(read: Reading, *, budget: int = 20, labels: Labels | None = None) -> list[Passage]:
    version = Version(
        id="v_1", document_id="d_1", digest="0", path="act.txt", media_type="text/plain", title=read.title,
        text=read.text, in_force=Interval(),
    )  # fmt: skip
    return Cutter(count_tokens=count_words, window=budget + PREFIX_TOKENS + 2).cut(read, version, labels or Labels())


def test_a_passage_never_crosses_an_article() -> None:
    passages = cut(reading(("Article 1", "Scope of this act."), ("Article 2", "Words used here.")))
    assert [p.text for p in passages] == ["Article 1\nScope of this act.", "Article 2\nWords used here."]
    assert [p.section for p in passages] == [("Article 1",), ("Article 2",)]


def test_numbered_points_of_one_paragraph_read_as_one_passage() -> None:
    outline = Outline()
    outline.open("Article 8", kind="article")
    outline.open("1.", kind="paragraph", heading="")
    outline.add("The notice states:")
    for point in ("(a) the breach;", "(b) the persons."):
        outline.open(point[:3], kind="point", heading="")
        outline.add(point)
        outline.close()
    passages = cut(outline.finish(media_type="text/plain", title="Act"))
    assert len(passages) == 1
    assert "(a) the breach;" in passages[0].text


def test_a_lead_in_goes_with_what_it_leads_in() -> None:
    first = "1. A courier keeps every sample cold and dry and reports each loss."
    passages = cut(reading(("", f"{first}\n2. These must never be given:\n(a) wet samples;\n(b) warm samples.")))
    assert [p.text for p in passages] == [first, "2. These must never be given:\n(a) wet samples;\n(b) warm samples."]


def test_a_long_text_is_cut_within_the_window_and_nothing_is_lost() -> None:
    sentences = [f"Sentence number {n} speaks about item {n} here." for n in range(30)]
    read = reading(("Article 1", " ".join(sentences)))
    passages = cut(read)
    assert len(passages) > 10
    assert all(len(p.text.split()) <= 20 for p in passages)
    assert " ".join(p.text for p in passages).split() == read.text.split()


def test_a_word_longer_than_the_window_is_cut_too() -> None:
    passages = cut(reading(("Article 1", "x" * 500)), budget=20)
    assert "".join(p.text for p in passages).replace("Article 1", "").replace("\n", "") == "x" * 500


def test_rows_of_a_long_table_carry_the_header_row() -> None:
    outline = Outline()
    outline.open("Doses", kind="table")
    outline.table("drug | dose", [f"drug{n} | {n} mg" for n in range(1, 30)])
    passages = cut(outline.finish(media_type="text/csv", title="t"))
    assert len(passages) > 3
    assert {p.header for p in passages[1:]} == {"drug | dose"}
    assert "drug | dose" in embedding_text(passages[2])


def test_the_header_row_stays_with_its_first_rows() -> None:
    outline = Outline()
    outline.table("drug | dose", ["lisinopril | 10 mg"])
    assert [p.text for p in cut(outline.finish(media_type="text/csv", title="t"))] == [
        "drug | dose\nlisinopril | 10 mg"
    ]


def test_records_are_never_merged_and_keep_their_own_subject_and_date() -> None:
    outline = Outline()
    outline.open("Laboratory results", kind="group")
    for patient, day in (("anna", date(2024, 1, 1)), ("bert", date(2024, 2, 2))):
        outline.open(f"HbA1c {day}", kind="resource", subjects=[patient], date=day, heading="")
        outline.add(f"HbA1c: 6.5 % on {day}.")
        outline.close()
    passages = cut(outline.finish(media_type="application/fhir+json", title="t", subjects=["anna", "bert"]))
    assert [(p.labels.subjects, p.date) for p in passages if "HbA1c:" in p.text] == [
        (("anna",), date(2024, 1, 1)),
        (("bert",), date(2024, 2, 2)),
    ]


def test_a_stretch_without_its_own_subject_is_about_all_subjects_of_the_file() -> None:
    outline = Outline()
    outline.add("Export of two charts.")
    passages = cut(outline.finish(media_type="t", title="t", subjects=["anna", "bert"]))
    assert passages[0].labels.subjects == ("anna", "bert")


def test_a_label_given_for_the_file_goes_before_the_subjects_that_it_names() -> None:
    outline = Outline()
    outline.add("Chart.")
    passages = cut(outline.finish(media_type="t", title="t", subjects=["anna"]), labels=Labels(subjects=("mrn-1",)))
    assert passages[0].labels.subjects == ("mrn-1",)


def test_passage_ids_are_the_same_each_time() -> None:
    read = reading(("Article 1", "Scope."))
    assert [p.id for p in cut(read)] == [p.id for p in cut(read)]


def test_title_and_section_path_stand_in_front_of_the_embedded_text() -> None:
    (passage,) = cut(reading(("Article 1", "Scope."), title="Health Act"))
    assert embedding_text(passage) == "Health Act > Article 1\nArticle 1\nScope."
