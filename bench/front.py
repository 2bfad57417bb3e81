"""
Caddy and nginx with our configuration, serving this blog as it was deployed, under load by wrk.

    python -m bench.front

prints a table and writes its section of RESULTS.md. Servers and wrk share the machine: on two cores, about one
is left for the server.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.build.workshop import Workshop
from bench.results import machine, write_section
from plugins.source.problem import AuthorError
from publishing import deploy
from publishing.console import say
from publishing.front import Front, headers, survey
from tests.publishing.front_servers import Server, caddy_path, caddy_server, nginx_server, served_by

_SECONDS, _QUICK_SECONDS = 10, 3
_CONNECTIONS = 50
_PAGES = ("/", "/archiv/", "/blog/stundensatz/", "/theme/css/main.css")


@dataclass(frozen=True)
class Load:
    """What one run gave: requests a second, bytes of one answer, 99 of 100 within that time."""

    server: str
    path: str
    requests: float
    answer_bytes: int
    p99: str
    errors: str


def run(quick: bool = False) -> None:
    """
    Measure.

    Raises:
        AuthorError: wrk is missing.
    """
    if shutil.which("wrk") is None:
        raise AuthorError("Es fehlt wrk – installieren Sie es mit: apt-get install wrk")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shop = Workshop.of_this_blog(folder / "blog")
        shop.invoke("build", "--no-deploy")
        output = shop.output
        deploy.deploy(output, {"target": "folder", "compress": True}, folder)
        site = Front("localhost", "", headers.policy(survey.used(output)))
        front = served_by(site, folder / "public", "127.0.0.1:1")
        found: list[Load] = []
        for kind, serving in (("Caddy, TLS", caddy_server), ("nginx, plain", nginx_server)):
            with serving(front, folder / kind.partition(",")[0]) as server:
                seconds = _QUICK_SECONDS if quick else _SECONDS
                found += [_load(kind, server, path, seconds) for path in _PAGES]
    text = _section(found)
    say(text)
    if not quick:
        write_section("front", text)


def _load(kind: str, server: Server, path: str, seconds: int) -> Load:
    answer = server.get(path, Accept_Encoding="br")
    scheme, host = ("https", "localhost") if server.root else ("http", "127.0.0.1")
    url = f"{scheme}://{host}:{server.port}{path}"
    command = ["wrk", "-t1", f"-c{_CONNECTIONS}", f"-d{seconds}s", "--latency"]
    command += ["-H", "Accept-Encoding: br", url]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", out)
    p99 = re.search(r"^\s+99%\s+(\S+)", out, re.M)
    errors = re.search(r"(?:Non-2xx|Socket errors).*", out)
    if not rate or not p99:
        raise AuthorError(f"wrk sagt nichts, was zu lesen wäre: {out[:200]}")
    return Load(kind, path, float(rate[1]), len(answer.body), p99[1], errors[0] if errors else "")


def _section(found: list[Load]) -> str:
    rows = "\n".join(
        f"| {load.server} | {load.path} | {load.answer_bytes:,} | {load.requests:,.0f} | {load.p99} "
        f"| {load.errors or 'none'} |"
        for load in found
    )
    caddy = subprocess.run([caddy_path(), "version"], capture_output=True, text=True).stdout
    return f"""\
## Front servers

This blog, deployed with `"compress": True`, served with our configuration; wrk on the same machine,
one thread, {_CONNECTIONS} connections, Brotli.

| | path | bytes | requests/s | p99 | errors |
|---|---|---:|---:|---:|---|
{rows}

{machine()}, Caddy {caddy.split()[0] if caddy else "unknown"}, nginx of Debian."""


if __name__ == "__main__":
    run()
