from __future__ import annotations

import pytest
from fpdf import FPDF

from domain.documents import Reading
from domain.errors import DocumentError
from ingestion.limits import Limits
from ingestion.pdf.ocr import is_available
from ingestion.readers.pdf import PdfReader
from tests.data import shared_data
from tests.unit.readers.pdf_files import blank, pages, pdf_width, put, put_lines, put_picture, scan_of, written

PROSE = [
    "The patient was seen in clinic today and reports feeling well since the",
    "last visit. Blood pressure is controlled on the present dose and there is",
    "no swelling of the ankles.",
]


def read(content: bytes) -> Reading:
    return PdfReader().read(content, "file.pdf")


def code_of(content: bytes, reader: PdfReader | None = None) -> str:
    with pytest.raises(DocumentError) as caught:
        (reader or PdfReader()).read(content, "file.pdf")
    return caught.value.code


def paths(reading: Reading) -> list[tuple[str, ...]]:
    return [section.path for section in reading.sections[1:]]


def test_lines_of_a_paragraph_are_joined_and_every_word_keeps_its_place() -> None:
    pdf = blank()
    put_lines(pdf, 72, 100, PROSE)
    put_lines(pdf, 72, 160, ["A second paragraph."])
    reading = read(written(pdf))

    assert reading.text == " ".join(PROSE) + "\nA second paragraph."
    words = [reading.text[anchor.start : anchor.end] for anchor in reading.anchors]
    assert words == reading.text.split()
    first, controlled = reading.anchors[0].box, reading.anchors[words.index("controlled")].box
    assert (first.page, round(first.left)) == (1, 72)
    assert 88 < first.top < 100 < first.bottom < 104  # points from the top of the page
    assert controlled.top - first.top == pytest.approx(12, abs=0.3)


def test_a_gap_between_lines_parts_paragraphs_even_where_lines_are_full() -> None:
    pdf = blank()
    put_lines(pdf, 72, 100, PROSE[:2])
    put_lines(pdf, 72, 140, PROSE[:2])
    assert read(written(pdf)).text == "\n".join([" ".join(PROSE[:2])] * 2)


def test_a_letter_drawn_apart_from_its_line_goes_back_to_its_word() -> None:
    pdf = blank()
    put_lines(pdf, 72 + pdf_width("T"), 100, [PROSE[0].removeprefix("T")])
    put_lines(pdf, 72, 112, PROSE[1:])
    put(pdf, 72, 100, "T")
    reading = read(written(pdf))
    assert reading.text == " ".join(PROSE)
    assert reading.text[reading.anchors[0].start : reading.anchors[0].end] == "The"
    assert reading.anchors[0].box.left == pytest.approx(72, abs=0.5)


def test_headings_by_size_and_weight_become_a_tree_with_pages() -> None:
    def write(pdf: FPDF, number: int) -> None:
        if number == 1:
            put(pdf, 72, 80, "Discharge letter", size=20)
            put(pdf, 72, 120, "Medication", style="B")
        else:
            put(pdf, 72, 80, "Follow-up", style="B")
        put_lines(pdf, 72, 140, PROSE)

    reading = read(pages(write, 2))
    assert reading.title == "Discharge letter"
    assert paths(reading) == [
        ("Discharge letter",),
        ("Discharge letter", "Medication"),
        ("Discharge letter", "Follow-up"),
    ]
    assert [section.locator.page for section in reading.sections] == [1, 1, 1, 2]
    medication = reading.sections[2]
    assert reading.text[medication.start : medication.end] == "Medication\n" + " ".join(PROSE)


def test_a_numbered_line_is_a_heading_one_level_deeper_for_each_dot() -> None:
    pdf = blank()
    put_lines(pdf, 72, 80, ["Article 5 Duration"])
    put_lines(pdf, 72, 110, PROSE)
    put_lines(pdf, 72, 180, ["5.1 Renewal"])
    put_lines(pdf, 72, 210, PROSE)
    assert paths(read(written(pdf))) == [("Article 5 Duration",), ("Article 5 Duration", "5.1 Renewal")]


