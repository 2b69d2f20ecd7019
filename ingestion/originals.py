"""Says all that an original would show or carry, for the check before it is shown.

The canonical text leaves out running headers, margins, metadata and pictures. Somebody who looks at the file sees them.
"""

from __future__ import annotations

from typing import Final

from domain.documents import Reading
from domain.ports.reader import Reader
from ingestion.outline import Outline
from ingestion.pdf.extraction import contents_of, opened, stated_in

MEDIA_TYPE: Final = "application/pdf"
PICTURES, NOTES, FILES = "pictures", "notes", "files"


class PdfInspector:
    """Gives the text of everything that a PDF shows, and counts what is no text: pictures, notes, attached files."""

    name = "pdf-original"
    media_types = (MEDIA_TYPE,)
    suffixes = (".pdf",)

    def sniff(self, content: bytes, name: str) -> float:  # noqa: ARG002 - the port's signature
        """Take nothing but a PDF from its first byte on: programs differ in what they make of one that follows junk."""
        return 1.0 if content.startswith(b"%PDF-") else 0.0

    def read(self, content: bytes, name: str) -> Reading:  # noqa: ARG002 - the port's signature
        """Return it. Raises document.encrypted and document.malformed."""
        outline = Outline()
        pictures = notes = 0
        with opened(content) as document:
            stated, files = stated_in(document)
            for text in stated:
                outline.add(text)
            for text, has_pictures, has_notes in contents_of(document):
                pictures += has_pictures
                notes += has_notes
                for line in text.splitlines():
                    outline.add(line)
        counts = {PICTURES: str(pictures), NOTES: str(notes), FILES: str(files)}
        return outline.finish(media_type=MEDIA_TYPE, title="", metadata=counts)


INSPECTORS: Final[tuple[Reader, ...]] = (PdfInspector(),)
