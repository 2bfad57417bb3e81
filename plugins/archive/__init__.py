"""
What the archive lists (posts by year, categories, tags in German order), and each post's neighbours.

A category, a tag and a year each have a page. A long list of a category or tag goes on on older pages, numbered from
the oldest: a new post changes the first page and leaves the others as they are.

Settings: ``ARCHIVE_OLDER_URL`` ("{url}seite-{number}/"; the url is that of the category or tag). Years are below
``ARCHIVES_URL``; Pelican's own pages are off (``CATEGORY_SAVE_AS``, ``TAG_SAVE_AS``). Templates: ``category.html``,
``tag.html``, ``archive_year.html``; all templates get ``years`` (the newest, with their posts), ``year_counts`` (all
of them), ``year_to_go_on`` (the first one not in ``years``), ``categories_by_name`` and ``tags_by_name`` (with
counts). Articles get ``older`` and ``newer``. Other plugins find the pages in ``archive_pages``.
"""


def register() -> None:
    """Connect to Pelican, which is imported only now: cores are used without it, too."""
    from plugins.archive import adapter

    adapter.register()
