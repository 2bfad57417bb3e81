"""A fresh machine: folder, key and database come into being, once, and for the owner only."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from comment_service.storage import data_folder, secret_key

PROJECT = Path(__file__).resolve().parents[2]
LIST = "from comment_service import moderation; print(moderation.listed())"


def start(data, code=LIST, **environment):
    names = ("COMMENTS_SITE", "COMMENTS_ORIGIN", "COMMENTS_EXPORT_TOKEN", "DATABASE_URL")
    inherited = {k: v for k, v in os.environ.items() if k not in names}
    inherited.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env=inherited | {"COMMENTS_DATA": str(data)} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process):
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_several_first_starts_at_once_are_quiet_and_agree(tmp_path):
    data = tmp_path / "neu" / "data"
    processes = [start(data) for _ in range(4)]
    assert [finish(process) for process in processes] == [(0, "[]\n", "")] * 4
    assert mode(data) == 0o700
    assert mode(data / "schluessel") == 0o600
    names = {path.name for path in data.iterdir() if "sqlite3-" not in path.name}
    assert names == {"schluessel", "kommentare.sqlite3", ".migration"}
    key = (data / "schluessel").read_text()
    assert finish(start(data)) == (0, "[]\n", "")
    assert (data / "schluessel").read_text() == key


def test_the_database_may_lie_elsewhere(tmp_path):
    url = f"sqlite:///{tmp_path}/anders%20wo.sqlite3"
    assert finish(start(tmp_path / "data", DATABASE_URL=url))[0] == 0
    assert (tmp_path / "anders wo.sqlite3").exists()
    assert not (tmp_path / "data" / "kommentare.sqlite3").exists()


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"COMMENTS_ORIGIN": "mittwochspost.example"}, "COMMENTS_ORIGIN: Das ist kein Ursprung"),
        ({"COMMENTS_ORIGIN": "https://a.example/blog"}, "COMMENTS_ORIGIN: Das ist kein Ursprung"),
        ({"DATABASE_URL": "mysql://a/b"}, "DATABASE_URL: Art 'mysql'"),
        ({"DATABASE_URL": "sqlite:////gibt/es/nicht/x.sqlite3"}, "Die Kommentare sind nicht"),
    ],
)
def test_a_wrong_variable_is_one_german_error(environment, message, tmp_path):
    code = (
        "from comment_service import moderation\n"
        "try: moderation.listed()\n"
        "except moderation.ModerationError as error: print(error)"
    )
    status, out, err = finish(start(tmp_path, code, **environment))
    assert (status, err) == (0, "")
    assert message in out
    assert out.count("\n") == 1


def test_a_data_folder_that_is_a_file_is_one_german_error(tmp_path):
    (tmp_path / "data").write_text("")
    code = (
        "from comment_service import moderation\n"
        "try: moderation.listed()\n"
        "except moderation.ModerationError as error: print(error)"
    )
    status, out, err = finish(start(tmp_path / "data", code))
    assert (status, err) == (0, "")
    assert out.startswith("Die Kommentare sind nicht erreichbar")


def test_a_key_is_made_once_and_never_half(tmp_path):
    folder = data_folder(tmp_path / "data")
    key = secret_key(folder)
    assert len(key) >= 50
    assert secret_key(folder) == key
    assert [path.name for path in folder.iterdir()] == ["schluessel"]
    (folder / "schluessel").write_text(key[:20])
    with pytest.raises(ValueError, match="unvollständig"):
        secret_key(folder)


def test_the_service_does_without_pelican(tmp_path):
    code = (
        "import sys; import comment_service.wsgi; "
        "sys.exit(any(name.split('.')[0] == 'pelican' for name in sys.modules))"
    )
    assert finish(start(tmp_path, code)) == (0, "", "")


def test_the_log_is_the_servers_and_not_that_of_the_authors_commands(tmp_path):
    code = (
        "import logging\n"
        "mine = logging.NullHandler(); logging.getLogger().addHandler(mine)\n"
        "from comment_service import moderation; moderation.listed()\n"
        "assert logging.getLogger().handlers == [mine]\n"
        "import comment_service.wsgi\n"
        "logging.getLogger('django.request').error('Kaputt.')"
    )
    status, _, err = finish(start(tmp_path, code))
    assert status == 0
    assert err.endswith("ERROR django.request: Kaputt.\n")


def test_the_settings_are_fit_for_production(tmp_path):
    code = (
        "from comment_service.moderation import setup; setup()\n"
        "from django.core.management import call_command\n"
        # W004, W008: HSTS and the redirect to https are the front server's.
        "from django.conf import settings\n"
        "settings.SILENCED_SYSTEM_CHECKS = ['security.W004', 'security.W008']\n"
        "call_command('check', deploy=True, fail_level='WARNING', verbosity=0)"
    )
    status, _, err = finish(start(tmp_path, code, COMMENTS_ORIGIN="https://blog.example"))
    assert (status, err) == (0, "")
