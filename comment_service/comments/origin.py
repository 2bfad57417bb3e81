"""Does a form come from our own pages? The static page cannot carry a CSRF cookie."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit


def is_from_us(headers: Mapping[str, str], origin: str) -> bool:
    """
    Say whether the POST with *headers* was started on *origin*, as far as the client tells.

    - Sec-Fetch-Site decides where it is sent (browsers since 2020–23, over https and on
      localhost): no script can set it, and it is right even if the site has a second name.
      "none" is the reader's own doing: a page restored, an address typed.
    - Otherwise Origin does, otherwise Referer. "null" is refused.
    - A client that sends none of them is let in. It is no browser that another site could
      misuse (all send Origin with a POST from another site) but a text browser, or one behind a
      filter. And there is nothing to steal: the form has no login and no cookie, what is sent
      waits for approval.
    """
    site = headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    sender = headers.get("Origin") or headers.get("Referer")
    return sender is None or _origin_of(sender) == origin


def _origin_of(url: str) -> str:
    try:
        parts = urlsplit(url.lower())
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"
