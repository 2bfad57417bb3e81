"""
The same site for other programs: Markdown and front matter in their dialects, equal templates.

All of them write the same files, so that a missing page is noticed (`outline`).
"""
