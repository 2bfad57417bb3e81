"""
Reads the author's Markdown files: front matter (YAML or Pelican's own form) validated by one model.

Replaces Pelican's Markdown reader, which misreads YAML silently and makes a new parser for each file.
Settings: ``MARKDOWN`` (as Pelican's); ``TYPOGRAPHY`` (how `plugins.typography` sets titles and tips);
``FRONT_MATTER_MODELS`` (the model of each folder, where it is not posts or pages). Every mistake is logged as
a `Problem` with file, line and field.
"""


def register() -> None:
    """Connect to Pelican, which is imported only now: cores are used without it, too."""
    from plugins.source import adapter

    adapter.register()
