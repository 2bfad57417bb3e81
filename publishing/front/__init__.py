"""
The production front: a web server that sends the files, and passes /kommentare/ on to the service.

The configuration of Caddy or nginx is written from the settings and from the built site. `Front` says
what either of them must know; `caddy` and `nginx` say it in their languages, `host_files` in that of
hosts which read ``_headers``. `install` says what else a Debian server needs.

Setting: ``SERVER``, see `Options`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from publishing import setting
from publishing.front import headers, redirects, survey
from publishing.setting import SettingError

#: The largest form that the comment service takes has 192 kB.
MOST_KB = 256
_SERVICE = re.compile(r"(?:[\w.-]+|\[[0-9a-f:]+\]):\d{1,5}|unix/{1,2}[\w./-]+", re.I)
#: Paths stand in configurations without quotes.
_PATH = re.compile(r"/[\w./+@-]*")


@dataclass(frozen=True, kw_only=True)
class Options:
    """
    What ``SERVER`` says.

    *site*: the folder that is served, on the server; by default what DEPLOY names. *service*: address
    of the comment service, "" for none. *www*: whether www. leads to the site, too. *email*: for
    the certificate authority. *wordpress*: whether the site's addresses were once WordPress's.
    *preload*: whether HSTS may be built into browsers, which cannot be taken back. *certificate*:
    folder with fullchain.pem and privkey.pem, for nginx. *brotli*: whether nginx has that module.
    *headers_file*: whether the site takes a file ``_headers`` along, for hosts that read it.
    """

    site: str = ""
    service: str = "127.0.0.1:8001"
    www: bool = True
    email: str = ""
    wordpress: bool = False
    preload: bool = False
    certificate: str = ""
    brotli: bool = True
    headers_file: bool = False


@dataclass(frozen=True)
class Front:
    """A site as a web server must know it; *root* and *certificate* are folders on the server."""

    host: str
    root: str
    policy: str
    service: str = ""
    opener: str = headers.ALONE
    email: str = ""
    is_www: bool = False
    is_preloaded: bool = False
    has_brotli: bool = True
    certificate: str = ""
    #: Old addresses and where they lead; and those that are gone for good.
    moved: Mapping[str, str] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    patterns: tuple[redirects.Pattern, ...] = ()
    #: The hub that feeds name in a header, or "".
    hub: str = ""

    @property
    def hsts(self) -> str:
        """The value of Strict-Transport-Security."""
        return headers.hsts(self.is_preloaded)

    @property
    def fixed(self) -> tuple[tuple[str, str], ...]:
        """The headers that are the same for all files, beside policy and HSTS."""
        return (*headers.FIXED, (headers.OPENER, self.opener))


def front(settings: Mapping[str, Any], base: Path) -> Front:
    """
    Return the front for the site that was built last; relative paths start at *base*.

    Raises:
        SettingError: A setting is wrong, or nothing has been built.
    """
    options = setting.read("SERVER", Options, settings.get("SERVER", {}))
    address = urlsplit(settings["SITEURL"])
    if not re.fullmatch(r"[a-z0-9.-]+", address.hostname or "", re.I):
        raise SettingError(
            f"SITEURL: {settings['SITEURL']!r} nennt keinen Server – schreiben Sie die Adresse wie "
            "https://mittwochspost.example."
        )
    if options.service and not _SERVICE.fullmatch(options.service):
        raise SettingError(
            f"SERVER: service ist {options.service!r} – schreiben Sie Rechner und Port, zum "
            "Beispiel „127.0.0.1:8001“."
        )
    if not re.fullmatch(r"[\w.+-]+@[\w.-]+|", options.email):
        raise SettingError(f"SERVER: email ist {options.email!r} – das ist keine E-Mail-Adresse.")
    host = str(address.hostname).lower()
    certificate = options.certificate or f"/etc/letsencrypt/live/{host}"
    output = Path(settings["OUTPUT_PATH"])
    if not (output / "index.html").is_file():
        raise SettingError(
            f"{output.name}/: Darin liegt keine fertige Website – rufen Sie vorher "
            "invoke build --no-deploy auf; Kopfzeilen und Weiterleitungen richten sich danach."
        )
    return Front(
        host=host,
        root=_checked("site", _root(options, settings, base)),
        policy=headers.policy(survey.used(output), headers.foreign(settings)),
        service=options.service,
        opener=headers.opener(settings),
        email=options.email,
        is_www=options.www and not host.startswith("www."),
        is_preloaded=options.preload,
        has_brotli=options.brotli,
        certificate=_checked("certificate", certificate),
        moved=redirects.moved(output),
        gone=redirects.gone(settings),
        patterns=redirects.WORDPRESS if options.wordpress else (),
        hub=settings.get("ANNOUNCE", {}).get("websub", ""),
    )


def _root(options: Options, settings: Mapping[str, Any], base: Path) -> str:
    """Return the folder that is served."""
    if options.site:
        return options.site
    target = settings.get("DEPLOY", {})
    path = str(target.get("path", "public"))
    if target.get("target", "folder") == "folder":
        return str(base.resolve() / path)
    if path.startswith("/"):
        return path
    raise SettingError(
        "SERVER: Es fehlt der Ordner, den der Webserver ausliefert – schreiben Sie zum Beispiel "
        '{"site": "/srv/www/mittwochspost"}.'
    )


def _checked(name: str, path: str) -> str:
    if _PATH.fullmatch(path) and ".." not in path:
        return path
    raise SettingError(
        f"SERVER: {name} ist {path!r} – nennen Sie einen vollen Pfad ohne Leerzeichen, zum Beispiel "
        "„/srv/www/mittwochspost“."
    )
