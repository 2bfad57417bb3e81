"""Builds in this process: quicker than a command, and just as whole."""

from __future__ import annotations

from typing import Any

from publishing import build as builder
from publishing.build import BuildError, Report
from tests.plugins.pelican_site import own_signals
from tests.site import Site


def build(site: Site, **more: Any) -> Report:
    """Build the site, and check it; *more* are settings that win."""
    loaded = builder.load_settings(site.settings, site.content, site.output)
    loaded |= {"BUILD_CACHE": str(site.folder / "bau.sqlite"), **more}
    with own_signals():
        return builder.build(loaded, site.settings, lambda stage: None, site.content)


def told(site: Site, **more: Any) -> str:
    """Build a site that has mistakes, and return the messages."""
    try:
        build(site, **more)
    except BuildError as error:
        return str(error)
    raise AssertionError("There was no mistake.")
