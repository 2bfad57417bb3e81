"""
A Markdown extension, `plugins.figures.extension`: pictures with captions, tables that can scroll, footnotes with names.

``![Alt](bild.svg "Bildunterschrift")`` alone in its paragraph becomes a ``figure`` with ``figcaption``;
a table is wrapped in a region that keyboards can scroll on narrow screens; the links of a footnote are called
„Fußnote 1“ and what the footnotes extension has as a title. No settings.
"""
