"""The settings of the site for stock Pelican: typogrify, and Markdown as Pelican comes with it."""

from pathlib import Path

HERE = Path(__file__).resolve().parent

SITENAME = "Mittwochspost"
SITEURL = "https://mittwochspost.example"
AUTHOR = "Henrike Voss"
TIMEZONE = "Europe/Berlin"
DEFAULT_LANG = "de"
DEFAULT_DATE_FORMAT = "%d.%m.%Y"
TYPOGRIFY = True
MARKDOWN = {
    "extension_configs": {
        "markdown.extensions.codehilite": {"css_class": "highlight"},
        "markdown.extensions.extra": {},
        "markdown.extensions.meta": {},
        "markdown.extensions.toc": {},
    },
    "output_format": "html5",
}
PLUGIN_PATHS = [str(HERE)]
PLUGINS = ["neighbours"]

PATH = "content"
OUTPUT_PATH = "output"
CACHE_PATH = "cache"
ARTICLE_PATHS = ["blog"]
PAGE_PATHS = ["pages"]

THEME = str(HERE / "theme")
# The style sheet of all peers lies in the content folder.
STATIC_PATHS = ["bilder", "theme"]
THEME_STATIC_PATHS: list[str] = []

ARTICLE_URL, ARTICLE_SAVE_AS = "blog/{slug}/", "blog/{slug}/index.html"
PAGE_URL, PAGE_SAVE_AS = "{slug}/", "{slug}/index.html"
CATEGORY_URL, CATEGORY_SAVE_AS = "themen/{slug}/", "themen/{slug}/index.html"
TAG_URL, TAG_SAVE_AS = "schlagwort/{slug}/", "schlagwort/{slug}/index.html"
YEAR_ARCHIVE_URL, YEAR_ARCHIVE_SAVE_AS = "archiv/{date:%Y}/", "archiv/{date:%Y}/index.html"
SLUG_REGEX_SUBSTITUTIONS = [
    ("ä", "ae"),
    ("ö", "oe"),
    ("ü", "ue"),
    ("Ä", "Ae"),
    ("Ö", "Oe"),
    ("Ü", "Ue"),
    ("ß", "ss"),
    (r"[^\w\s-]", ""),
    (r"(?u)\A\s*", ""),
    (r"(?u)\s*\Z", ""),
    (r"[-\s]+", "-"),
]
SLUGIFY_USE_UNICODE = True
DIRECT_TEMPLATES = ["index"]
AUTHOR_SAVE_AS = ""
PAGINATED_TEMPLATES = {"category": 20, "tag": 20}
PAGINATION_PATTERNS = [
    (1, "{url}", "{save_as}"),
    (2, "{base_name}/seite/{number}/", "{base_name}/seite/{number}/index.html"),
]

FEED_DOMAIN = SITEURL
FEED_ALL_ATOM = "feeds/artikel.atom.xml"
FEED_MAX_ITEMS = 50
CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
