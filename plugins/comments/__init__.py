"""
Comments: the approved ones, threaded, in each article's HTML, beside a plain form; and their feed.

Articles get ``comment_threads``, ``comment_count`` and ``comments_open``. A theme loops over the threads as
it likes (`core.Thread`, `core.Comment`); where it does so in a ``fragment`` (`plugins.incremental`), pages whose
comments are as they were do not ask for them. ``comment.divisible_html`` is ``comment.html|hyphenate_html``,
both made once for each text and kept in ``CACHE_PATH``; `baked` says how. A front matter key
``comments: closed`` closes one article. ``comments: giscus`` (or another of `plugins.comments.systems`)
and ``mastodon: https://…`` give it ``comment_cards``: comments elsewhere, loaded after a click. Replies at
Mastodon that the author approved become ``mastodon_replies``. Also written: ``blog/index.json``, the pages on which
comment_service accepts comments. `plugins.comments.pull` refreshes the snapshot that is read here.

Settings:
    COMMENTS_SNAPSHOT  the file with the approved comments; default: kommentare.json in the folder
                       that the environment names as COMMENTS_DATA, else in data/ of the project
    COMMENTS_FEED      default: "feeds/kommentare.atom.xml"
    COMMENTS_FORM_URL  where the form goes; default: "/kommentare/vorschau/"
    COMMENTS_SYSTEMS  systems elsewhere, {"giscus": {"repo": …}}; default: none
    COMMENTS_DEFAULT  what holds for posts that say nothing: "open", "closed" or a system; "open"
    COMMENTS_BY_AUTHOR  beside the name over the author's own comments; "von der Redaktion"

`plugins.comments.systems.policy` says what a Content-Security-Policy must allow for the systems that are
set up, the variable COMMENT_RECIPIENTS of templates who gets data through those that posts use.
"""


def register() -> None:
    """Connect to Pelican."""
    # Imported here: comment_service uses `core` and must not load Pelican for it.
    from plugins.comments import adapter

    adapter.register()


__all__ = ["register"]
