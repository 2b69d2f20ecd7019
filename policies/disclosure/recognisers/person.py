"""Names that announce themselves: behind a title or a label, before a degree, in a signature."""

from __future__ import annotations

from policies.disclosure.recogniser import Form, Recogniser

_PARTICLE = r"(?:(?:de|del|della|di|da|dos|du|la|le|van|von|der|den|zu|zum|bin|ibn|al|el|ter|ten|st\.) ){0,2}"
_WORD = (
    r"(?!(?:Apt|Apartment|Suite|Unit|Box|Street|Road)\b)(?:[A-ZÀ-ÞŁŠŽŚŻČĆĐŘĎŤŇĞİŞŐŰĀĒĪŌŪА-ЯΑ-Ω][\w]*(?:['’\-][\w]+)*)"
)
_INITIAL = r"[A-ZÀ-Þ]\."
_NAME = rf"{_WORD}\.?(?:,? {_PARTICLE}(?:{_INITIAL}|{_WORD})){{0,3}}"
_FULL = rf"{_WORD}\.?(?:,? {_PARTICLE}(?:{_INITIAL}|{_WORD})){{1,3}}"
_PLAIN = rf"(?:{_WORD}|{_INITIAL})(?: {_PARTICLE}(?:{_INITIAL}|{_WORD})){{1,3}}"
_NOT_A_ROLE = (
    r"(?!(?:Name|Date|Phone|Address|Age|Sex|Gender|DOB|MRN|ID|Unknown|None|Yes|No|The|This|Is|Was|Has|Not|Denies|Reports|History"
    r"|Information|Education|Care|Summary|Instructions|Portal|Visit|Number|Type|Status|Presents|Complains)\b)"
)

RECOGNISER = Recogniser(
    name="person",
    kind="PERSON",
    forms=(
        Form(
            pattern=rf"(?<!\w)(?:M(?:r|rs|s|x)\b\.?|Miss|Mister|Madam|Dr\b\.?|Drs\.|Doctor|Prof\b\.?|Professor|Sir|Dame|Rev\b\.?"
            rf"|Hon\.|Judge|Justice|Attorney|Nurse|Herrn?|Frau|Sgt\.|Lt\.|Capt\.)\s{{1,2}}(?:Dr\.? |med\. "
            rf"|Prof\.? )?(?P<value>{_NAME})",
            score=0.75,
        ),
        Form(
            pattern=rf"[:=](?<=(?<!\w)(?i:(?<!trade |brand |generic |product |file |drug |domain |company "
            rf"|test |study |device |user)(?:patient|pt|full|first|last|family|given|legal|maiden"
            rf"|middle)?(?:'s)? ?name|patient|pt|client|provider"
            rf"|physician|attending|surgeon|author|dictated by|(?:electronically )?signed by|signed|reviewed by"
            rf"|referred by|witness|cc"
            rf"|attn|next of kin|emergency contact|contact|mother|father|spouse|wife|husband|son|daughter"
            rf"|brother|sister|guardian"
            rf"|nurse|pcp|plaintiff|defendant|petitioner|respondent|employee|insured|subscriber|guarantor)"
            rf"[ \t]*[:=])[ \t]*\n?[ \t]*{_NOT_A_ROLE}(?P<value>{_NAME})",
            score=0.7,
        ),
        Form(
            pattern=rf"(?<!\w)(?i:my name is|(?:is|was|be) named|a (?:man|woman|boy|girl|patient) named|name is"
            rf"|this is (?=\w+ \w+ calling)|i am called)\s{{1,2}}"
            rf"{_NOT_A_ROLE}(?P<value>{_NAME})",
            score=0.65,
        ),
        Form(
            pattern=rf"(?<!\w)(?i:sincerely(?: yours)?|(?:best |kind |warm )?regards|yours (?:truly|sincerely"
            rf"|faithfully)"
            rf"|respectfully(?: submitted)?|cheers"
            rf"|mit freundlichen grüßen),?[ \t]*\n\s{{0,8}}(?:Dr\.? )?(?P<value>{_NAME})",
            score=0.7,
        ),
        Form(
            pattern=rf"(?<!\w)(?P<value>{_PLAIN}),? (?:M\.?D|D\.?O|R\.?N|N\.?P|PA-C|Ph\.?D|D\.?D\.?S|Esq"
            rf"|L\.?P\.?N|FNP(?:-BC)?|LCSW|Pharm\.?D"
            rf"|MBBS|FRCS|FACS|DNP|CNM|CRNA)\b\.?(?! \d)",
            score=0.65,
        ),
    ),
    canary="Seen by Dr. Jo Q. Canary this morning.",
    planted="Jo Q. Canary",
)
