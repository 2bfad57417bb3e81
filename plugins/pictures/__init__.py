"""
The author's pictures: every page shows them small, sharp, and without what a camera noted.

``![Alt](foto.jpg "Bildunterschrift")`` finds the file beside the text or in a folder of ``STATIC_PATHS``; also
``{static}/bilder/foto.jpg``. What comes of it:

- At its old address, /bilder/foto.jpg, a copy that is no wider than needed; it is there for every file of
  ``STATIC_PATHS`` except what only drafts show.
- Where a text shows it, lighter copies in AVIF and WebP (``picture``, ``srcset``); the names change with the content.
- Always: upright, sRGB, no EXIF, XMP, IPTC, comments; SVG without scripts and references (`drawing`).
- width and height in the page; all but a text's first picture are loaded when they come near.
- The author's files stay as they are. A picture that is missing, broken, moving or too large stops the build.

`core` decides which files there are, `raster` and `drawing` make them, `library` finds the author's and knows what was
made before: copies are kept in ``CACHE_PATH``, by content, and outlive the cache of builds.

Settings, each with a default:

    PICTURES_WIDTHS          the widths of copies in pixels, for a column of 600: (600, 900, 1200)
    PICTURES_SIZES           how wide the theme shows them, as HTML's ``sizes``
    PICTURES_FORMATS         the lighter formats, the best first: ("avif", "webp")
    PICTURES_QUALITY         of photos, 1 to 100: {"avif": 60, "webp": 76, "jpeg": 80}
    PICTURES_MAX_MEGAPIXELS  what a file of the author's may have: 80
    PICTURES_MAX_MEGABYTES   the same in millions of bytes: 40

The Markdown extension is `plugins.pictures.extension`. While a build runs, the author's pictures are its
``PICTURES_LIBRARY``.
"""


def register() -> None:
    """Connect to Pelican, which is imported only now: cores are used without it, too."""
    from plugins.pictures import adapter

    adapter.register()
