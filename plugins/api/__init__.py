"""
Tips for programs: JSON files, and oEmbed for those who quote a tip on their own site.

In the folder of each tip are ``tipp.json`` (all there is to it) and ``oembed.json`` (oEmbed 1.0, type
rich: a quotation that needs no script and no style sheet); ``index.json`` above them lists all. What is
once named there keeps its name and meaning. HANDBUCH.md describes them.

Setting: ``TIPS_API``, whether to write them, True by default. Templates: ``api/tip.json``,
``api/oembed.json``, ``api/tips.json``.
"""


def register() -> None:
    """Connect to Pelican, which is imported only now: cores are used without it, too."""
    from plugins.api import adapter

    adapter.register()
