"""Pelican's side: keep the menu entries that lead somewhere."""

from __future__ import annotations

import logging
from typing import Any

from pelican import signals
from pelican.generators import Generator

logger = logging.getLogger(__name__)
MENUS = ("NAVIGATION", "FOOTER_NAVIGATION")
PRIVACY_URL = "/datenschutz/"


def prune_menus(generators: list[Generator]) -> None:
    """Leave out entries without a page; files and addresses of other sites stay."""
    context = generators[0].context
    pages = site_pages(context)
    # A page that asked for the whole set would be built again with each new post.
    context["has_privacy_page"] = PRIVACY_URL in pages
    for menu in MENUS:
        kept = []
        for title, url in context.get(menu, ()):
            path = url.partition("#")[0].partition("?")[0]
            if path in pages or not (path.startswith("/") and path.endswith("/")):
                kept.append((title, url))
            else:
                logger.warning(
                    "%s: Den Eintrag „%s“ zeigt das Menü nicht; es gibt keine Seite %s.",
                    menu,
                    title,
                    url,
                )
        context[menu] = tuple(kept)


def site_pages(context: dict[str, Any]) -> set[str]:
    """Return the addresses of all pages that readers will find, once all generators know theirs."""
    if "site_pages" not in context:
        context["site_pages"] = _pages(context)
    pages: set[str] = context["site_pages"]
    return pages


def _pages(context: dict[str, Any]) -> set[str]:
    named = [f"{template.upper()}_URL" for template in context["DIRECT_TEMPLATES"]]
    urls = {context[name] for name in named if name in context}
    urls |= {content.url for content in (*context["pages"], *context["articles"])}
    urls |= {page.url for page in context.get("archive_pages", ())}
    if "SEARCH_URL" in context:
        urls.add(context["SEARCH_URL"])
    if series := context.get("series_list"):
        urls |= {context["SERIES_INDEX_URL"], *(one.url for one in series)}
    if "tip_pages" in context:
        base = context["TIPS_URL"]
        urls |= {base, *(f"{base}{name}/" for name in ("a-z", "quiz", "zufall"))}
        for page in context["tip_pages"]:
            urls |= {page.url, page.topic.url, f"{base}{page.year}/"}
    return {f"/{url}" for url in urls}


def register() -> None:
    """Connect to Pelican."""
    signals.all_generators_finalized.connect(prune_menus)
