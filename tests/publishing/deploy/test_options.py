"""A slip in DEPLOY is one German sentence with the remedy, and nothing has been touched."""

from __future__ import annotations

import ast
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from publishing import deploy
from publishing.deploy import TARGETS, DeployError, target
from publishing.deploy.target import Target

_RSYNC = {"target": "rsync", "host": "name@www.mittwochspost.example", "path": "www/site"}
_S3 = {"target": "s3", "bucket": "mittwochspost"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "Das Ziel „“ gibt es nicht – möglich sind folder, rsync, s3, git."),
        ({"target": "foldr"}, "Das Ziel „foldr“ gibt es nicht – meinten Sie „folder“?"),
        ("folder", "Das sind keine Angaben zu einem Ziel – schreiben Sie DEPLOY = {"),
        (None, "Das sind keine Angaben zu einem Ziel"),
        ({"target": "folder", "keep": 0}, "keep ist 0 – schreiben Sie eine Zahl ab 1."),
        ({"target": "folder", "keep": "5"}, "keep ist '5' – schreiben Sie eine Zahl ab 1."),
        ({"target": "folder", "keep": True}, "keep ist True – schreiben Sie eine Zahl ab 1."),
        ({"target": "folder", "keep": None}, "keep ist None – schreiben Sie eine Zahl"),
        ({"target": "folder", "keep": 2.5}, "keep ist 2.5 – schreiben Sie eine Zahl"),
        ({"target": "folder", "path": 5}, "path ist 5 – schreiben Sie einen Text in"),
        ({"target": "folder", "allow": "x"}, "allow ist 'x' – schreiben Sie eine Liste"),
        ({"target": "folder", "allow": [1]}, "allow ist [1] – schreiben Sie eine Liste"),
        (
            {"target": "folder", "pfad": "x"},
            "„pfad“ kennt das Ziel „folder“ nicht – meinten Sie „path“?",
        ),
        (
            {"target": "folder", "zzz": "x"},
            "„zzz“ kennt das Ziel „folder“ nicht – möglich sind keep, allow, path und compress.",
        ),
        (
            {"target": "rsync"},
            "Beim Ziel „rsync“ fehlt host – schreiben Sie zum Beispiel "
            '{"host": "name@www.mittwochspost.example"}.',
        ),
        (
            {**_RSYNC, "host": ""},
            "host ist '' – schreiben Sie etwas wie „name@www.mittwochspost.example“.",
        ),
        ({**_RSYNC, "host": "-oProxyCommand=x"}, "host ist '-oProxyCommand=x' – schreiben"),
        ({**_RSYNC, "host": "www.example:22"}, "host ist 'www.example:22' – schreiben Sie den Na"),
        ({**_RSYNC, "host": "-x@y"}, "host ist '-x@y' – schreiben Sie den Namen des Servers"),
        ({**_RSYNC, "host": "a b"}, "host ist 'a b' – schreiben Sie den Namen des Servers"),
        ({**_RSYNC, "path": "~/"}, "path ist '~/' – nennen Sie einen Ordner auf dem Server"),
        ({**_RSYNC, "path": "/"}, "path ist '/' – nennen Sie einen Ordner auf dem Server"),
        ({**_RSYNC, "path": "www/.."}, "path ist 'www/..' – nennen Sie einen Ordner"),
        ({**_RSYNC, "identity": "nix"}, "identity ist 'nix', und diese Datei gibt es nicht."),
        (
            {**_RSYNC, "password": "x"},
            "„password“ gehört nicht in eine Datei, die andere lesen können – löschen Sie es dort; "
            "angemeldet wird mit einem Schlüssel von ssh",
        ),
        ({"target": "s3"}, "Beim Ziel „s3“ fehlt bucket"),
        ({**_S3, "endpoint": "s3.example"}, "endpoint ist 's3.example' – schreiben Sie die Adr"),
        ({**_S3, "grace_minutes": -1}, "grace_minutes ist -1 – schreiben Sie eine Zahl ab 0."),
        ({**_S3, "compress": 1}, "compress ist 1 – schreiben Sie True oder False."),
        (
            {**_S3, "aws_secret_access_key": "x"},
            "„aws_secret_access_key“ gehört nicht in eine Datei",
        ),
        ({"target": "git", "branch": "-f"}, "branch ist '-f' – schreiben Sie zum Beispiel pages."),
        ({"target": "git", "branch": "a b"}, "branch ist 'a b' – schreiben Sie zum Beispiel"),
        ({"target": "git", "remote": "--upload-pack=x"}, "remote ist '--upload-pack=x' – nennen"),
        (
            {"target": "git", "remote": "https://name:geheim@forge.example/x.git"},
            "In remote steht ein Kennwort; es gehört nicht in eine Datei",
        ),
        ({"target": "git", "token": "x"}, "„token“ gehört nicht in eine Datei"),
    ],
)
def test_a_wrong_setting_is_one_german_message(
    options: Any, message: str, output: Path, tmp_path: Path
) -> None:
    with pytest.raises(DeployError) as caught:
        deploy.deploy(output, options, tmp_path)
    assert str(caught.value).startswith(f"DEPLOY: {message}")
    assert "geheim@" not in str(caught.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["output"]


def test_every_target_has_what_the_interface_asks_for(tmp_path: Path) -> None:
    given = {"folder": {"target": "folder"}, "rsync": _RSYNC, "s3": _S3, "git": {"target": "git"}}
    assert given.keys() == TARGETS.keys()
    for name, options in given.items():
        made = target(options, tmp_path)
        assert isinstance(made, Target)
        assert made.name == name
        assert made.place
        assert made.options.keep == 5
    assert list(tmp_path.iterdir()) == []


_MANUAL = (Path(__file__).parents[3] / "HANDBUCH.md").read_text("utf-8")


def test_the_examples_in_the_manual_are_right(tmp_path: Path) -> None:
    examples = re.findall(r"^DEPLOY = (\{.*?\})\n```", _MANUAL, re.MULTILINE | re.DOTALL)
    found = [target(ast.literal_eval(example), tmp_path) for example in examples]
    assert {made.name for made in found} == TARGETS.keys()


@pytest.mark.parametrize("name", TARGETS)
def test_the_manual_explains_every_option(name: str, tmp_path: Path) -> None:
    given = {"folder": {}, "rsync": _RSYNC, "s3": _S3, "git": {}}[name]
    made = target({**given, "target": name}, tmp_path)
    for option in fields(made.options):
        assert f"| `{option.name}` |" in _MANUAL, option.name
    for variable in re.findall(r"[A-Z]+_[A-Z_]+", made.secrets):
        assert f"`{variable}`" in _MANUAL


def test_without_boto3_the_message_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(DeployError, match=r"fehlt boto3 – installieren Sie es mit: .*s3\.txt"):
        target(_S3, tmp_path)
