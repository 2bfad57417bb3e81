"""`invoke check --browser`: look at a built site as readers do."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plugins.german.core import plural
from plugins.source.problem import AuthorError
from publishing.browser import tools
from publishing.browser.kinds import pages_of_each_kind
from publishing.browser.report import SCHEMES, problems
from publishing.console import complain, say, stages

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from publishing.browser.folder import Folder
    from publishing.browser.looking import Visit
    from publishing.browser.report import Fault

Stage = Callable[[str], None]
#: The width of a common telephone, and of a screen of 1280 px at 400 %.
WIDTHS_PX = (390, 320)


class BrowserError(AuthorError):
    """Readers would meet a fault; the message is German."""


def look_at_site(
    folder: Path, settings: dict[str, Any], *, is_checked: bool, pictures: str = ""
) -> None:
    """
    Look at a page of every kind of the site in *folder*: check them, and take *pictures*, into that folder.

    Raises:
        BrowserError: Something is wrong with a page.
        ToolsError: What this needs is not installed.
    """
    tools.ensure_tools()
    from playwright.sync_api import sync_playwright

    from publishing.browser.folder import Folder

    site = Folder(folder, settings)
    pages = site.pages()
    names = pages_of_each_kind(pages)
    with sync_playwright() as playwright, stages() as stage:
        browser = tools.launch(playwright)
        if pictures:
            from publishing.browser.pictures import take

            count = take(browser, site, names, Path(pictures), stage)
            say(f"{plural(count, 'Bild', 'Bilder')}: {Path(pictures) / 'index.html'}", "green")
        if is_checked:
            _check(browser, site, names, len(pages), stage)


def _check(browser: Browser, site: Folder, names: list[str], total: int, stage: Stage) -> None:
    started = time.perf_counter()
    found = problems(faults(browser, site, names, stage))
    for problem in found:
        complain(f"Fehler: {problem}", "bold red")
    looked = f"{plural(len(names), 'Seite', 'Seiten')} von {total}, auf denen alles vorkommt"
    if found:
        raise BrowserError(f"Im Browser: {plural(len(found), 'Fehler', 'Fehler')} ({looked}).")
    seconds = f"{time.perf_counter() - started:.0f}"
    say(
        f"Im Browser geprüft: {looked}; hell und dunkel, 390 und 320 px; {seconds} Sekunden.",
        "green",
    )


def faults(
    browser: Browser, site: Folder, names: list[str], stage: Stage
) -> Iterator[tuple[str, str, Fault]]:
    """Yield what is wrong with the pages *names*: the address, how it was shown, the fault."""
    from publishing.browser.looking import Visit, prepare

    context = prepare(browser.new_context(locale="de-DE"))
    site.answer(context)
    visit = Visit(context.new_page(), site.origin)
    for number, name in enumerate(names, 1):
        address = site.address(name)
        stage(f"{address} im Browser ansehen ({number} von {len(names)})")
        for mode, fault in faults_of_page(visit, address):
            yield address, mode, fault
    context.close()


def faults_of_page(visit: Visit, address: str) -> Iterator[tuple[str, Fault]]:
    """Yield what is wrong with the page at *address*: how it was shown, the fault."""
    for width in WIDTHS_PX:
        visit.page.emulate_media(color_scheme="light")
        visit.page.set_viewport_size({"width": width, "height": 800})
        for fault in (*visit.open(address), *visit.too_wide()):
            yield f"{width} px breit", fault
        for scheme, word in SCHEMES.items():
            visit.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            for fault in visit.barriers():
                yield f"{word}, {width} px breit", fault
