"""
The target „git“: one commit for each release on a branch that a forge serves as a website.

The branch moves only forward, by one push for each release: that is one step for readers, and the
forge refuses it if somebody else was faster. Going back is a new commit with an old tree. All
releases stay, as far as git's history goes. The author's working copy is never touched: trees are made
in a repository of our own in .cache/deploy/.
Options: ``remote`` ("origin" of the author's repository, or an address), ``branch`` ("pages"),
``cname`` (the site's host name, for forges that want it in a file CNAME).
A token for https comes from the environment variable DEPLOY_GIT_TOKEN.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from publishing.deploy.built import Built
from publishing.deploy.lock import held
from publishing.deploy.options import Options
from publishing.deploy.process import Finished, last_line, run
from publishing.deploy.result import DeployError
from publishing.deploy.target import Progress, Target
from publishing.release import Manifest, Release, Size, find_releases, is_release, size_of

TOKEN = "DEPLOY_GIT_TOKEN"
#: How many commits are looked at; older ones stay on the branch.
_DEPTH = 50
_BRANCH = re.compile(r"(?!-)[\w.-]+(?:/[\w.-]+)*")
_PASSWORD = re.compile(r"https?://[^/@]*:[^/@]+@")
_DAMAGE = re.compile(r"corrupt|bad object|unable to read|missing blob|not a git repository", re.I)
_REF = "refs/heads/live"


@dataclass(frozen=True, kw_only=True)
class GitOptions(Options):
    """Where the branch is."""

    remote: str = "origin"
    branch: str = "pages"
    cname: str = ""


class Git(Target):
    """A branch on a forge."""

    name: ClassVar[str] = "git"
    options_class: ClassVar[type[Options]] = GitOptions
    variables: ClassVar[tuple[str, ...]] = (TOKEN,)
    secrets: ClassVar[str] = f"ein Token für https steht in der Umgebungsvariablen {TOKEN}."
    options: GitOptions

    def __init__(self, given: Mapping[str, Any], base: Path) -> None:
        super().__init__(given, base)
        remote, branch = self.options.remote, self.options.branch
        if not _BRANCH.fullmatch(branch):
            raise DeployError(f"DEPLOY: branch ist {branch!r} – schreiben Sie zum Beispiel pages.")
        if _PASSWORD.match(remote):
            raise DeployError(
                "DEPLOY: In remote steht ein Kennwort; es gehört nicht in eine Datei, die andere "
                f"lesen können – löschen Sie es dort; {self.secrets}"
            )
        if remote.startswith("-") or not remote.isprintable():
            raise DeployError(f"DEPLOY: remote ist {remote!r} – nennen Sie eine Adresse.")
        self.place = f"{remote}:{branch}"
        key = hashlib.sha256(f"{remote}\0{branch}".encode()).hexdigest()[:16]
        self._repository = self.cache / f"git-{key}" / "repository"
        self._lock: int | None = None
        #: The trees of releases, once they are known.
        self._trees: dict[str, str] = {}
        self._tip = self._live = ""
        self._is_fetched = False

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold our own repository; the forge itself takes care that nobody is overrun."""
        # The lock is on the folder around it, because a damaged repository is deleted.
        with held(self._repository.parent, self.place) as self._lock:
            # Every git that we start holds the lock, too: whoever has locked a file is no more.
            for left in self._repository.rglob("*.lock"):
                left.unlink()
            self._fetch()
            yield
        self._lock = None

    def _fetch(self, is_repaired: bool = False) -> None:
        """Get the branch, and find the releases on it."""
        self._repository.mkdir(parents=True, exist_ok=True)
        self._git("init", "--quiet", "--bare")
        wanted = f"+refs/heads/{self.options.branch}:{_REF}"
        fetched = self._try(
            *("fetch", "--quiet", "--no-tags", f"--depth={_DEPTH}", "--no-auto-gc"),
            *(self._address, wanted),
        )
        if fetched.status == 0:
            log = self._git("log", "--first-parent", "--format=%H %T %s", f"-{_DEPTH}", _REF)
            rows = [line.split(" ", 2) for line in log.decode("utf-8", "replace").splitlines()]
            self._tip = rows[0][0]
            self._trees = {
                subject: tree for _, tree, subject in reversed(rows) if is_release(subject)
            }
            self._live = rows[0][2]
        elif "couldn't find remote ref" in fetched.err:
            self._tip, self._live = "", ""
        elif _DAMAGE.search(fetched.err) and not is_repaired:
            shutil.rmtree(self._repository)
            self._fetch(is_repaired=True)
        else:
            raise self._error(fetched.err)
        self._is_fetched = True

    @functools.cached_property
    def _address(self) -> str:
        """Return the address of the remote; a plain name is one of the author's repository."""
        remote = self.options.remote
        if "/" not in remote and ":" not in remote:
            asked = run(["git", "-C", str(self.base), "remote", "get-url", remote])
            if asked.status:
                raise DeployError(
                    f"DEPLOY: remote ist {remote!r}, aber so heißt kein entferntes Repositorium – "
                    "git remote -v zeigt, welche es gibt; sonst schreiben Sie die Adresse."
                )
            remote = asked.out.decode().strip()
        is_address = ":" in remote or Path(remote).is_absolute()
        return remote if is_address else str(self.base / remote)

    def releases(self) -> list[Release]:
        """Return the releases on the branch."""
        if not self._is_fetched:
            with self.locked():
                pass
        return find_releases(self._trees, self._live)

    def sizes(self) -> Mapping[str, Size]:
        """Ask git."""
        return {release: size_of(self._listing(tree)) for release, tree in self._trees.items()}

    def _listing(self, tree: str) -> Iterator[tuple[str, int]]:
        listing = self._git("ls-tree", "-r", "-l", "-z", tree).decode("utf-8", "replace")
        for line in filter(None, listing.split("\0")):
            entry, _, path = line.partition("\t")
            if path not in self._ours:
                yield path, int(entry.split()[3])

    @property
    def _ours(self) -> dict[str, bytes]:
        """Files for the forge that are in no built site."""
        name = f"{self.options.cname}\n".encode()
        return {".nojekyll": b"", **({"CNAME": name} if self.options.cname else {})}

    def manifest(self, release: str) -> Manifest:
        """Read the files of a release and hash them."""
        tree = self._trees[release]
        paths = [path for path, _ in self._listing(tree)]
        asked = "".join(f"{tree}:{path}\n" for path in paths).encode()
        answer = self._git("cat-file", "--batch", data=asked)
        digests, start = {}, 0
        for path in paths:
            end = answer.index(b"\n", start)
            size = int(answer[start:end].split()[2])
            digests[path] = hashlib.sha256(answer[end + 1 : end + 1 + size]).hexdigest()
            start = end + size + 2
        return Manifest(dict(sorted(digests.items())))

    def read(self, release: str, path: str) -> bytes:
        """Read a file of a release."""
        return self._git("cat-file", "blob", f"{self._trees[release]}:{path}")

    def add(self, release: str, built: Built, site: Manifest, progress: Progress) -> None:
        """Make the tree of a release, without a working copy."""
        names = [*site.files]
        listing = "".join(f"{built.file(name).absolute()}\n" for name in names).encode()
        hashed = self._git("hash-object", "-w", "--no-filters", "--stdin-paths", data=listing)
        blobs = dict(zip(names, hashed.decode().split(), strict=True))
        for name, content in self._ours.items():
            if name not in blobs:
                stored = self._git("hash-object", "-w", "--stdin", data=content)
                blobs[name] = stored.decode().strip()
        index = self._repository / "deploy-index"
        index.unlink(missing_ok=True)
        entries = "".join(f"100644 {blob}\t{name}\0" for name, blob in blobs.items()).encode()
        self._git("update-index", "-z", "--index-info", data=entries, index=index)
        self._trees[release] = self._git("write-tree", index=index).decode().strip()
        index.unlink()

    def switch(self, release: str, progress: Progress) -> str:
        """Commit the tree of a release and push it, if the branch is still where we saw it."""
        progress("Übertragen mit git")
        parents = ["-p", self._tip] if self._tip else []
        commit = self._git("commit-tree", self._trees[release], *parents, "-m", release)
        tip = commit.decode().strip()
        pushed = self._try(
            *("push", "--quiet", "--no-verify", self._address),
            f"{tip}:refs/heads/{self.options.branch}",
        )
        if pushed.status:
            raise self._error(pushed.err)
        self._git("update-ref", _REF, tip)
        self._tip, self._live = tip, release
        return ""

    def prune(self) -> None:
        """Let git tidy up our own repository; the branch keeps its history."""
        self._git("-c", "gc.autoDetach=false", "gc", "--auto", "--quiet")

    def _git(self, *arguments: str, data: bytes = b"", index: Path | None = None) -> bytes:
        """
        Return what git prints; all that can fail here is our own repository.

        Raises:
            DeployError: It is damaged; it is deleted then, and the next deployment makes another.
        """
        finished = self._try(*arguments, data=data, index=index)
        if finished.status:
            shutil.rmtree(self._repository, ignore_errors=True)
            raise DeployError(
                f"git meldet „{last_line(finished.err)}“; die bisherige Website ist unverändert – "
                "rufen Sie den Befehl noch einmal auf."
            )
        return finished.out

    def _try(self, *arguments: str, data: bytes = b"", index: Path | None = None) -> Finished:
        command = ["git", "--git-dir", str(self._repository), *arguments]
        return run(command, data, self._environment(index), self._lock)

    def _environment(self, index: Path | None) -> dict[str, str]:
        """Return variables by which git asks nobody, trusts no unknown host and names nobody."""
        ssh = (
            "ssh -oBatchMode=yes -oStrictHostKeyChecking=yes -oConnectTimeout=15 "
            "-oServerAliveInterval=10 -oServerAliveCountMax=3"
        )
        who = {"NAME": "Mittwochspost", "EMAIL": "mittwochspost@localhost"}
        return {
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_SSH_COMMAND": os.environ.get("GIT_SSH_COMMAND", ssh),
            **{f"GIT_{role}_{key}": who[key] for role in ("AUTHOR", "COMMITTER") for key in who},
            **({"GIT_INDEX_FILE": str(index)} if index else {}),
            **(self._login() if os.environ.get(TOKEN) else {}),
        }

    def _login(self) -> dict[str, str]:
        """Return the token for git: in the environment, because everybody can read arguments."""
        login = base64.b64encode(f"x-access-token:{os.environ[TOKEN]}".encode()).decode()
        count = int(os.environ.get("GIT_CONFIG_COUNT", "0"))
        return {
            "GIT_CONFIG_COUNT": f"{count + 1}",
            f"GIT_CONFIG_KEY_{count}": f"http.{self._address}.extraHeader",
            f"GIT_CONFIG_VALUE_{count}": f"Authorization: Basic {login}",
        }

    def _error(self, text: str) -> DeployError:
        """Return what went wrong between us and the forge, in German."""
        return DeployError(
            f"{self.options.remote}: {_explanation(text)}; die bisherige Website ist unverändert."
        )


