"""
The tips of the collection in a text: as a card, as a list, and in a line.

    /// tipp | 2026-kw02
    ///

    /// tipps | thema=Stil, anzahl=5
    ///

    Mehr im Tipp „{tipp}2026-kw02“ oder [mit eigenen Worten]({tipp}2026-kw02).
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Iterator, Mapping
from typing import Any

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from pymdownx.blocks.block import Block

from plugins.embeds import core
from plugins.embeds.telling import needle_of, tell
from plugins.tips.core import TIP_SIGN, Entry, Tip, week_day


def _add(parent: etree.Element, tag: str, text: str = "", **attributes: str) -> etree.Element:
    """Append an element; *text* is no Markdown, but a later pass may typeset it."""
    element = etree.SubElement(parent, tag, {k.rstrip("_"): v for k, v in attributes.items()})
    element.text = AtomicString(text) if text else None
    return element


def _is_foreign(md: Any) -> bool:
    """Return whether the text is in another language than the tips, which are German."""
    return getattr(getattr(md, "document", None), "lang", "de") != "de"


def _url(collection: Any, week: str) -> str:
    return f"/{collection.base_url}{week}/"


class Lookup:
    """Finds the tips that a text refers to; one that is not there is a mistake."""

    def __init__(self, md: Any, collection: Any) -> None:
        self.md, self.collection = md, collection

    def tip(self, week: str, needle: str, example: str) -> Tip | None:
        """Return the tip of *week*; None if there is none, which was told with an *example* of how to refer."""
        getattr(self.md, "reads", []).append(("tip", week))
        entry: Entry | None = None
        if self.collection is not None:
            entry = self.collection.entries.get(week)
        if week_day(week) is None:
            message = f"„{week}“ ist keine Woche."
            remedy = f"Schreiben Sie Jahr und Kalenderwoche, zum Beispiel „{example}“."
        elif entry is None:
            message = f"Für die Woche {week} gibt es keinen Tipp."
            remedy = "Prüfen Sie die Woche, oder schreiben Sie den Tipp in content/tipps/."
        elif not self._may_quote(entry.tip):
            message = (
                f"Der Tipp {week} erscheint erst am {entry.tip.date.isoformat()}, "
                "also nach diesem Beitrag."
            )
            remedy = "Nehmen Sie einen früheren Tipp, oder datieren Sie den Beitrag später."
        else:
            return entry.tip
        tell(self.md, needle, message, remedy, "tipp")
        return None

    def _may_quote(self, tip: Tip) -> bool:
        date = getattr(getattr(self.md, "document", None), "date", None)
        return tip.date <= self.collection.today or (date is not None and tip.date <= date.date())

    def note(self, week: str) -> None:
        """Note that the text quotes the tip of *week*."""
        getattr(self.md, "quoted_tips", []).append(week)


class TipBlock(Block):  # type: ignore[misc]
    """A tip of the collection as a card."""

    NAME = "tipp"
    ARGUMENT = True

    def on_create(self, parent: etree.Element) -> etree.Element:
        """Return the card, or an empty figure for a week that has no tip."""
        week = self.argument.strip()
        figure = etree.SubElement(parent, "figure", {"class": "tip"})
        self.config["open_blocks"].append(needle_of(self))
        lookup = Lookup(self.md, self.config["collection"])
        tip = lookup.tip(week, needle_of(self), "/// tipp | 2026-kw02")
        if _is_foreign(self.md):
            figure.set("lang", "de")
        if tip is not None:
            if tip.week not in getattr(self.md, "quoted_tips", []):
                figure.set("id", f"tipp-{tip.week}")
            _fill_card(figure, tip, _url(lookup.collection, week))
            lookup.note(week)
        return figure

    def on_end(self, block: etree.Element) -> None:
        """Note that the closing line was there."""
        self.config["open_blocks"].remove(needle_of(self))


def _fill_card(figure: etree.Element, tip: Tip, url: str) -> None:
    caption = _add(figure, "figcaption", "Mittwochstipp · ", class_="tip__label")
    link = _add(caption, "a", tip.label, href=url)
    link.tail = AtomicString(f" · {tip.topic}")
    _add(figure, "p", tip.headword, class_="tip__headword")
    _add(figure, "p", tip.tip, class_="tip__text")
    if tip.wrong and tip.right:
        pair = _add(figure, "dl", class_="pair")
        wrong = _add(pair, "div", class_="pair__wrong")
        _add(wrong, "dt", "Nicht so")
        # As written: setting it would mend what it shows (57€, §5).
        _add(wrong, "dd", tip.wrong, class_="no-typo")
        right = _add(pair, "div", class_="pair__right")
        _add(right, "dt", "Sondern so")
        _add(right, "dd", tip.right)


class TipsBlock(Block):  # type: ignore[misc]
    """The newest tips, or those of a topic, as a list of links; it is no quotation of each."""

    NAME = "tipps"
    ARGUMENT = None

    def on_create(self, parent: etree.Element) -> etree.Element:
        """Return the list, which is empty after a mistake."""
        items = etree.SubElement(parent, "ul", {"class": "tips"})
        self.config["open_blocks"].append(needle_of(self))
        if _is_foreign(self.md):
            items.set("lang", "de")
        for tip in self._tips():
            item = etree.SubElement(items, "li")
            link = _add(item, "a", tip.headword, href=_url(self.config["collection"], tip.week))
            link.tail = AtomicString(f" ({tip.label})")
        return items

    def on_end(self, block: etree.Element) -> None:
        """Note that the closing line was there."""
        self.config["open_blocks"].remove(needle_of(self))

    def _tips(self) -> list[Tip]:
        collection = self.config["collection"]
        if collection is None:
            return []
        try:
            wish = core.list_wish(self.argument or "", collection.topics)
        except core.ListError as error:
            tell(self.md, needle_of(self), error.message, error.remedy, "tipps")
            return []
        getattr(self.md, "reads", []).append(("tips", f"{wish.count} {wish.topic or ''}"))
        found: list[Tip] = collection.newest(wish.topic, wish.count)
        if not found:
            about = f" zum Thema „{wish.topic}“" if wish.topic else ""
            tell(
                self.md,
                needle_of(self),
                f"Noch ist kein Tipp{about} erschienen; die Liste wäre leer.",
                "Nehmen Sie ein anderes Thema, oder löschen Sie den Block.",
                "tipps",
            )
        return found


class TipMention(InlineProcessor):
    """Makes of „{tipp}2026-kw02“ the tip's headword, which leads to the tip."""

    PATTERN = re.escape(TIP_SIGN) + r"([^\W_]*(?:-[^\W_]+)*)"

    def __init__(self, md: Markdown, lookup: Lookup) -> None:
        super().__init__(self.PATTERN, md)
        self._lookup = lookup

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[etree.Element | None, int | None, int | None]:
        """Return the link; nothing, if there is no such tip."""
        tip = self._lookup.tip(m[1], m[0], f"{TIP_SIGN}2026-kw02")
        if tip is None:
            return None, None, None
        link = etree.Element("a", {"href": _url(self._lookup.collection, tip.week)})
        link.text = AtomicString(tip.headword)
        if _is_foreign(self.md):
            link.set("lang", "de")
        return link, m.start(0), m.end(0)


