"""Comments elsewhere: a card first, and after a click nothing but what the card names."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from plugins.comments import systems
from publishing.front import headers, survey
from tests.e2e.conftest import axe_faults, invalid_html
from tests.html_checker import html_errors
from tests.plugins.comments.test_systems import SETTINGS, THREAD
from tests.site import Site

HOST = "https://mittwochspost.example"
REPLY = {
    "url": "https://anders.example/@kim/2",
    "created_at": "2026-11-20T10:00:00Z",
    "visibility": "public",
    "spoiler_text": "",
    "language": "de",
    "content": "<p>Schön! <a href='https://b.example/'>zwei</a></p>",
    "account": {"acct": "kim", "display_name": "Kim", "url": "https://anders.example/@kim"},
}
#: Mastodon lets none of this through; another server may.
HOSTILE = REPLY | {
    "content": "<p>Schön! <a href='javascript:ran=1'>eins</a><img src=x onerror='ran=1'>"
    "<script>ran=1</script><a href='https://b.example/'>zwei</a></p>",
    "account": {"acct": "kim", "display_name": "Kim <b>", "url": "javascript:ran=1"},
}
_FRAME = "document.createElement('iframe')"
#: What each system's server would send, in short: its script does to the page what the real one does.
SERVERS = {
    "isso.example/js/embed.min.js": """
        const script = document.querySelector("script[data-isso]");
        const style = document.createElement("link");
        Object.assign(style, {rel: "stylesheet", href: script.dataset.isso + "css/isso.css"});
        document.head.append(style);
        const thread = document.getElementById("isso-thread");
        fetch(script.dataset.isso + "?uri=" + thread.dataset.issoId)
            .then((answer) => answer.text()).then((text) => thread.append(text));""",
    "isso.example/": "geladen",
    "giscus.app/client.js": f"""
        const script = document.currentScript, frame = {_FRAME};
        frame.title = "Comments";
        frame.src = `https://giscus.app/${{script.dataset.lang}}/widget?repo=${{script.dataset.repo}}`;
        const style = document.createElement("link");
        Object.assign(style, {{rel: "stylesheet", href: "https://giscus.app/default.css"}});
        document.head.prepend(style);
        document.querySelector(".giscus").append(frame);""",
    "giscus.app/de/widget": "<p>geladen<img src='https://avatars.githubusercontent.com/u/1'>",
    "utteranc.es/client.js": f"""
        const script = document.currentScript, frame = {_FRAME};
        frame.src = "https://utteranc.es/utterances.html?repo=" + script.getAttribute("repo");
        script.after(frame);
        script.remove();""",
    "utteranc.es/utterances.html": "<p>geladen<script src='https://api.github.com/x'></script>",
    "remark.example/web/embed.mjs": f"""
        const frame = {_FRAME};
        frame.src = window.remark_config.host + "/web/iframe.html?url=" + window.remark_config.url;
        document.getElementById("remark42").append(frame);
        export {{}};""",
    "remark.example/web/iframe.html": "<p>geladen",
    "comentario.example/comentario.js": """
        customElements.define("comentario-comments", class extends HTMLElement {
            connectedCallback() {
                fetch("https://comentario.example/api/embed/comments", {method: "POST"})
                    .then((answer) => answer.text()).then((text) => this.append(text));
            }
        });""",
    "comentario.example/api/embed/comments": "geladen",
    "cusdis.com/js/iframe.umd.js": """
        fetch(`${window.__DATA__.host}/api/open/comments?appId=${window.__DATA__.appId}`)
            .then((answer) => answer.text()).then((text) => {
                document.querySelector("#root").append(text, window.CUSDIS_LOCALE.post_comment);
                window.parent.postMessage(
                    JSON.stringify({from: "cusdis", event: "resize", data: 321}));
            });""",
    "cusdis.com/api/open/comments": "geladen",
    "mittwochspost.disqus.com/embed.js": f"""
        const settings = {{page: {{}}}}, frame = {_FRAME};
        window.disqus_config.call(settings);
        const more = document.createElement("script");
        more.src = "https://c.disquscdn.com/embedv2.js";
        document.head.append(more);
        frame.src = `https://disqus.com/embed/comments/?id=${{settings.page.identifier}}`
            + `&l=${{settings.language}}`;
        document.getElementById("disqus_thread").append(frame);""",
    "disqus.com/embed/comments/": "<p>geladen",
}
_CONTEXT = "social.example/api/v1/statuses/112233445566/context"
_STYLES = ("isso.example/css/isso.css", "giscus.app/default.css", "cusdis.com/js/style.css")


@dataclass
class Web:
    """All there is of the internet: the built site with its policy, and the systems' servers."""

    output: Path
    #: What the web server sends with every page.
    policy: str
    is_down: bool = False
    reply: Mapping[str, object] = field(default_factory=lambda: REPLY)
    #: What was asked for, and what the browser complained of.
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def answer(self, route: Route) -> None:
        """Answer a request; what is not here does not exist."""
        url = urlsplit(route.request.url)
        self.asked.append(route.request.url)
        if f"{url.scheme}://{url.netloc}" == HOST:
            self._send_file(route, url.path)
            return
        name = url.netloc + url.path
        thread = {_CONTEXT: json.dumps({"descendants": [self.reply]})}
        body = (thread | SERVERS | dict.fromkeys(_STYLES, "")).get(name)
        if self.is_down or body is None:
            route.abort()
            return
        kind = mimetypes.guess_type(url.path)[0] or "text/html"
        headers = {"content-type": kind, "access-control-allow-origin": "*"}
        route.fulfill(body=body, headers=headers)

    def _send_file(self, route: Route, path: str) -> None:
        file = self.output / (path.lstrip("/") + ("index.html" if path.endswith("/") else ""))
        kind = mimetypes.guess_type(file.name)[0] or ""
        headers = {"content-type": kind, "content-security-policy": self.policy}
        route.fulfill(body=file.read_bytes(), headers=headers)

    def foreign(self) -> set[str]:
        """Return the hosts of others that were asked for anything."""
        urls = (urlsplit(url) for url in self.asked)
        return {url.netloc for url in urls if url.scheme != "data"} - {urlsplit(HOST).netloc}


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built site with a post for each system."""
    site = Site(tmp_path_factory.mktemp("embeds"))
    site.write_settings(
        f"COMMENTS_SYSTEMS = {SETTINGS | {'mastodon': {'servers': ['social.example']}}}"
    )
    for system in SETTINGS:
        line = f"mastodon: {THREAD}" if system == "mastodon" else f"comments: {system}"
        site.write(
            f"artikel/{system}.md",
            f"---\ntitle: Bei {system}\nslug: bei-{system}\ndate: 2026-03-12\ncategory: Garten\n"
            f"summary: Ein Satz.\n{line}\n---\n\nText.\n",
        )
    text = "---\ntitle: Datenschutz\nslug: datenschutz\n---\n\n## Kommentare\n\nEin Satz.\n"
    site.write("seiten/datenschutz.md", text)
    result = site.build("--no-deploy")
    assert result.status == 0, result.out + result.err
    return site.output


@pytest.fixture
def web(output: Path) -> Web:
    """The internet, in which nobody has been asked for anything."""
    foreign = systems.policy(systems.read(SETTINGS).values())
    return Web(output, headers.policy(survey.used(output), foreign))


@pytest.fixture
def page(browser: Browser, web: Web) -> Iterator[Page]:
    """A page that reaches nothing but `web`."""
    context = browser.new_context(locale="de-DE")
    yield _page(context, web)
    context.close()


def _page(context: BrowserContext, web: Web) -> Page:
    context.route("**/*", web.answer)
    page = context.new_page()
    page.on("console", lambda message: web.complaints.append(message.text))
    page.on("pageerror", lambda error: web.complaints.append(str(error)))
    return page


@pytest.mark.parametrize("system", SETTINGS)
def test_nothing_foreign_is_asked_before_the_click_and_only_what_is_named_after(
    page: Page, web: Web, system: str
) -> None:
    """With the policy of the web server, and by keyboard alone."""
    page.goto(f"{HOST}/blog/bei-{system}/")
    page.wait_for_load_state("networkidle")
    assert web.foreign() == set()
    card = page.locator(".comment-embed")
    note = card.inner_text()
    button = card.get_by_role("button", name="laden")
    button.focus()
    page.keyboard.press("Enter")
    expect(card.get_by_role("status")).to_have_text("Geladen.")
    expect(button).to_have_count(0)
    group = card.get_by_role("group")
    expect(group).to_be_focused()
    title = card.get_by_role("heading", level=3).inner_text()
    frames = card.locator("iframe")
    if system == "mastodon":
        expect(group).to_contain_text("Schön!")
    elif frames.count():
        expect(frames).to_have_attribute("title", title)
        expect(frames.content_frame.locator("body")).to_contain_text("geladen")
    else:
        expect(group).to_contain_text("geladen")
    assert web.foreign()
    assert {host for host in web.foreign() if host not in note} == set()
    # A picture in a frame of theirs that does not exist here is not our page's.
    assert [text for text in web.complaints if "ERR_FAILED" not in text] == []


def test_a_cusdis_frame_is_as_high_as_it_says_and_speaks_german(page: Page) -> None:
    page.goto(f"{HOST}/blog/bei-cusdis/")
    page.get_by_role("button", name="laden").click()
    frame = page.locator(".comment-embed iframe")
    expect(frame).to_have_css("height", "321px")
    expect(frame.content_frame.locator("body")).to_contain_text("Absenden")


def test_replies_at_mastodon_bring_no_script_of_others(page: Page, web: Web) -> None:
    web.reply = HOSTILE
    page.goto(f"{HOST}/blog/bei-mastodon/")
    page.get_by_role("button", name="laden").click()
    reply = page.locator(".comment-embed article")
    expect(reply.get_by_role("heading")).to_have_text("Kim <b>")
    links = reply.locator("a[href]")
    assert [link.get_attribute("href") for link in links.all()] == [
        REPLY["url"],
        "https://b.example/",
    ]
    assert reply.locator("img, script").count() == 0
    assert page.evaluate("window.ran") is None
    assert page.locator("form.comment-form").count() == 1, "one's own comments stay open"


def test_a_server_that_is_down_is_told(page: Page, web: Web) -> None:
    web.is_down = True
    for system in ("isso", "cusdis", "mastodon"):
        page.goto(f"{HOST}/blog/bei-{system}/")
        page.get_by_role("button", name="laden").click()
        expect(page.get_by_role("status")).to_contain_text("war nicht zu laden")
        expect(page.locator(".comment-embed a")).to_be_visible()


def test_without_script_there_is_a_link_and_no_button(browser: Browser, web: Web) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = _page(context, web)
    for system in ("isso", "mastodon"):
        page.goto(f"{HOST}/blog/bei-{system}/")
        expect(page.locator(".comment-embed a")).to_be_visible()
        expect(page.locator(".comment-embed button")).to_be_hidden()
    assert web.foreign() == set()
    context.close()


def test_the_privacy_page_names_the_systems_in_use(page: Page) -> None:
    page.goto(f"{HOST}/datenschutz/")
    found = page.locator("#kommentardienste ~ ul li strong").all_inner_texts()
    assert [name.rstrip(":").lower() for name in found] == sorted(SETTINGS)


def test_a_card_is_accessible_and_fits_before_and_after_the_click(
    browser: Browser, web: Web
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 800}, bypass_csp=True)
    page = _page(context, web)
    page.goto(f"{HOST}/blog/bei-mastodon/")
    assert axe_faults(page) == []
    page.get_by_role("button", name="laden").click()
    expect(page.locator(".comment-embed article")).to_be_visible()
    assert axe_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()


def test_html_of_cards_is_valid(output: Path, tmp_path: Path) -> None:
    pages = [*output.glob("blog/bei-*/index.html"), output / "datenschutz" / "index.html"]
    assert len(pages) == len(SETTINGS) + 1
    assert invalid_html(pages, tmp_path) == []
    assert html_errors(pages) == []
