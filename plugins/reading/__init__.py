"""
What helps a reader before and after a post: a long one's table of contents, related posts, links to share it.

- Articles get ``outline``, their headings as (id, text), if they are long; and ``related``, the posts that share most
  with them: rare tags count more than frequent ones, a common category a little. What a post links to anyway, its
  neighbours and the parts of its series, is not among them.
- Settings: ``OUTLINE_CHARACTERS``, how long a post has to be to get a table of contents (5000; None for none),
  ``RELATED_POSTS``, how many are named at most (3; 0 for none), and ``SHARE_LINKS``, pairs of a label and an address
  with {title} and {url}; addresses only, so that nobody learns who reads what.
"""


def register() -> None:
    """Connect to Pelican, which is imported only now: cores are used without it, too."""
    from plugins.reading import adapter

    adapter.register()
