"""
What a Debian server needs beside the site: programs, a user, files and services, in this order.

The script may be run again, after another setting or another version; passwords that were filled in stay.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from plugins.source.problem import AuthorError
from publishing.front import Front
from publishing.schedule.systemd import Host, units

_PACKAGES = {"caddy": ("caddy",), "nginx": ("nginx-light", "certbot")}
#: The folders below / that ``ProtectHome=yes`` hides from services.
_HOMES = ("home", "root")
_BROTLI = "libnginx-mod-http-brotli-static"


@dataclass(frozen=True)
class Step:
    """Commands, and files by path; the files come first."""

    title: str
    commands: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    #: Who may read the files.
    mode: str = "644"
    #: Whether files stay as they are if they are there.
    is_kept: bool = False

    def lines(self) -> list[str]:
        """Return what a shell has to do."""
        found = []
        for path, text in self.files.items():
            unless = f"test -e {path} || " if self.is_kept else ""
            found += [
                f"{unless}install -m {self.mode} /dev/stdin {path} <<'ENDE'",
                text.rstrip("\n"),
                "ENDE",
            ]
        return [*found, *self.commands]


def steps(
    front: Front,
    kind: str,
    config: Callable[[Front], str],
    settings: Path,
    zone: str,
    user: str,
    requirements: str = "requirements.txt",
) -> list[Step]:
    """
    Return the steps; the project lies where its *settings* are, on the server as here.

    Raises:
        AuthorError: It lies where services may not look.
    """
    project = str(settings.parent)
    for folder in (project, front.root):
        top = "".join(Path(folder).parts[1:2])
        if top in _HOMES:
            raise AuthorError(
                f"{folder}: Unter /{top} dürfen die Dienste nichts lesen, "
                f"damit sie in keine privaten Ordner sehen – legen Sie das Projekt auf dem Server nach "
                f"/srv/{user}, und rufen Sie den Befehl dort auf."
            )
    host = Host(
        front.host, zone, project, user, str(settings), front.service, _outside(front, project)
    )
    made = units(host)
    packages = ["python3-venv", "rsync", *_PACKAGES[kind]]
    packages += [_BROTLI] if kind == "nginx" and front.has_brotli else []
    folder = shlex.quote(project)
    owned = " ".join(map(shlex.quote, (project, *host.writable)))
    pip = f"runuser -u {user} -- .venv/bin/pip install --quiet --require-hashes -r"
    lasting = [name for name in made if "plan.service" not in name]
    return [
        Step("Programme", (f"apt-get update && apt-get install -y {' '.join(packages)}",)),
        Step(
            "Ein Benutzer, dem nichts sonst gehört",
            (
                f"id {user} >/dev/null 2>&1 || adduser --system --group --home {folder} "
                f"--no-create-home {user}",
                f"mkdir -p {owned}",
                f"chown -R {user}:{user} {owned}",
            ),
        ),
        Step(
            "Umgebungsvariablen; Kennwörter tragen Sie in dieser Datei ein, sie wird nie überschrieben",
            files={host.environment: _environment(front)},
            mode="600",
            is_kept=True,
        ),
        Step(
            "Das Projekt und seine Bibliotheken",
            (
                f"cd {folder}",
                f"runuser -u {user} -- python3 -m venv .venv",
                f"{pip} {requirements}",
                f"! grep -Eq '^DATABASE_URL=.?postgres' {host.environment} || "
                f"{pip} requirements-postgres.txt",
            ),
        ),
        Step(
            "Dienste",
            ("systemctl daemon-reload", f"systemctl enable --now {' '.join(lasting)}"),
            {f"/etc/systemd/system/{name}": text for name, text in made.items()},
        ),
        _server(front, kind, config(front)),
    ]


def _outside(front: Front, project: str) -> tuple[str, ...]:
    """Return the folder that a deployment writes to if it is not in the project."""
    parent = str(Path(front.root).parent)
    return () if parent == project or parent.startswith(f"{project}/") else (parent,)


def _environment(front: Front) -> str:
    return (
        f"COMMENTS_ORIGIN=https://{front.host}\nCOMMENTS_PROXY=127.0.0.1\n"
        f"COMMENTS_SITE={front.root}\n"
    )


def _server(front: Front, kind: str, text: str) -> Step:
    if kind == "caddy":
        return Step(
            "Der Webserver",
            ("caddy validate --config /etc/caddy/Caddyfile", "systemctl reload caddy"),
            {"/etc/caddy/Caddyfile": text},
        )
    names = [front.host, *([f"www.{front.host}"] if front.is_www else [])]
    domains = " ".join(f"-d {name}" for name in names)
    available = f"/etc/nginx/sites-available/{front.host}"
    return Step(
        "Der Webserver und sein Zertifikat",
        (
            f"test -e {front.certificate}/fullchain.pem || "
            f"certbot certonly --webroot -w /var/www/html {domains}",
            f"ln -sf {available} /etc/nginx/sites-enabled/{front.host}",
            "nginx -t",
            "systemctl reload nginx",
        ),
        {available: text},
    )


def script(found: list[Step]) -> str:
    """Return all steps as one script for root."""
    parts = [f"# {step.title}\n" + "\n".join(step.lines()) for step in found]
    return "\n\n".join(("#!/bin/sh\nset -eu", *parts)) + "\n"


def write(found: list[Step], file: Path) -> None:
    """
    Write the script to *file*.

    Raises:
        AuthorError: That is not possible.
    """
    try:
        file.write_text(script(found), "utf-8")
        file.chmod(0o755)
    except OSError as error:
        raise AuthorError(f"{file}: Das Schreiben ging nicht ({error.strerror}).") from None
