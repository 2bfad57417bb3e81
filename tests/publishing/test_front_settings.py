"""What the settings and the built site say becomes a configuration; mistakes are one German message."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from plugins.source.problem import AuthorError
from publishing import afterwards, deploy
from publishing.deploy import objects
from publishing.deploy.objects import Body
from publishing.front import (
    Front,
    caddy,
    commands,
    front,
    headers,
    host_files,
    install,
    nginx,
    survey,
)
from publishing.setting import SettingError
from tests.publishing.deploy import fake_site
from tests.publishing.front_servers import caddy_path, nginx_path, nginx_production, unused_port
from tests.publishing.observatory import score
from tests.publishing.test_front import FRONT
from tests.site import Site


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, Any]:
    output = fake_site.write(
        fake_site.pages(1) | {"_redirects": b"/alt/ /neu/ 301\n"}, tmp_path / "output"
    )
    (tmp_path / "weiterleitungen.yaml").write_text("/weg/: entfernt\n/x/: /archiv/\n", "utf-8")
    return {
        "SITEURL": "https://mittwochspost.example",
        "OUTPUT_PATH": str(output),
        "PATH": str(tmp_path),
    }


def test_settings_and_site_become_a_front(settings: dict[str, Any], tmp_path: Path) -> None:
    settings["SERVER"] = {"wordpress": True, "preload": True, "service": ""}
    found = front(settings, tmp_path)
    assert found.host == "mittwochspost.example"
    assert found.root == str(tmp_path / "public")
    assert (found.moved, found.gone) == ({"/alt/": "/neu/"}, ("/weg/",))
    assert found.patterns
    assert found.hsts.endswith("includeSubDomains; preload")
    assert "/kommentare/" not in caddy.caddyfile(found)
    assert "/kommentare/" not in nginx.nginx_conf(found)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"SERVER": {"sevice": ""}}, "SERVER: „sevice“ ist unbekannt – meinten Sie „service“?"),
        (
            {"SERVER": {"service": "x y"}},
            "SERVER: service ist 'x y' – schreiben Sie Rechner und Port",
        ),
        (
            {"SERVER": {"site": "/srv/a b"}},
            "SERVER: site ist '/srv/a b' – nennen Sie einen vollen Pfad",
        ),
        ({"SERVER": {"site": "/a/../b"}}, "SERVER: site ist '/a/../b'"),
        ({"SERVER": {"email": "x"}}, "SERVER: email ist 'x' – das ist keine E-Mail-Adresse."),
        ({"SERVER": {"www": "ja"}}, "SERVER: www ist 'ja' – schreiben Sie True oder False."),
        ({"SITEURL": "mittwochspost"}, "SITEURL: 'mittwochspost' nennt keinen Server"),
        ({"OUTPUT_PATH": "/fehlt"}, "fehlt/: Darin liegt keine fertige Website"),
        ({"DEPLOY": {"target": "s3"}}, "SERVER: Es fehlt der Ordner, den der Webserver ausliefert"),
    ],
)
def test_a_mistake_is_one_message(
    settings: dict[str, Any], tmp_path: Path, more: dict[str, Any], message: str
) -> None:
    with pytest.raises(SettingError) as caught:
        front(settings | more, tmp_path)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


# --- The policy ------------------------------------------------------------------------------------


def test_a_policy_names_what_pages_use_and_nothing_else() -> None:
    assert "script-src" not in headers.policy(survey.Used())
    used = survey.used_in(
        [
            ("a.html", b'<script src="/x.js" defer></script><script>\r\nlos()</script>'),
            ("b.html", b'<script type="application/ld+json">{}</script><style>p{}</style>'),
            ("c.html", b'<p style="color:red">'),
            ("x.css", b"a { background: url(data:image/svg+xml,x) }"),
        ]
    )
    assert used.blocked == ("c.html",)
    policy = headers.policy(used)
    # As the parser of a browser has it: with one sign for the end of a line.
    source = base64.b64encode(hashlib.sha256(b"\nlos()").digest()).decode()
    assert f"script-src 'self' 'sha256-{source}';" in policy
    source = base64.b64encode(hashlib.sha256(b"p{}").digest()).decode()
    assert f"style-src 'self' 'sha256-{source}';" in policy
    assert "img-src 'self' data:;" in policy
    assert "unsafe" not in policy


def test_other_comment_systems_are_named_by_their_hosts() -> None:
    chosen = {"COMMENTS_SYSTEMS": {"isso": {"server": "https://isso.beispiel.example"}}}
    policy = headers.policy(survey.Used(has_scripts=True), headers.foreign(chosen))
    assert "script-src 'self' https://isso.beispiel.example" in policy
    assert headers.foreign({}) == {}


_ISSO = {"server": "https://isso.beispiel.example"}
_GISCUS = {"repo": "a/b", "repo_id": "x", "category": "Blog", "category_id": "y"}


@pytest.mark.parametrize(
    ("systems", "expected"),
    [
        ({}, "same-origin"),
        ({"isso": _ISSO}, "same-origin"),
        # Its login takes the place of the page and leads back.
        ({"giscus": _GISCUS}, "same-origin"),
        ({"remark42": {"server": "https://r.example"}}, "same-origin-allow-popups"),
        ({"isso": _ISSO, "disqus": {"shortname": "blog"}}, "same-origin-allow-popups"),
        ({"comentario": {"server": "https://c.example"}}, "same-origin-allow-popups"),
    ],
)
def test_a_login_in_a_window_of_its_own_can_tell_the_page(
    settings: dict[str, Any], tmp_path: Path, systems: dict[str, Any], expected: str
) -> None:
    """With same-origin it would know of no page, and nobody could log in."""
    settings |= {"COMMENTS_SYSTEMS": systems, "SERVER": {"headers_file": True}}
    found = front(settings, tmp_path)
    files = afterwards.more_files(settings, Path(settings["OUTPUT_PATH"]))
    for text in (caddy.caddyfile(found), nginx.nginx_conf(found), files["_headers"].decode()):
        values = re.findall(r'Cross-Origin-Opener-Policy:? "?([\w-]+)', text)
        assert values
        assert set(values) == {expected}


def test_the_score_notices_what_is_weak() -> None:
    """A scorer that gives everybody full marks would show nothing."""
    good = {name.lower(): value for name, value in headers.FIXED}
    good |= {
        "content-security-policy": headers.policy(survey.Used()),
        "strict-transport-security": headers.hsts(False),
        headers.CORP.lower(): "same-origin",
        headers.OPENER.lower(): headers.WITH_WINDOWS,
    }
    way = ["http://blog.example/", "https://blog.example/"]
    assert score(good, way) == 130
    for name, points in {
        "content-security-policy": 75,
        "strict-transport-security": 80,
        "referrer-policy": 125,
        "x-content-type-options": 125,
        headers.CORP.lower(): 120,
    }.items():
        weaker = {one: value for one, value in good.items() if one != name}
        assert score(weaker, way) <= points, name
    assert score(good | {"content-security-policy": "script-src 'unsafe-inline'"}, way) == 80
    for others, points in (
        ([], 80),
        (["http://www.blog.example/", "https://www.blog.example/"], 120),
        (["https://www.blog.example/"], 125),
        ([way[1], way[0]], 80),
    ):
        assert score(good, [way[0], *others]) == points, others


@pytest.mark.parametrize(
    "path",
    [
        *("index.html", "blog/x/index.html", "theme/main.1f2e3d4c.css", "theme/main.css"),
        *("foto-20260304.jpg", "feeds/a.atom.xml", "feeds/a.json", "such.1f2e3d4c.js", "x.txt"),
        *("kapitel-2.html", "bericht-20260304.html", "a.deadbeef.js", "bild-abcdefab.png", "x.ics"),
    ],
)
def test_web_servers_keep_files_as_long_as_object_stores(path: str) -> None:
    found = next(
        (v for pattern, v in headers.KEPT if re.search(pattern, f"/{path}")), headers.LONGER
    )
    assert found == objects.headers(path, Body(""))["CacheControl"]


def test_a_store_that_serves_a_website_sends_readers_on() -> None:
    assert (
        objects.headers("alt/index.html", Body(""), "/neu/")["WebsiteRedirectLocation"] == "/neu/"
    )
    assert "WebsiteRedirectLocation" not in objects.headers("alt/index.html", Body(""))


# --- Configurations for real servers ---------------------------------------------------------------


def test_caddy_takes_the_configuration_for_production(tmp_path: Path) -> None:
    found = replace(FRONT, host="mittwochspost.example", root="/srv/www", service="127.0.0.1:8001")
    file = tmp_path / "Caddyfile"
    file.write_text(caddy.caddyfile(replace(found, is_www=True, email="a@b.example")), "utf-8")
    command = [caddy_path(), "adapt", "--config", str(file), "--validate"]
    done = subprocess.run(
        command, capture_output=True, text=True, env={"HOME": str(tmp_path)}, timeout=60
    )
    assert done.returncode == 0, done.stderr
    hosts = [
        host
        for server in json.loads(done.stdout)["apps"]["http"]["servers"].values()
        for route in server["routes"]
        for match in route["match"]
        for host in match["host"]
    ]
    assert sorted(hosts) == ["mittwochspost.example", "www.mittwochspost.example"]


def test_nginx_takes_the_configuration_for_production(tmp_path: Path) -> None:
    found = replace(FRONT, host="mittwochspost.example", root="/srv/www", service="127.0.0.1:8001")
    # nginx opens what it would listen to; this machine may use those ports.
    text = nginx_production(replace(found, is_www=True), tmp_path, unused_port(), unused_port())
    (tmp_path / "nginx.conf").write_text(
        "include /etc/nginx/modules-enabled/*brotli*.conf;\n"
        f"pid {tmp_path / 'pid'};\nerror_log stderr;\nevents {{}}\nhttp {{\n{text}}}\n",
        "utf-8",
    )
    done = subprocess.run(
        [nginx_path(), "-t", "-c", str(tmp_path / "nginx.conf")],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "syntax is ok" in done.stderr, done.stderr


def test_hosts_of_folders_get_a_file() -> None:
    text = host_files.headers_file(headers.policy(survey.Used()), False, "https://hub.example/")
    rules: dict[str, list[str]] = {}
    for line in text.decode().splitlines():
        if line.startswith("/"):
            ours = rules.setdefault(line, [])
        else:
            ours.append(line.strip().partition(":")[0])
    assert "Content-Security-Policy" in rules["/*"]
    # Such hosts join values: nothing that holds everywhere is said again.
    assert not any(set(rules["/*"]) & set(names) for path, names in rules.items() if path != "/*")


# --- Commands --------------------------------------------------------------------------------------


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path)
    fake_site.write(fake_site.pages(1) | {"x.html": b'<p style="x">'}, site.output)
    site.write_settings(f"OUTPUT_PATH = {str(site.output)!r}\nPATH = {str(site.content)!r}\n")
    return site


def test_the_configuration_is_printed_or_written(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    for kind, sign in (("caddy", "file_server {"), ("nginx", "server_name mittwochspost.example;")):
        commands.write_config(kind, str(site.settings), "")
        said = capsys.readouterr()
        assert sign in said.out
        assert "x.html steht ein Attribut wie „style“" in said.err
        file = site.folder / kind
        commands.write_config(kind, str(site.settings), str(file))
        assert file.read_text("utf-8") == said.out
        assert "Geschrieben: " in capsys.readouterr().out
    with pytest.raises(AuthorError, match="möglich sind caddy und nginx"):
        commands.write_config("apache", str(site.settings), "")
    with pytest.raises(AuthorError, match="Das Schreiben ging nicht"):
        commands.write_config("caddy", str(site.settings), str(site.folder / "fehlt" / "x"))


@pytest.mark.parametrize("kind", ["caddy", "nginx"])
def test_the_script_for_a_server_is_a_shells(
    site: Site, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = str(site.settings)
    commands.install_server(kind, settings, "", "mittwochspost", is_dry_run=True)
    said = capsys.readouterr()
    assert "geändert wurde nichts" in said.err
    subprocess.run(["sh", "-n"], input=said.out, text=True, check=True)
    for words in ("adduser --system", "mittwochspost-plan.timer", "systemctl enable --now", "600"):
        assert words in said.out
    file = site.folder / "einrichten.sh"
    commands.install_server(kind, settings, str(file), "mittwochspost", is_dry_run=False)
    assert file.read_text("utf-8") == said.out
    with pytest.raises(AuthorError, match="wählen Sie Kleinbuchstaben"):
        commands.install_server(kind, settings, "", "Root; rm", is_dry_run=True)


def test_the_script_writes_files_as_they_are(tmp_path: Path) -> None:
    step = install.Step(
        "Probe", (f"cat {tmp_path}/datei",), {f"{tmp_path}/datei": "a $x `y`\n"}, "600"
    )
    done = subprocess.run(
        ["sh"], input=install.script([step]), text=True, capture_output=True, check=True
    )
    assert done.stdout == "a $x `y`\n"
    assert (tmp_path / "datei").stat().st_mode & 0o777 == 0o600


def test_a_second_run_keeps_what_was_filled_in(tmp_path: Path) -> None:
    file = tmp_path / "env"
    step = install.Step("Probe", files={str(file): "KENNWORT=\n"}, mode="600", is_kept=True)
    for _ in range(2):
        subprocess.run(["sh"], input=install.script([step]), text=True, check=True)
        assert file.read_text("utf-8") in ("KENNWORT=\n", "KENNWORT=geheim\n")
        file.write_text("KENNWORT=geheim\n", "utf-8")
    assert file.read_text("utf-8") == "KENNWORT=geheim\n"
    assert file.stat().st_mode & 0o777 == 0o600


def _steps(settings: str, root: str, **more: Any) -> list[install.Step]:
    found = Front("mittwochspost.example", root, "default-src 'none'", "127.0.0.1:8001")
    return install.steps(
        found, "caddy", caddy.caddyfile, Path(settings), "Europe/Berlin", "b", **more
    )


def test_the_file_of_passwords_is_kept_and_there_before_it_is_read() -> None:
    titles = [
        (step.is_kept, "/etc/b.env" in step.files) for step in _steps("/opt/b/c.py", "/srv/x")
    ]
    assert titles.count((True, True)) == 1
    text = install.script(_steps("/opt/b/c.py", "/srv/x"))
    assert text.index("test -e /etc/b.env ||") < text.index("grep -Eq")


@pytest.mark.parametrize(
    ("line", "is_wanted"),
    [
        ("DATABASE_URL=postgresql://b:x@localhost/k", True),
        ('DATABASE_URL="postgres://b:x@localhost/k"', True),
        ("DATABASE_URL=sqlite:////srv/k.sqlite3", False),
        ("# DATABASE_URL=postgresql://b:x@localhost/k", False),
    ],
)
def test_the_server_gets_the_libraries_that_settings_need(
    tmp_path: Path, line: str, is_wanted: bool
) -> None:
    (tmp_path / "env").write_text(f"COMMENTS_PROXY=127.0.0.1\n{line}\n", "utf-8")
    options = {"target": "s3", "bucket": "x"}
    (commands_,) = (
        step.commands
        for step in _steps("/opt/b/c.py", "/srv/x", requirements=deploy.requirements(options))
        if any("pip install" in command for command in step.commands)
    )
    runs = "\n".join(command for command in commands_ if "pip" in command)
    runs = runs.replace("/etc/b.env", str(tmp_path / "env")).replace("runuser -u b --", "echo")
    done = subprocess.run(["sh", "-eu", "-c", runs], capture_output=True, text=True, check=True)
    files = [said.split()[-1] for said in done.stdout.splitlines()]
    assert files == ["requirements-s3.txt", *["requirements-postgres.txt"] * is_wanted]
    assert deploy.requirements({}) == "requirements.txt"


@pytest.mark.parametrize(
    ("settings", "root"),
    [
        ("/home/henrike/blog/conf.py", "/srv/www"),
        (str(Path("/", "root", "blog", "conf.py")), "/srv/www"),
        # In the folder itself, not below one in it.
        (str(Path("/", "root", "conf.py")), "/srv/www"),
        ("/opt/blog/conf.py", "/home/henrike/www"),
    ],
)
def test_what_services_cannot_see_is_refused(settings: str, root: str) -> None:
    with pytest.raises(AuthorError, match="legen Sie das Projekt auf dem Server nach /srv/b"):
        _steps(settings, root)


def test_a_folder_outside_the_project_may_be_written() -> None:
    text = install.script(_steps("/opt/blog/conf.py", "/srv/www/blog"))
    assert "ReadWritePaths=/opt/blog /srv/www\n" in text
    assert "chown -R b:b /opt/blog /srv/www" in text
