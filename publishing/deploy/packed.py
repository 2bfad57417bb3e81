"""
Text as browsers ask for it: compressed by Brotli, and by gzip for the few that know no Brotli.

Measured on 200 pages of a site with 5,000 posts (bytes a page, and milliseconds of one core): Brotli 5 gives 7,279 and
0.8; 9 gives 7,256 and 1.2; 10 gives 6,873 and 16; 11 gives 6,722 and 30. So everything that readers load gets 11, and
a post of 600 words is there in one round trip; a whole site of 5,000 posts takes 270 s of one core, once, on all
cores, and a new post half a second. Feeds and lists for machines are larger and change with every post: a
sitemap of 900 kB would take 1.9 s for 10 % less. They get 9.

The window is 64 kB, as large as most pages: with the default, Brotli 9 takes 5 ms to prepare it.
"""

from __future__ import annotations

import gzip

import brotli  # type: ignore[import-untyped]

from publishing.deploy.objects import is_text as is_text

#: To be raised when other bytes come out.
VERSION = 2
ENDS = (".br", ".gz")
#: Smaller files are not worth a file of their own.
_LEAST = 400
#: What compression has to save to be worth it: one part in so many.
_GAIN = 20
_WINDOW_BITS = 16
_LARGEST_WINDOW_BITS = 22
_QUALITY, _LARGE_QUALITY = 11, 9
#: Larger are feeds and lists for machines, which change with every post.
_LARGE = 300_000


def forms(data: bytes) -> dict[str, bytes]:
    """Return the compressed forms of a text by the end of their names; none if it saves little."""
    if len(data) < _LEAST:
        return {}
    window = _WINDOW_BITS if len(data) <= 1 << _WINDOW_BITS else _LARGEST_WINDOW_BITS
    made = {
        ".br": brotli.compress(
            data,
            mode=brotli.MODE_TEXT,
            quality=_QUALITY if len(data) <= _LARGE else _LARGE_QUALITY,
            lgwin=window,
        ),
        ".gz": gzip.compress(data, 9, mtime=0),
    }
    return {end: form for end, form in made.items() if len(form) < len(data) - len(data) // _GAIN}
