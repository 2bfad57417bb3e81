"""What is deployed beside what was built: compressed forms, made again only if they have to be."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import brotli
import pytest

from publishing import deploy
from publishing.deploy import packed
from publishing.deploy.built import Built, Extras
from publishing.release import Manifest, manifest
from tests.publishing.deploy import fake_site
from tests.publishing.deploy.servers import Ssh
from tests.site import tree

_TEXT = b"Ein Satz, der sich wiederholt. " * 100


@pytest.fixture
def output(tmp_path: Path) -> Path:
    files = {"index.html": _TEXT, "a/b.css": _TEXT + b"b", "bild.png": _TEXT, "kurz.txt": b"kurz"}
    return fake_site.write(files, tmp_path / "output")


def _add(output: Path, is_packed: bool = True, **more: bytes) -> tuple[Built, Manifest]:
    folder = output.parent / "extra"
    return Extras(folder).add_to(output, manifest(output), more, is_packed)


def test_each_text_is_there_in_both_forms(output: Path) -> None:
    built, site = _add(output)
    ours = sorted(built.extras)
    assert ours == ["a/b.css.br", "a/b.css.gz", "index.html.br", "index.html.gz"]
    assert brotli.decompress(built.file("index.html.br").read_bytes()) == _TEXT
    assert gzip.decompress(built.file("a/b.css.gz").read_bytes()) == _TEXT + b"b"
    assert built.file("bild.png") == output / "bild.png"
    whole = {**tree(output), **tree(output.parent / "extra")}
    fake_site.write(whole, output.parent / "alles")
    assert site == manifest(output.parent / "alles")
    assert site.size == manifest(output.parent / "alles").size


def test_the_same_text_gives_the_same_bytes() -> None:
    assert packed.forms(_TEXT) == packed.forms(_TEXT)
    assert packed.forms(os.urandom(2_000)) == {}


def test_only_what_has_changed_is_compressed(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = _add(output)[1]
    made: list[bytes] = []
    forms = packed.forms

    def counted(data: bytes) -> dict[str, bytes]:
        made.append(data)
        return forms(data)

    monkeypatch.setattr(packed, "forms", counted)
    assert _add(output)[1] == first
    assert made == []
    (output / "index.html").write_bytes(_TEXT + b"!")
    assert _add(output)[1] != first
    assert made == [_TEXT + b"!"]


@pytest.mark.parametrize("harm", ["gone", "touched", "index", "stray"])
def test_what_was_harmed_is_made_again(output: Path, harm: str) -> None:
    _, first = _add(output)
    folder = output.parent / "extra"
    before = tree(folder)
    match harm:
        case "gone":
            (folder / "index.html.br").unlink()
        case "touched":
            (folder / "index.html.br").write_bytes(b"anders")
        case "index":
            folder.with_suffix(".json").write_text("[1, {", "utf-8")
        case "stray":
            # Left by a deployment that was killed: its list was not written any more.
            (folder / "fremd.br").write_bytes(b"x")
            folder.with_suffix(".json").unlink()
    assert _add(output)[1] == first
    assert tree(folder) == before


def test_what_is_gone_goes(output: Path) -> None:
    _add(output, **{"_headers": b"x"})
    (output / "a" / "b.css").unlink()
    built, site = _add(output)
    assert sorted(tree(output.parent / "extra")) == ["index.html.br", "index.html.gz"]
    assert "_headers" not in site.files
    assert "_headers" not in built.extras


def test_what_the_author_has_made_wins(output: Path) -> None:
    (output / "index.html.gz").write_bytes(b"von Hand")
    built, _ = _add(output)
    assert built.file("index.html.gz") == output / "index.html.gz"


def test_without_extras_a_site_is_what_was_built(output: Path) -> None:
    built, site = _add(output, is_packed=False)
    assert built.folders == (output,)
    assert site == manifest(output)


@pytest.mark.parametrize("target", ["folder", "rsync"])
def test_servers_get_all_of_it(
    target: str, output: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    options = {"target": "folder", "compress": True}
    place = tmp_path / "public"
    if target == "rsync":
        ssh: Ssh = request.getfixturevalue("ssh")
        options = ssh.options(path="www/packed", compress=True)
        place = ssh.home / "www/packed"
    more = {"_headers": b"/*\n"}
    deployed = deploy.deploy(output, options, tmp_path, more=more)
    assert deployed.site
    assert sorted(tree(place)) == sorted(deployed.site.files)
    assert {"index.html.br", "a/b.css.gz", "_headers"} <= tree(place).keys()
    (output / "a" / "b.css").unlink()
    deploy.deploy(output, options, tmp_path)
    assert sorted(tree(place)) == [
        *("bild.png", "index.html", "index.html.br", "index.html.gz", "kurz.txt"),
    ]
    assert not deploy.deploy(output, options, tmp_path).changed


def test_digests_of_the_build_are_not_calculated_again(output: Path, tmp_path: Path) -> None:
    known = dict(manifest(output).files)
    deployed = deploy.deploy(output, {"target": "folder"}, tmp_path, known)
    assert deployed.site == Manifest(known)
    # Nothing was read to be hashed, so nothing is remembered.
    assert not list((tmp_path / ".cache" / "deploy").glob("dateien-*.json"))
