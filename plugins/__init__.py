"""
What we add to Pelican, one capability a room; list them in full: ``plugins.series``.

``PELICAN_CLASS`` is ``plugins.Pelican``.
"""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    """Return the class that builds; Pelican's setting can name it only in a package's top level."""
    if name == "Pelican":
        # Imported only now: cores are used without Pelican, too.
        from plugins.incremental.adapter import Pelican

        return Pelican
    raise AttributeError(name)
