"""The pages to look at are found from the site, and are few."""

from __future__ import annotations

from publishing.browser.kinds import pages_of_each_kind


def _page(main: str) -> str:
    return f"<!DOCTYPE html><html><body><main>{main}</main></body></html>"


def test_posts_that_show_the_same_are_looked_at_once() -> None:
    posts = {f"blog/p{n}/index.html": _page("<p>Text.") for n in range(50)}
    posts["blog/p7/index.html"] = _page("<p>Text.<table><tr><td>1</table>")
    assert pages_of_each_kind(posts) == ["blog/p7/index.html"]


def test_every_section_and_every_page_of_the_first_level_is_looked_at() -> None:
    names = [
        "index.html",
        "404.html",
        "ueber-mich/index.html",
        "blog/a/index.html",
        "blog/b/index.html",
    ]
    names += ["tipps/index.html", "tipps/thema/stil/index.html", "tipps/2025/index.html"]
    found = pages_of_each_kind(dict.fromkeys([*names, "tipps/2026/index.html"], _page("<p>Text.")))
    assert found == sorted([*names[:4], *names[5:]])


def test_a_thing_with_its_class_attribute_or_place_is_a_thing_of_its_own() -> None:
    bodies = {
        "a": "<p>Text.",
        "b": '<p class="lead">Text.',
        "c": '<p lang="en">Text.',
        "d": '<div class="note"><p>Text.</div>',
    }
    pages = {f"blog/{name}/index.html": _page(body) for name, body in bodies.items()}
    assert pages_of_each_kind(pages) == sorted(pages)


def test_a_site_without_pages_has_nothing_to_look_at() -> None:
    assert pages_of_each_kind({}) == []
