"""`invoke serve`: give way to the server's process, which `publishing.server` is."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any, NoReturn

from plugins.source.problem import AuthorError

HOST = "127.0.0.1"
#: How a server is ended: Ctrl-C, or by a service manager or `timeout`.
ENDING = (signal.SIGINT, signal.SIGTERM)
PROJECT = Path(__file__).resolve().parent.parent


class ServeError(AuthorError):
    """The server cannot run; the message is German."""


def check_port(port: int) -> None:
    """
    Make sure that *port* is free.

    Raises:
        ServeError: It is not, or it is none.
    """
    if not 0 < port < 65536:
        raise ServeError(
            f"--port {port}: Das ist kein Port – wählen Sie eine Zahl von 1024 bis 65535."
        )
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise ServeError(
                f"Den Port {port} gibt das System nicht her – wählen Sie eine Zahl von 1024 an, "
                "zum Beispiel: invoke serve --port 8001"
            ) from None
        except OSError:
            raise ServeError(
                f"Der Port {port} ist belegt – beenden Sie das andere Programm, "
                f"oder wählen Sie einen anderen: invoke serve --port {port + 1}"
            ) from None


def become_server(port: int, site: Path, preview: dict[str, Any] | None = None) -> NoReturn:
    """
    Serve the folder *site* on *port*; with the options of a *preview*, build it there and follow.

    The server takes the place of this process, so that whoever started that ends it, and starts
    afresh: the comment service reads its settings once, and `invoke build serve` has used it.
    """
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, (str(PROJECT), os.environ.get("PYTHONPATH")))),
        # Not resolved: `public` may be a link, and the next release turns it.
        "COMMENTS_SITE": str(site.absolute()),
        "COMMENTS_ORIGIN": f"http://localhost:{port}",
    }
    command = [sys.executable, "-m", "publishing.server", str(port), json.dumps(preview)]
    if "--debug" in sys.argv:
        command.append("--debug")
    sys.stdout.flush()
    sys.stderr.flush()
    # Ctrl-C while the server is being loaded waits until it can answer that.
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    os.execve(sys.executable, command, environment)
