"""
A Markdown extension, `plugins.figures.extension`: pictures with captions, and tables that can scroll.

``![Alt](bild.svg "Bildunterschrift")`` alone in its paragraph becomes a ``figure`` with ``figcaption``;
a table is wrapped in a region that keyboards can scroll on narrow screens. No settings.
"""
