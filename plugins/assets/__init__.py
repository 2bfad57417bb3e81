"""
The theme's static files, and its style: in each page, or beside it.

``theme/static/css/main.css`` imports one file for each block; its paragraphs are sheets. A page brings those
that it needs, each in a ``<style>`` of its own, so that the reader gets a styled page in one response. A strict
Content-Security-Policy has to name the hash of every such element: a site has as many of them as there are
sheets in use, however many pages it has. All sheets together are ``theme/css/main.css``, for pages that are
made elsewhere.

Settings:

- ``THEME_STATIC_PATHS`` must be empty, so that Pelican does not copy the single files, too.
- ``STYLES_INLINE``: whether pages bring their style (the default), or link to ``theme/css/main.css``. A preview
  exchanges that file alone when a stylesheet was saved.
- ``THEME_COLORS``: other colours than the theme's, a light and a dark one by name: {"accent": ("#…", "#…")}.
- ``THEME_FONT``: "system", or the name of a stylesheet in the theme's folder ``fonts/``, such as "serif".
- ``THEME_MEASURE``: how many characters a line has; None leaves it to the theme.
- ``THEME_LOGO``: a picture in the author's folder that stands in place of the site's name.

What these say is checked, and becomes the stylesheet „settings.css“ that main.css imports (`look`). Faces that a page
needs at once are preloaded, those in italics only where something is in italics.

In the settings, for the generator: ``STYLE`` and ``FONT``, what was read of them. For templates: ``LOGO``, an address or
None; ``ASSETS`` gives the address of a script, whose name changes with its contents, by names such as „js/quiz.js“; the
filter ``styles`` gives the elements for ``<head>`` that a body needs.
"""


def register() -> None:
    """Connect to Pelican, which is imported only now: cores are used without it, too."""
    from plugins.assets import adapter

    adapter.register()
