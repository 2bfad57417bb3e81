"""No secret goes out: files that look like a key, a password or a database stop the deployment."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from publishing.deploy.result import DeployError
from publishing.release import Manifest

#: Larger files are pictures, sound and films.
_LARGEST = 5_000_000
#: Names of files that hold secrets, whatever is in them.
_NAME = re.compile(
    r"""(?:^|/)(?:
      \.env(?:\.[^/]+)? | \.htpasswd | \.netrc | \.pgpass | \.npmrc | \.pypirc | \.git-credentials
    | \.git/.* | \.ssh/.* | \.aws/.* | \.gnupg/.* | id_(?:rsa|dsa|ecdsa|ed25519)
    | [^/]+\.(?:p12|pfx|jks|kdbx|ppk|sqlite3?|sqlite3?-wal)
    )$""",
    re.VERBOSE,
)
#: What is in them: a fixed beginning, which is quick to find, and what has to follow it.
_CONTENTS = (
    (
        b"PRIVATE KEY",
        rb"PRIVATE KEY(?: BLOCK)?-----\s+(?:[\w-]+: .*\s+)*[\w+/=\s]{60}",
        "Schlüssel",
    ),
    (b"PuTTY-User-Key-File", rb"PuTTY-User-Key-File-\d: ", "Schlüssel"),
    (b"AKIA", rb"\bAKIA[0-9A-Z]{16}\b", "Schlüssel für AWS"),
    (b"ghp_", rb"\bghp_\w{36}", "Token für GitHub"),
    (b"gho_", rb"\bgho_\w{36}", "Token für GitHub"),
    (b"ghs_", rb"\bghs_\w{36}", "Token für GitHub"),
    (b"github_pat_", rb"\bgithub_pat_\w{60}", "Token für GitHub"),
    (b"glpat-", rb"\bglpat-[\w-]{20}", "Token für GitLab"),
    (b"xox", rb"\bxox[abprs]-[\w-]{20}", "Token für Slack"),
    (b"hooks.slack.com", rb"hooks\.slack\.com/services/T\w+/B\w+/\w{20}", "Adresse für Slack"),
    (b"sk_live_", rb"\bsk_live_\w{20}", "Schlüssel für Stripe"),
    (b"rk_live_", rb"\brk_live_\w{20}", "Schlüssel für Stripe"),
    (b"sk-ant-", rb"\bsk-ant-[\w-]{30}", "Schlüssel eines Sprachmodells"),
    (b"sk-proj-", rb"\bsk-proj-[\w-]{30}", "Schlüssel eines Sprachmodells"),
    (b"AIza", rb"\bAIza[\w-]{35}", "Schlüssel für Google"),
    (b"pypi-AgE", rb"\bpypi-AgE[\w-]{50}", "Token für PyPI"),
    (b"npm_", rb"\bnpm_\w{36}", "Token für npm"),
    (b"SG.", rb"\bSG\.[\w-]{22}\.[\w-]{43}", "Schlüssel für SendGrid"),
    (b"dop_v1_", rb"\bdop_v1_[0-9a-f]{64}", "Token für DigitalOcean"),
    (b"hf_", rb"\bhf_[A-Za-z]{34}\b", "Token für Hugging Face"),
)
_RULES = [(start, re.compile(pattern), kind) for start, pattern, kind in _CONTENTS]
_VARIABLE = re.compile(r"SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|API_KEY|ACCESS_KEY|SSH_KEY")
#: Variables of such names say where a secret is.
_PLACE = re.compile(r"_(?:FILE|PATH|DIR|UR[IL]|ENDPOINT)$")
#: Shorter values are words that may well be in a text.
_SHORTEST = 12


class Cleared:
    """
    The digests of files that were looked at and hold no secret, kept in a file.

    Who has another secret by now, or other rules, has looked at nothing yet.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._version = _version(_own_secrets(os.environ))
        try:
            rules, *digests = json.loads(file.read_text("utf-8"))
        except (OSError, ValueError, TypeError):
            rules, digests = "", []
        self._digests = set(digests) if rules == self._version else set()

    def __contains__(self, digest: str) -> bool:
        return digest in self._digests

    def save(self, site: Manifest, allowed: Iterable[str]) -> None:
        """Remember the files of *site* that had to pass, and only those."""
        digests = {site.files[path] for path in site.files.keys() - set(allowed)}
        if digests == self._digests:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        new = self._file.with_suffix(".neu")
        new.write_text(json.dumps([self._version, *sorted(digests)]), "utf-8")
        new.replace(self._file)


def _version(values: Mapping[bytes, str]) -> str:
    """Return what stands for the rules and for our own secrets, which nobody can guess from it."""
    rules = hashlib.sha256(repr((_NAME.pattern, _CONTENTS)).encode()).digest()
    # Slow by intention, a hundredth of a second: memories may lie in caches that others can read.
    return hashlib.scrypt(b"\0".join(sorted(values)), salt=rules, n=2**12, r=8, p=1).hex()


def refuse_secrets(
    output: Path, site: Manifest, allowed: Iterable[str], cleared: Cleared | None = None
) -> None:
    """
    Make sure that no file of *site*, in *output*, holds a secret; files in *cleared* hold none.

    Raises:
        DeployError: One does, and is not *allowed*.
    """
    values = _own_secrets(os.environ)
    for path in sorted(site.files.keys() - set(allowed)):
        kind = "vertrauliche Datei" if _NAME.search(path) else ""
        if not kind and not (cleared and site.files[path] in cleared):
            kind = _kind(output / path, values)
        if kind:
            entry = f'"allow": ["{path}"]'
            raise DeployError(
                f"{output.name}/{path}: Das sieht nach etwas Geheimem aus ({kind}); nichts wurde "
                "veröffentlicht – nehmen Sie es aus Ihren Texten und bauen Sie neu. Ist es "
                f"harmlos, ergänzen Sie in DEPLOY: {entry}."
            )


def _own_secrets(environment: Mapping[str, str]) -> dict[bytes, str]:
    """Return the values of environment variables that hold our own secrets, with their names."""
    return {
        secret.encode("utf-8", "surrogateescape"): name
        for name, value in environment.items()
        for secret in _secrets_in(name, value)
        if len(secret) >= _SHORTEST
    }


def _secrets_in(name: str, value: str) -> Iterator[str]:
    """Yield what is secret in the variable *name*: its value, or a password in an address."""
    with suppress(ValueError):
        if login := urlsplit(value).password:
            yield from (login, unquote(login), f"{urlsplit(value).username}:{login}@")
            return
    if _VARIABLE.search(name) and not _PLACE.search(name) and not _is_path(value):
        yield value.strip()


def _is_path(value: str) -> bool:
    with suppress(OSError, ValueError):
        return value.startswith(("/", "~")) and Path(value).expanduser().exists()
    return False


def _kind(file: Path, values: Mapping[bytes, str]) -> str:
    """Return what secret is in *file*, in German, or an empty text."""
    if file.stat().st_size > _LARGEST:
        return ""
    data = file.read_bytes()
    for start, pattern, kind in _RULES:
        if start in data and pattern.search(data):
            return kind
    return next((f"Inhalt von {name}" for value, name in values.items() if value in data), "")
