"""Web addresses (RFC 3986): with a scheme, with www, or a bare host under a common top-level domain."""

from __future__ import annotations

from policies.disclosure.recogniser import Form, Recogniser

_TAIL = r"[^\s<>\"'{}|\\^`]*[^\s<>\"'{}|\\^`.,;:!?)\]]"
_TOP = "com|org|net|edu|gov|mil|info|biz|io|health|app|dev|eu|uk|de|fr|ch|nl|it|es|se|au|ca|nz|ie"

RECOGNISER = Recogniser(
    name="url",
    kind="URL",
    forms=(
        Form(pattern=rf"(?i)(?<![a-z])(?:https?|ftps?|sftp)://{_TAIL}", score=0.9),
        Form(pattern=rf"(?i)(?<![\w@./])www\.[a-z0-9\-]{{1,63}}\.{_TAIL}", score=0.85),
        Form(
            pattern=rf"(?<![\w@./\-])(?:[a-z0-9][a-z0-9\-]{{0,62}}\.){{1,5}}(?:{_TOP})(?![\w@\-]|\.\w)(?:/{_TAIL})?",
            score=0.55,
        ),
    ),
    canary="See https://canary.example.org/jo?visit=2 for more.",
    planted="https://canary.example.org/jo?visit=2",
)
