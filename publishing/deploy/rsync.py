"""
The target „rsync“: the same releases and link as „folder“, on a server, over ssh.

The server needs a plain shell account with rsync, flock (util-linux) and GNU's coreutils, as every
Linux server has them. rsync sends what differs from the live release and stores only that
(--link-dest); it compares contents, not times. Options: ``host`` ("name@server"), ``path`` (the
link; from the home folder on, or absolute), ``keep``, ``port``, ``identity`` (file of a private
key), ``known_hosts`` (file of known host keys), ``compress`` (True: text is there compressed, too).

Every step holds a lock on the folder of releases, which ends with its connection. Another deployment
may come between two steps: it makes its own release and clears ours away, and then we say so.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from publishing.deploy.built import Built
from publishing.deploy.options import Options, required
from publishing.deploy.process import run
from publishing.deploy.result import DeployError
from publishing.deploy.ssh import BUSY, FOREIGN, HOST, OVERTAKEN, Server
from publishing.deploy.target import Progress, Target, superfluous
from publishing.release import Manifest, Release, Size, find_releases

#: Seconds that another deployment, or what an interrupted one left running, may take.
_PATIENCE_S = 60
# The scripts know folder (the one that holds all of it), and in it link, new (the next link) and
# releases. A release that is being brought or deleted does not have a release's name.
_LOCK = f"""
cd -- "$folder"
exec 9<"$releases"
flock -w {_PATIENCE_S} 9 || exit {BUSY}
# A real folder that somebody made in the link's place is kept among the releases.
set_aside() {{
    rmdir -- "$1" 2>/dev/null || mv -T -- "$1" "$releases/$(date -u +%Y%m%d-%H%M%S)-vorgefunden"
}}
"""
# What interrupted deployments brought is of use to the next one; three of them are enough.
_PREPARE = f"""
mkdir -p -- "$folder/$releases"
({_LOCK}
if [ -e "$link" ] && [ ! -d "$link" ]; then exit {FOREIGN}; fi
if [ -L "$new" ]; then rm -f -- "$new"; elif [ -d "$new" ]; then set_aside "$new"; fi
rm -rf -- "$releases"/.weg-*
ls -1dt "$releases"/.teil-* 2>/dev/null | tail -n +4 | while read -r old; do rm -rf -- "$old"; done
)
"""
_LIST = """
[ -d "$folder/$releases" ] || exit 0
cd -- "$folder"
readlink -- "$link" || echo
ls -A -- "$releases"
"""
# The second mv is for servers whose mv cannot exchange names (coreutils before 9.5): there is no
# site for a moment, once, when the link takes the place of a real folder.
_SWITCH = f"""
({_LOCK}
[ -d "$releases/$release" ] ||
    mv -T -- "$releases/$partial" "$releases/$release" 2>/dev/null || exit {OVERTAKEN}
rm -f -- "$new"
ln -s -- "$releases/$release" "$new"
if [ -d "$link" ] && [ ! -L "$link" ]; then
    if mv --exchange -T -- "$new" "$link" 2>/dev/null; then
        set_aside "$new"
        exit 0
    fi
    set_aside "$link"
fi
mv -T -- "$new" "$link"
)
"""
_PRUNE = f"""
{_LOCK}
cd -- "$releases"
for old in $olds; do mv -T -- "$old" ".weg-$old"; done
rm -rf -- .weg-* .teil-*
"""
_SIZES = """
cd -- "$folder/$releases"
for release in $names; do
    pages=$(find "$release" -type f -name '*.html' | wc -l)
    find "$release" -type f -printf '%s\\n' |
        awk -v r="$release" -v p="$pages" '{ s += $1 } END { printf "%s %d %d %.0f\\n", r, p, NR, s }'
