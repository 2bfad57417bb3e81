"""
What sets tips or a quotation into a post, as static HTML.

    /// tipp | 2026-kw02
    ///

    /// tipps | thema=Stil, anzahl=5
    ///

    Mehr im Tipp „{tipp}2026-kw02“.

    /// zitat | Wer es gesagt hat, Werk
        url: https://…
        abgerufen: 2026-03-01

    Der zitierte Text.
    ///

The Markdown extension is `plugins.embeds.extension`; it takes the collection from `plugins.tips`, which
therefore comes first in ``PLUGINS``. An unknown tip, block or option is a mistake with file and line.
"""


def register() -> None:
    """Connect to Pelican, which is imported only now: cores are used without it, too."""
    from plugins.embeds import adapter

    adapter.register()
