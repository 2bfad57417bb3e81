"""What the author's commands do and answer."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from plugins.incremental import scan
from publishing import unchanged
from publishing.build import locked
from tests.publishing.builds import build
from tests.site import PROJECT, Site, tree

#: Pelican's own command, as README has it: the folder of the project is not on its path.
PELICAN = str(Path(sys.executable).with_name("pelican"))


def test_stock_pelican_gives_the_same_pages(small_site: Site) -> None:
    """`pelican content -s conf.py -o DIR` writes the same bytes as `invoke build`."""
    result = small_site.build("--no-deploy")
    assert result.status == 0, result.err
    other = small_site.folder / "stock"
    subprocess.run(
        [
            *(PELICAN, str(small_site.content)),
            *("-s", str(small_site.settings), "-o", str(other), "--fatal", "errors"),
        ],
        cwd=PROJECT,
        check=True,
        capture_output=True,
    )
    ours, theirs = tree(small_site.output), tree(other)
    assert ours.keys() == theirs.keys()
    assert [name for name in ours if ours[name] != theirs[name]] == []


def test_stock_pelican_builds_the_real_site(tmp_path: Path) -> None:
    """The line in the README works as it stands."""
    result = subprocess.run(
        [PELICAN, "content", "-s", "pelicanconf.py", "-o", str(tmp_path)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        env={**os.environ, "COLUMNS": "200"},
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "ERROR" not in result.stdout + result.stderr
    assert (tmp_path / "tipps" / "a-z" / "index.html").is_file()


def test_a_profile_tells_where_all_of_the_time_went(small_site: Site) -> None:
    """No time is counted twice, and none is missing."""
    started = time.perf_counter()
    result = small_site.build("--no-deploy", "--profile")
    elapsed = time.perf_counter() - started
    assert result.status == 0, result.err
    stages, files = result.out.split("Was am längsten gebraucht hat")
    rows = re.findall(r"│ (.+?) +│ +(\d+),(\d{3}) │", stages)
    spent = {name: int(seconds) * 1000 + int(thousandths) for name, seconds, thousandths in rows}
    total = spent.pop("zusammen")
    assert {"Programm laden", "Beiträge lesen", "Seiten schreiben", "Prüfen"} < spent.keys()
    # Each row is rounded.
    assert abs(sum(spent.values()) - total) <= len(spent)
    assert (told := re.search(r"; (\d+),(\d) Sekunden", result.out))
    # The summary is rounded to a tenth, and does not count the comments.
    assert int(told[1] + told[2]) * 100 - 50 <= total - spent["Kommentare holen"]
    assert total <= elapsed * 1000
    assert len(re.findall(r" │ +\d+,\d{3} │", files)) == 10


def test_build_reports_and_is_the_same_again(small_site: Site) -> None:
    """The summary counts; a second build of the same texts changes nothing."""
    first = small_site.build()
    assert first.status == 0, first.err
    assert "3\u00a0Beiträge, 4\u00a0Tipps, 1\u00a0Seite, 0\u00a0Kommentare" in first.out
    deployed = small_site.deployed()
    target = small_site.public.readlink()
    second = small_site.build()
    assert "Nichts hat sich geändert" in second.out
    assert small_site.public.readlink() == target
    assert small_site.deployed() == deployed


def test_files_written_just_before_a_build_are_compared_by_what_is_in_them(
    small_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the snapshot of the comments is; only the second build after it used to find nothing to do."""
    monkeypatch.setattr(scan, "RACE_NS", 10**20)
    monkeypatch.setattr(scan, "_stamp", lambda found: (found.st_size, 1, 1, found.st_ino))
    report = build(small_site)
    cache = report.settings["BUILD_CACHE"]
    monkeypatch.setattr(unchanged, "cache_path", lambda settings: Path(cache))

    def shown() -> dict[str, Any] | None:
        return unchanged.shown(small_site.settings, small_site.content, small_site.output, Path())

    assert shown()
    post = small_site.content / "artikel/eins.md"
    text = post.read_text("utf-8")
    post.write_text(text.replace("Der erste", "Der zwote"), "utf-8")
    assert shown() is None
    post.write_text(text, "utf-8")
    assert shown()


def test_no_deploy_leaves_the_site_alone(small_site: Site) -> None:
    """--no-deploy stops after the check."""
    assert small_site.build("--no-deploy").status == 0
    assert not small_site.public.exists()
    assert (small_site.output / "index.html").is_file()


def test_an_earlier_folder_is_kept(small_site: Site) -> None:
    """A real folder public/ is put aside, not deleted."""
    small_site.public.mkdir()
    (small_site.public / "wichtig.txt").write_text("Nicht verlieren!", "utf-8")
    assert small_site.build().status == 0
    assert (small_site.public / "index.html").is_file()
    kept = list((small_site.folder / ".public-releases").glob("*-vorgefunden/wichtig.txt"))
    assert len(kept) == 1


