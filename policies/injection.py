"""Injection: a sentence that gives orders to a machine is never said, even though it is verbatim.

Grounding already keeps a model that obeys such a sentence from saying anything its quotes do not support. This policy
covers what is left: the instruction itself being quoted as if it were a statement. It is a heuristic on wording (OWASP
LLM01, indirect prompt injection), in English, and says so when it acts.
"""

from __future__ import annotations

import re
from typing import Final

from domain.answers import Claim
from policies.sentences import split

POLICY: Final = "injection"
REASON: Final = "a source sentence gives orders to a machine"

_ORDERS: Final = re.compile(
    r"""
    \b(?:ignore|disregard|forget|override|bypass)\b[^.]{0,40}
        \b(?:previous|prior|above|earlier|preceding|all|any|your|system)\b[^.]{0,40}
        \b(?:instruction|prompt|rule|guideline|direction|context|message)s?\b
    | \b(?:new|updated|hidden|special|additional)\s+(?:system\s+)?instructions?
        \s*(?::|for\s+(?:the\s+)?(?:ai|assistant|model))
    | \byou\s+are\s+(?:now\s+)?(?:an?\s+)?(?:ai|llm|chatbot|language\s+model|assistant|dan)\b
    | \b(?:system|developer)\s+(?:prompt|message|override)\b
    | <\|?/?\s*(?:system|assistant|im_start|im_end|inst)\b
    | \[/?(?:inst|system)\]
    | ^\s*(?:system|assistant)\s*:
    | \b(?:respond|answer|reply|output|print|say)\s+(?:only|exactly|nothing\s+but|with\s+the\s+(?:word|phrase|text))\b
    | \b(?:reveal|repeat|print|leak)\b[^.]{0,30}\b(?:system\s+prompt|instructions?|hidden\s+text)\b
    """,
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)


def gives_orders(text: str) -> bool:
    """Say whether a text speaks to a machine that reads it."""
    return _ORDERS.search(text) is not None


def repeats_orders(claim: Claim) -> bool:
    """Say whether a claim, or any whole sentence that its quotes are cut from, speaks to a machine."""
    return gives_orders(claim.text) or any(
        gives_orders(sentence)
        for quote in claim.quotes
        for sentence in _around(quote.passage.text, quote.start - quote.passage.start, quote.end - quote.passage.start)
    )


def _around(text: str, start: int, end: int) -> list[str]:
    return [text[a:b] for a, b in split(text) if a < end and b > start]
