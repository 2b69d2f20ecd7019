"""Reads dates as United States documents write them."""

from __future__ import annotations

import re
from datetime import date as Date  # noqa: N812 - one name for the type across readers
from typing import Final

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WRITTEN: Final = re.compile(r"\b([A-Z][a-z]{2})[a-z]*\.? (\d{1,2}), (\d{4})\b")


def written_date(text: str) -> Date | None:
    """Return the first date such as "Dec. 29, 2022" or "January 3, 2017" in ``text``."""
    for month, day, year in _WRITTEN.findall(text):
        if month.lower() in _MONTHS:
            try:
                return Date(int(year), _MONTHS.index(month.lower()) + 1, int(day))
            except ValueError:
                continue
    return None
