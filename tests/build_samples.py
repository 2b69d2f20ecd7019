"""Writes the binary samples (PDF, DOCX, scan) from the texts below: ``python -m tests.build_samples``.

Every person, act, guideline and company in the samples is invented.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from docx import Document
from fpdf import FPDF
from PIL import Image, ImageDraw, ImageFont

from tests.data import ROOT

FILES: Final = ROOT / "app/samples/files"
_WRITTEN: Final = datetime(2025, 7, 1, tzinfo=UTC)

GUIDELINE_2023: Final = (
    ("1 Scope", ["This guideline is for adults with high blood pressure in primary care at the fictional Elm Valley "
                 "Hospital."]),
    ("2 Diagnosis", ["Measure blood pressure twice, five minutes apart, with the patient seated.",
                     "Diagnose hypertension when the mean of two visits is 140/90 mmHg or higher."]),
    ("3 Treatment target", ["The treatment target for most adults is a blood pressure below 140/90 mmHg."]),
    ("4 First-line medication", ["Start lisinopril 10 mg once daily in adults without contraindications.",
                                 "Do not give lisinopril during pregnancy or to patients with a history of angioedema.",
                                 "The maximum dose of lisinopril is 40 mg once daily."]),
    ("5 Monitoring", ["Check serum potassium and creatinine within 2 weeks of starting lisinopril.",
                      "Stop lisinopril when serum potassium exceeds 6.0 mmol/L."]),
    ("6 Antibiotic prophylaxis", ["Amoxicillin 2 g by mouth is given one hour before dental procedures in patients with "
                                  "a prosthetic heart valve.",
                                  "Patients with an allergy to penicillin must not receive amoxicillin; give "
                                  "azithromycin 500 mg instead."]),
)  # fmt: skip
GUIDELINE_2025: Final = tuple(
    (
        heading,
        {
            "2 Diagnosis": [
                "Measure blood pressure twice, five minutes apart, with the patient seated.",
                "Diagnose hypertension when the mean of two visits is 135/85 mmHg or higher.",
            ],
            "3 Treatment target": [
                "The treatment target for most adults is a blood pressure below 130/80 mmHg.",
                "For adults over 80 years the target is below 140/90 mmHg.",
            ],
        }.get(heading, lines),
    )
    for heading, lines in GUIDELINE_2023
)
CONTRACT: Final = (
    ("1. Definitions", ["In this Agreement, “Services” means the laboratory services listed in Schedule A."]),
    ("2. Fees and payment", ["2.1 The Customer shall pay each undisputed invoice within 30 days of receipt.",
                             "2.2 Late payments bear interest at 4 % per year."]),
    ("3. Confidentiality", ["3.1 Each party shall keep the other party's Confidential Information secret for five years "
                            "after this Agreement ends.",
                            "3.2 The Receiving Party may not disclose Confidential Information to its subcontractors "
                            "without prior written consent."]),
    ("4. Liability", ["4.1 The total liability of either party is limited to EUR 250,000 per contract year.",
                      "4.2 Nothing in this Agreement limits liability for gross negligence."]),
    ("5. Term and termination", ["5.1 Either party may terminate this Agreement with 60 days' written notice.",
                                 "5.2 Either party may terminate at once if the other party becomes insolvent."]),
    ("6. Governing law", ["This Agreement is governed by the law of the Republic of Norland."]),
)  # fmt: skip
AMENDMENT: Final = (
    ("Amendment No. 1", ["This Amendment No. 1 to the Services Agreement takes effect on 1 March 2025."]),
    ("1. Payment", ["In clause 2.1 the words “within 30 days of receipt” are replaced by “within 45 days of receipt”."]),
    ("2. Termination", ["Clause 5.1 is replaced as follows: Either party may terminate this Agreement with 90 days' "
                        "written notice."]),
    ("3. Everything else", ["All other terms of the Agreement remain unchanged."]),
)  # fmt: skip
SCAN: Final = (
    "ELM VALLEY HOSPITAL",
    "Discharge letter",
    "",
    "Patient: Anna Lind, born 4 May 1951",
    "",
    "The patient was admitted on 2 February 2025 with pneumonia.",
    "She was treated with doxycycline 100 mg twice daily for 7 days.",
    "A follow-up chest X-ray is due on 17 March 2025.",
)


def guideline(name: str, edition: str, chapters: tuple[tuple[str, list[str]], ...]) -> None:
    """Write one edition of the guideline as a PDF with real headings."""
    pdf = FPDF(format="A4")
    pdf.set_creation_date(_WRITTEN)
    pdf.set_title("Elm Valley Hypertension Guideline")
    pdf.set_margin(22)
    pdf.add_page()
    pdf.set_font("Helvetica", "B", 20)
    pdf.multi_cell(0, 10, "Elm Valley Hypertension Guideline", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("Helvetica", "", 11)
    pdf.multi_cell(0, 8, edition, new_x="LMARGIN", new_y="NEXT")
    for heading, lines in chapters:
        pdf.ln(4)
        pdf.set_font("Helvetica", "B", 14)
        pdf.multi_cell(0, 9, heading, new_x="LMARGIN", new_y="NEXT")
        pdf.set_font("Helvetica", "", 11)
        for line in lines:
            pdf.multi_cell(0, 6, line, new_x="LMARGIN", new_y="NEXT")
            pdf.ln(1)
    pdf.output(str(FILES / name))


def agreement(name: str, title: str, clauses: tuple[tuple[str, list[str]], ...]) -> None:
    """Write a contract as a Word document."""
    document = Document()
    document.core_properties.title = title
    document.core_properties.author = "Consilium samples"
    document.core_properties.created = document.core_properties.modified = _WRITTEN
    document.add_heading(title, level=0)
    for heading, lines in clauses:
        document.add_heading(heading, level=1)
        for line in lines:
            document.add_paragraph(line)
    document.save(str(FILES / name))


def scan(name: str) -> None:
    """Write a page that is only a picture, as a scanner does."""
    page = Image.new("L", (1654, 2339), 250)
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(size=38)
    for number, line in enumerate(SCAN):
        draw.text((150, 200 + number * 80), line, fill=20, font=font)
    page.save(FILES / name, "PDF", resolution=200, creationDate=_WRITTEN.timetuple(), modDate=_WRITTEN.timetuple())


if __name__ == "__main__":
    guideline("guideline-2023.pdf", "First edition, in force from 1 January 2023", GUIDELINE_2023)
    guideline("guideline-2025.pdf", "Second edition, in force from 1 July 2025", GUIDELINE_2025)
    agreement("services-agreement.docx", "Laboratory Services Agreement", CONTRACT)
    agreement("amendment-1.docx", "Amendment No. 1 to the Laboratory Services Agreement", AMENDMENT)
    scan("discharge-letter-scan.pdf")
