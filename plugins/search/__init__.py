"""
Search in the reader's browser, over everything that is out: posts, tips, series and pages.

The index is a few hundred small JSON files, of which a search needs a handful, and one of the newest pages (`files`); ``js/search.js``
does in the browser what `core` does here: both must take words apart in the same way. Only what has changed
is taken apart again, and only the files that it is in are written.

Setting: ``SEARCH_URL`` ("suche/"). Template: ``search.html``, which gets ``word_files`` and ``end_files``
(how many there are) and ``common_words``.
"""


def register() -> None:
    """Connect to Pelican, which is imported only now: cores are used without it, too."""
    from plugins.search import adapter

    adapter.register()
