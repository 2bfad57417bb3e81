"""Pelican's side: the settings, which pictures go out, and their copies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from pelican import Pelican, signals
from pelican.generators import Generator, StaticGenerator

from plugins.incremental.writer import IncrementalWriter
from plugins.pictures import core
from plugins.pictures.core import Copy, Picture, PictureError, Settings
from plugins.pictures.extension import FACT
from plugins.pictures.library import Library
from plugins.source.adapter import report
from plugins.source.problem import Problem, SourceError, shown_path

EXTENSION = "plugins.pictures.extension"
DEFAULTS = {
    "PICTURES_WIDTHS": Settings.widths,
    "PICTURES_SIZES": Settings.sizes,
    "PICTURES_FORMATS": Settings.formats,
    "PICTURES_QUALITY": dict(Settings.quality),
    "PICTURES_MAX_MEGAPIXELS": Settings.max_megapixels,
    "PICTURES_MAX_MEGABYTES": Settings.max_megabytes,
}
_LIGHTER = ("avif", "webp")
_WIDTHS = range(16, 8001)


def use_settings(pelican: Pelican) -> None:
    """
    Complete the settings, and hand the author's pictures to the Markdown extension.

    Raises:
        SourceError: A setting is wrong.
    """
    settings = pelican.settings
    for name, value in DEFAULTS.items():
        settings.setdefault(name, value)
    library = Library(settings, own_settings(settings))
    settings["PICTURES_LIBRARY"] = library
    settings.setdefault("READ_FACTS", {})[FACT] = library.fact
    markdown = dict(settings["MARKDOWN"])
    markdown["extension_configs"] = {
        **markdown.get("extension_configs", {}),
        EXTENSION: {"library": library},
    }
    settings["MARKDOWN"] = markdown


def own_settings(settings: Mapping[str, Any]) -> Settings:
    """
    Return the settings of this plugin.

    Raises:
        SourceError: One is wrong.
    """
    found = {name: settings[name] for name in DEFAULTS}
    rules = {
        "PICTURES_WIDTHS": (_are_widths, "Schreiben Sie Pixel: (600, 900, 1200)."),
        "PICTURES_SIZES": (
            _is_text,
            "Schreiben Sie es wie in HTML: „(max-width: 41em) 90vw, 37em“.",
        ),
        "PICTURES_FORMATS": (_are_formats, "Möglich sind „avif“ und „webp“, in einer Liste."),
        "PICTURES_QUALITY": (
            _are_qualities,
            "Schreiben Sie Zahlen von 1 bis 100 zu „avif“, „webp“ und „jpeg“.",
        ),
        "PICTURES_MAX_MEGAPIXELS": (_is_limit, "Schreiben Sie eine ganze Zahl von 1 bis 200."),
        "PICTURES_MAX_MEGABYTES": (_is_limit, "Schreiben Sie eine ganze Zahl von 1 bis 200."),
    }
    problems = [
        Problem(
            "pelicanconf.py",
            f"„{found[name]}“ ist hier nicht möglich.",
            field=name,
            remedy=remedy,
        )
        for name, (is_right, remedy) in rules.items()
        if not is_right(found[name])
    ]
    if problems:
        raise SourceError(problems)
    return Settings(
        widths=tuple(sorted(found["PICTURES_WIDTHS"])),
        sizes=found["PICTURES_SIZES"],
        formats=tuple(found["PICTURES_FORMATS"]),
        quality=tuple(sorted({**dict(Settings.quality), **found["PICTURES_QUALITY"]}.items())),
        max_megapixels=found["PICTURES_MAX_MEGAPIXELS"],
        max_megabytes=found["PICTURES_MAX_MEGABYTES"],
    )


def _are_widths(value: Any) -> bool:
    return (
        isinstance(value, list | tuple)
        and 0 < len(value) <= 8
        and all(type(one) is int and one in _WIDTHS for one in value)
        and len(set(value)) == len(value)
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _are_formats(value: Any) -> bool:
    return (
        isinstance(value, list | tuple)
        and all(one in _LIGHTER for one in value)
        and len(set(value)) == len(value)
    )


def _are_qualities(value: Any) -> bool:
    return isinstance(value, dict) and all(
        name in dict(Settings.quality) and type(one) is int and 1 <= one <= 100
        for name, one in value.items()
    )


def _is_limit(value: Any) -> bool:
    return type(value) is int and 1 <= value <= 200


def take_pictures(generator: StaticGenerator) -> None:
    """Take the author's pictures out of what is copied as it is, and report those that cannot go out."""
    library: Library = generator.settings["PICTURES_LIBRARY"]
    pictures, others = [], []
    for static in generator.context["staticfiles"]:
        path = static.relative_source_path
        try:
            is_picture = bool(core.format_of(path)) and library.picture(path) is not None
        except PictureError as error:
            # The author was told where a text shows it.
            if path not in library.told:
                report(Problem(shown_path(static.source_path), error.message, remedy=error.remedy))
            continue
        if is_picture:
            pictures.append(path)
        else:
            others.append(static)
    generator.context["staticfiles"] = others
    generator.context["picture_files"] = sorted(pictures)


