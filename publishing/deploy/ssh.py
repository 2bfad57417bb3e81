"""A shell on a server, by the ssh of this machine: its keys, its known hosts, no questions."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

from publishing.deploy.process import Finished, last_line, run
from publishing.deploy.result import DeployError

#: A host name or an alias from ~/.ssh/config, with or without a user's name.
HOST = re.compile(r"(?!-)(?:[\w.-]+@)?(?!-)[\w.-]+")
#: The status of a script that found the server busy (sysexits.h: EX_TEMPFAIL).
BUSY = 75
#: The status of a script that found its own files gone.
OVERTAKEN = 76
#: The status of a script that found something in the link's place that is not a site.
FOREIGN = 77
_UNREACHABLE = (
    "Connection refused",
    "Connection timed out",
    "No route to host",
    "Network is unreachable",
    "Operation timed out",
)
_MISSING = re.compile(r"(\w+): (?:command )?not found|failed to execute (\w+)")
_CUT = ("Connection closed", "Connection reset", "Broken pipe", "Timeout, server", "unexpectedly")


@dataclass(frozen=True)
class Server:
    """A server and how to get in."""

    host: str
    port: int
    identity: str
    known_hosts: str

    @property
    def command(self) -> list[str]:
        """
        The ssh command without host; it never asks and never accepts an unknown host key.

        Three signs of life without an answer, half a minute, end a connection.
        """
        options = {
            "BatchMode": "yes",
            "StrictHostKeyChecking": "yes",
            "ConnectTimeout": "15",
            "ServerAliveInterval": "10",
            "ServerAliveCountMax": "3",
            **({"UserKnownHostsFile": self.known_hosts} if self.known_hosts else {}),
            **({"IdentityFile": self.identity, "IdentitiesOnly": "yes"} if self.identity else {}),
        }
        port = ["-p", str(self.port)] if self.port else []
        return ["ssh", *port, *(f"-o{name}={value}" for name, value in options.items())]

    def run(self, script: str, **values: str) -> bytes:
        """
        Run a script for sh with *values* as its variables and return what it prints.

        Raises:
            DeployError: The server is not there, lets nobody in, or the script fails.
        """
        head = "".join(f"{name}={shlex.quote(value)}\n" for name, value in values.items())
        # The script comes by standard input, so that no login shell can misunderstand it.
        text = f"set -eu\numask 022\n{head}{script}"
        finished = run([*self.command, self.host, "sh -s"], text.encode())
        if finished.status:
            raise self.error(finished)
        return finished.out

    def error(self, finished: Finished) -> DeployError:
        """Return what went wrong, in German."""
        return DeployError(
            f"{self.host}: {self._explanation(finished)}; die bisherige Website ist unverändert."
        )

    def _explanation(self, finished: Finished) -> str:
        text = finished.err
        if missing := _MISSING.search(text):
            return (
                f"Auf dem Server fehlt das Programm {missing[1] or missing[2]} – bitten Sie Ihren "
                "Anbieter darum"
            )
        if "is your shell clean" in text:
            return (
                "Die Anmeldung auf dem Server gibt Text aus, der die Übertragung stört – entfernen Sie "
                "solche Zeilen dort aus .bashrc"
            )
        if finished.status == BUSY:
            return "Eine andere Veröffentlichung läuft gerade – warten Sie, bis sie fertig ist"
        if finished.status == OVERTAKEN:
            return (
                "Eine andere Veröffentlichung kam dazwischen – rufen Sie den Befehl noch einmal auf"
            )
        if finished.status == FOREIGN:
            return "path in DEPLOY ist auf dem Server eine Datei – nennen Sie einen neuen Ordner"
        if "Host key verification failed" in text or "host key is known" in text:
            changed = "ein anderer als bisher" if "HAS CHANGED" in text else "nicht bekannt"
            return (
                f"Der Schlüssel des Servers ist {changed} – vergleichen Sie ihn mit dem, den Ihr "
                f"Anbieter nennt, und melden Sie sich einmal von Hand an: {self._login('ssh')}"
            )
        if "Permission denied (" in text or "Too many authentication failures" in text:
            return (
                "Der Server lässt Sie nicht hinein – prüfen Sie den Namen vor dem @ und "
                f"hinterlegen Sie Ihren öffentlichen Schlüssel: {self._login('ssh-copy-id')}"
            )
        if "Could not resolve hostname" in text:
            return "Diesen Server gibt es nicht – prüfen Sie host in DEPLOY und Ihre Verbindung"
        if any(sign in text for sign in _UNREACHABLE):
            return "Der Server ist nicht zu erreichen – prüfen Sie host und port in DEPLOY"
        if "No space left" in text or "quota" in text.lower():
            return "Auf dem Server ist kein Platz mehr – räumen Sie dort auf, oder senken Sie keep"
        if "Permission denied" in text or "Read-only file system" in text:
            return (
                f"Auf dem Server fehlen Rechte ({last_line(text)}) – prüfen Sie path in DEPLOY und "
                "wem der Ordner gehört"
            )
        if any(sign in text for sign in _CUT) or finished.status in (12, 30):
            return "Die Verbindung ist abgerissen – rufen Sie den Befehl noch einmal auf"
        return f"Der Server meldet „{last_line(text)}“"

    def _login(self, program: str) -> str:
        port = f"-p {self.port} " if self.port else ""
        return f"{program} {port}{self.host}"
