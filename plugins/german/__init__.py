"""
German for Pelican: slugs (ä→ae …), reported clashes, and template filters for dates, numbers, lists.

Filters: ``date``, ``time``, ``iso``, ``week``, ``number``, ``plural``, ``und``, ``slug``, ``typo``. No setting of its
own.
Pelican's own slugify turns ä into a before any SLUG_REGEX_SUBSTITUTIONS are asked; so the reader
(`plugins.source`) gives posts, categories and tags their slugs from `core.slug`.
"""


def register() -> None:
    """Connect to Pelican, which is imported only now: cores are used without it, too."""
    from plugins.german import adapter

    adapter.register()
