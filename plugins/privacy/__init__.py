"""
A privacy page that says what the site does, and nothing else.

The author's text is in ``content/seiten/datenschutz.md``. What holds only under a condition stands in a block:

    /// wenn | kommentare
    ## Kommentare
    …
    ///

    /// wenn | nicht kommentare
    …
    ///

The words are those of `core.PRACTICES`. The build finds out most of them; the others, which it cannot see, are the
setting ``PRIVACY``, a list. Where the site does something of which the page has no block, the build warns.

Of `plugins.comments` it reads ``COMMENT_RECIPIENTS``. For templates: ``practices``, what the site does, and the filter ``practised``, which leaves out the blocks that do
not hold.
"""


def register() -> None:
    """Connect to Pelican, which is imported only now: cores are used without it, too."""
    from plugins.privacy import adapter

    adapter.register()
