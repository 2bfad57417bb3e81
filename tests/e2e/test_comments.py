"""From a reader's comment to the page: written, previewed, sent, approved, built, read."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
import xml.etree.ElementTree as etree
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import Live, axe_faults
from tests.e2e.xss import shapes
from tests.site import PROJECT, Result

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
    button = page.get_by_role("button", name="Absenden")
    expect(button).to_be_visible()
    # Nobody reads faster; a program that does is asked to look again.
    page.wait_for_timeout(1600)
    button.click()
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


def test_who_sends_at_once_is_asked_to_look_again(live: Live, page: Page) -> None:
    """Nothing is lost: the same comment goes out with the next click."""
    page.goto(live.url + PAGE)
    _write(page, "Eva Eilig", "Schnell, schnell!")
    page.get_by_role("button", name="Absenden").click()
    thanks = page.get_by_role("heading", name="wartet auf Freigabe")
    note = page.get_by_role("status").filter(has_text="schneller, als man lesen kann")
    # A slow machine may have taken longer than anybody who reads.
    expect(note.or_(thanks)).to_be_visible()
    if note.is_visible():
        _send(page)
    expect(thanks).to_be_visible()


def test_a_reader_takes_her_comment_back(live: Live, page: Page) -> None:
    """With the link on the page that thanks her, and a question before it is gone."""
    page.goto(live.url + PAGE)
    _write(page, "Rita Reue", "Das nehme ich zurück.")
    _send(page)
    page.get_by_role("link", name="Kommentar zurückziehen").click()
    expect(page.locator(".comment")).to_contain_text("Das nehme ich zurück.")
    page.get_by_role("button", name="Endgültig löschen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("zurückgezogen")
    listed = json.loads(live.site.invoke("comments.list", "--json").out)
    assert all(comment["author"] != "Rita Reue" for comment in listed)


# --- With script and without, by keyboard, for everybody --------------------------------------------


def test_with_script_the_page_is_never_left(live: Live, browser: Browser) -> None:
    """Mistakes, preview and thanks stand in place of the form, and the focus goes there."""
    context = browser.new_context(locale="de-DE", bypass_csp=True)
    page = context.new_page()
    page.goto(live.url + PAGE)
    page.evaluate("window.isSame = true")
    page.locator("form.comment-form").evaluate("form => form.noValidate = true")
    page.get_by_label("Website").fill("ftp://seltsam")
    _write(page, "Nele Netz", "")
    heading = page.get_by_role("heading", name="Bitte prüfen Sie Ihre Angaben")
    expect(heading).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("Bitte schreiben Sie einen Kommentar.")
    assert axe_faults(page) == []
    page.get_by_role("link", name="Kommentar: Bitte schreiben").click()
    expect(page.get_by_label("Kommentar", exact=True)).to_be_focused()
    page.get_by_label("Website").fill("")
    _write(page, "Nele Netz", "Jetzt aber.")
    expect(page.get_by_role("heading", name="Vorschau Ihres Kommentars")).to_be_focused()
    page.route("**/kommentare/senden/", lambda route: route.abort())
    page.get_by_role("button", name="Absenden").click()
    expect(page.get_by_role("alert")).to_contain_text("Ihr Text ist noch da")
    page.unroute("**/kommentare/senden/")
    _send(page)
    expect(page.get_by_role("heading", name="wartet auf Freigabe")).to_be_focused()
    assert page.evaluate("window.isSame")
    assert page.url == live.url + PAGE + "#comment-text"
    context.close()
    assert _commented(live, "Nele Netz")["text"] == "Jetzt aber."


def _tab_to(page: Page, target: Locator) -> None:
    """Press the tabulator until *target* has the focus; a reader would give up sooner."""
    for _ in range(40):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail("the keyboard does not get there")


def _press(page: Page, role: str, name: str) -> None:
    _tab_to(page, page.get_by_role(role, name=name))  # type: ignore[arg-type]
    page.keyboard.press("Enter")


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A page on which the service's own pages open: our script for the form does not arrive."""
    context = browser.new_context(locale="de-DE", bypass_csp=True)
    context.route("**/comment-form.*.js", lambda route: route.abort())
    yield context.new_page()
    context.close()