def test_text_without_headings_has_a_section_for_each_page() -> None:
    reading = read(pages(lambda pdf, _: put_lines(pdf, 72, 100, PROSE), 2))
    assert [(section.kind, section.path, section.locator.page) for section in reading.sections[1:]] == [
        ("page", ("Page 1",), 1),
        ("page", ("Page 2",), 2),
    ]


def test_page_numbers_go_and_a_running_header_stays_once() -> None:
    def write(pdf: FPDF, number: int) -> None:
        put(pdf, 72, 40, "Ward 4, patient Ada Example")
        put_lines(pdf, 72, 200, [f"Day {number} went well and nothing else happened."])
        put(pdf, 300, 770, f"Page {number} of 4")

    text = read(pages(write, 4)).text
    assert text.count("Ada Example") == 1
    assert "Page 1 of 4" not in text
    assert [f"Day {number} went" in text for number in (1, 2, 3, 4)] == [True] * 4


def test_figures_near_the_edge_of_every_page_are_data_not_page_numbers() -> None:
    def write(pdf: FPDF, number: int) -> None:
        put_lines(pdf, 72, 200, PROSE)
        put(pdf, 72, 770, f"{number}.5 140 4.{number}")

    assert "2.5 140 4.2" in read(pages(write, 4)).text


def test_a_word_cut_at_the_end_of_a_line_is_whole_when_the_document_knows_it() -> None:
    pdf = blank()
    lines = ["The medication list was checked and the new medi-", "cation is taken long-", "term with meals."]
    put_lines(pdf, 72, 100, lines)
    reading = read(written(pdf))
    assert reading.text == "The medication list was checked and the new medication is taken long-term with meals."
    pieces = [reading.text[anchor.start : anchor.end] for anchor in reading.anchors]
    assert pieces[8:10] == ["medi", "cation"]
    assert pieces[12:14] == ["long-", "term"]


def test_two_columns_written_line_by_line_are_read_one_after_the_other() -> None:
    pdf = blank()
    left = [f"left column line {number} is full of words" for number in range(10, 22)]
    right = [f"right column line {number} is full of words" for number in range(10, 22)]
    for number, (one, other) in enumerate(zip(left, right, strict=True)):
        put(pdf, 72, 100 + 12 * number, one)
        put(pdf, 330, 100 + 12 * number, other)
    text = read(written(pdf)).text
    assert text.index("left column line 21") < text.index("right column line 10")


def test_rows_of_a_table_stay_rows() -> None:
    pdf = blank()
    rows = [("Sodium", "140", "mmol/L"), ("Potassium", "4.1", "mmol/L"), ("Creatinine", "88", "umol/L")]
    for number, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            put(pdf, 72 + 120 * column, 100 + 12 * number, cell)
    assert read(written(pdf)).text == "Sodium 140 mmol/L\nPotassium 4.1 mmol/L\nCreatinine 88 umol/L"


def test_a_rotated_page_has_its_boxes_where_the_reader_sees_them() -> None:
    pdf = FPDF(unit="pt", format="letter")
    pdf.add_page(orientation="landscape")
    put(pdf, 500, 100, "Sideways")
    reading = read(written(pdf).replace(b"/Type /Page\n", b"/Type /Page\n/Rotate 90\n"))
    box = reading.anchors[0].box
    assert box.left == pytest.approx(612 - 103, abs=4)
    assert box.top == pytest.approx(500, abs=1)


def test_a_password_keeps_a_file_closed_unless_it_is_empty() -> None:
    for password, expected in (("secret", "document.encrypted"), ("", "read")):
        pdf = blank()
        put(pdf, 72, 100, "Confidential words")
        pdf.set_encryption(owner_password="owner", user_password=password)
        content = written(pdf)
        if expected == "read":
            assert "Confidential words" in read(content).text
        else:
            assert code_of(content) == expected


def test_a_broken_file_is_malformed() -> None:
    assert code_of(b"%PDF-1.7\nnothing that follows makes sense") == "document.malformed"


def test_more_pages_than_the_limit_are_refused() -> None:
    assert code_of(written(blank(3)), PdfReader(limits=Limits(max_pages=2))) == "document.too_large"


