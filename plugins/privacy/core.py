"""What a site does with its readers' data, and the passages of a text that hold then."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from markupsafe import Markup
from selectolax.lexbor import LexborHTMLParser

#: The attribute of an element that is there only under a condition.
ATTRIBUTE = "data-wenn"
_NOT = "nicht "
_BLOCK = re.compile(r"^/{3,}[ \t]*wenn[ \t]*\|[ \t]*(.*?)[ \t]*$", re.M)

#: What the build cannot see, as the author says it in the setting PRIVACY.
DECLARED = {
    "serverprotokoll": "der Server führt ein Protokoll",
    "kommentar-mails": "der Kommentardienst verschickt Mails",
    "vg-wort": "Texte tragen Zählmarken der VG Wort",
}
#: What the page says by itself, without a block.
_TOLD = {"kommentardienste": "unter Beiträgen stehen Kommentare, die bei anderen Diensten liegen"}
PRACTICES = {
    "kommentare": "Leserinnen und Leser können Kommentare schreiben",
    "mastodon": "unter Beiträgen stehen Antworten aus Mastodon",
    **_TOLD,
    **DECLARED,
}


def practice(condition: str) -> str:
    """Return the word of PRACTICES, or another one, of which „kommentare“ or „nicht kommentare“ speaks."""
    return condition.removeprefix(_NOT).strip()


def holds(condition: str, practices: Collection[str]) -> bool:
    """Return whether *condition* holds for a site with *practices*."""
    return (practice(condition) in practices) is not condition.startswith(_NOT)


def practised(html: str, practices: Collection[str]) -> Markup:
    """Return *html* with the passages whose condition holds, without a frame, and without the others."""
    if ATTRIBUTE not in html:
        return Markup(html)
    tree = LexborHTMLParser(html, is_fragment=True)
    for node in tree.css(f"[{ATTRIBUTE}]"):
        if holds(node.attributes[ATTRIBUTE] or "", practices):
            node.unwrap()
        else:
            node.decompose()
    return Markup(tree.html or "")


def untold(text: str, practices: Iterable[str]) -> list[str]:
    """Return those of *practices* for which the Markdown *text* has no block „wenn“."""
    told = {match for match in _BLOCK.findall(text) if not match.startswith(_NOT)} | _TOLD.keys()
    return [name for name in practices if name not in told]