def test_the_readers_way_needs_no_mouse_and_no_eyes(live: Live, plain: Page) -> None:
    """From the form with mistakes to the comment taken back: axe finds nothing on any page."""
    page = plain
    page.goto(f"{live.url}/kommentare/antworten/?seite={PAGE}")
    page.locator("form.comment-form").evaluate("form => form.noValidate = true")
    _press(page, "button", "Vorschau ansehen")
    text = page.get_by_label("Kommentar", exact=True)
    expect(page.get_by_role("alert")).to_contain_text("Bitte schreiben Sie einen Kommentar.")
    expect(text).to_have_attribute("aria-invalid", "true")
    expect(text).to_have_accessible_description(re.compile("Bitte schreiben Sie einen Kommentar"))
    assert axe_faults(page) == []
    _press(page, "link", "Name: Bitte geben Sie einen Namen an.")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    page.keyboard.type("Tina Taste")
    _tab_to(page, text)
    page.keyboard.type("Ganz ohne Maus.")
    _press(page, "button", "Vorschau ansehen")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vorschau Ihres Kommentars")
    assert axe_faults(page) == []
    page.wait_for_timeout(1600)
    _press(page, "button", "Absenden")
    expect(page.get_by_role("heading", level=1)).to_contain_text("wartet auf Freigabe")
    assert axe_faults(page) == []
    _press(page, "link", "Kommentar zurückziehen")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kommentar zurückziehen")
    assert axe_faults(page) == []
    _press(page, "button", "Endgültig löschen")
    expect(page.get_by_role("heading", level=1)).to_contain_text("zurückgezogen")
    assert axe_faults(page) == []


#: Only what the law asks for: the moderation's frame is Django's, whose markup has habits of its own.
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


def test_pages_behind_mails_need_no_mouse(live: Live, plain: Page) -> None:
    """Confirming, ending, deciding by mail."""
    made = _in_service(live, _PUT_SUBSCRIPTION)
    paths = json.loads(made)
    page = plain
    for purpose, button, heading in (
        ("confirm", "Ja, benachrichtigen", "Sie bekommen eine Mail"),
        ("unsubscribe", "Keine Mails mehr", "Sie bekommen keine Mails mehr"),
        ("reject", "Ablehnen", "Der Kommentar ist abgelehnt"),
    ):
        page.goto(live.url + paths[purpose])
        assert axe_faults(page) == []
        _press(page, "button", button)
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
    assert axe_faults(page) == []
    page.goto(live.url + paths["reject"])
    expect(page.get_by_role("heading", level=1)).to_have_text("Darüber ist schon entschieden")


def test_the_moderation_needs_no_mouse(live: Live, plain: Page) -> None:
    """A wrong password, the queue, answering one comment, approving and erasing others."""
    ids = json.loads(_in_service(live, _PUT_COMMENTS))
    page = plain
    page.goto(f"{live.url}/kommentare/verwaltung/")
    assert axe_faults(page, WCAG) == []
    for password in ("falsch", "Mittwochs kommt die Post"):
        _tab_to(page, page.get_by_label("Benutzername"))
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type("tastatur")
        _tab_to(page, page.get_by_label("Passwort"))
        page.keyboard.type(password)
        page.keyboard.press("Enter")
        if password == "falsch":
            expect(page.get_by_role("alert")).to_contain_text("Passwort")
            assert axe_faults(page, WCAG) == []
    expect(page.locator("#changelist")).to_be_visible()
    assert axe_faults(page, WCAG) == []

    _press(page, "link", _minute(0))
    expect(page.get_by_role("heading", level=1)).to_have_text("Kommentar prüfen")
    assert axe_faults(page, WCAG) == []
    _tab_to(page, page.get_by_label("Ihre Antwort"))
    page.keyboard.type("Gern!")
    _tab_to(page, page.get_by_label("Ihr Name"))
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Henrike Voss")
    _press(page, "button", "Antworten")
    expect(page.locator(".messagelist")).to_be_visible()
    answered = json.loads(live.site.invoke("comments.list", "--json").out)
    assert [one["text"] for one in answered if one["by_author"]] == ["Gern!"]
    assert axe_faults(page, WCAG) == []

    for minute, action, heading in (
        (1, "Freigeben", ""),
        (2, "Endgültig löschen", "Endgültig löschen"),
    ):
        _tab_to(page, page.locator("#site-name a"))
        page.keyboard.press("Enter")
        row = page.get_by_role("row").filter(has_text=_minute(minute))
        _tab_to(page, row.get_by_role("checkbox"))
        page.keyboard.press("Space")
        _tab_to(page, page.get_by_role("combobox"))
        page.keyboard.type(action[:4])
        _press(page, "button", "Ausführen")
        if heading:
            expect(page.get_by_role("heading", name=heading)).to_be_visible()
            assert axe_faults(page, WCAG) == []
            _press(page, "button", heading)
        expect(page.locator(".messagelist")).to_contain_text("1 Kommentar")
        assert axe_faults(page, WCAG) == []
    for path in (
        "password_change/",
        "comments/comment/?q=Maus",
        f"comments/comment/{ids[2]}/change/",
    ):
        page.goto(f"{live.url}/kommentare/verwaltung/{path}")
        assert axe_faults(page, WCAG) == [], path
    _press(page, "button", "Abmelden")
    expect(page.get_by_role("heading", level=1)).to_have_text("Abgemeldet")
    assert axe_faults(page, WCAG) == []
    states = {
        one["id"]: one["state"]
        for one in json.loads(live.site.invoke("comments.list", "--json").out)
    }
    assert [states.get(one) for one in ids] == ["approved", "approved", None]


