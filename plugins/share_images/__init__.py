"""
Share images: what networks show beside a link to a tip, a series or the site.

Each is a PNG of 1200 by 630 pixels in the folder of its page, drawn in the site's font and colours: `core`
breaks lines, `drawing` sets them. The site's own shows its name and ``SITESUBTITLE``. What was drawn once is
kept in ``CACHE_PATH``, by content, and outlives the cache of builds.

Setting: ``SHARE_IMAGE``, the images' name in their folders, by default "bild.png"; empty for none.
Fonts: see fonts/OFL.txt.
"""


def register() -> None:
    """Connect to Pelican, which is imported only now: cores are used without it, too."""
    from plugins.share_images import adapter

    adapter.register()
