"""Units for systemd: the comment service, the watcher, and the schedule with its timer."""

from __future__ import annotations

from dataclasses import dataclass

from publishing.schedule import FIRST_HOUR


@dataclass(frozen=True)
class Host:
    """
    A server: the site's name and time zone, the project's folder there, who runs it.

    *settings* is the settings file there; *service* the comment service's address, or "";
    *writable* are the folders outside the project that a deployment writes to.
    """

    site: str
    zone: str
    project: str
    user: str
    settings: str
    service: str = "127.0.0.1:8001"
    writable: tuple[str, ...] = ()

    @property
    def environment(self) -> str:
        """The file with environment variables, which only root reads."""
        return f"/etc/{self.user}.env"


#: What no part of this needs: rights, devices, the kernel, other people's processes.
_HARDENING = (
    *("NoNewPrivileges=yes", "PrivateTmp=yes", "PrivateDevices=yes", "PrivateUsers=yes"),
    *("ProtectSystem=strict", "ProtectHome=yes", "ProtectProc=invisible", "ProcSubset=pid"),
    *("ProtectKernelTunables=yes", "ProtectKernelModules=yes", "ProtectKernelLogs=yes"),
    *("ProtectControlGroups=yes", "ProtectClock=yes", "ProtectHostname=yes"),
    *("RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX", "RestrictNamespaces=yes"),
    *("RestrictRealtime=yes", "RestrictSUIDSGID=yes", "LockPersonality=yes"),
    *("MemoryDenyWriteExecute=yes", "RemoveIPC=yes", "SystemCallArchitectures=native"),
    *("SystemCallFilter=@system-service", "SystemCallFilter=~@privileged @resources"),
    *("SystemCallErrorNumber=EPERM", "CapabilityBoundingSet=", "AmbientCapabilities="),
    *("KeyringMode=private", "UMask=0022"),
)


def units(host: Host) -> dict[str, str]:
    """Return the units by their names."""
    python = f"{host.project}/.venv/bin"
    invoke = f"{python}/python -m invoke"
    settings = f"--settings {host.settings}"
    name = host.user
    found = {
        f"{name}-plan.service": _service(
            host,
            f"Was fällig ist, kommt heraus: {host.site}",
            f"{invoke} build --if-due {settings}",
            kind="oneshot",
            writable=(host.project, *host.writable),
        ),
        f"{name}-plan.timer": _timer(host),
    }
    if host.service:
        address, _, port = host.service.rpartition(":")
        found[f"{name}-kommentare.service"] = _service(
            host,
            f"Kommentare von {host.site}",
            f"{python}/python -m granian --interface wsgi --host {address} --port {port} "
            "--blocking-threads 1 comment_service.wsgi:application",
            writable=(f"{host.project}/data",),
        )
        found[f"{name}-waechter.service"] = _service(
            host,
            f"Freigegebene Kommentare kommen auf {host.site}",
            f"{invoke} comments.watch {settings}",
            writable=(host.project, *host.writable),
            more=("After=" + f"{name}-kommentare.service",),
        )
    return found


def _service(
    host: Host,
    title: str,
    command: str,
    kind: str = "exec",
    writable: tuple[str, ...] = (),
    more: tuple[str, ...] = (),
) -> str:
    is_lasting = kind != "oneshot"
    unit = (f"Description={title}", "Wants=network-online.target", "After=network-online.target")
    service = (
        *(f"Type={kind}", f"User={host.user}", f"Group={host.user}"),
        *(f"WorkingDirectory={host.project}", f"EnvironmentFile=-{host.environment}"),
        # git and ssh look for their files there.
        f"Environment=HOME={host.project} PYTHONDONTWRITEBYTECODE=1",
        f"ExecStart={command}",
        *(("Restart=always", "RestartSec=5") if is_lasting else ("TimeoutStartSec=30min",)),
        f"ReadWritePaths={' '.join(writable)}",
        *_HARDENING,
    )
    install = ("WantedBy=multi-user.target",) if is_lasting else ()
    return _text(Unit=(*unit, *more), Service=service, Install=install)


def _timer(host: Host) -> str:
    return _text(
        Unit=(f"Description=Zeitplan von {host.site}",),
        Timer=(
            # Every hour: what failed is repeated, and mostly there is nothing to do.
            f"OnCalendar=*-*-* {FIRST_HOUR:02}..23:05:00 {host.zone}",
            # What was missed while the machine was off is made up for.
            "Persistent=yes",
        ),
        Install=("WantedBy=timers.target",),
    )


def _text(**sections: tuple[str, ...]) -> str:
    parts = ["\n".join((f"[{name}]", *lines)) for name, lines in sections.items() if lines]
    return "\n\n".join(parts) + "\n"
