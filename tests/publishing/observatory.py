"""
The score that Mozilla's HTTP Observatory gives, for what concerns a site without cookies.

The rules are those of github.com/mdn/mdn-http-observatory (src/grader/charts.js and src/analyzer/tests/,
read in November 2026), which developer.mozilla.org/observatory runs: 100 points to begin with; what is missing
or weak costs points; whoever has 90 or more left gets the bonuses. What costs nothing and gives nothing
is left out, and so is the bonus for hosts in the browsers' HSTS list, which no server can give itself, and
for hashes of scripts (SRI).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

_BROAD = {"ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"}
_INLINE = {"'unsafe-inline'", "data:"}
_PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
_HALF_A_YEAR_S = 15_768_000
_LEAST_FOR_BONUS = 90


def score(headers: Mapping[str, str], way: Sequence[str]) -> int:
    """
    Return the score of an answer over https; names of headers are in lower case.

    *way* are the addresses that a reader comes to who begins with http, that one first.
    """
    parts = [
        _redirection(way),
        _policy(headers.get("content-security-policy", "")),
        _cookies(headers),
        _referrer(headers.get("referrer-policy")),
        _hsts(headers.get("strict-transport-security", "")),
        0 if headers.get("x-content-type-options", "").lower() == "nosniff" else -5,
        _frames(headers),
        _corp(headers.get("cross-origin-resource-policy")),
        -50 if headers.get("access-control-allow-credentials") else 0,
    ]
    points = 100 + sum(part for part in parts if part < 0)
    if points >= _LEAST_FOR_BONUS:
        points += sum(part for part in parts if part > 0)
    return max(points, 0)


def _redirection(way: Sequence[str]) -> int:
    places = [urlsplit(address) for address in way]
    if len(places) == 1 or places[-1].scheme != "https":
        return -20
    if places[1].scheme == "http":
        return -10
    return 0 if places[0].hostname == places[1].hostname else -5


def _directives(policy: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for directive in filter(None, (part.split() for part in policy.split(";"))):
        found.setdefault(directive[0].lower(), set(directive[1:]))
    return found


def _policy(policy: str) -> int:
    found = _directives(policy)
    if not found:
        return -25
    default = found.get("default-src", {"*"})
    scripts, styles = found.get("script-src", default), found.get("style-src", default)
    if scripts & (_BROAD | _INLINE) or found.get("object-src", default) & _BROAD:
        return -20
    if any(source.startswith(("http:", "ftp:")) for ours in found.values() for source in ours):
        return -20
    if "'unsafe-eval'" in scripts | styles:
        return -10
    if styles & (_BROAD | _INLINE):
        return 0
    is_closed = found.get("form-action", set()) <= {"'none'", "'self'"} and "form-action" in found
    return 10 if default == {"'none'"} and is_closed else 5


def _cookies(headers: Mapping[str, str]) -> int:
    cookie = headers.get("set-cookie", "").lower()
    return 0 if not cookie or ("secure" in cookie and "httponly" in cookie) else -40


def _referrer(value: str | None) -> int:
    if value is None:
        return 0
    return 5 if value.split(",")[-1].strip().lower() in _PRIVATE else -5


def _hsts(value: str) -> int:
    age = re.search(r"max-age=(\d+)", value)
    if not age:
        return -20
    return 0 if int(age[1]) >= _HALF_A_YEAR_S else -10


def _frames(headers: Mapping[str, str]) -> int:
    if "frame-ancestors" in _directives(headers.get("content-security-policy", "")):
        return 5
    return 0 if headers.get("x-frame-options", "").lower() in ("deny", "sameorigin") else -20


def _corp(value: str | None) -> int:
    return {None: 0, "same-origin": 10, "same-site": 10, "cross-origin": 0}.get(value, -5)
