"""The target „rsync“: what the server needs, what it refuses, and that nothing is stored twice."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from publishing.deploy import DeployError
from publishing.deploy.process import Finished
from publishing.deploy.ssh import Server
from tests.publishing.deploy import fake_site, faults
from tests.publishing.deploy.places import Place, rsync_place
from tests.publishing.deploy.servers import Ssh, ssh_server


@pytest.fixture
def place(ssh: Ssh, tmp_path: Path) -> Place:
    return rsync_place(tmp_path, ssh, f"www/{tmp_path.name}")


def test_what_two_releases_share_is_stored_once(ssh: Ssh, place: Place, output: Path) -> None:
    for text in ("Eins", "Zwei"):
        (output / "index.html").write_text(text, "utf-8")
        place.deploy(output)
    link = ssh.home / place.options["path"]
    old, new = sorted(path for path in link.with_name(f".{link.name}-releases").iterdir())
    assert (old / "404.html").samefile(new / "404.html")
    assert (old / "index.html").read_text("utf-8") == "Eins"
    assert (new / "index.html").read_text("utf-8") == "Zwei"


def test_readers_may_read_whatever_our_rights_are(ssh: Ssh, place: Place, output: Path) -> None:
    (output / "index.html").chmod(0o600)
    (output / "blog").chmod(0o700)
    place.deploy(output)
    link = ssh.home / place.options["path"]
    assert (link / "index.html").stat().st_mode & 0o777 == 0o644
    assert (link / "blog").stat().st_mode & 0o777 == 0o755


def test_a_new_build_of_the_same_texts_sends_nothing(ssh: Ssh, place: Place, output: Path) -> None:
    """Times are not compared: a clean build gives every file a new one."""
    place.deploy(output)
    (output / "index.html").write_text("Neu", "utf-8")
    for path in output.rglob("*.html"):
        os.utime(path, (2_000_000_000, 2_000_000_000))
    place.deploy(output)
    link = ssh.home / place.options["path"]
    old, _ = sorted(path for path in link.with_name(f".{link.name}-releases").iterdir())
    assert (link / "archiv/index.html").samefile(old / "archiv/index.html")


def test_a_real_folder_on_the_server_is_kept(ssh: Ssh, place: Place, output: Path) -> None:
    link = ssh.home / place.options["path"]
    link.mkdir(parents=True)
    (link / "wichtig.txt").write_text("Alt", "utf-8")
    place.deploy(output)
    assert place.seen() == fake_site.pages(1)
    (kept,) = link.parent.glob(f".{link.name}-releases/*-vorgefunden/wichtig.txt")
    assert kept.read_text("utf-8") == "Alt"
    (output / "index.html").write_text("Neu", "utf-8")
    place.deploy(output, keep=1)
    assert kept.exists()


def test_a_file_in_the_way_is_not_replaced(ssh: Ssh, place: Place, output: Path) -> None:
    link = ssh.home / place.options["path"]
    link.parent.mkdir(parents=True, exist_ok=True)
    link.write_text("Notiz", "utf-8")
    with pytest.raises(DeployError, match="ist auf dem Server eine Datei – nennen Sie einen neuen"):
        place.deploy(output)
    assert link.read_text("utf-8") == "Notiz"


def test_an_absolute_path_and_one_from_the_home_folder(
    ssh: Ssh, tmp_path: Path, output: Path
) -> None:
    for path in (str(tmp_path / "www" / "site"), "~/seite mit Leerzeichen"):
        place = rsync_place(tmp_path, ssh, path)
        place.deploy(output)
    assert (tmp_path / "www/site/index.html").is_file()
    assert (ssh.home / "seite mit Leerzeichen/index.html").is_file()


def _message(place: Place, output: Path) -> str:
    with pytest.raises(DeployError) as caught:
        place.deploy(output)
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith("; die bisherige Website ist unverändert.")
    return str(caught.value)


def test_a_server_that_is_not_known_is_not_trusted(
    place: Place, output: Path, ssh: Ssh, tmp_path: Path
) -> None:
    place.deploy(output)
    (output / "index.html").write_text("Neu", "utf-8")
    empty, other = tmp_path / "empty", tmp_path / "other"
    empty.touch()
    other.write_text(f"[127.0.0.1]:{ssh.port} {(ssh.identity.with_suffix('.pub')).read_text()}")
    place.options["known_hosts"] = str(empty)
    assert "Der Schlüssel des Servers ist nicht bekannt" in _message(place, output)
    place.options["known_hosts"] = str(other)
    assert "Der Schlüssel des Servers ist ein anderer als bisher" in _message(place, output)
    assert empty.read_text("utf-8") == ""
    assert place.seen() == fake_site.pages(1)


def test_a_key_that_the_server_does_not_know(place: Place, output: Path, tmp_path: Path) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    place.options["identity"] = str(key)
    message = _message(place, output)
    assert "Der Server lässt Sie nicht hinein" in message
    assert "ssh-copy-id -p" in message


def test_a_server_that_is_not_there(place: Place, output: Path) -> None:
    place.options["port"] = 1
    assert "Der Server ist nicht zu erreichen – prüfen Sie host und port" in _message(place, output)
    place.options["host"] = "gibtesnicht.invalid"
    assert "Diesen Server gibt es nicht – prüfen Sie host" in _message(place, output)


@pytest.mark.parametrize("program", ["rsync", "flock"])
def test_a_server_without_what_it_needs(program: str, output: Path, tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for folder in ("/usr/bin", "/bin"):
        for path in Path(folder).iterdir():
            if path.name != program and not (programs / path.name).is_symlink():
                (programs / path.name).symlink_to(path)
    with ssh_server(tmp_path / "ssh", f"PATH={programs}") as ssh:
        place = rsync_place(tmp_path, ssh)
        assert f"Auf dem Server fehlt das Programm {program} – " in _message(place, output)
        assert faults.rubbish(place) == []


@pytest.mark.parametrize(
    ("status", "text", "sentence"),
    [
        (
            2,
            "protocol version mismatch -- is your shell clean?",
            "Die Anmeldung auf dem Server gibt",
        ),
        (75, "", "Eine andere Veröffentlichung läuft gerade – warten Sie, bis sie fertig ist"),
        (76, "", "Eine andere Veröffentlichung kam dazwischen – rufen Sie den Befehl noch einmal"),
        (255, "Connection closed by remote host", "Die Verbindung ist abgerissen"),
        (255, "Timeout, server not responding.", "Die Verbindung ist abgerissen"),
        (12, "rsync: connection unexpectedly closed", "Die Verbindung ist abgerissen"),
        (30, "rsync error: timeout in data send/receive", "Die Verbindung ist abgerissen"),
        (255, "connect to host x port 22: Connection timed out", "Der Server ist nicht zu erreich"),
        (11, "write failed: No space left on device (28)", "Auf dem Server ist kein Platz mehr"),
        (11, "write failed: Disk quota exceeded (122)", "Auf dem Server ist kein Platz mehr"),
        (
            1,
            "mkdir: cannot create directory 'x': Permission denied",
            "Auf dem Server fehlen Rechte",
        ),
        (1, "eins\nzwei\n\n", "Der Server meldet „zwei“"),
        (1, "", "Der Server meldet „ohne Begründung“"),
    ],
)
def test_what_servers_say_is_explained(status: int, text: str, sentence: str) -> None:
    error = Server("www.example", 0, "", "").error(Finished(status, b"", text))
    assert str(error).startswith(f"www.example: {sentence}")
    assert str(error).endswith("; die bisherige Website ist unverändert.")