def test_a_blank_page_is_no_scan() -> None:
    reading = read(written(blank()))
    assert (reading.text, reading.metadata) == ("", {"pages": "1"})


def test_scans_need_text_recognition(monkeypatch: pytest.MonkeyPatch) -> None:
    pdf = blank()
    put(pdf, 72, 100, "Nothing but a picture", size=18)
    scan = scan_of(written(pdf))
    monkeypatch.setenv("PATH", "")
    assert code_of(scan) == "document.needs_ocr"


def test_one_scan_among_pages_with_text_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = blank()
    put(picture, 72, 100, "Scanned", size=18)
    both = FPDF(unit="pt", format="letter")
    both.add_page()
    put_lines(both, 72, 100, PROSE)
    both.add_page()
    put_picture(both, written(picture))
    monkeypatch.setenv("PATH", "")
    reading = read(written(both))
    assert reading.metadata["pages_without_text"] == "2"
    assert reading.text == " ".join(PROSE)


def test_a_stamp_does_not_make_a_scan_a_page_with_text(monkeypatch: pytest.MonkeyPatch) -> None:
    pdf, picture = blank(), blank()
    put(picture, 72, 100, "Scanned", size=18)
    put_picture(pdf, written(picture))
    put(pdf, 500, 780, "ACME-000123")
    stamped = written(pdf)
    if is_available():
        assert "Scanned" in read(stamped).text
    monkeypatch.setenv("PATH", "")
    assert code_of(stamped) == "document.needs_ocr"


def test_a_logo_does_not_make_a_short_letter_a_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    pdf = blank()
    put_picture(pdf, written(blank()), width=60)
    put(pdf, 72, 200, "Come to the ward on Monday.")
    monkeypatch.setenv("PATH", "")
    reading = read(written(pdf))
    assert (reading.text, reading.metadata) == ("Come to the ward on Monday.", {"pages": "1"})


def test_letters_drawn_as_outlines_need_text_recognition(monkeypatch: pytest.MonkeyPatch) -> None:
    pdf = blank()
    for number in range(120):
        pdf.line(72, 100 + number, 80, 101 + number)
    monkeypatch.setenv("PATH", "")
    assert code_of(written(pdf)) == "document.needs_ocr"


def test_a_scan_is_recognised_with_boxes() -> None:
    if not is_available():
        pytest.skip("tesseract is not installed")
    pdf = blank()
    put(pdf, 72, 200, "Potassium 4.1 was normal", size=18)
    reading = read(scan_of(written(pdf)))
    assert reading.text == "Potassium 4.1 was normal"
    box = reading.anchors[0].box
    assert box.left == pytest.approx(72, abs=4)
    assert box.bottom == pytest.approx(200, abs=4)


def test_the_header_decides_what_is_a_pdf() -> None:
    reader = PdfReader()
    assert reader.sniff(b"%PDF-1.4\n", "letter") == 1.0
    assert reader.sniff(b"\r\njunk%PDF-1.4\n", "letter.pdf") == 0.8
    assert reader.sniff(b"Dear reader, %PDF- is a header", "letter.txt") == 0.0


def test_the_printed_privacy_rule_reads_in_order_with_exact_anchors() -> None:
    content = (shared_data("law") / "hipaa-combined-2013.pdf").read_bytes()
    reading = PdfReader().read(content, "hipaa.pdf")

    rule = next(section for section in reading.sections if section.locator.citation == "45 CFR 164.514(b)(2)")
    body = reading.text[rule.start : rule.end]
    assert body.index("(A) Names;") < body.index("(B) All geographic subdivisions") < body.index("(R) Any other unique")
    assert rule.locator.page == 97
    assert "HIPAA Administrative Simplification Regulation Text" not in body  # printed on every page
    assert all(section.locator.page for section in reading.sections)
    assert all(not any(map(str.isspace, reading.text[a.start : a.end])) for a in reading.anchors)
    assert sum(a.end - a.start for a in reading.anchors) > 0.8 * len(reading.text)
