"""
The theme's static files; the stylesheet's layers leave as one file.

``theme/static/css/main.css`` imports one file for each block; the reader gets them in one response.
Scripts get names that change with their contents; templates ask ``ASSETS`` for the address, by names such as
„js/quiz.js“. Setting: ``THEME_STATIC_PATHS`` must be empty, so that Pelican does not copy the single files, too.
"""


def register() -> None:
    """Connect to Pelican, which is imported only now: cores are used without it, too."""
    from plugins.assets import adapter

    adapter.register()
