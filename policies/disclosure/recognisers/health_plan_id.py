"""Health plan beneficiary, member, subscriber, policy and group numbers behind a label."""

from __future__ import annotations

from policies.disclosure.recogniser import Form, Recogniser, labelled

RECOGNISER = Recogniser(
    name="health_plan_id",
    kind="HEALTH_PLAN_ID",
    forms=(
        Form(
            pattern=labelled(
                r"(?:member|subscriber|beneficiary|enrollee|policy|insurance|insured|payer|plan|group"
                r"|certificate of coverage)"
                r"(?= ?(?:\#|no\b|num|id\b|identification))(?: identification)?"
                r"|(?:insurance )?policy(?= ?(?:[:\#]|is\b))|medicaid|medicare|hicn|health (?:plan|insurance)"
                r"|rxgrp|rxid"
            ),
            score=0.75,
        ),
    ),
    canary="Member ID: XQP-993-20418 (gold plan).",
    planted="XQP-993-20418",
)
