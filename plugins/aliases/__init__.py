"""
Old addresses that lead to new ones: ``aliases`` in the front matter, and ``weiterleitungen.yaml``.

An old address of a page becomes a small page that sends readers on at once (``redirect.html``), for
folders and branches that know nothing else. The file ``_redirects`` in the output names them all; front
servers, object stores and some hosts make real redirects of it. Addresses that are gone for good are in
``gone_addresses`` of the context.
"""


def register() -> None:
    """Connect to Pelican, which is imported only now: cores are used without it, too."""
    from plugins.aliases import adapter

    adapter.register()