done
"""
_SUMS = """
cd -- "$folder/$releases/$release"
find . -type f -exec sha256sum -z -- {} +
"""
_READ = """
cat -- "$folder/$releases/$release/$path"
"""


@dataclass(frozen=True, kw_only=True)
class RsyncOptions(Options):
    """
    Where the server is, how to get in, and the link that its web server serves.

    *compress*: text is there compressed, too.
    """

    host: str = required("name@www.mittwochspost.example")
    path: str = required("www/mittwochspost")
    port: int = 0
    identity: str = ""
    known_hosts: str = ""
    compress: bool = False


class Rsync(Target):
    """A link on a server."""

    name: ClassVar[str] = "rsync"
    options_class: ClassVar[type[Options]] = RsyncOptions
    secrets: ClassVar[str] = (
        "angemeldet wird mit einem Schlüssel von ssh, den Sie mit ssh-copy-id hinterlegen."
    )
    options: RsyncOptions

    def __init__(self, given: Mapping[str, Any], base: Path) -> None:
        super().__init__(given, base)
        host, path = self.options.host, self.options.path.rstrip("/").removeprefix("~/")
        if not HOST.fullmatch(host):
            raise DeployError(
                f"DEPLOY: host ist {host!r} – schreiben Sie den Namen des Servers, zum Beispiel "
                "„name@www.mittwochspost.example“."
            )
        folder, slash, name = path.rpartition("/")
        if name in ("", ".", "..", "~") or not path.isprintable():
            raise DeployError(
                f"DEPLOY: path ist {self.options.path!r} – nennen Sie einen Ordner auf dem Server, "
                "zum Beispiel „www/mittwochspost“."
            )
        self.place = f"{host}:{path}"
        self.is_packed = self.options.compress
        self._names = {
            "folder": folder or slash or ".",
            "link": name,
            "new": f".{name}.neu",
            "releases": f".{name}-releases",
        }
        self._server = Server(
            host, self.options.port, self._file("identity"), self._file("known_hosts")
        )
        #: What is on the server, once that is known: the releases, and what was left incomplete.
        self._here: list[Release] | None = None
        self._left: list[str] = []
        self._is_pruned = False

    def _file(self, option: str) -> str:
        """Return the path of a file on this machine that an option names."""
        given: str = getattr(self.options, option)
        file = self.base / Path(given).expanduser()
        if given and not file.is_file():
            raise DeployError(f"DEPLOY: {option} ist {given!r}, und diese Datei gibt es nicht.")
        return str(file) if given else ""

    def _run(self, script: str, **values: str) -> bytes:
        return self._server.run(script, **self._names, **values)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Clear up and look around; every step takes the lock for itself."""
        self._look(_PREPARE + _LIST)
        yield

    def _look(self, script: str) -> list[Release]:
        live, *names = self._run(script).decode("utf-8", "replace").splitlines() or [""]
        self._left = [name for name in names if name.startswith(".teil-")]
        self._here = find_releases(names, live.removeprefix(f"{self._names['releases']}/"))
        return self._here

    def releases(self) -> list[Release]:
        """Return the folders that are releases, as they were when they were looked for."""
        return self._look(_LIST) if self._here is None else self._here

    def _live(self) -> str:
        return next((release.id for release in self.releases() if release.is_live), "")

    def sizes(self) -> Mapping[str, Size]:
        """Let the server measure the releases."""
        names = " ".join(release.id for release in self.releases())
        lines = self._run(_SIZES, names=names).decode().splitlines()
        rows = (line.split() for line in lines)
        return {name: Size(int(pages), int(files), int(size)) for name, pages, files, size in rows}

    def manifest(self, release: str) -> Manifest:
        """Let the server hash a release."""
        lines = self._run(_SUMS, release=release).decode("utf-8", "replace").split("\0")
        pairs = (line.split("  ./", 1) for line in lines if line)
        return Manifest(dict(sorted((path, digest) for digest, path in pairs)))

    def read(self, release: str, path: str) -> bytes:
        """Read a file of a release."""
        return self._run(_READ, release=release, path=path)

    def add(self, release: str, built: Built, site: Manifest, progress: Progress) -> None:
        """Bring what neither the live release nor an interrupted deployment has."""
        progress(f"Übertragen zu {self.options.host}")
        live = self._live()
        partial = f".teil-{Release(release).digest}"
        places = [live, *(left for left in self._left if left != partial)] if live else self._left
        finished = run(
            [
                *("rsync", "--recursive", "--perms", "--chmod=D755,F644", "--copy-links"),
                *("--checksum", "--delete", "--compress", "--protect-args", "--timeout=60"),
                *(f"--link-dest=../{place}" for place in places),
                *("--rsh", shlex.join(self._server.command)),
                *("--rsync-path", f"flock -w {_PATIENCE_S} {shlex.quote(self._releases)} rsync"),
                *(f"{folder}/" for folder in built.folders),
                f"{self.options.host}:{self._releases}/{partial}/",
            ]
        )
        if finished.status:
            raise self._server.error(finished)

    @property
    def _releases(self) -> str:
        folder = self._names["folder"].rstrip("/")
        return f"{folder}/{self._names['releases']}"

    def switch(self, release: str, progress: Progress) -> str:
        """Give the release its name and replace the link, each in one step; delete old ones."""
        here = find_releases({release, *(old.id for old in self.releases())}, release)
        self._run(
            # Readers are served already; what cannot be deleted now is the next deployment's.
            f"{_SWITCH}({_PRUNE}) || true",
            release=release,
            partial=f".teil-{Release(release).digest}",
            olds=self._olds(here),
        )
        self._here, self._is_pruned = here, True
        return ""

    def _olds(self, here: list[Release]) -> str:
        return " ".join(release.id for release in superfluous(here, self.options.keep))

    def prune(self) -> None:
        """Delete old releases and what interrupted deployments left, unless `switch` has."""
        if not self._is_pruned:
            self._run(_PRUNE, olds=self._olds(self.releases()))
