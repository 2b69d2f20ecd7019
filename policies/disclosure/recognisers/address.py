"""Street addresses: number and street name with a street word, units, post office boxes and German streets."""

from __future__ import annotations

from policies.disclosure.recogniser import Form, Recogniser

_NAME = r"(?:[A-ZÀ-Þ0-9][\w'’.\-]{0,24} ){1,4}"
_STREET = (
    r"(?:Street|St|Avenue|Ave|Av|Boulevard|Blvd|Road|Rd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Square|Sq|Terrace|Ter|Parkway|Pkwy"
    r"|Circle|Cir|Highway|Hwy|Way|Trail|Trl|Alley|Aly|Loop|Crescent|Cres|Close|Mews|Row|Vale|Run|Path|Plaza|Turnpike|Pike"
    r"|Expressway|Expy|Freeway|Fwy|Crossing|Xing|Point|Ridge|Hill|Heights|Gardens|Grove|Manor|Mill|Mission|Quay|View|Walk)\b\.?"
)
_UNIT = r"(?:(?:Apt|Apartment|Suite|Ste|Unit|Rm|Room|Floor|Fl|Bldg|Building)\b\.?|\#) ?\#?[A-Za-z]?-?\d{1,5}[A-Za-z]?\b"
_SPOKEN = r"(?:street|avenue|road|boulevard|lane|drive|court|parkway|highway)\b"

RECOGNISER = Recogniser(
    name="address",
    kind="ADDRESS",
    forms=(
        Form(
            pattern=rf"(?<![\w.,/\-$])\d{{1,6}}[A-Za-z]?(?:-\d{{1,4}})? (?:[NSEW]\.? "
            rf"|[NS][EW] )?{_NAME}{_STREET}(?! of\b)"
            rf"(?: [NSEW]{{1,2}}\b)?(?:,?\s{{1,3}}{_UNIT})?",
            score=0.75,
        ),
        Form(pattern=rf"(?<![\w.,/\-$])\d{{1,5}} (?:[a-z]{{3,16}} ){{1,2}}{_SPOKEN}", score=0.3),
        Form(
            pattern=r"(?i)(?<!\w)(?:p\.? ?o\.? ?box|post office box|postfach|psc \d{1,5},? box"
            r"|unit \d{1,5},? box) \d{1,7}",
            score=0.8,
        ),
        Form(
            pattern=rf"(?<![\w.,/\-$])\d{{1,6}} {_NAME}(?:\d{{1,5}})?,?\s{{0,3}}{_UNIT}",
            score=0.7,
        ),
        Form(pattern=rf"(?<!\w){_UNIT} \d{{1,6}} {_NAME}?[A-ZÀ-Þ0-9][\w'’.\-]{{0,24}}", score=0.6),
        Form(
            pattern=r"(?i)(?<!\w)(?:address(?= is|:)|(?:lives|lived|living|resid(?:es?|ing)|located"
            r"|restaurant is) at)(?: is|:)?\s{1,6}"
            r"(?P<value>\d{1,6}[a-z]?(?: [\w'’\-]{1,24}){1,4})",
            score=0.7,
        ),
        Form(pattern=rf"(?<!\w){_UNIT}", score=0.3),
        Form(pattern=r"(?<![\w.])(?:Apt|Apartment|Suite|Ste)\b\.? ?\#?\d{2,5}[A-Za-z]?\b", score=0.6),
        Form(
            pattern=r"(?<!\w)[A-ZÄÖÜ][a-zäöüß\-]{2,25}(?:straße|strasse|str\.|weg|platz|allee|gasse|ring|damm"
            r"|ufer) ?\d{1,4} ?[a-h]?(?!\w)",
            score=0.7,
        ),
    ),
    context="address avenue bed deliver delivered home live lived lives mail resides residing road room ship street",
    canary="Home: 214 Jaskolski Vale Suite 28, upstairs.",
    planted="214 Jaskolski Vale Suite 28",
)
