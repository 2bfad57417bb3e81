"""
Series of posts: numbers, previous and next, a landing page, an index of all, a feed for each.

A post names its series by file name (``series: netzwerken`` for ``serien/netzwerken.md``) and, where the
date is not enough, its place (``series_index: 2``). Only published parts are numbered and linked;
the landing page announces ``planned:`` parts as text.

Settings: ``SERIES_PATHS`` (["serien"]), ``SERIES_URL``, ``SERIES_SAVE_AS``, ``SERIES_INDEX_URL``,
``SERIES_INDEX_SAVE_AS``, ``SERIES_FEED_ATOM`` (with ``{slug}``; empty: none). Templates: ``series.html``, ``series_index.html``.
Every article gets ``series`` (or None), ``series_number``, ``previous_part`` and ``next_part``.
"""


def register() -> None:
    """Connect to Pelican, which is imported only now: cores are used without it, too."""
    from plugins.series import adapter

    adapter.register()
