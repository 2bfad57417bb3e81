"""What looks like a secret does not go out; what only resembles one does."""

from __future__ import annotations

from pathlib import Path

import pytest

from publishing import deploy
from publishing.deploy import DeployError, leaks
from publishing.release import manifest
from tests.publishing.deploy import fake_site
from tests.publishing.deploy.places import Place, folder_place

_LETTERS = "Ab3" * 40
# Put together here, so that no tool that looks for secrets in repositories finds one in this file.
_SECRETS = {
    "-----BEGIN OPENSSH PRIVATE " + f"KEY-----\n{_LETTERS}\n": "Schlüssel",
    "-----BEGIN RSA PRIVATE " + f"KEY-----\nProc-Type: 4,ENCRYPTED\n\n{_LETTERS}": "Schlüssel",
    "-----BEGIN PGP PRIVATE " + f"KEY BLOCK-----\n\n{_LETTERS}": "Schlüssel",
    "AKI" + "A" + "Q3EGNFDP2OIFN4K7": "Schlüssel für AWS",
    "gh" + f"p_{_LETTERS[:36]}": "Token für GitHub",
    "github_" + f"pat_{_LETTERS[:82]}": "Token für GitHub",
    "glp" + f"at-{_LETTERS[:20]}": "Token für GitLab",
    "xox" + f"b-{_LETTERS[:30]}": "Token für Slack",
    "sk_" + f"live_{_LETTERS[:24]}": "Schlüssel für Stripe",
    "pypi-" + f"AgE{_LETTERS[:60]}": "Token für PyPI",
    "SG" + f".{_LETTERS[:22]}.{_LETTERS[:43]}": "Schlüssel für SendGrid",
}
_HARMLESS = (
    "Ein Schlüssel beginnt mit -----BEGIN PRIVATE KEY----- und endet mit -----END PRIVATE KEY-----.",
    "Token von GitHub fangen mit ghp_ an, die von GitLab mit glpat-.",
    "AKIA ist eine Stadt.",
    "npm_config_registry SG. AIza sk_live_ hf_",
)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return folder_place(tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        *(".env", ".env.local", "blog/.htpasswd", ".git/config", ".ssh/id_ed25519", "id_rsa"),
        *("x/.netrc", "cert.p12", "kunden.kdbx", "data/kommentare.sqlite3", ".git-credentials"),
    ],
)
def test_files_of_that_name_are_refused(place: Place, output: Path, name: str) -> None:
    place.deploy(output)
    behind = place.behind()
    (output / name).parent.mkdir(exist_ok=True)
    (output / name).write_text("x", "utf-8")
    with pytest.raises(DeployError) as caught:
        place.deploy(output)
    assert str(caught.value).startswith(f"output/{name}: Das sieht nach etwas Geheimem aus (")
    assert f'"allow": ["{name}"]' in str(caught.value)
    assert place.seen() == fake_site.pages(1)
    assert place.behind() == behind


@pytest.mark.parametrize(("text", "kind"), _SECRETS.items(), ids=range(len(_SECRETS)))
def test_files_with_such_contents_are_refused(
    place: Place, output: Path, text: str, kind: str
) -> None:
    (output / "seite.html").write_text(f"<p>Text\n{text}\n</p>", "utf-8")
    with pytest.raises(DeployError, match=rf"^output/seite\.html: .*\({kind}\)"):
        place.deploy(output)
    assert not place.behind()


def test_what_talks_about_secrets_is_deployed(place: Place, output: Path) -> None:
    (output / "seite.html").write_text("\n".join(_HARMLESS), "utf-8")
    for name in ("environment.html", "blog/id_rsa.html", "env", "git/config", "keys.txt"):
        (output / name).parent.mkdir(exist_ok=True)
        (output / name).touch()
    assert place.deploy(output).changed


def test_our_own_secrets_are_known_by_the_environment(
    place: Place, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMMENTS_TOKEN", "vollkommen-zufaellig")
    monkeypatch.setenv("SOME_TOKEN", "Mittwochs")  # a word, too short for a secret
    monkeypatch.setenv("TOKEN_FILE", "/usr/share/dict/words")
    place.deploy(output)
    (output / "feed.json").write_text('{"x": "vollkommen-zufaellig"}', "utf-8")
    with pytest.raises(DeployError, match="Inhalt von COMMENTS_TOKEN") as caught:
        place.deploy(output)
    assert "vollkommen" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "secret"),
    [
        ("AWS_SECRET_ACCESS_KEY", "wJalr/XUtnF+EMIbPxRfi", "wJalr/XUtnF+EMIbPxRfi"),
        ("DATABASE_URL", "postgresql://blog:ganz%2Fgeheim-26@db/x", "ganz%2Fgeheim-26"),
        ("DATABASE_URL", "postgresql://blog:ganz%2Fgeheim-26@db/x", "ganz/geheim-26"),
        ("COMMENTS_MAIL", "smtp://henrike:kurz@mail.example:587", "henrike:kurz@"),
    ],
)
def test_secrets_are_known_whatever_signs_are_in_them(
    place: Place,
    output: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
    secret: str,
) -> None:
    """Also in a file that was looked at before the variable was there."""
    (output / "feed.json").write_text(f'{{"x": "{secret}"}}', "utf-8")
    place.deploy(output)
    monkeypatch.setenv(name, value)
    with pytest.raises(DeployError, match=f"Inhalt von {name}"):
        place.deploy(output)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TOKEN_FILE", "/run/secrets/was-es-hier-nicht-gibt"),
        ("OAUTH_TOKEN_URL", "https://anmelden.example/token"),
        ("SECRETS", str(Path(__file__).parent)),
        ("DATABASE_URL", "sqlite:////srv/kommentare.sqlite3"),
    ],
)
def test_what_only_says_where_a_secret_is_may_be_told(
    place: Place, output: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    (output / "seite.html").write_text(f"<p>{value}</p>", "utf-8")
    assert place.deploy(output).changed


def test_a_false_alarm_can_be_allowed_and_only_there(place: Place, output: Path) -> None:
    secret = next(iter(_SECRETS))
    (output / "seite.html").write_text(secret, "utf-8")
    assert place.deploy(output, allow=["seite.html"]).changed
    with pytest.raises(DeployError, match=r"seite\.html"):
        place.deploy(output)
    (output / "andere.html").write_text(secret, "utf-8")
    with pytest.raises(DeployError, match=r"andere\.html"):
        place.deploy(output, allow=["seite.html"])


def test_a_file_is_looked_at_once(output: Path, tmp_path: Path) -> None:
    site, memory = manifest(output), tmp_path / "m.json"
    leaks.Cleared(memory).save(site, allowed=())
    cleared = leaks.Cleared(memory)
    assert all(digest in cleared for digest in site.files.values())
    fake_site.remove(output)
    leaks.refuse_secrets(output, site, (), cleared)


@pytest.mark.parametrize("text", ["", "[]", "{", '["other rules", "x"]', "5"])
def test_a_memory_of_other_rules_or_a_damaged_one_is_empty(text: str, tmp_path: Path) -> None:
    memory = tmp_path / "m.json"
    memory.write_text(text, "utf-8")
    assert "x" not in leaks.Cleared(memory)


def test_a_dry_run_refuses_too(place: Place, output: Path) -> None:
    (output / ".env").touch()
    with pytest.raises(DeployError, match="Geheimem"):
        deploy.plan(output, place.options, place.base)
