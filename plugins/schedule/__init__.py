"""
Time as an input: what is dated after ``SITE_DATE`` is a draft, and drafts are written nowhere.

``SITE_DATE``: a date or „2026-03-04“; the environment variable of that name wins; default: today in
``TIMEZONE``. Templates get its year as ``SITE_YEAR``, too: what shows no more of it is the same all year.
A preview that shows drafts sets Pelican's ``DRAFT_SAVE_AS`` to a real path.
"""


def register() -> None:
    """Connect to Pelican, which is imported only now: cores are used without it, too."""
    from plugins.schedule import adapter

    adapter.register()
