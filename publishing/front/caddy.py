"""
The Caddyfile of a site: TLS, HTTP/3 and certificates are Caddy's own defaults.

For Caddy 2.6.2, which Debian 12 has, or newer; that one refuses a comment that is too large with
status 502 where newer ones say 413.
"""

from __future__ import annotations

from publishing.front import MOST_KB, Front
from publishing.front import headers as h

_TROUBLE = "Das geht gerade nicht ({err.status_code}). Versuchen Sie es bitte später noch einmal."


def caddyfile(front: Front, address: str = "", tls: str = "") -> str:
    """
    Return the Caddyfile; *address* and *tls* are for a trial on this machine.

    All that is taken from the author has been checked by `front`, or is quoted here.
    """
    site = [
        *([f"tls {tls}"] if tls else []),
        f"root * {front.root}",
        "encode gzip",
        f'header Strict-Transport-Security "{front.hsts}"',
        *_addresses(front),
        *(_service(front) if front.service else []),
        *_files(front),
        *_errors(front),
    ]
    blocks = [
        "# Geschrieben von invoke server.config caddy; Änderungen gehören in die Einstellungen.",
        *(["{", *_inside([f"email {front.email}"]), "}", ""] if front.email else []),
        f"{address or front.host} {{",
        *_inside(site),
        "}",
    ]
    if front.is_www and not address:
        goal = [f"redir https://{front.host}{{uri}} permanent"]
        blocks += ["", f"www.{front.host} {{", *_inside(goal), "}"]
    return "\n".join(blocks) + "\n"


def _inside(lines: list[str]) -> list[str]:
    return [f"\t{line}" if line else line for line in lines]


def _block(head: str, *lines: str) -> list[str]:
    return [f"{head} {{", *_inside(list(lines)), "}"]


def _addresses(front: Front) -> list[str]:
    """Return the rules for old addresses."""
    lines: list[str] = []
    if front.moved:
        rows = [f'"{old}" "{goal}"' for old, goal in sorted(front.moved.items())]
        lines += _block("map {path} {neu}", *rows, 'default ""')
        lines += ['@umgezogen expression `{neu} != ""`', "redir @umgezogen {neu} permanent"]
    if front.gone:
        lines += ["@entfernt path " + " ".join(f'"{old}"' for old in front.gone)]
        lines += _refused("entfernt", 410)
    for number, (path, goal) in enumerate(front.patterns, 1):
        # Only where nothing is: a page of ours may have such an address.
        name = f"alt{number}"
        lines += _block(
            f"@{name}", f"path_regexp {name} {path}", "not file {path} {path}/index.html"
        )
        if goal:
            lines += [f"redir @{name} {goal.replace('$1', f'{{re.{name}.1}}')} permanent"]
        else:
            lines += _refused(name, 410)
    return lines


def _refused(matcher: str, status: int) -> list[str]:
    # In a block of its own: Caddy would come to a bare error only after all files.
    return _block(f"handle @{matcher}", f"error {status}")


def _service(front: Front) -> list[str]:
    """Return the way to the comment service; what it answers has headers of its own."""
    return _block(
        "handle /kommentare/*",
        *_block("request_body", f"max_size {MOST_KB}KB"),
        # Caddy itself sets X-Forwarded-For, and passes on no such header of a reader's.
        f"reverse_proxy {front.service}",
    )


def _files(front: Front) -> list[str]:
    """Return how files are sent."""
    lines = ["request_body {", "\tmax_size 16KB", "}"]
    lines += [f'header {name} "{value}"' for name, value in front.fixed]
    lines += [f'header Content-Security-Policy "{front.policy}"']
    # By tables and not by several headers of one name: Caddy puts those into an order of its own.
    kept = [f'"~{pattern}" "{value}"' for pattern, value in h.KEPT]
    lines += _block("map {path} {dauer}", *kept, f'default "{h.LONGER}"')
    shared = rf"\.({'|'.join((*h.SHARED_NAMES, *h.OPEN_NAMES))})$"
    lines += _block("map {path} {fuer}", f'"~{shared}" cross-origin', "default same-origin")
    lines += ["header Cache-Control {dauer}", f"header {h.CORP} {{fuer}}"]
    lines += _matched("offen", [f"path *.{' *.'.join(h.OPEN_NAMES)}"])
    lines += ['header @offen Access-Control-Allow-Origin "*"']
    for number, (end, kind) in enumerate(h.TYPES, 1):
        lines += [f"@art{number} path *{end}", f'header @art{number} Content-Type "{kind}"']
    if front.hub:
        lines += ["@feeds path *.atom.xml"]
        lines += [f'header @feeds +Link "<{front.hub}>; rel=\\"hub\\""']
        self_link = f'<https://{front.host}{{path}}>; rel=\\"self\\"'
        lines += [f'header @feeds +Link "{self_link}"']
    lines += ["@schreiben not method GET HEAD", *_refused("schreiben", 405)]
    lines += _block("file_server", "precompressed br gzip")
    return _block("handle", *lines)


def _matched(name: str, lines: list[str]) -> list[str]:
    return _block(f"@{name}", *lines)


def _errors(front: Front) -> list[str]:
    """Return what is sent where nothing is."""
    lines = [f'header {name} "{value}"' for name, value in front.fixed]
    lines += [f'header {h.CORP} "same-origin"', 'header Cache-Control "no-cache"']
    lines += [f'header Content-Security-Policy "{front.policy}"']
    lines += [f'header Strict-Transport-Security "{front.hsts}"']
    # What the service could not answer is no missing page.
    lines += _matched("fehlt", ["expression `{err.status_code} in [404, 410]`"])
    lines += _block(
        "handle @fehlt", "rewrite * /404.html", *_block("file_server", "precompressed br gzip")
    )
    lines += _block("handle", f'respond "{_TROUBLE}"')
    return _block("handle_errors", *lines)
