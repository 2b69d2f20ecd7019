"""Every reader there is. Only the reading process imports this module, for it loads every parser."""

from __future__ import annotations

from typing import Final

from domain.ports.reader import Reader
from ingestion.readers.akoma_ntoso import AkomaNtosoReader
from ingestion.readers.ccda import CcdaReader
from ingestion.readers.cfr import CfrReader
from ingestion.readers.csv_table import CsvReader
from ingestion.readers.docx import DocxReader
from ingestion.readers.email_message import EmailReader
from ingestion.readers.fhir import FhirReader
from ingestion.readers.formex import FormexReader
from ingestion.readers.html import HtmlReader
from ingestion.readers.markdown import MarkdownReader
from ingestion.readers.pdf import PdfReader
from ingestion.readers.plain_text import PlainTextReader
from ingestion.readers.pptx import PptxReader
from ingestion.readers.rtf import RtfReader
from ingestion.readers.uslm import UslmReader
from ingestion.readers.xlsx import XlsxReader
from ingestion.readers.zip_archive import ZipReader

READERS: Final[tuple[Reader, ...]] = (
    PdfReader(),
    DocxReader(),
    PptxReader(),
    XlsxReader(),
    RtfReader(),
    EmailReader(),
    HtmlReader(),
    MarkdownReader(),
    CsvReader(),
    PlainTextReader(),
    FhirReader(),
    CcdaReader(),
    UslmReader(),
    CfrReader(),
    FormexReader(),
    AkomaNtosoReader(),
    ZipReader(),
)