class PicturesGenerator(Generator):  # type: ignore[misc]
    """Writes the copies of the author's pictures."""

    reads_no_texts = True

    def generate_output(self, writer: IncrementalWriter) -> None:
        """Write those that are not there yet."""
        library: Library = self.settings["PICTURES_LIBRARY"]
        wanted = dict(self._copies(library))
        inputs = {
            name: f"{picture.digest} {copy}".encode() for name, (picture, copy) in wanted.items()
        }
        make = partial(library.copies, wanted)
        writer.make_files(inputs, make, "Bilder verkleinern", are_slow=True)

    def _copies(self, library: Library) -> Iterable[tuple[str, tuple[Picture, Copy]]]:
        """Yield the name of each file that goes out, and what it is made of."""
        shown, linked, held_back = self._used(library)
        files = set(self.context["picture_files"]) - (held_back - linked - shown)
        for path in sorted(files | shown):
            picture = library.picture(path)
            if picture is None:
                continue
            show = core.show(picture, library.own)
            for copy in (show.fallback, *(show.lighter if path in shown else ())):
                yield copy.name, (picture, copy)

    def _used(self, library: Library) -> tuple[set[str], set[str], set[str]]:
        """Return the files that texts which are out show, those they link to, and those of other texts."""
        shown: set[str] = set()
        linked: set[str] = set()
        held_back: set[str] = set()
        for _, content in self.settings["BUILD"].reading.contents.values():
            found = {fact[0] for kind, _, fact in content.reads if kind == FACT and fact}
            is_out = bool(content.save_as)
            (shown if is_out else held_back).update(found)
            (linked if is_out else held_back).update(content.static_links)
        pages = self.context.get("tip_pages", ())
        for page in pages:
            facts = [library.fact(key) for kind, key in page.reads if kind == FACT]
            shown.update(fact[0] for fact in facts if fact)
        held_back.update(self._in_tips_to_come({page.week for page in pages}))
        return shown, linked, held_back

    def _in_tips_to_come(self, out: set[str]) -> Iterable[str]:
        """Yield the pictures whose names are in the text of a tip that is not *out*: nobody has read it yet."""
        entries = self.settings["TIPS_COLLECTION"].entries
        texts = [entry.tip.more or "" for week, entry in entries.items() if week not in out]
        for path in self.context["picture_files"]:
            name = path.rpartition("/")[2]
            if any(name in text for text in texts):
                yield path


def get_generators(pelican: Pelican) -> type[Generator]:
    """Return our generator."""
    return PicturesGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(use_settings)
    signals.static_generator_finalized.connect(take_pictures)
    signals.get_generators.connect(get_generators)
