"""
Menus without dead ends: an entry whose page this site does not have is left out, with a warning.

Settings: ``NAVIGATION``, ``FOOTER_NAVIGATION``, pairs of title and address. Templates get both,
``has_privacy_page``, and ``site_pages``, the addresses („/impressum/“) that exist.
"""


def register() -> None:
    """Connect to Pelican, which is imported only now: cores are used without it, too."""
    from plugins.navigation import adapter

    adapter.register()
