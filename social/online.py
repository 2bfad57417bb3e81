"""Whether the site shows the tip by now, in the words of its posts: they link to it, and take its image along."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from plugins.source.problem import AuthorError
from publishing.fetch import Answer, attempt, fetch
from social.post import Image, png
from social.texts import Parts

_OK, _NOT_FOUND = 200, 404
_SOFT_HYPHEN = "\u00ad"
#: Where the page of a tip has what posts say: headword, tip and its own pair, not that of a quoted tip.
_PARTS = (".p-name", ".p-summary", ".e-content > .pair dd")


def check_page(parts: Parts) -> None:
    """
    Make sure that the page to which posts link says what they say.

    Raises:
        AuthorError: It says something else, or is not there.
    """
    answer = _answer(parts.url)
    if answer.status != _OK:
        raise _refusal(
            f"{parts.url} antwortet mit Status {answer.status}, der Tipp ist also nicht online",
            "veröffentlichen Sie ihn mit „invoke build“.",
        )
    page = LexborHTMLParser(answer.body)
    shown = [_plain(node.text()) for part in _PARTS for node in page.css(part)]
    wanted = [parts.headword, parts.tip, parts.wrong, parts.right]
    if shown != [_plain(text) for text in wanted if text]:
        raise _refusal(
            f"{parts.url} hat einen anderen Wortlaut als Ihre Datei",
            "veröffentlichen Sie die Änderung mit „invoke build“.",
        )


def image(url: str) -> Image | None:
    """
    Return the PNG at *url*, None if the site has none.

    Raises:
        AuthorError: The site does not give it, or it is no PNG.
    """
    answer = _answer(url)
    if answer.status == _NOT_FOUND:
        return None
    if answer.status != _OK:
        raise _refusal(
            f"{url} antwortet mit Status {answer.status}", "versuchen Sie es später noch einmal."
        )
    return png(answer.body, url)


def _answer(url: str) -> Answer:
    answer = attempt(fetch, url)
    if isinstance(answer, str):
        raise _refusal(
            f"{url} ist nicht zu erreichen ({answer})", "sehen Sie nach, ob die Website läuft."
        )
    return answer


def _refusal(reason: str, remedy: str) -> AuthorError:
    return AuthorError(
        f"{reason} – {remedy} Gesendet wurde nichts; --unchecked sendet, ohne nachzusehen."
    )


def _plain(text: str) -> str:
    """Return *text* without what only sets it: soft hyphens, no-break spaces, line breaks."""
    return " ".join(text.replace(_SOFT_HYPHEN, "").split())
