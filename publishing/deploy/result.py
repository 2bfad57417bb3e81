"""What every target answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from plugins.source.problem import AuthorError
from publishing.release import Manifest


class DeployError(AuthorError):
    """The site was not deployed; what readers see is as before. The message is German."""


@dataclass(frozen=True)
class Deployed:
    """
    The release that readers see now, where, and whether anything differs from the one before.

    *folder* is the site as files on this machine, if the target has it; *note* is something that
    went wrong afterwards and changes nothing of that, in German.
    """

    release: str
    place: str
    changed: bool
    folder: Path | None = None
    note: str = ""
    #: What was deployed; not known after going back.
    site: Manifest | None = None
