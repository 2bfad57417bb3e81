"""`invoke serve`: what it shows, and how it ends."""

from __future__ import annotations

import signal
import urllib.request

import pytest

from tests.e2e.conftest import running
from tests.site import Site


def _get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as response:
        text: str = response.read().decode()
        return text


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_preview_shows_drafts_and_ends_clean(small_site: Site, number: signal.Signals) -> None:
    """Drafts and future posts have pages here, marked as such; the signal ends all processes."""
    with running(small_site) as (process, url):
        page = _get(f"{url}/entwurf/werkzeuge/")
        assert "Entwurf&nbsp;– nicht veröffentlicht" in page
        assert "noindex" in page
        assert "Kommentar schreiben" in _get(
            f"{url}/kommentare/antworten/?seite=/blog/stundensatz/"
        )
        process.send_signal(number)
        assert process.wait(timeout=15) == 0
