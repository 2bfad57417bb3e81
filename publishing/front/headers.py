"""
The headers of every file, by what is safe for readers; scored in the tests as Mozilla's Observatory does.

How long a file is kept is decided in `publishing.deploy.objects`, for object stores and web servers alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from publishing.deploy.objects import ASSET_S, FINGERPRINTED_S, PAGE_S
from publishing.front.survey import Used

#: Two years, as lists of preloaded hosts ask for.
_HSTS_S = 63_072_000
_POWERS = (
    *("accelerometer", "camera", "display-capture", "geolocation", "gyroscope"),
    *("magnetometer", "microphone", "midi", "payment", "usb"),
)
#: The same for all files of all sites, beside policy, HSTS and `opener`.
FIXED = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Permissions-Policy", ", ".join(f"{power}=()" for power in _POWERS)),
)
OPENER = "Cross-Origin-Opener-Policy"
#: What pages know of windows: nothing of those that others have opened, and of their own ones, if they must.
ALONE, WITH_WINDOWS = "same-origin", "same-origin-allow-popups"
#: Pages, styles and scripts are for our own pages; pictures are shown by feed readers, too.
CORP = "Cross-Origin-Resource-Policy"
SHARED_NAMES = ("svg", "png", "jpg", "jpeg", "gif", "webp", "avif", "ico")
#: What programs of others may read: there is nothing in it that is not public.
OPEN_NAMES = ("xml", "json", "ics")
IMMUTABLE = f"public, max-age={FINGERPRINTED_S}, immutable"
SHORT = f"public, max-age={PAGE_S}"
LONGER = f"public, max-age={ASSET_S}"
_CHANGING = r"\.(html|xml|json|txt|ics|webmanifest)"
_SAME_KIND = "[.-]([0-9]{8,64}|[a-f]{8,64})"
#: By the address: expressions that Go and PCRE read alike, of which the first that fits counts. A name
#: that changes with the content has figures and letters (a to f); one without either is a date, a word.
KEPT = (
    (rf"{_SAME_KIND}{_CHANGING}$", SHORT),
    (rf"{_SAME_KIND}\.\w+$", LONGER),
    (r"[.-][0-9a-f]{8,64}\.\w+$", IMMUTABLE),
    (rf"(/|/sw\.js|{_CHANGING})$", SHORT),
)
#: Types that web servers do not know, or know less exactly, by the end of the name.
TYPES = (
    (".atom.xml", "application/atom+xml; charset=utf-8"),
    (".ics", "text/calendar; charset=utf-8"),
    (".webmanifest", "application/manifest+json"),
)


def hsts(is_preloaded: bool) -> str:
    """Return the value of Strict-Transport-Security."""
    more = "; includeSubDomains; preload" if is_preloaded else ""
    return f"max-age={_HSTS_S}{more}"


def foreign(settings: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return what other comment systems need, once a reader has asked for them, by directive."""
    if not (chosen := settings.get("COMMENTS_SYSTEMS")):
        return {}
    from plugins.comments import systems

    return systems.policy(systems.read(chosen).values())


def opener(settings: Mapping[str, Any]) -> str:
    """Return the Cross-Origin-Opener-Policy: some comment systems log in in a window of their own."""
    if not (chosen := settings.get("COMMENTS_SYSTEMS")):
        return ALONE
    from plugins.comments import systems

    has_windows = any(system.has_login_window for system in systems.read(chosen).values())
    return WITH_WINDOWS if has_windows else ALONE


def policy(used: Used, others: Mapping[str, tuple[str, ...]] | None = None) -> str:
    """
    Return the Content-Security-Policy of a site: its own files, *others* that it names, nothing unsafe.

    *others* are sources by directive.
    """
    scripts = ("'self'", *used.scripts)
    directives: dict[str, tuple[str, ...]] = {
        "default-src": ("'none'",),
        "style-src": ("'self'", *used.styles),
        "img-src": ("'self'", *(("data:",) if used.has_data_pictures else ())),
        "font-src": ("'self'",),
        "media-src": ("'self'",),
        "manifest-src": ("'self'",),
        **(
            {"script-src": scripts, "connect-src": ("'self'",), "worker-src": ("'self'",)}
            if used.has_scripts
            else {}
        ),
        "form-action": ("'self'",),
        "base-uri": ("'none'",),
        "frame-ancestors": ("'none'",),
    }
    for name, sources in (others or {}).items():
        directives[name] = (*directives.get(name, ()), *sources)
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives.items())
