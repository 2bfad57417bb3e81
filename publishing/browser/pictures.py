"""Pictures of pages in all widths and both colour schemes, with a page that shows them side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path

from playwright.sync_api import Browser

from plugins.source.problem import AuthorError
from publishing.browser.folder import Folder
from publishing.browser.report import SCHEMES

WIDTHS_PX = (390, 820, 1280)
_SHEET = """<!DOCTYPE html>
<html lang="de">
<meta charset="utf-8">
<title>Seiten in Bildern</title>
<style>
body {{ font-family: system-ui, sans-serif; margin: 1rem }}
div {{ display: flex; gap: .5rem; align-items: start; overflow-x: auto }}
img {{ height: 30rem; max-width: 40rem; object-fit: cover; object-position: top; border: 1px solid }}
</style>
<h1>Seiten in Bildern</h1>
{rows}
</html>
"""


def take(
    browser: Browser, site: Folder, names: list[str], target: Path, stage: Callable[[str], None]
) -> int:
    """
    Write pictures of the pages *names*, and index.html, into *target*; return how many pictures.

    Raises:
        AuthorError: *target* is a file.
    """
    try:
        target.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise AuthorError(
            f"--pictures: {target} ist eine Datei – nennen Sie einen Ordner."
        ) from None
    count = 0
    for scheme in SCHEMES:
        context = browser.new_context(color_scheme=scheme, locale="de-DE")  # type: ignore[arg-type]
        site.answer(context)
        page = context.new_page()
        for name in names:
            stage(f"Bilder von {site.address(name)}, {SCHEMES[scheme]}")
            for width in WIDTHS_PX:
                page.set_viewport_size({"width": width, "height": 900})
                page.goto(site.origin + site.address(name))
                page.screenshot(path=target / _file(name, width, scheme), full_page=True)
                count += 1
        context.close()
    (target / "index.html").write_text(_SHEET.format(rows="\n".join(_rows(site, names))), "utf-8")
    return count


def _file(name: str, width: int, scheme: str) -> str:
    stem = name.removesuffix(".html").removesuffix("index").strip("/").replace("/", "--") or "start"
    return f"{stem}-{width}-{SCHEMES[scheme]}.png"


def _rows(site: Folder, names: list[str]) -> Iterable[str]:
    for name in names:
        files = [_file(name, width, scheme) for width in WIDTHS_PX for scheme in SCHEMES]
        shown = "".join(
            f'<a href="{file}"><img loading="lazy" src="{file}" alt="{file}"></a>' for file in files
        )
        yield f"<h2>{escape(site.address(name))}</h2>\n<div>{shown}</div>"
