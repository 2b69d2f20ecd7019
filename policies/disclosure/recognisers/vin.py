"""Vehicle identification numbers of North America (49 CFR 565.15): 17 places, the ninth a check digit."""

from __future__ import annotations

from typing import Final

from policies.disclosure.recogniser import Form, Recogniser

_VALUES: Final = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", (*range(1, 9), *range(1, 6), 7, 9, *range(2, 10), *range(10)), strict=True)
)
_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def _valid(value: str) -> bool:
    number = value.upper()
    remainder = sum(_VALUES[place] * weight for place, weight in zip(number, _WEIGHTS, strict=True)) % 11
    return number[8] == "0123456789X"[remainder] and not number.isdigit()


RECOGNISER = Recogniser(
    name="vin",
    kind="VIN",
    forms=(Form(pattern=r"(?i)(?<![\w\-])[a-hj-npr-z0-9]{17}(?![\w\-])", score=0.8),),
    check=_valid,
    canary="VIN 1M8GDM9AXKP042788 was towed.",
    planted="1M8GDM9AXKP042788",
)
