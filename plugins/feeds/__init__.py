"""
Feeds that stand alone (absolute links, German titles, no clock in them) and the page that explains them.

Pages link from the root ("/blog/x/"), so that one build is right on every host; feeds are read elsewhere,
so theirs start with ``SITEURL``. Templates get ``feeds``. No settings of its own.
"""


def register() -> None:
    """Connect to Pelican, which is imported only now: cores are used without it, too."""
    from plugins.feeds import adapter

    adapter.register()
