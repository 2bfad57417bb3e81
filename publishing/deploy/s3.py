"""
The target „s3“: the files of the site as objects of an S3 store, which serves them itself or by a CDN.

A store cannot switch a whole site in one step. So every release lies complete in the store first,
under names made from its contents (.mittwochspost/inhalte/…), and is then copied into place within the
store: what pages need, new pages, changed pages, entry pages; what is gone is deleted after that, pages
at once and other files after a grace time. No page points to a file that is not there, at any moment.
Going back to an earlier release sends nothing. The ledger keeps two deployments from mixing.

Options: ``bucket``, ``prefix``, ``endpoint`` (of any store but Amazon's), ``region``, ``keep``,
``grace_minutes``, ``compress`` (True: text is stored as gzip), ``invalidate`` (a command that tells a CDN what has changed; {paths} stands for
the addresses). The keys come from where boto3 looks for them: AWS_ACCESS_KEY_ID and
AWS_SECRET_ACCESS_KEY, or a profile outside the project.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import json
import re
import shlex
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, ClassVar

from plugins.aliases import core as aliases
from plugins.german.core import number as in_german
from publishing.deploy.built import Built
from publishing.deploy.ledger import Ledger
from publishing.deploy.lock import held
from publishing.deploy.objects import Body, headers, stage
from publishing.deploy.objects import bodies as objects_of
from publishing.deploy.options import Options, number, required
from publishing.deploy.result import DeployError
from publishing.deploy.store import PARALLEL, MissingError, Store
from publishing.deploy.target import Progress, Target, superfluous
from publishing.release import (
    Manifest,
    Release,
    Size,
    address,
    find_releases,
    is_page,
    measure,
)

_OURS = ".mittwochspost/"
#: A CDN is told single addresses up to that number, and everything beyond it.
_MOST_PATHS = 100
#: Seconds that its command may take; the lease has to last.
_CDN_S = 40.0
_TICK_S = 5.0


@dataclass(frozen=True, kw_only=True)
class S3Options(Options):
    """Where the objects go, and what a CDN in front has to be told."""

    bucket: str = required("mittwochspost")
    prefix: str = ""
    endpoint: str = ""
    region: str = ""
    grace_minutes: int = number(60, least=0)
    compress: bool = True
    invalidate: str = ""


class S3(Target):
    """Objects in a store."""

    name: ClassVar[str] = "s3"
    options_class: ClassVar[type[Options]] = S3Options
    variables: ClassVar[tuple[str, ...]] = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    secrets: ClassVar[str] = (
        "die Schlüssel stehen in den Umgebungsvariablen AWS_ACCESS_KEY_ID und "
        "AWS_SECRET_ACCESS_KEY."
    )
    options: S3Options

    def __init__(self, given: Mapping[str, Any], base: Path) -> None:
        super().__init__(given, base)
        bucket, endpoint = self.options.bucket, self.options.endpoint
        if endpoint and not re.fullmatch(r"https?://[\w.:\[\]-]+/?", endpoint):
            raise DeployError(
                f"DEPLOY: endpoint ist {endpoint!r} – schreiben Sie die Adresse des Speichers, "
                "zum Beispiel „https://s3.mittwochspost.example“."
            )
        if importlib.util.find_spec("boto3") is None:
            raise DeployError(
                "Für das Ziel „s3“ fehlt boto3 – installieren Sie es mit: "
                ".venv/bin/pip install --require-hashes -r requirements-s3.txt"
            )
        self._prefix = f"{self.options.prefix.strip('/')}/".lstrip("/")
        self.place = f"s3://{bucket}/{self._prefix}"
        self._store = Store(bucket, endpoint, self.options.region)
        self._ledger = Ledger(self._store, f"{self._prefix}{_OURS}ausgaben.json")
        key = hashlib.sha256(f"{endpoint}\0{self.place}".encode()).hexdigest()[:16]
        self._folder = self.cache / f"s3-{key}"
        self._is_read = False
        self._records: dict[str, dict[str, Any]] = {}
        #: Releases that the ledger does not name any more, and whose contents are still there.
        self._dropped: list[str] = []

    # --- Looking -----------------------------------------------------------------------------------

    @property
    def is_mixed(self) -> bool:
        """Whether readers may see parts of several releases, because a switch did not end."""
        return bool(self._ledger.state.pending)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the store by our name in the ledger, and by a lock on this machine."""
        with held(self._folder, self.place):
            self._store.connect()
            self._ledger.claim()
            self._is_read = True
            try:
                yield
            except BaseException:
                with suppress(DeployError):
                    self._ledger.release(is_untidy=True)
                raise
            self._ledger.release(is_untidy=bool(self._dropped))

    def releases(self) -> list[Release]:
        """Return what the ledger says."""
        if not self._is_read:
            self._store.connect()
            self._ledger.read()
            self._is_read = True
        return find_releases(self._ledger.state.releases, self._ledger.state.live)

    def sizes(self) -> Mapping[str, Size]:
        """Return what the ledger says."""
        return {name: Size(*size) for name, size in self._ledger.state.releases.items()}

    def manifest(self, release: str) -> Manifest:
        """Return the manifest of a release."""
        return Manifest(self._record(release)["files"])

    def _record(self, release: str) -> dict[str, Any]:
        """Return what a release is made of."""
        record = self._stored(release)
        base = record.get("on")
        if not base:
            return record
        files = {**self._stored(base)["files"], **record["files"]}
        return {**record, "files": {path: digest for path, digest in files.items() if digest}}

    def _stored(self, release: str) -> dict[str, Any]:
        """Return the record of a release as it was stored; it never changes, so a copy is kept here."""
        if release not in self._records:
            try:
                data = (self._folder / f"{release}.json.gz").read_bytes()
                self._records[release] = json.loads(gzip.decompress(data))
            except (OSError, EOFError, ValueError):
                data = self._store.get(self._key_of(release)).data
                self._records[release] = json.loads(gzip.decompress(data))
                self._keep(release, data)
        return self._records[release]

    def base_of(self, release: str) -> str:
        """Return the release by whose record that of *release* says what differs; "" if it says all."""
        try:
            base: str = self._stored(release).get("on", "")
        except MissingError:
            return ""
        return base

    def _shortened(self, record: dict[str, Any]) -> dict[str, Any]:
        """
        Return *record* with only those files that an earlier one has not; without digest, those that are gone.

        Of thousands of files, the digests are as much to send as all that a new post changes.
        """
        state = self._ledger.state
        # Not there: contents were missing, and all of them are to be brought again.
        base = (self.base_of(state.live) or state.live) if state.live in state.releases else ""
        try:
            before = self._stored(base)["files"] if base else {}
        except MissingError:
            return record
        files: dict[str, str] = record["files"]
        less = {path: digest for path, digest in files.items() if before.get(path) != digest}
        less |= dict.fromkeys(before.keys() - files.keys(), "")
        return {**record, "on": base, "files": less} if 2 * len(less) < len(files) else record

    def _keep(self, release: str, data: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        new = self._folder / f"{release}.neu"
        new.write_bytes(data)
        new.replace(self._folder / f"{release}.json.gz")

    def _key_of(self, release: str) -> str:
        return f"{self._prefix}{_OURS}ausgaben/{release}.json.gz"

    def _content_key(self, name: str) -> str:
        return f"{self._prefix}{_OURS}inhalte/{name}"

    def bodies(self, release: str) -> dict[str, Body]:
        """Return the objects of a release; one that is not there any more has none."""
        try:
            if not release:
                return {}
            return objects_of(self.manifest(release), self._record(release)["compress"])
        except MissingError:
            return {}

    def _contents(self, releases: Iterable[str]) -> set[str]:
        return {body.name for release in releases for body in self.bodies(release).values()}

    def read(self, release: str, path: str) -> bytes:
        """Read a file of a release."""
        body = self.bodies(release)[path]
        data = self._store.get(self._content_key(body.name)).data
        return gzip.decompress(data) if body.encoding else data

    # --- Changing ----------------------------------------------------------------------------------

    def add(self, release: str, built: Built, site: Manifest, progress: Progress) -> None:
        """Bring the contents that no release has yet."""
        record = {
            "compress": self.options.compress,
            "files": dict(site.files),
            "redirects": _redirects(built, site),
        }
        text = json.dumps(self._shortened(record), ensure_ascii=False)
        data = gzip.compress(text.encode(), mtime=0)
        self._store.put(self._key_of(release), data)
        self._keep(release, data)
        here = self._contents(self._ledger.state.releases)
        wanted = {body.name: body for body in self.bodies(release).values()}
        files = {digest: built.file(path) for path, digest in site.files.items()}

        def bring(name: str) -> None:
            self._bring(wanted[name], files[wanted[name].digest])

        self._each(bring, wanted.keys() - here, progress, "Übertragen")
        self._ledger.state.releases[release] = astuple(site.size or measure(built.output))
        # With the next write of the ledger, before anything is switched: one request less than afterwards.
        self._drop_old(release)

    def _drop_old(self, live: str) -> bool:
        """Take out of the ledger what is too old once *live* is live, but nothing that readers may see now."""
        state = self._ledger.state
        old = superfluous(find_releases(state.releases, live), self.options.keep)
        names = {release.id for release in old} - {state.live, *state.pending}
        for name in names:
            del state.releases[name]
        self._dropped += names
        return bool(names)

    def _bring(self, body: Body, file: Path) -> None:
        data = file.read_bytes()
        if hashlib.sha256(data).hexdigest() != body.digest:
            raise DeployError(
                f"{file}: Die Datei hat sich während des Veröffentlichens geändert; die "
                "bisherige Website ist unverändert – rufen Sie den Befehl noch einmal auf."
            )
        if body.is_squeezed:
            data = gzip.compress(data, mtime=0)
        self._store.put(self._content_key(body.name), data)

    def switch(self, release: str, progress: Progress) -> str:
        """Copy what differs into place, in the order of `Stage`, then delete what is gone."""
        state = self._ledger.state
        new, old = self.bodies(release), self.bodies(state.live)
        # Of an interrupted switch, nobody knows how far it came.
        half = [self.bodies(name) for name in state.pending]
        unsure = {
            key for other in half for key in other.keys() | old if other.get(key) != old.get(key)
        }
        changed = [key for key in new if new[key] != old.get(key) or key in unsure]
        gone = set(old).union(*half) - new.keys()
        now = self._ledger.now.timestamp()
        state.pending.append(release)
        state.gone = {key: since for key, since in state.gone.items() if key not in new}
        state.gone |= dict.fromkeys(gone - state.gone.keys(), now)
        self._ledger.write()
        try:
            self._place(release, changed, progress)
            self._delete_gone(now)
        except DeployError as error:
            raise DeployError(
                f"{error} Einige Seiten sind schon die neuen, andere noch die bisherigen; alle sind "
                "vollständig, und die nächste Veröffentlichung bringt sie auf einen Stand."
            ) from error
        note = self._tell_cdn(release, [*changed, *gone])
        # That may have taken long, and we still delete what is too old.
        self._ledger.renew()
        # Written when we let go of the store; whoever succeeds us if we are killed now copies the same once more.
        state.live, state.pending = release, []
        return note

    def _place(self, release: str, keys: list[str], progress: Progress) -> None:
        """Copy objects of a release into place."""
        state, new = self._ledger.state, self.bodies(release)
        goals = self._record(release).get("redirects", {})
        is_sure = state.live and len(state.pending) == 1
        there = self.bodies(state.live).keys() if is_sure else self._there()

        def order(key: str) -> int:
            return stage(key, key not in there)

        def copy(key: str) -> None:
            body = new[key]
            source = self._content_key(body.name)
            self._store.copy(
                source, f"{self._prefix}{key}", **headers(key, body, goals.get(key, ""))
            )

        try:
            for _, group in groupby(sorted(keys, key=order), key=order):
                self._each(copy, list(group), progress, "An ihren Platz bringen")
        except MissingError:
            # Somebody has deleted contents: the next deployment brings everything again.
            self._ledger.state.releases = {}
            raise

    def _there(self) -> set[str]:
        """
        Return the keys that readers can see.

        After an interrupted switch, or without a ledger, only the store knows: a page of that release may be there and be
        linked already, and may then point to a page only when that one is there, too.
        """
        keys = (key.removeprefix(self._prefix) for key in self._store.list(self._prefix))
        return {key for key in keys if not key.startswith(_OURS)}

    def _delete_gone(self, now: float) -> None:
        """Delete pages that are gone, and other files if no open page can need them any more."""
        state, grace_s = self._ledger.state, self.options.grace_minutes * 60
        due = {key for key, since in state.gone.items() if is_page(key) or now - since >= grace_s}
        self._store.delete(f"{self._prefix}{key}" for key in due)
        state.gone = {key: since for key, since in state.gone.items() if key not in due}

    def _tell_cdn(self, release: str, keys: list[str]) -> str:
        """Run the command that makes a CDN forget what has changed; return what went wrong."""
        if not self.options.invalidate or not keys:
            return ""
        paths = sorted(address(key) for key in keys)
        paths = paths if len(paths) <= _MOST_PATHS else ["/*"]
        try:
            words = shlex.split(self.options.invalidate)
            command = [
                part
                for word in words
                for part in (paths if word == "{paths}" else [word.replace("{release}", release)])
            ]
            finished = subprocess.run(
                command, capture_output=True, check=False, cwd=self.base, timeout=_CDN_S
            )
            trouble = f"Status {finished.returncode}" if finished.returncode else ""
        except (OSError, ValueError, subprocess.TimeoutExpired) as error:
            trouble = str(error)
        return trouble and (
            f"Die Website ist veröffentlicht, aber der Befehl bei invalidate ging nicht ({trouble}); "
            "ältere Seiten verschwinden aus dem CDN erst, wenn ihre Zeit um ist."
        )

    def prune(self) -> None:
        """Delete old releases, and the contents that only they had."""
        state = self._ledger.state
        self._delete_gone(self._ledger.now.timestamp())
        # First the ledger: a release that is in it can be gone back to.
        if self._drop_old(state.live):
            self._ledger.write()
        dropped = self._dropped
        if not dropped and not state.is_untidy:
            return
        kept = self._objects(state.releases)
        if state.is_untidy:
            everything = self._store.list(f"{self._prefix}{_OURS}")
            rubbish = set(everything) - {f"{self._prefix}{_OURS}ausgaben.json"} - kept
        else:
            rubbish = self._objects(dropped) - kept
        self._store.delete(rubbish)
        self._dropped, state.is_untidy = [], False
        for copy in self._folder.glob("*.json.gz"):
            if self._key_of(copy.name.removesuffix(".json.gz")) not in kept:
                copy.unlink()

    def _objects(self, releases: Iterable[str]) -> set[str]:
        """Return the keys of all contents and records that these releases need."""
        names = set(releases)
        records = names | {base for name in names if (base := self.base_of(name))}
        found = {self._key_of(name) for name in records}
        return found | {self._content_key(name) for name in self._contents(names)}

    def _each(
        self, work: Callable[[str], None], items: Iterable[str], progress: Progress, what: str
    ) -> None:
        """Do the work for all items, several at a time, and keep the lease meanwhile."""

        def checked(item: str) -> None:
            self._ledger.check_lease()
            work(item)

        with ThreadPoolExecutor(PARALLEL) as pool:
            waiting = {pool.submit(checked, item) for item in items}
            count, done = len(waiting), 0
            try:
                while waiting:
                    finished, waiting = wait(waiting, _TICK_S, FIRST_COMPLETED)
                    for future in finished:
                        future.result()
                    done += len(finished)
                    progress(f"{what}: {in_german(done)} von {in_german(count)}")
                    self._ledger.renew()
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise


def _redirects(built: Built, site: Manifest) -> dict[str, str]:
    """Return the pages of old addresses, and where they lead."""
    if aliases.RULES not in site.files:
        return {}
    goals = aliases.parse_rules(built.file(aliases.RULES).read_text("utf-8"))
    return {key: goal for old, goal in goals.items() if (key := aliases.page_file(old))}
