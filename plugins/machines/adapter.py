"""Pelican's side: who the author is to machines; the list of pages with their dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from pelican import Pelican, signals
from pelican.generators import Generator

from plugins.incremental.writer import IncrementalWriter
from plugins.machines import core
from plugins.navigation.adapter import site_pages
from plugins.source.adapter import report
from plugins.source.problem import Problem

DEFAULTS: Mapping[str, Any] = {"ABOUT_URL": "/ueber-mich/", "REL_ME": ()}
SITEMAP, ROBOTS = "sitemap.xml", "robots.txt"
FILTERS = {"json_ld": core.as_json_ld, "breadcrumb_list": core.breadcrumb_list}
#: Below it are forms; no page there is worth a search result.
COMMENTS = "/kommentare/"

#: A path with a slash in front, and when what is there last changed.
Entry = tuple[str, dt.date | None]


def use_defaults(pelican: Pelican) -> None:
    """Complete and check the settings, and give templates the filter."""
    settings = pelican.settings
    for name, value in DEFAULTS.items():
        settings.setdefault(name, value)
    settings["JINJA_FILTERS"] = {**FILTERS, **settings["JINJA_FILTERS"]}
    addresses = settings["REL_ME"]
    if isinstance(addresses, str) or not all(_is_address(one) for one in addresses):
        report(
            Problem(
                "pelicanconf.py",
                "REL_ME ist keine Liste von Webadressen.",
                field="REL_ME",
                remedy="Schreiben Sie eine Liste; jede Adresse darin beginnt mit https://.",
            )
        )
        settings["REL_ME"] = ()


def _is_address(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("https://", "http://"))


def find_pages(generators: list[Generator]) -> None:
    """Put into the context which page is about the author."""
    context = generators[0].context
    pages, url = site_pages(context), context["ABOUT_URL"]
    context["author_url"] = url = url if _is_address(url) or url in pages else "/"
    context["author_address"] = url if _is_address(url) else f"{context['SITEURL']}{url}"


class MachinesGenerator(Generator):  # type: ignore[misc]
    """Writes ``sitemap.xml`` and ``robots.txt``."""

    reads_no_texts = True

    def generate_output(self, writer: IncrementalWriter) -> None:
        """Write both."""
        site_url = self.settings["SITEURL"]
        entries = sorted(_entries(self.context), key=itemgetter(0))
        writer.write_bytes(SITEMAP, core.sitemap(site_url, entries).encode())
        has_forms = "plugins.comments" in self.settings["PLUGINS"]
        closed = (COMMENTS,) if has_forms else ()
        writer.write_bytes(ROBOTS, core.robots(site_url, closed).encode())


def _entries(context: Mapping[str, Any]) -> Iterator[Entry]:
    """Yield all pages that a search may find."""
    articles, tips = context["articles"], context.get("tip_pages", [])
    yield "/", _newest([*articles, *tips])
    for template, shown in (("archives", articles), ("feeds", ())):
        if template in context["DIRECT_TEMPLATES"]:
            yield f"/{context[f'{template.upper()}_URL']}", _newest(shown)
    for content in (*articles, *context["pages"]):
        yield f"/{content.url}", _changed(content)
    for page in context.get("archive_pages", ()):
        yield f"/{page.url}", _newest(page.variables["articles"])
    if all_series := context.get("series_list"):
        for series in all_series:
            yield f"/{series.url}", _newest(series.published)
        yield f"/{context['SERIES_INDEX_URL']}", _newest(_published(all_series))
    if "tip_pages" in context:
        yield from _tip_entries(f"/{context['TIPS_URL']}", tips)


def _published(all_series: Iterable[Any]) -> list[Any]:
    """Return what has come out of *all_series*."""
    return [article for series in all_series for article in series.published]


def _tip_entries(base: str, tips: Sequence[Any]) -> Iterator[Entry]:
    """Yield the pages of *tips*, which stand oldest first."""
    newest = tips[-1].date if tips else None
    groups: dict[str, dt.date] = {}
    for tip in tips:
        yield f"/{tip.url}", tip.date
        # The last one to claim its year and its topic is the newest.
        groups[f"{base}{tip.year}/"] = groups[f"/{tip.topic.url}"] = tip.date
    yield from groups.items()
    yield from ((base, newest), (f"{base}a-z/", newest), (f"{base}quiz/", newest))
    # It is another tip each day.
    yield f"{base}zufall/", None


def _changed(content: Any) -> dt.date | None:
    """Return when the author last changed a text, or None if she does not say."""
    changed: dt.date | None = getattr(content, "modified", None) or getattr(content, "date", None)
    return changed


def _newest(contents: Iterable[Any]) -> dt.date | None:
    """Return the date of the newest of *contents*, posts and tips."""
    dates = [content.date for content in contents]
    try:
        return max(dates, default=None)
    except TypeError:
        # Days and moments together.
        return max(dates, key=_day)


def _day(moment: dt.date) -> tuple[int, float]:
    """Return a key by which days and moments can be compared."""
    seconds = moment.timestamp() if isinstance(moment, dt.datetime) else 0.0
    return moment.toordinal(), seconds


def get_generators(pelican: Pelican) -> type[Generator]:
    """Return our generator."""
    return MachinesGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(use_defaults)
    signals.all_generators_finalized.connect(find_pages)
    signals.get_generators.connect(get_generators)