def _minute(number: int) -> str:
    """Return what stands in the queue for one of `_PUT_COMMENTS`."""
    return f"1. April 2026, 14:0{number} Uhr"


_PUT_COMMENTS = """
import json
from datetime import UTC, datetime
from comment_service import moderation
moderation.set_password("tastatur", "Mittwochs kommt die Post")
from comment_service.comments.models import Comment
print(json.dumps([
    Comment.objects.create(
        page="/blog/der-zweite-beitrag/", author="Mia Maus", text=f"Nummer {number}",
        created=datetime(2026, 4, 1, 12, number, tzinfo=UTC),
    ).pk
    for number in range(3)
]))
"""


def _in_service(live: Live, program: str, typed: str = "") -> str:
    """Run a program beside the service of *live*; return what it printed."""
    made = subprocess.run(
        [sys.executable, "-c", program],
        cwd=PROJECT,
        env={**os.environ, "COMMENTS_DATA": str(live.site.data), "DATABASE_URL": ""},
        input=typed,
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stderr
    return made.stdout


_PUT_SUBSCRIPTION = """
import json
from comment_service import moderation
moderation.setup()
from django.utils import timezone
from comment_service.comments import links, subscriptions
from comment_service.comments.links import Purpose
from comment_service.comments.models import Comment
comment = Comment.objects.create(
    page="/blog/der-zweite-beitrag/", author="Mia Mail", text="Wer?", created=timezone.now())
subscription = subscriptions.ask(comment, "mia@leserin.example")
path = lambda purpose, *values: links.path(purpose, links.sign(purpose, *values))
print(json.dumps({
    "confirm": path(Purpose.CONFIRM, subscription.pk),
    "unsubscribe": path(Purpose.UNSUBSCRIBE, subscription.pk),
    "reject": path(Purpose.DECIDE, comment.pk, "reject", 0),
}))
"""


# --- Script in comments ------------------------------------------------------------------------------

#: In every frame, too: notes each call of alert in the window on top.
_LISTEN = "window.alert = () => { (top.ran = top.ran || []).push(document.title || 'x'); };"
#: Does to everything in a document what a reader might: points at it, focuses it, clicks it.
_TOUCH = """document => {
    for (const element of document.querySelectorAll('*')) {
        for (const {name} of [...element.attributes])
            if (name.startsWith('on')) element.dispatchEvent(new Event(name.slice(2)));
        for (const name of ['mouseover', 'focus', 'blur', 'toggle'])
            element.dispatchEvent(new Event(name));
        // Not to another page: that is no script.
        const leaves = element.matches('[href]') && element.protocol !== 'javascript:'
            || element.type === 'submit';
        if (element.matches('a, button, form *') && !leaves) element.click();
    }
}"""


@pytest.fixture
def bare(browser: Browser) -> Iterator[Page]:
    """A page without its Content-Security-Policy, so that nothing but our cleaning protects it."""
    context = browser.new_context(bypass_csp=True, locale="de-DE")
    context.add_init_script(_LISTEN)
    # Links lead nowhere: what matters is script, which needs no network.
    context.route(lambda url: not url.startswith("http://localhost"), lambda r: r.abort())
    yield context.new_page()
    context.close()


def _ran(page: Page, documents: list[str]) -> list[str]:
    """Show each document after the other, touch everything in it, return what script ran."""
    page.goto("about:blank")
    show_each = f"""async documents => {{
        for (const text of documents) {{
            document.open(); document.write(text); document.close();
            ({_TOUCH})(document);
            // Time for what is loaded in vain, and says so.
            await new Promise(done => setTimeout(done, 15));
        }}
        return window.ran || [];
    }}"""
    return list(page.evaluate(show_each, documents))


def _preview(live: Live, **fields: str) -> str:
    body = urlencode({"page": PAGE} | fields).encode("utf-8", "replace")
    request = urllib.request.Request(f"{live.url}/kommentare/vorschau/", body)
    try:
        with urllib.request.urlopen(request) as answer:
            return str(answer.read().decode())
    except urllib.error.HTTPError as refusal:
        # Mistakes are told on a page of the same kind, with the same fields.
        return refusal.read().decode()


def test_the_search_for_script_finds_it(bare: Page) -> None:
    """Else the next two tests could not fail."""
    for shape in (
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href=javascript:alert(1)>x</a>",
        "<p onmouseover=alert(1)>x</p>",
    ):
        assert _ran(bare, [f"<title>t</title>{shape}"]), shape


def test_no_shape_of_script_runs_in_a_preview(live: Live, bare: Page) -> None:
    """Through text, name and website, in the comment, in the form below it and in its errors."""
    every = shapes()
    assert len(every) >= 300
    documents = [
        _preview(live, name=shape[:80], text=shape, website=website)
        for shape in every
        for website in ([shape] if "script:" in shape or "https:" in shape else [""])
    ]
    assert _ran(bare, documents) == []


def test_no_shape_of_script_runs_on_the_site_or_in_the_moderation(live: Live, bare: Page) -> None:
    """Even of comments that came into the database past every form."""
    _in_service(live, _PUT_INTO_DATABASE, json.dumps(shapes()))
    built = live.site.build()
    assert built.status == 0, built.err
    bare.goto(live.url + "/blog/der-erste-beitrag/")
    assert bare.locator(".comment").count() >= 300
    bare.evaluate(f"({_TOUCH})(document)")
    bare.wait_for_timeout(300)
    assert bare.evaluate("window.ran || []") == []

    bare.goto(f"{live.url}/kommentare/verwaltung/")
    bare.get_by_label("Benutzername").fill("pruefung")
    bare.get_by_label("Passwort").fill("Mittwochs kommt die Post")
    bare.get_by_role("button", name="Anmelden").click()
    seen, number = 0, 0
    while True:
        number += 1
        bare.goto(f"{live.url}/kommentare/verwaltung/comments/comment/?p={number}")
        seen += bare.locator(".field-excerpt").count()
        assert bare.evaluate("window.ran || []") == []
        counted = re.search(r"(\d+)\s+Kommentare", bare.locator(".paginator").first.inner_text())
        assert counted is not None
        if bare.locator(".field-excerpt").count() < 50 or seen == int(counted[1]):
            break
    assert seen == int(counted[1]) >= len(shapes())
    bare.locator(".field-written a").first.click()
    expect(bare.get_by_label("Ihre Antwort")).to_be_visible()
    assert bare.evaluate("window.ran || []") == []


_PUT_INTO_DATABASE = """
import json, sys
from comment_service import moderation
moderation.set_password("pruefung", "Mittwochs kommt die Post")
from django.utils import timezone
from comment_service.comments.models import Comment
from plugins.comments.core import clean_line, is_web_address
made = [
    Comment.objects.create(
        page="/blog/der-erste-beitrag/", author=clean_line(shape)[:80] or "x", text=shape,
        website=shape if is_web_address(shape) else "", created=timezone.now(),
    ).pk
    for shape in json.load(sys.stdin)
]
moderation.approve(made)
"""
