"""The file ``_headers``, which some hosts of folders read (Netlify, Cloudflare Pages and others)."""

from __future__ import annotations

from publishing.front import headers as h

NAME = "_headers"


def headers_file(policy: str, is_preloaded: bool, hub: str, opener: str = h.ALONE) -> bytes:
    """
    Return the file for a site with that Content-Security-Policy; *hub* is that of its feeds, or "", and
    *opener* its Cross-Origin-Opener-Policy.

    These hosts join the values of all rules that fit; so no two rules here give one header to a file.
    """
    everywhere = [
        ("Strict-Transport-Security", h.hsts(is_preloaded)),
        *h.FIXED,
        (h.OPENER, opener),
        ("Content-Security-Policy", policy),
    ]
    rules = {"/*": [f"{name}: {value}" for name, value in everywhere]}
    for name in (*h.SHARED_NAMES, *h.OPEN_NAMES):
        rules[f"/*.{name}"] = [f"{h.CORP}: cross-origin"]
    for name in h.OPEN_NAMES:
        rules[f"/*.{name}"].append("Access-Control-Allow-Origin: *")
    for name in ("html", "css", "js", "woff2"):
        rules[f"/*.{name}"] = [f"{h.CORP}: same-origin"]
    rules["/*/"] = [f"{h.CORP}: same-origin"]
    if hub:
        rules["/feeds/*.atom.xml"] = [f'Link: <{hub}>; rel="hub"']
    lines = [line for path, ours in rules.items() for line in (path, *(f"  {o}" for o in ours))]
    return "\n".join(lines).encode() + b"\n"
