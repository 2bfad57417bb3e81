"""Passwords may lie in the keyring of the system; the environment comes first."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from publishing import deploy, keychain

_KEYRING = """
class errors:
    class KeyringError(Exception):
        pass

def get_password(service, name):
    if LOCKED:
        raise errors.KeyringError
    return KNOWN.get((service, name))
"""


def _install(folder: Path, monkeypatch: pytest.MonkeyPatch, is_locked: bool = False) -> None:
    """Install a package „keyring“ that knows one password."""
    known = {("mittwochspost", "DEPLOY_GIT_TOKEN"): "aus-dem-schluesselbund"}
    text = f"LOCKED = {is_locked}\nKNOWN = {known!r}\n{_KEYRING}"
    (folder / "keyring.py").write_text(text, "utf-8")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, "keyring", raising=False)


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    # Set first, so that what is set later is taken back, too.
    monkeypatch.setenv("DEPLOY_GIT_TOKEN", "")
    monkeypatch.setenv("COMMENTS_TOKEN", "")


def test_a_target_finds_its_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _install(tmp_path, monkeypatch)
    deploy.target({"target": "git"}, tmp_path)
    assert os.environ["DEPLOY_GIT_TOKEN"] == "aus-dem-schluesselbund"
    monkeypatch.setenv("DEPLOY_GIT_TOKEN", "aus-der-umgebung")
    deploy.target({"target": "git"}, tmp_path)
    assert os.environ["DEPLOY_GIT_TOKEN"] == "aus-der-umgebung"


@pytest.mark.parametrize("is_locked", [True, False])
def test_what_the_keyring_does_not_tell_stays_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_locked: bool
) -> None:
    _install(tmp_path, monkeypatch, is_locked)
    keychain.fill(["COMMENTS_TOKEN"])
    assert os.environ["COMMENTS_TOKEN"] == ""
