"""Make the HTML of a tip's explanation fit for a book: well-formed, with addresses that work anywhere."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

from selectolax.lexbor import LexborHTMLParser

_VOID = frozenset("area base br col embed hr input link meta source track wbr".split())
#: What a book cannot show or must not do; their content goes, too.
_DROPPED = frozenset("script style iframe object form template".split())
#: HTML lets more be a name than XML does.
_NAME = re.compile(r"[a-z][a-z0-9-]*")
_SOFT_HYPHEN = "\u00ad"


def xhtml(html: str, prefix: str, site_url: str, has_soft_hyphens: bool) -> str:
    """
    Return *html* as XHTML.

    Ids get *prefix*, so that many texts can stand in one file. Links from the root lead to
    *site_url*; what only the site can resolve becomes text, and a picture its alternative text.
    *has_soft_hyphens*: the site's marks for long words become soft hyphens (readers of e-books know no
    generated content).
    """
    tree = LexborHTMLParser(html)
    body = tree.body
    normal = "".join(str(child.html) for child in body.iter(include_text=True)) if body else ""
    writer = _Writer(prefix, site_url.rstrip("/"), has_soft_hyphens)
    writer.feed(normal)
    writer.close()
    return "".join(writer.parts)


class _Writer(HTMLParser):
    """Writes XHTML; the tags come from a tree, so they are balanced."""

    def __init__(self, prefix: str, site_url: str, has_soft_hyphens: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._prefix, self._site_url = prefix, site_url
        self._has_soft_hyphens = has_soft_hyphens
        #: What each open tag became: itself, or nothing.
        self._open: list[str] = []
        self._dropped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "source":
            return
        if tag in _VOID:
            if not self._dropped:
                self.parts.append(f"<{tag}{self._attributes(values)}/>")
            return
        if tag == "img":
            self.handle_data(f"[{values.get('alt', '')}]")
            return
        written = self._start(tag, values)
        self._open.append(written)
        if written and not self._dropped:
            self.parts.append(f"<{written}{self._attributes(values)}>")

    def _start(self, tag: str, values: dict[str, str]) -> str:
        if tag in _DROPPED:
            self._dropped += 1
            return ""
        if tag == "picture" or not _NAME.fullmatch(tag):
            return ""
        if self._has_soft_hyphens and tag == "span" and values.get("class") == "word":
            return ""
        if self._has_soft_hyphens and tag == "i" and not values:
            self.handle_data(_SOFT_HYPHEN)
            return ""
        if tag == "a":
            values["href"] = self._address(values.get("href", ""))
            if not values["href"]:
                return ""
        return tag

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID or tag == "img" or not self._open:
            return
        written = self._open.pop()
        if written and not self._dropped:
            self.parts.append(f"</{written}>")
        if tag in _DROPPED:
            self._dropped -= 1

    def handle_data(self, data: str) -> None:
        if not self._dropped:
            self.parts.append(escape(data, quote=False))

    def _address(self, href: str) -> str:
        if href.startswith("//") or "{" in href:
            return ""
        if href.startswith("/"):
            return self._site_url + href
        if href.startswith("#"):
            return f"#{self._id(href[1:])}"
        return href if href.startswith(("https://", "http://", "mailto:")) else ""

    def _id(self, name: str) -> str:
        return f"{self._prefix}-{name.replace(':', '-')}"

    def _attributes(self, values: dict[str, str]) -> str:
        kept = {
            name: self._id(value) if name == "id" else value
            for name, value in values.items()
            if not name.startswith(("on", "data-", "style")) and _NAME.fullmatch(name)
        }
        return "".join(f' {name}="{escape(value)}"' for name, value in kept.items())
