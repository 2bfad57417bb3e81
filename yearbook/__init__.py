"""
The year book: a year's tips as a page to print and as an EPUB, with a register.

`book` arranges the tips (pure), `xhtml` makes their HTML fit for both, `epub` packs, `commands` reads the
collection as the site does and writes the files. EPUB 3 is XHTML in a zip with two lists; ebooklib would bring
lxml, and writes the time of day into the file: ours is the same bytes for the same tips.
"""
