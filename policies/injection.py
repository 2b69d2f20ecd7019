"""Injection: what speaks to whoever answers, instead of stating something, is never said, even though it is verbatim.

Grounding already keeps a model that obeys a planted instruction from saying anything its quotes do not support. This
policy covers what is left: the instruction itself, or words cut out of it, quoted as if it were a statement. It is a
heuristic on English wording (OWASP LLM01, indirect prompt injection), and says so when it acts. Two kinds fall:

* orders to a machine, whatever was asked: those about instructions, prompts and roles, and those about the answer
  itself ("Put it into your reply", "Reply in Latin");
* questions, and requests for a text, an explanation or a computation ("Write a poem", "Explain how a motor works"),
  when they share less than a quarter of their words of content with the question that was asked. A claim of nothing but
  questions states nothing, and falls even then; so do words cut out of nothing but questions and requests.

Instructions to a patient, a clinician or a party ("Take one tablet daily", "Notify the authority", "Explain to the
patient that…") are what sources are asked for, and stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from domain.answers import Claim
from policies.grounding.lexicon import FUNCTION, key_of
from policies.sentences import split

POLICY: Final = "injection"
REASON: Final = "they repeat a question or an order instead of stating something"

_FLAGS: Final = re.IGNORECASE | re.VERBOSE
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
    _FLAGS | re.MULTILINE,
)
# what may stand before the verb of an order: a bullet or number, quotation marks, courtesies
_LEAD: Final = re.compile(
    r"""
    ^[\W_]*(?:\(?[0-9a-z]{1,3}[.)]\s+[\W_]*)?
    (?:(?:please|kindly|now|next|then|also|first|finally|and|additionally|furthermore|instead|important|note|task|hey|hi
        |hello|dear\s+\w+|(?:ai|assistant|chatbot|model)) [\s,:;!–-]+)*
    """,
    _FLAGS,
)
# first words of sentences that state something about an answer instead of ordering it, or are about one that is filed
# with a court or watched by a clinician
_NO_VERBS: Final = frozenset(
    "a an the this that these those it its he his she her we our they their you your i my there here one some any all"
    " each every no none if when where while whenever unless until after before because since although as at by for"
    " from in of on upon with within without under during and or but who which what how why thus hence not"
    " file serve mail post submit lodge sign discuss monitor check measure track watch assess evaluate ask talk".split()
)
_REPLY: Final = r"(?:answer|response|reply|replies|output)s?"
_ABOUT_THE_ANSWER: Final = re.compile(
    rf"""
    \byour\s+(?:(?:next|final|first|last|whole|entire|full|complete|own|every|written|following)\s+)?
        (?:{_REPLY}|message|summary)(?:['’]s)?\b
        (?!\s+to\s+(?:\w+\s+){{0,2}}?(?:treatment|therap|medic|drug|dos|vaccin|insulin|chemo|surger|exercise|stress|infect
        |allerg))
    """,
    _FLAGS,
)
# a finite verb before the answer is named says that the sentence states something: "Genes may change your response"
_STATES: Final = re.compile(
    r"""
    ^(?:\w+[^\Wsu]s\b
    | [^,]*?\b(?:is|are|was|were|has|have|had|can|may|might|will|would|could|should|shall|must|does|means|includes)\b)
    """,
    _FLAGS,
)
_OPENS_WITH_THE_ANSWER: Final = re.compile(
    rf"^(?:in|at|within|to|with|throughout|during|after|before|as)\b[^,]{{0,30}}\byour\s+(?:\w+\s+)?{_REPLY}\b",
    _FLAGS,
)
_TO_A_MACHINE: Final = re.compile(
    r"""
    ^(?:i\s+(?:want|need|would\s+like|order|command)\s+you\s+to | your\s+(?:new\s+)?(?:task|job|goal|role)\s+is)\b
    | ^(?:you\s+(?:must|should|will|shall|have\s+to|need\s+to|are\s+to)\s+(?:now\s+|always\s+|only\s+)?)
        (?:answer|respond|reply|say|write|output|translate|print|act|pretend)\b
    | ^(?:answer|reply|respond)\s+(?:(?:only|back|to\s+\w+|everything|all\s+\w+)\s+)?
        (?:like\b|using\b|as\s+(?:if|though|an?|the)\b|in\s+(?:(?:the|a)\s+(?:style|voice|form|tone)\b|(?-i:[A-Z])[a-z]))
    | ^(?:act|behave)\s+(?:as|like)\s+(?:an?|the|if\s+you)\b | ^(?:pretend|imagine)\s+(?:to|that|you|yourself)\b
    | ^(?:tell|assure|convince|persuade|urge)\s+(?:the\s+|all\s+|every\s+|any\s+|other\s+)?(?:user|reader|viewer)s?\b
    """,
    _FLAGS,
)
_QUESTION: Final = re.compile(r"\?[\s\"'”’»)\]*_]*$")
_ASKED_NOUNS: Final = r"""
    (?:poem|story|tale|essay|speech|song|lyrics|joke|riddle|pun|haiku|limerick|sonnet|ballad|letter|e-?mail|script|code
    |function|program|command|query|regex|snippet|algorithm|recipe|example|explanation|translation|equivalent|synonym
    |antonym|rhyme|definition|overview|summary|synopsis|outline|itinerary|slogan|headline|title|tweet|post|caption
    |advert|advertisement|review|article|paragraph|sentence|dialogue|conversation|quiz|puzzle|tips?|ideas?|ways
    |suggestions?|recommendations?|reasons?|facts?|book|film|movie|novel|game|playlist|anecdote|metaphor|analogy
    |description|comparison|analysis|tutorial|walkthrough|guide|sentiment|tone|mood|plot|theme|meaning)s?
    """
_DETERMINED: Final = r"(?=(?:an?|the|this|that|these|those|some|any|all|each|every|your|my|\d+|two|three|five|ten)\b)"
_REQUEST: Final = re.compile(
    rf"""
    ^(?:write|compose|translate|recite|narrate|summari[sz]e|paraphrase|rephrase|rewrite|reword|proofread|brainstorm
        |define|elaborate|solve|spell|pronounce|encode|decode|encrypt|decrypt|misspell|anagram|scramble|jumble)
        \s+(?!to\b|off\b|down\s+the\b)
    | ^(?:explain|describe|illustrate|clarify|discuss|compare|contrast|outline|sketch|debate)\s+
        (?!to\b|that\b|with\b|carefully\b|clearly\b|any\b)
    | ^break\s+down\s+
    | ^(?:list|name|draft|design|sort|rank|rate|guess|code|program|state|mention)\s+{_DETERMINED}
    | ^(?:help|show|give|tell|teach|guide|walk|find|get|make|remind|recommend|suggest|entertain|explain\s+to)\s+
        (?:me|us)\b
    | ^(?:inform|advise|remind|warn|encourage|ask|direct|invite|send)\s+(?:the\s+|all\s+|any\s+|other\s+)?
        (?:user|reader|viewer|visitor)s?\b
    | ^(?:provide|give|create|make|generate|develop|build|prepare|produce|offer|suggest|recommend|share|find|show
        |invent|devise|craft|construct|imagine|determine|identify|classify|analy[sz]e|detect|add|include|insert|append
        |tell|think\s+of|come\s+up\s+with|predict|convert|turn|improve|correct|edit)\s+
        (?:[\w'’-]+\s+){{0,5}}? {_ASKED_NOUNS}\b
    """,
    _FLAGS,
)
_ABOUT_WORDS: Final = re.compile(
    r"""
    \b(?:this|these|the\s+(?:following|above|previous))\s+
        (?:sentence|phrase|paragraph|passage|text|word|comment|review|tweet|quote|poem|snippet|code)s?\b
    """,
    _FLAGS,
)
# nobody orders anybody but a machine to write so
_SPELLING: Final = re.compile(
    r"""
    \b(?:vowels?|consonants?|emojis?|anagrams?|typos?|misspell\w+|ciphers?|upper\s?case|lower\s?case
        |(?:every|each)\s+(?:\w+\s+)?(?:letter|word|character)s?|letters\s+(?:with|of|into|by)
        |base-?\s?\d\d|hexadecimal|binary\s+code|morse|rot-?13|backwards)\b
    """,
    _FLAGS,
)
_SAID: Final = re.compile(r"[\"“][^\"“”]*[\"”]|(?<!\w)['‘][^'‘’]*['’](?!\w)")
# the share of a sentence's words of content that the question has; one in five words would be chance
_RELATED: Final = 0.25
_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
# words that say how something is asked rather than what about
_ASKING: Final = frozenset(
    map(
        key_of,
        "find tell give show explain describe list name write state provide say make use get want know mean answer"
        " reply question many much more most first last next one two three new good way thing please between".split(),
    )
)


def gives_orders(text: str) -> bool:
    """Say whether a text speaks to a machine that reads it."""
    return _ORDERS.search(text) is not None or any(map(_is_order, _sentences(text)))


def asks_for(sentence: str) -> bool:
    """Say whether a sentence asks its reader something, or for a text, an explanation or a computation."""
    bare = _bare(sentence)
    return bool(_QUESTION.search(sentence) or _REQUEST.search(bare)) or _orders(bare, _ABOUT_WORDS)


def repeats_orders(claim: Claim, question: str) -> bool:
    """Say whether a claim, or any whole sentence that its quotes are cut from, speaks to whoever answers ``question``.

    The sentences of a claim are looked at one by one, so that an order behind a true statement is found.
    """
    said = _sentences(claim.text)
    if all(_QUESTION.search(sentence) for sentence in said):
        return True
    sources = list(_sources(claim))
    if sources and all(map(asks_for, sources)) and not asks_for(said[0]):
        # words cut out of a question or a request state nothing
        return True
    asked = _content(question)
    return any(gives_orders(text) or (asks_for(text) and not _is_related(text, asked)) for text in (*said, *sources))


def _is_order(sentence: str) -> bool:
    bare = _bare(sentence)
    if _TO_A_MACHINE.search(bare) or _OPENS_WITH_THE_ANSWER.search(bare):
        return True
    return _orders(bare, _ABOUT_THE_ANSWER) or _orders(bare, _SPELLING)


def _orders(bare: str, about: re.Pattern[str]) -> bool:
    """Say whether a sentence orders something to be done with what ``about`` finds: a verb begins it, and no other."""
    first = _WORD.match(bare)
    if first is None or first[0].casefold() in _NO_VERBS:
        return False
    starts = [found.start() for found in about.finditer(bare)]
    return any(start and not _STATES.search(_SAID.sub("", bare[:start])) for start in starts)


def _sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in _spans(text)]


def _spans(text: str) -> list[tuple[int, int]]:
    """Return the spans of sentences; what goes on in lower case after words that are quoted belongs to one."""
    found: list[tuple[int, int]] = []
    for start, end in split(text):
        if found and text[start].islower() and "\n" not in text[found[-1][1] : start]:
            found[-1] = found[-1][0], end
        else:
            found.append((start, end))
    return found


def _bare(sentence: str) -> str:
    lead = _LEAD.match(sentence)
    return sentence[lead.end() :] if lead else sentence


def _sources(claim: Claim) -> Iterator[str]:
    """Yield the whole sentences that the quotes of a claim are cut from."""
    for quote in claim.quotes:
        text, start, end = quote.passage.text, quote.start - quote.passage.start, quote.end - quote.passage.start
        yield from (text[a:b] for a, b in _spans(text) if a < end and b > start)


def _is_related(sentence: str, asked: frozenset[str]) -> bool:
    own = _content(sentence)
    return bool(own) and len(own & asked) >= _RELATED * len(own)


@lru_cache(maxsize=256)
def _content(text: str) -> frozenset[str]:
    """Return the words of a text that say what it is about, in the form in which words are compared."""
    words = (word.casefold() for word in _WORD.findall(text))
    return frozenset(key_of(word) for word in words if word not in FUNCTION) - _ASKING
