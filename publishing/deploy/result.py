"""What every target answers."""

from __future__ import annotations

from dataclasses import dataclass

from plugins.source.problem import AuthorError


class DeployError(AuthorError):
    """The site was not deployed; what readers see is as before. The message is German."""


@dataclass(frozen=True)
class Deployed:
    """The release, where it is, and whether anything differs from the one before."""

    release: str
    place: str
    changed: bool