def test_a_folder_with_other_files_is_refused(small_site: Site) -> None:
    """--output never empties a folder that holds anything but a built site."""
    small_site.output.mkdir()
    (small_site.output / "roman.docx").write_text("Kapitel 1", "utf-8")
    result = small_site.build("--no-deploy")
    assert result.status == 1
    assert "nicht gebaut" in result.err
    assert (small_site.output / "roman.docx").read_text("utf-8") == "Kapitel 1"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--content", "/gibt/es/nicht"), "Den Inhaltsordner gibt es nicht"),
        (("--settings", "/gibt/es/nicht.py"), "Die Einstellungsdatei gibt es nicht"),
        (("--output", str(PROJECT)), "In diesen Ordner wird nicht gebaut"),
    ],
)
def test_wrong_options_are_one_message(options: tuple[str, str], message: str) -> None:
    """Each is answered in German, with exit status 1 and without a traceback."""
    result = subprocess.run(
        [sys.executable, "-m", "invoke", "build", "--no-deploy", *options],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 1
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_a_typo_in_deploy_is_one_message(small_site: Site) -> None:
    """An unknown target is named, with the nearest one."""
    small_site.write_settings("DEPLOY = {'target': 'foldr'}\n")
    result = small_site.build()
    assert result.status == 1
    assert "DEPLOY: Das Ziel „foldr“ gibt es nicht – meinten Sie „folder“?" in result.err
    assert not small_site.public.exists()


def test_two_builds_at_once_are_told(small_site: Site) -> None:
    """The second one into the same folder says so and ends."""
    with locked(small_site.output):
        result = small_site.build()
    assert result.status == 1
    assert "Ein anderer Build in diesen Ordner läuft gerade." in result.err
    assert not small_site.output.exists()


def test_a_port_in_use_is_one_message(small_site: Site) -> None:
    """`invoke serve` names the port and another one."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = small_site.invoke("serve", "--port", str(port))
    assert result.status == 1
    assert f"Der Port {port} ist belegt" in result.err


def test_new_post_builds(small_site: Site) -> None:
    """The skeleton of the next part is valid, a draft, and has the next number."""
    made = small_site.invoke(
        "new.post",
        'Was "gut" ist: Beispiele',
        "--series",
        "garten",
        "--content",
        str(small_site.content),
    )
    assert made.status == 0, made.err
    path = small_site.content / "artikel" / "garten" / "was-gut-ist-beispiele.md"
    assert "series_index: 3" in path.read_text("utf-8")
    before = small_site.build()
    assert before.status == 0, before.err
    assert not any(b"Beispiele" in data for data in small_site.deployed().values())
    again = small_site.invoke(
        "new.post", 'Was "gut" ist: Beispiele', "--content", str(small_site.content)
    )
    assert again.status == 1
    assert "Diesen Beitrag gibt es schon" in again.err


def test_new_tip_goes_to_the_next_free_wednesday(small_site: Site) -> None:
    """It is put between its neighbours, and everything else in the file stays as it was."""
    path = small_site.content / "tipps" / "2026.yaml"
    before = path.read_text("utf-8")
    made = small_site.invoke(
        *("new.tip", "--headword", "Komma: wann?", "--topic", "Zeichensetzung"),
        *("--tip", "Vor „aber“ steht ein Komma.", "--content", str(small_site.content)),
        SITE_DATE="2026-01-05",
    )
    assert made.status == 0, made.err
    after = path.read_text("utf-8")
    assert "- date: 2026-01-21" in after
    assert after.index("2026-01-14") < after.index("2026-01-21") < after.index("2026-02-04")
    assert (
        after.replace(
            after[after.index("- date: 2026-01-21") : after.index("- date: 2026-02-04")], ""
        )
        == before
    )
    assert small_site.build().status == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--topic", "Stil", "--tip", "Kurz."), "Es fehlt --headword"),
        (("--headword", "A", "--topic", "Stiel", "--tip", "Kurz."), "Das Thema „Stiel“"),
        (("--headword", "A", "--topic", "Stil", "--tip", "x" * 300), "zu lang für X: 300"),
        (
            ("--headword", "A", "--topic", "Stil", "--tip", "x", "--date", "2026-05-05"),
            "ist ein Dienstag",
        ),
        (
            ("--headword", "A", "--topic", "Stil", "--tip", "x", "--date", "2026-01-07"),
            "gibt es schon einen Tipp",
        ),
    ],
)
def test_wrong_tips_are_refused(small_site: Site, options: tuple[str, ...], message: str) -> None:
    """One German message, and the collection stays as it was."""
    before = tree(small_site.content)
    result = small_site.invoke("new.tip", *options, "--content", str(small_site.content))
    assert result.status == 1
    assert message in result.err
    assert tree(small_site.content) == before
