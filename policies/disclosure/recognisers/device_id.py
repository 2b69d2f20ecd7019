"""Device identifiers and serial numbers: GS1 and HIBCC UDI (21 CFR 830), IMEI, and values behind a label."""

from __future__ import annotations

from policies.disclosure.recogniser import CODE, Form, Recogniser, labelled

RECOGNISER = Recogniser(
    name="device_id",
    kind="DEVICE_ID",
    forms=(
        Form(pattern=r"\(01\)\d{14}(?:\((?:10|11|17|21|240)\)[\w\-./+]{1,20}){0,5}", score=0.9),
        Form(
            pattern=labelled(
                r"(?:device |unit |implant |pump |lead )?serial(?= ?(?:[:\#]|no\b|num))|s/n|sn(?=[:\#])"
                r"|(?:device|implant|pacemaker|udi|imei|meid|equipment)"
                r"(?= ?(?:[:\#]|no\b|num|id\b|identifier|serial))(?: identifier)?|udi|imei"
            ),
            score=0.75,
        ),
        Form(pattern=labelled(r"lot", rf"{CODE}"), score=0.3),
    ),
    context="device implant implanted pacemaker prosthesis serial stent",
    canary="Pacemaker serial number: PJN-720914K in place.",
    planted="PJN-720914K",
)
