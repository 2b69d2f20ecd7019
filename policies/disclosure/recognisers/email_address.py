"""E-mail addresses (RFC 5321 as people write them), also spelled out with "at" and "dot" in brackets."""

from __future__ import annotations

from policies.disclosure.recogniser import Form, Recogniser

_LABEL = r"[\w](?:[\w\-]{0,62})"

RECOGNISER = Recogniser(
    name="email_address",
    kind="EMAIL_ADDRESS",
    forms=(
        Form(pattern=rf"(?<![\w.+%'\-])[\w.+%'\-]{{1,64}}@(?:{_LABEL}\.){{1,8}}[^\W\d_]{{2,24}}(?![\w@])", score=0.9),
        Form(
            pattern=rf"(?i)(?<![\w.+%\-])[\w.+%\-]{{1,64}} ?[\[(] ?at ?[\])] ?(?:{_LABEL} ?(?:\.|[\[(] ?dot ?[\])]) ?)"
            r"{1,4}[a-z]{2,24}(?!\w)",
            score=0.8,
        ),
    ),
    canary="Write to jo.canary@example.org today.",
    planted="jo.canary@example.org",
)
