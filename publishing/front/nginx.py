"""The nginx configuration of a site: one file for sites-available, for nginx 1.22 or newer."""

from __future__ import annotations

from collections.abc import Iterable

from publishing.front import MOST_KB, Front
from publishing.front import headers as h


def nginx_conf(front: Front, listen: str = "") -> str:
    """
    Return the configuration; *listen* ("127.0.0.1:8080") is for a trial on this machine, without TLS.

    All that is taken from the author has been checked by `front`, or is quoted here.
    """
    tls = [
        *("listen 443 ssl http2;", "listen [::]:443 ssl http2;"),
        f"ssl_certificate {front.certificate}/fullchain.pem;",
        f"ssl_certificate_key {front.certificate}/privkey.pem;",
        *("ssl_protocols TLSv1.2 TLSv1.3;", "ssl_session_cache shared:TLS:4m;"),
        "ssl_session_tickets off;",
    ]
    server = [
        *([f"listen {listen};"] if listen else tls),
        f"server_name {front.host};",
        f"root {front.root};",
        *("index index.html;", "charset utf-8;", "server_tokens off;", "absolute_redirect off;"),
        # No list of who has read what.
        *("access_log off;", "client_max_body_size 16k;", "etag on;"),
        *("gzip_static on;", "gzip_vary on;"),
        *(["brotli_static on;"] if front.has_brotli else []),
        *_added_headers(front),
        *_addresses(front),
        *_types(),
        *(_service(front) if front.service else []),
        "error_page 404 410 /404.html;",
        "location = /404.html { internal; }",
        *_block("location /", "try_files $uri $uri/ =404;"),
    ]
    lines = [
        "# Geschrieben von invoke server.config nginx; Änderungen gehören in die Einstellungen.",
        *_maps(front),
        *_block("server", *server),
    ]
    if not listen:
        lines += _other_hosts(front, tls)
    return "\n".join(lines) + "\n"


def _block(head: str, *lines: str) -> list[str]:
    return [f"{head} {{", *(f"    {line}" if line else "" for line in lines), "}"]


def _maps(front: Front) -> list[str]:
    """Return what depends on the address; the first expression that fits counts."""

    def ending(names: Iterable[str]) -> str:
        return rf"\.({'|'.join(names)})$"

    shared = ending((*h.SHARED_NAMES, *h.OPEN_NAMES))
    lines = [
        *_block(
            "map $uri $blog_cache",
            f'default "{h.LONGER}";',
            *(f'"~{pattern}" "{value}";' for pattern, value in h.KEPT),
        ),
        *_block("map $uri $blog_corp", 'default "same-origin";', f'"~{shared}" "cross-origin";'),
        *_block("map $uri $blog_cors", 'default "";', f'"~{ending(h.OPEN_NAMES)}" "*";'),
    ]
    if front.hub:
        host = f"https://{front.host}"
        links = f"<{front.hub}>; rel=hub, <{host}$uri>; rel=self"
        lines += _block("map $uri $blog_links", 'default "";', f'"~\\.atom\\.xml$" "{links}";')
    return lines


def _added_headers(front: Front) -> list[str]:
    pairs = [
        ("Strict-Transport-Security", front.hsts),
        *front.fixed,
        ("Content-Security-Policy", front.policy),
        ("Cache-Control", "$blog_cache"),
        (h.CORP, "$blog_corp"),
        ("Access-Control-Allow-Origin", "$blog_cors"),
        *([("Link", "$blog_links")] if front.hub else []),
    ]
    # One that is empty is not sent.
    return [f'add_header {name} "{value}" always;' for name, value in pairs]


def _addresses(front: Front) -> list[str]:
    """Return the rules for old addresses."""
    lines = [
        f'location = "{old}" {{ return 301 "{goal}"; }}'
        for old, goal in sorted(front.moved.items())
    ]
    lines += [f'location = "{old}" {{ return 410; }}' for old in front.gone]
    for path, goal in front.patterns:
        # Only where nothing is: a page of ours may have such an address.
        answer = f"return 301 {goal};" if goal else "return 410;"
        lines += _block(
            f'location ~ "{path}"',
            *("set $blog_old 1;", "if (-f $document_root$uri) { set $blog_old 0; }"),
            "if (-f $document_root${uri}index.html) { set $blog_old 0; }",
            f"if ($blog_old) {{ {answer} }}",
            "try_files $uri $uri/index.html =404;",
        )
    return lines


def _types() -> list[str]:
    """Return the types that nginx does not know; headers are inherited, for none is added here."""
    lines = []
    for end, kind in h.TYPES:
        pattern = end.replace(".", "\\.")
        lines += _block(f'location ~ "{pattern}$"', "types { }", f'default_type "{kind}";')
    return lines


def _service(front: Front) -> list[str]:
    """Return the way to the comment service; what it answers has headers of its own."""
    return _block(
        "location ^~ /kommentare/",
        f"client_max_body_size {MOST_KB}k;",
        f'add_header Strict-Transport-Security "{front.hsts}" always;',
        f"proxy_pass http://{front.service};",
        "proxy_set_header Host $host;",
        # Not $proxy_add_x_forwarded_for: what a reader claims to be is not passed on.
        "proxy_set_header X-Forwarded-For $remote_addr;",
        "proxy_set_header X-Forwarded-Proto $scheme;",
        "proxy_read_timeout 30s;",
    )


def _other_hosts(front: Front, tls: list[str]) -> list[str]:
    """Return the servers that lead to the site: http, and www."""
    names = f"{front.host} www.{front.host}" if front.is_www else front.host
    lines = _block(
        "server",
        *("listen 80;", "listen [::]:80;", f"server_name {names};", "access_log off;"),
        # certbot puts its answers there.
        "location /.well-known/acme-challenge/ { root /var/www/html; }",
        "location / { return 301 https://$host$request_uri; }",
    )
    if front.is_www:
        lines += _block(
            "server",
            *tls,
            *(f"server_name www.{front.host};", "access_log off;"),
            f'add_header Strict-Transport-Security "{front.hsts}" always;',
            f"return 301 https://{front.host}$request_uri;",
        )
    return lines