class TipLinks(Treeprocessor):
    """Leads links to „{tipp}2026-kw02“ to the tip, and notes all that lead to one."""

    def __init__(self, md: Markdown, lookup: Lookup) -> None:
        super().__init__(md)
        self._lookup = lookup

    def run(self, root: etree.Element) -> None:
        """Change *root* in place."""
        collection = self._lookup.collection
        if collection is None:
            return
        for link in _own_links(root):
            target = link.get("href", "")
            if target.startswith(TIP_SIGN):
                week = target.removeprefix(TIP_SIGN)
                if self._lookup.tip(week, target, f"[Text]({TIP_SIGN}2026-kw02)") is not None:
                    target = _url(collection, week)
                    link.set("href", target)
            if linked := _week_of(target, collection):
                self._lookup.note(linked)


def _own_links(root: etree.Element) -> Iterator[etree.Element]:
    """Yield the links of *root* that the author wrote: those of cards and lists are ours."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if element.get("class") in ("tip", "tips"):
            continue
        if element.tag == "a":
            yield element
        waiting.extend(reversed(element))


def _week_of(target: str, collection: Any) -> str | None:
    """Return the week of the tip to whose page *target* leads, None if it leads elsewhere."""
    path = target.partition("#")[0]
    week = path.removeprefix(f"/{collection.base_url}").removesuffix("/")
    entries: Mapping[str, Any] = collection.entries
    return week if week in entries and path == _url(collection, week) else None
