"""
What machines read of the site: linked data in its pages, ``sitemap.xml``, ``robots.txt``.

The markup (JSON-LD, microformats2, Open Graph) is the theme's: ``macros/json_ld.html``, ``macros/social.html``.

Settings:

- ``ABOUT_URL``: the page about the author, by default ``/ueber-mich/``; without such a page the home page.
- ``REL_ME``: the author's other addresses, as ``https://social.example/@name``; each of them should link back.

For templates: the filter ``json_ld``, and ``author_url``, which leads to a page that exists.
"""


def register() -> None:
    """Connect to Pelican, which is imported only now: cores are used without it, too."""
    from plugins.machines import adapter

    adapter.register()