def _explanation(text: str) -> str:
    if "Host key verification failed" in text or "host key is known" in text:
        return (
            "Der Schlüssel des Servers ist nicht bekannt oder ein anderer als bisher – vergleichen "
            "Sie ihn mit dem, den Ihr Anbieter nennt, und melden Sie sich einmal von Hand mit ssh an"
        )
    if "fetch first" in text or "non-fast-forward" in text or "cannot lock ref" in text:
        return "Eine andere Veröffentlichung kam dazwischen – rufen Sie den Befehl noch einmal auf"
    refused = ("Authentication failed", "could not read Username", "Permission denied (", " 403")
    if any(sign in text for sign in refused):
        return (
            "Der Anbieter lässt Sie nicht hinein – hinterlegen Sie Ihren Schlüssel dort, oder "
            f"setzen Sie die Umgebungsvariable {TOKEN}"
        )
    if "Could not resolve host" in text or "unable to access" in text or "Connection " in text:
        return "Der Server ist nicht zu erreichen – prüfen Sie remote in DEPLOY und Ihre Verbindung"
    if "not appear to be a git repository" in text or "not found" in text:
        return "Dieses Repositorium gibt es nicht – prüfen Sie remote in DEPLOY"
    if "protected branch" in text or "pre-receive hook declined" in text:
        return "Der Anbieter schützt diesen Branch – erlauben Sie dort, ihn zu ändern"
    if "No space left" in text or "quota" in text.lower():
        return "Dort ist kein Platz mehr – räumen Sie auf"
    return f"git meldet „{last_line(text)}“"
