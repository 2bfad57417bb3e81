"""The manual, followed word by word from an empty folder, brings a site to a server with ssh."""

from __future__ import annotations

import getpass
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from publishing.front import Front, headers, survey
from tests.publishing.deploy.servers import Ssh
from tests.publishing.front_servers import nginx_server
from tests.site import FILES, PROJECT

_HOST = "www.mittwochspost.example"
_ROOMS = "authoring comment_service lektorat migration plugins publishing social theme yearbook"
_OTHERS = "HANDBUCH.md pelicanconf.py publishconf.py tasks.py"


class Manual:
    """A section of the manual: what is to be typed, or put into the settings, in its order."""

    def __init__(self, title: str) -> None:
        text = (PROJECT / "HANDBUCH.md").read_text("utf-8")
        (self.text,) = re.findall(rf"^### {title}$(.*?)^##", text, re.M | re.S)
        blocks = re.findall(r"^ *```\n(.*?)^ *```$", self.text, re.M | re.S)
        found = [textwrap.dedent(block) for block in blocks]
        self.settings = [block for block in found if block.startswith("DEPLOY = ")]
        self.commands = [
            line for block in found if block not in self.settings for line in block.splitlines()
        ] + re.findall(r"`(invoke [^`]+)`", self.text)


class Author:
    """Somebody with a new machine: *home* is empty but for the project, which was just unpacked."""

    def __init__(self, home: Path, server: Ssh) -> None:
        self.home, self._server = home, server
        self.project = home / "website"
        self.project.mkdir(parents=True)
        for name in _ROOMS.split():
            shutil.copytree(PROJECT / name, self.project / name)
        for name in _OTHERS.split():
            shutil.copy2(PROJECT / name, self.project / name)
        for name, text in FILES.items():
            path = self.project / "content" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        (home / ".ssh").mkdir()
        self._programs = home / "bin"
        self._programs.mkdir()
        self._install()

    def _install(self) -> None:
        """
        Put programs before those of this machine, which would look into the real home folder.

        What they ask is answered: no passphrase; yes, that is the server's key; the password there.
        """
        ours, server = self.home / ".ssh", self._server
        (ours / "config").write_text(
            f"Host {_HOST}\n HostName 127.0.0.1\n Port {server.port}\n"
            f" IdentityFile {ours}/id_ed25519\n UserKnownHostsFile {ours}/known_hosts\n",
            "utf-8",
        )
        authorized = server.identity.with_name("authorized")
        programs = {
            "ssh": f'exec {shutil.which("ssh")} -F {ours}/config "$@"',
            "ssh-keygen": f'exec {shutil.which("ssh-keygen")} -q -N "" -f {ours}/id_ed25519 "$@"',
            "ssh-copy-id": f'test "$*" = {getpass.getuser()}@{_HOST}\n'
            f"cat {ours}/id_ed25519.pub >>{authorized}\n"
            f"cat {server.known_hosts} >>{ours}/known_hosts",
        }
        for name, text in programs.items():
            (self._programs / name).write_text(f"#!/bin/sh\nset -eu\n{text}\n", "utf-8")
            (self._programs / name).chmod(0o755)

    def follow(self, manual: Manual) -> None:
        """Write the settings and type the commands, with one's own name on the server."""
        with (self.project / "publishconf.py").open("a", encoding="utf-8") as file:
            file.write("\n".join(map(self._mine, manual.settings)))
        path = f"{self._programs}:{Path(sys.executable).parent}:/usr/bin:/bin"
        environment = {"HOME": str(self.home), "PATH": path, "SITE_DATE": "2026-06-30"}
        for command in manual.commands:
            done = subprocess.run(
                ["sh", "-c", self._mine(command)],
                cwd=self.project,
                env=environment,
                capture_output=True,
                text=True,
                timeout=300,
            )
            assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"

    @staticmethod
    def _mine(text: str) -> str:
        return text.replace("name@", f"{getpass.getuser()}@")


@pytest.mark.parametrize("program", ["ssh", "rsync"])
def test_what_the_manual_installs_is_all_it_takes(program: str) -> None:
    (packages,) = re.findall(r"apt-get install ([^`]+)`", Manual("Ein Server mit ssh").text)
    assert {"ssh": "openssh-client"}.get(program, program) in packages.split()
    assert shutil.which(program)


def test_from_an_empty_folder_to_a_site_that_is_live(ssh: Ssh, tmp_path: Path) -> None:
    manual = Manual("Ein Server mit ssh")
    assert manual.commands == [
        "ssh-keygen -t ed25519",
        f"ssh-copy-id name@{_HOST}",
        "invoke build",
    ]
    author = Author(tmp_path / "home", ssh)
    author.follow(manual)
    for named in ("www/mittwochspost", "www/.mittwochspost-releases/"):
        assert f"`{named}`" in manual.text
        assert (ssh.home / named).is_dir()
    # What the author's provider is asked for in the end: the domain shows that folder.
    front = Front("localhost", str(ssh.home / "www/mittwochspost"), headers.policy(survey.Used()))
    with nginx_server(front, tmp_path / "nginx") as server:
        answer = server.get("/blog/der-erste-beitrag/")
    built = author.project / "output" / "blog" / "der-erste-beitrag" / "index.html"
    assert (answer.status, answer.body) == (200, built.read_bytes())
