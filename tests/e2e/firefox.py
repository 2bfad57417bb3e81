"""
A headless Firefox, driven by Marionette, its own protocol: Playwright has no driver for Debian's.

A message is a JSON list with its length before it: [0, number, command, parameters] and back
[1, number, error, result].
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

_PREFERENCES = {
    "browser.aboutwelcome.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "layout.css.devPixelsPerPx": "1.0",
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}
_START_S = 60


class FirefoxError(Exception):
    """Firefox answered a command with an error."""


def firefox_path() -> str | None:
    """Return Debian's Firefox ESR, or another Firefox, or None."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


class Firefox:
    """One window; `close` ends the process."""

    def __init__(self, path: str, profile: Path) -> None:
        self._profile = profile
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        preferences = {**_PREFERENCES, "marionette.port": port}
        (profile / "user.js").write_text(
            "".join(
                f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
                for name, value in preferences.items()
            ),
            "utf-8",
        )
        self._process = subprocess.Popen(
            [path, "--headless", "--no-remote", "--marionette", "--profile", str(profile)],
            env={**os.environ, "HOME": str(profile)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._number = 0
        try:
            self._socket = self._connect(port)
            self._buffer = b""
            self._receive()  # a greeting
            self._command("WebDriver:NewSession", capabilities={})
        except BaseException:
            self._kill()
            raise

    def open(self, url: str, width_px: int) -> None:
        """Show *url*, *width_px* wide: in a frame, because no window is narrower than 500 px."""
        outer = self._profile / "outer.html"
        outer.write_text(f'<iframe src="{url}" style="width:{width_px}px;height:90vh;border:0">')
        self._command("WebDriver:Navigate", url=outer.as_uri())
        self._command("WebDriver:SwitchToFrame", id=0)

    def run(self, script: str, *arguments: object) -> Any:
        """Return what *script*, the body of a function, returns in the page."""
        return self._command("WebDriver:ExecuteScript", script=script, args=list(arguments))[
            "value"
        ]

    def close(self) -> None:
        """End Firefox and all that it started."""
        self._socket.close()
        self._kill()

    def _kill(self) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(timeout=20)

    def _connect(self, port: int) -> socket.socket:
        deadline = time.monotonic() + _START_S
        while True:
            try:
                return socket.create_connection(("127.0.0.1", port), timeout=_START_S)
            except OSError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise
                time.sleep(0.2)

    def _command(self, name: str, **parameters: object) -> Any:
        self._number += 1
        message = json.dumps([0, self._number, name, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._receive()
        if error:
            raise FirefoxError(f"{name}: {error['error']}: {error['message']}")
        return result

    def _receive(self) -> Any:
        while b":" not in self._buffer:
            self._buffer += self._read()
        length, _, rest = self._buffer.partition(b":")
        while len(rest) < int(length):
            rest += self._read()
        self._buffer = rest[int(length) :]
        return json.loads(rest[: int(length)])

    def _read(self) -> bytes:
        data = self._socket.recv(65536)
        if not data:
            raise ConnectionError("Firefox has gone")
        return data
