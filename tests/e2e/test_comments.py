"""From a reader's comment to the page: written, previewed, sent, approved, built, read."""

from __future__ import annotations

import json
import xml.etree.ElementTree as etree
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Live
from tests.site import Result

PAGE = "/blog/der-zweite-beitrag/"


@pytest.fixture(params=[False, True], ids=["without_javascript", "with_javascript"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A new page, as a reader with or without JavaScript has it."""
    context = browser.new_context(java_script_enabled=request.param, locale="de-DE")
    yield context.new_page()
    context.close()


def _write(page: Page, name: str, text: str) -> None:
    """Fill the form that is on the page, and go on to the preview."""
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Kommentar", exact=True).fill(text)
    page.get_by_role("button", name="Vorschau ansehen").click()


def _send(page: Page) -> None:
    page.get_by_role("button", name="Absenden").click()
    expect(page.locator("main")).to_contain_text("Freigabe")


def _commented(live: Live, author: str) -> dict[str, str | None]:
    """Return what `invoke comments.list --json` says of the one comment by *author*."""
    listed = live.site.invoke("comments.list", "--json")
    assert listed.status == 0, listed.err
    found = [comment for comment in json.loads(listed.out) if comment["author"] == author]
    assert len(found) == 1
    assert {"id", "page", "author", "text", "state", "parent"} <= set(found[0])
    comment: dict[str, str | None] = found[0]
    return comment


def _approve_and_build(live: Live, identifier: str | None) -> Result:
    approved = live.site.invoke("comments.approve", str(identifier))
    assert approved.status == 0, approved.err
    built = live.site.build()
    assert built.status == 0, built.err
    return built


def test_comment_and_reply(live: Live, page: Page, request: pytest.FixtureRequest) -> None:
    """A comment and an answer to it go the whole way; before approval nobody else sees them."""
    reader, friend = f"Ada {request.node.name}", f"Bert {request.node.name}"
    page.goto(live.url + PAGE)
    _write(page, reader, 'Ein "guter" Beitrag - mit **Gewinn** gelesen.')
    preview = page.locator("main")
    expect(preview).to_contain_text("Ein „guter“ Beitrag\u00a0– mit Gewinn gelesen.")
    _send(page)

    comment = _commented(live, reader)
    assert (comment["page"], comment["state"], comment["parent"]) == (PAGE, "pending", None)
    assert live.site.build().status == 0
    page.goto(live.url + PAGE)
    expect(page.locator("body")).not_to_contain_text(reader)

    _approve_and_build(live, comment["id"])
    page.goto(live.url + PAGE)
    shown = page.locator(f"#kommentar-{comment['id']}")
    expect(shown).to_contain_text(reader)
    expect(shown.locator("strong").filter(has_text="Gewinn")).to_be_visible()
    before = _count(page)
    assert reader in _feed_authors(live)

    shown.get_by_role("link", name="Antworten").click()
    _write(page, friend, "Das finde ich auch.")
    _send(page)
    reply = _commented(live, friend)
    assert reply["parent"] == comment["id"]
    _approve_and_build(live, reply["id"])
    page.goto(live.url + PAGE)
    nested = page.locator(f"li:has(> #kommentar-{comment['id']}) #kommentar-{reply['id']}")
    expect(nested).to_contain_text("Das finde ich auch.")
    assert _count(page) == before + 1
    assert friend in _feed_authors(live)
    page.goto(live.url + "/")
    expect(page.locator("main")).to_contain_text(f"{before + 1}\u00a0Kommentare")


def _count(page: Page) -> int:
    """Return the number in the heading „2 Kommentare“."""
    heading = page.get_by_role("heading").filter(has_text="Kommentar").first
    return int(heading.inner_text().split()[0])


def _feed_authors(live: Live) -> list[str]:
    feed = etree.fromstring(live.site.deployed()["feeds/kommentare.atom.xml"])
    name = "{http://www.w3.org/2005/Atom}"
    return [author.text or "" for author in feed.iter(f"{name}name")]


def test_mistakes_are_told_at_their_fields(live: Live, page: Page) -> None:
    """An empty form comes back with German messages tied to the fields; nothing is lost."""
    page.goto(live.url + PAGE)
    page.locator("form.comment-form").evaluate("form => form.noValidate = true")
    page.get_by_label("Website").fill("ftp://seltsam")
    _write(page, "Cleo", "")
    expect(page.get_by_label("Kommentar", exact=True)).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Cleo")
    assert all(
        comment["author"] != "Cleo"
        for comment in json.loads(live.site.invoke("comments.list", "--json").out)
    )


def test_erased_comment_vanishes(live: Live, browser: Browser) -> None:
    """After `invoke comments.erase` and a build the comment is nowhere in the site."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live.url + PAGE)
    _write(page, "Dora Flüchtig", "Das soll wieder weg.")
    _send(page)
    context.close()
    identifier = _commented(live, "Dora Flüchtig")["id"]
    _approve_and_build(live, identifier)
    assert any("Dora Flüchtig".encode() in data for data in live.site.deployed().values())
    assert live.site.invoke("comments.erase", str(identifier)).status == 0
    assert live.site.build().status == 0
    for data in live.site.deployed().values():
        assert "Dora Flüchtig".encode() not in data
        assert b"Das soll wieder weg" not in data


def test_unknown_comment_is_one_message(live: Live) -> None:
    """A wrong number is answered in German with exit status 1."""
    result = live.site.invoke("comments.approve", "gibtsnicht")
    assert result.status == 1
    assert "gibtsnicht" in result.err
    assert "Traceback" not in result.err
