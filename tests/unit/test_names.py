from __future__ import annotations

import pytest

from ingestion.names import title_from


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("lease.pdf", "lease"),
        ("Grindrod%20SA%20(final).txt", "Grindrod SA (final)"),
        ("Vertr%C3%A4ge/M%C3%BCller.docx", "Müller"),
        ("100%.txt", "100%"),
        ("50%25 rent.md", "50% rent"),
        ("latin%E4.txt", "latin%E4"),
        ("two%0Alines.txt", "two%0Alines"),
        ("nothing%00.txt", "nothing%00"),
        ("%20.txt", "%20"),
    ],
)
def test_a_title_is_the_name_as_it_is_meant(name: str, expected: str) -> None:
    assert title_from(name) == expected
