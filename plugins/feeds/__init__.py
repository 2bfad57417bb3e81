"""
Feeds that stand alone (absolute links, German titles, no clock in them) and the page that explains them.

Pages link from the root ("/blog/x/"), so that one build is right on every host; feeds are read elsewhere,
so theirs start with ``SITEURL``. Posts leave as Atom (Pelican's) and as JSON Feed, tips as Atom (all of them
and by topic), JSON Feed and calendar; each holds the newest ``FEED_MAX_ITEMS``.

Settings, empty for a feed that is not wanted: ``ARTICLES_FEED_JSON``, ``TIPS_FEED_ATOM``, ``TIPS_FEED_JSON``,
``TIPS_CALENDAR``, ``TIPS_TOPIC_FEED_ATOM`` (with {slug}). Templates: ``feeds/articles.json``,
``feeds/tips.json``, ``feeds/tips.atom.xml``, ``feeds/tip.html``; all templates get ``feeds``, and the filters
``json``, ``absolute`` (HTML with links that start with the site's address), ``breakable`` (an address to be
read, with the places where its lines may end), ``feed_time`` and ``tag_uri``.
"""


def register() -> None:
    """Connect to Pelican, which is imported only now: cores are used without it, too."""
    from plugins.feeds import adapter

    adapter.register()
