"""Hardware (MAC) addresses, EUI-48 and EUI-64 of IEEE 802, in colon, hyphen and dot notation."""

from __future__ import annotations

from policies.disclosure.recogniser import Form, Recogniser

_PAIR = "[0-9A-Fa-f]{2}"

RECOGNISER = Recogniser(
    name="mac_address",
    kind="MAC_ADDRESS",
    forms=(
        Form(pattern=rf"(?<![\w:\-]){_PAIR}(?::{_PAIR}){{5}}(?::{_PAIR}:{_PAIR})?(?![\w:\-])", score=0.8),
        Form(
            pattern=rf"(?<![\w:\-])(?=[0-9A-Fa-f\-]*[A-Fa-f]){_PAIR}(?:-{_PAIR}){{5}}(?:-{_PAIR}-{_PAIR})?(?![\w:\-])",
            score=0.8,
        ),
        Form(pattern=r"(?<![\w.])(?=[0-9a-fA-F.]*[A-Fa-f])[0-9A-Fa-f]{4}(?:\.[0-9A-Fa-f]{4}){2}(?![\w.])", score=0.6),
    ),
    canary="The pump's MAC is 00:1B:44:11:3A:B7 here.",
    planted="00:1B:44:11:3A:B7",
)
