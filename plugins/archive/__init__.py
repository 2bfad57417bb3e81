"""
What the archive lists (posts by year, categories, tags in German order), and each post's neighbours.

Templates get ``years``, ``tags_by_name``; articles get ``older`` and ``newer``. No settings.
"""


def register() -> None:
    """Connect to Pelican, which is imported only now: cores are used without it, too."""
    from plugins.archive import adapter

    adapter.register()
