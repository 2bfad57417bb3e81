"""A comment service under load: real processes on loopback, and many writers at once."""

from __future__ import annotations

import asyncio
import html
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

PROJECT = Path(__file__).resolve().parent.parent
PAGE = "/blog/was-netzwerken-ist/"
#: From so many networks the comments come whose speed is measured.
READERS = 1000
_TOKEN = re.compile(rb'name="token" value="([^"]+)"')
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
_LOCATION = re.compile(rb"\r\nlocation: ([^\r]+)", re.IGNORECASE)


class LoadError(Exception):
    """The service does not do what it must."""


class Service:
    """The comment service on a free port, with data and a site in a folder of its own."""

    def __init__(
        self,
        folder: Path,
        *,
        processes: int = 1,
        threads: int = 1,
        database: str = "",
        **environment: str,
    ) -> None:
        self.folder = folder
        self.port = free_port()
        self.processes, self.threads = processes, threads
        self.log = folder / "service.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.environment = {
            **{k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"},
            "COMMENTS_DATA": str(folder / "data"),
            "COMMENTS_SITE": str(folder / "site"),
            "COMMENTS_ORIGIN": f"http://127.0.0.1:{self.port}",
            "COMMENTS_EXPORT_TOKEN": "geheim",
            # We are the front server, too, and say for whom we ask.
            "COMMENTS_PROXY": "127.0.0.1",
            # What is measured is the service, not how well it defends itself against us.
            "COMMENTS_READING_S": "0",
            "COMMENTS_PER_PAGE": "0",
            "COMMENTS_PER_NETWORK": "0",
            "DATABASE_URL": database,
            **environment,
        }
        index = folder / "site" / "blog" / "index.json"
        index.parent.mkdir(parents=True, exist_ok=True)
        posts = [{"url": PAGE, "title": "Was Netzwerken ist", "comments": "open"}]
        index.write_text(json.dumps({"site": "Messung", "posts": posts}), "utf-8")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
            *("--port", str(self.port), "--workers", str(self.processes), "--no-ws"),
            *("--blocking-threads", str(self.threads), "--log-level", "warning"),
            "comment_service.wsgi:application",
        ]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=PROJECT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_for(self._process, self.port, self.log)

    def kill(self) -> None:
        """End all its processes at once, as kill -9 and a power cut do."""
        assert self._process is not None
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def run(self, code: str) -> str:
        """Run Python *code* with the service's database; return what it prints."""
        setup = "from comment_service.moderation import setup; setup()\n"
        result = subprocess.run(
            [sys.executable, "-c", setup + code],
            cwd=PROJECT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            raise LoadError(result.stderr)
        return result.stdout

    def kept(self) -> dict[str, str]:
        """Return the text of every comment by its id."""
        code = (
            "import json; from comment_service.comments.models import Comment\n"
            "print(json.dumps(dict(Comment.objects.values_list('id', 'text'))))"
        )
        found: dict[str, str] = json.loads(self.run(code))
        return found

    def fill(self, count: int) -> None:
        """Put so many comments into the database, which is new (see `comment_rows`)."""
        self.run(f"from bench import comment_rows; comment_rows.fill({count}, {PAGE!r})")


@contextmanager
def service(
    *, processes: int = 1, threads: int = 1, database: str = "", **environment: str
) -> Iterator[Service]:
    """Run a new service until the block ends; nothing of it stays."""
    with tempfile.TemporaryDirectory(prefix="kommentare-") as folder:
        running = Service(
            Path(folder), processes=processes, threads=threads, database=database, **environment
        )
        running.start()
        try:
            yield running
        finally:
            running.kill()


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """
    Return when *process* takes connections on *port*.

    Raises:
        LoadError: It does not; the message has its *log*.
    """
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise LoadError(f"the service does not start:\n{log.read_text('utf-8', 'replace')}")


# -- Writers ----------------------------------------------------------------------------------------


@dataclass
class Connection:
    """One browser's connection; as cheap as can be, for it shares the cores with the service."""

    port: int
    #: Whose request it is, as a front server would say; each reader has another one.
    reader: str = "192.0.2.1"
    _reader: asyncio.StreamReader | None = None
    _writer: asyncio.StreamWriter | None = None

    async def post(self, path: str, values: dict[str, str]) -> tuple[int, bytes, bytes]:
        """Return status, head and body of the answer to a form."""
        kind = "application/x-www-form-urlencoded"
        return await self.post_body(path, urlencode(values).encode(), kind)

    async def post_body(self, path: str, body: bytes, kind: str) -> tuple[int, bytes, bytes]:
        """Return status, head and body of the answer to any content."""
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"X-Forwarded-For: {self.reader}\r\nSec-Fetch-Site: same-origin\r\n"
            f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return await self._ask(head.encode() + body)

    async def get(self, path: str, **headers: str) -> tuple[int, bytes, bytes]:
        """Return status, head and body of a page."""
        lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{lines}\r\n"
        return await self._ask(head.encode())

    async def _ask(self, request: bytes) -> tuple[int, bytes, bytes]:
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(
                "127.0.0.1", self.port, limit=1 << 26
            )
        assert self._reader is not None
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        body = await self._reader.readexactly(int(length[1])) if length else b""
        return int(head[9:12]), head, body

    async def preview(self, text: str) -> str:
        """Return the token of the preview, which must show *text* and nobody else's."""
        values = {"page": PAGE, "name": f"Name {text[-40:]}", "text": text}
        status, _, body = await self.post("/kommentare/vorschau/", values)
        token = _TOKEN.search(body)
        if status != 200 or token is None:
            raise LoadError(f"preview: {status}")
        if f"{text}</textarea>" not in html.unescape(body.decode()):
            raise LoadError("a preview shows another reader's comment")
        return token[1].decode()

    async def send(self, token: str) -> str:
        """Return the id of the comment that the answer's link to withdraw is for."""
        status, head, _ = await self.post("/kommentare/senden/", {"token": token})
        location = _LOCATION.search(head)
        if status != 303 or location is None:
            raise LoadError(f"send: {status}")
        link = parse_qs(urlsplit(location[1].decode()).query)["link"][0]
        return link.partition(".")[0]

    def close(self) -> None:
        """Hang up."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


async def each(
    port: int, items: list[str], connections: int, work: Callable[[Connection, str], Awaitable[str]]
) -> list[str]:
    """Do *work* for each of *items* over so many connections; return the results in order."""
    waiting = iter(enumerate(items))
    results = [""] * len(items)

    async def worker() -> None:
        connection = Connection(port)
        try:
            for index, item in waiting:
                results[index] = await work(connection, item)
        finally:
            connection.close()

    await asyncio.gather(*(worker() for _ in range(connections)))
    return results


@dataclass
class Rate:
    """What a run came to."""

    count: int
    seconds: float
    times_ms: list[float] = field(repr=False)

    @property
    def per_s(self) -> float:
        """How many in a second."""
        return self.count / self.seconds

    def percentile(self, percent: float) -> float:
        """Return the time in ms within which so many percent were answered."""
        ordered = sorted(self.times_ms)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def measure_writes(port: int, texts: list[str], connections: int) -> Rate:
    """Preview *texts*, then send them all as fast as goes; only the sending is measured."""
    tokens = asyncio.run(each(port, texts, min(connections, 10), Connection.preview))
    return measure(port, tokens, connections, Connection.send)


def measure(
    port: int, items: list[str], connections: int, send: Callable[[Connection, str], Awaitable[str]]
) -> Rate:
    """*send* all as fast as goes, from `READERS` addresses, one after the other."""
    times: list[float] = []
    readers = cycle(f"10.0.{number // 250}.{number % 250}" for number in range(READERS))

    async def timed(connection: Connection, item: str) -> str:
        connection.reader = next(readers)
        begin = time.perf_counter()
        try:
            return await send(connection, item)
        finally:
            times.append((time.perf_counter() - begin) * 1000)

    begin = time.perf_counter()
    asyncio.run(each(port, items, connections, timed))
    return Rate(len(items), time.perf_counter() - begin, times)


def check_own(service: Service, count: int, connections: int) -> None:
    """
    Let *count* readers write at once; each answer must be about her own comment.

    Raises:
        LoadError: One was not, or a comment is missing or too many.
    """
    texts = [f"Kommentar Nummer {number}." for number in range(count)]

    async def write(connection: Connection, text: str) -> str:
        return await connection.send(await connection.preview(text))

    ids = asyncio.run(each(service.port, texts, connections, write))
    if service.kept() != dict(zip(ids, texts, strict=True)):
        raise LoadError("an answer was about another reader's comment, or one was lost")


# -- Crashes ----------------------------------------------------------------------------------------


def survive_kills(
    running: Service,
    kills: int,
    *,
    writers: int = 10,
    crash: Callable[[], None] | None = None,
    crash_every: int = 3,
) -> int:
    """
    Kill the service again and again amid *writers*; return how many comments were acknowledged.

    *crash*: what else is to break down and come up again, not at each kill (the database server).

    Raises:
        LoadError: One that was acknowledged is not there.
    """
    acknowledged: dict[str, str] = {}

    def kill(number: int) -> None:
        running.kill()
        if crash is not None and number % crash_every == crash_every - 1:
            crash()
        running.start()

    asyncio.run(_kill_amid(running.port, kills, writers, kill, acknowledged))
    compare(running, acknowledged)
    return len(acknowledged)


def compare(running: Service, acknowledged: dict[str, str]) -> None:
    """
    See that every comment that was acknowledged (id → text) is there.

    Raises:
        LoadError: One is not.
    """
    kept = running.kept()
    lost = [text for number, text in acknowledged.items() if kept.get(number) != text]
    if lost:
        raise LoadError(f"{len(lost)} of {len(acknowledged)} acknowledged comments are lost")


async def _kill_amid(
    port: int,
    kills: int,
    writers: int,
    kill: Callable[[int], None],
    acknowledged: dict[str, str],
) -> None:
    is_over = asyncio.Event()

    async def write(writer: int) -> None:
        connection = Connection(port)
        number = 0
        while not is_over.is_set():
            number += 1
            text = f"Schreiber {writer}, Kommentar {number}."
            try:
                token = await connection.preview(text)
                acknowledged[await connection.send(token)] = text
            except (OSError, asyncio.IncompleteReadError, LoadError):
                connection.close()
                await asyncio.sleep(0.02)
        connection.close()

    tasks = [asyncio.create_task(write(writer)) for writer in range(writers)]
    try:
        for number in range(kills):
            known = len(acknowledged)
            # Until the writers are in full swing again, at moments that differ.
            await _grown(acknowledged, known + writers)
            await asyncio.sleep(0.01 * (number % 7))
            await asyncio.to_thread(kill, number)
    finally:
        is_over.set()
        await asyncio.gather(*tasks)


async def _grown(acknowledged: dict[str, str], size: int, timeout_s: float = 60) -> None:
    """Return when more than *size* comments have been acknowledged."""
    deadline = time.monotonic() + timeout_s
    while len(acknowledged) <= size:
        if time.monotonic() > deadline:
            raise LoadError("the writers do not get on")
        await asyncio.sleep(0.005)
