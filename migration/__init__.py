"""
Bring what was written elsewhere into this blog.

- `xml_stream`, `markup`: read exports safely, whatever is in them; make our Markdown of HTML.
- `foreign`: what all formats have in common; `wordpress`, `disqus`, `isso`: one module each.
- `addresses`: which of our posts an old address belongs to.
- `comments`: from there into the comment service's database.
- `commands`: what the author's commands print.
"""
