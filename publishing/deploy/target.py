"""The interface of all targets."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, ClassVar

from publishing import keychain
from publishing.deploy import options as reader
from publishing.deploy.built import Built
from publishing.deploy.options import Options
from publishing.release import Manifest, Release, Size

#: Names the stage of long work, in German.
Progress = Callable[[str], None]


class Target(ABC):
    """
    A place that holds releases, of which readers see one.

    To add a target, write a module with a subclass of this one and name it in `TARGETS`
    (publishing/deploy/__init__.py). `deploy`, `rollback` and the others there do all that is common:
    they hash the site, refuse secrets, name the release, and call, in this order:

    - `__init__`: read the options, find out what is wrong with them. Touch nothing, connect to
      nothing: every `invoke build` calls it before it builds.
    - `check`: refuse what would do harm. Touch nothing.
    - `locked`: until it is left, nobody else changes anything here. Clear away what interrupted
      deployments left. A lock must end with the process that holds it, whatever ends that.
    - `releases`: which are here, and which one is live.
    - `add`: bring a release here, complete, without touching what readers see. Send only what is new.
    - `switch`: let readers see it. Where that is not one atomic step, bring what pages need before
      the pages, entry pages last, and delete after that.
    - `prune`: delete old releases, the live one never.

    `invoke rollback` calls `locked`, `releases`, `switch`; `invoke releases` calls `releases` and
    `sizes`; a dry run calls `releases`, `manifest` and, for titles of pages that go, `read`.

    The process may be killed between any two instructions, and every call to the outside may fail.
    After that, readers must see one whole release, and the next deployment must end with exactly
    the given files. What fails raises `DeployError`: one German sentence that says what is wrong
    and what helps; OSError may be left to the caller. The tests in tests/publishing/deploy/
    test_promises.py and test_faults.py ask all that of every target: add yours to the list in
    places.py there, and to bench/kills.py and bench/deploy.py.
    """

    #: What the author calls it in ``DEPLOY``.
    name: ClassVar[str]
    #: The class of its options.
    options_class: ClassVar[type[Options]] = Options
    #: Where its passwords belong: the end of a German sentence.
    secrets: ClassVar[str] = "Kennwörter gehören in Umgebungsvariablen."
    #: The environment variables with its passwords, which the keyring may have.
    variables: ClassVar[tuple[str, ...]] = ()
    #: Where readers find the site, as the author knows it.
    place: str
    #: Whether compressed forms of text are of use here.
    is_packed: bool = False
    #: The site as files on this machine, if it is that.
    folder: Path | None = None

    def __init__(self, given: Mapping[str, Any], base: Path) -> None:
        """
        Read the options; relative paths in them start at *base*, the folder of the settings.

        Raises:
            DeployError: One of them is wrong.
        """
        keychain.fill(self.variables)
        self.options = reader.read(self.options_class, self.name, given, self.secrets)
        self.base = base
        #: A folder for what may be lost.
        self.cache = base / ".cache" / "deploy"

    def check(self, output: Path) -> None:  # noqa: B027 - most have nothing to check
        """
        Make sure that deploying the built site *output* does no harm.

        Raises:
            DeployError: It would.
        """

    @abstractmethod
    def locked(self) -> AbstractContextManager[None]:
        """
        Hold this target; clear away what interrupted deployments left.

        Raises:
            DeployError: Somebody else holds it, or it is not there.
        """

    @property
    def is_mixed(self) -> bool:
        """Whether an interrupted switch left parts of several releases; not if it is one step."""
        return False

    @abstractmethod
    def releases(self) -> list[Release]:
        """Return the complete releases, newest first."""

    @abstractmethod
    def sizes(self) -> Mapping[str, Size]:
        """Return how much each release holds, by its id."""

    @abstractmethod
    def manifest(self, release: str) -> Manifest:
        """Return the manifest of a release that is here."""

    @abstractmethod
    def read(self, release: str, path: str) -> bytes:
        """Return a file of a release that is here."""

    @abstractmethod
    def add(self, release: str, built: Built, site: Manifest, progress: Progress) -> None:
        """Bring the files of *site*, as they were *built*, here as *release*."""

    @abstractmethod
    def switch(self, release: str, progress: Progress) -> str:
        """Let readers see that release; return a German note if something is left to say."""

    @abstractmethod
    def prune(self) -> None:
        """Delete all but the newest releases and the live one."""


def superfluous(releases: list[Release], keep: int) -> list[Release]:
    """Return what to delete of *releases* (newest first) so that *keep* and the live one stay."""
    return [release for release in releases[keep:] if not release.is_live]
