"""The site's facts and switches; publishconf.py says what differs when it goes out."""

import sys
from pathlib import Path

# Where our plugins are: Pelican's own command does not look beside its settings.
sys.path.insert(0, str(Path(__file__).resolve().parent))

# --- Who and what ---------------------------------------------------------------------------
SITENAME = "Mittwochspost"
SITESUBTITLE = "Sprache, Texte, Selbstständigkeit – und jeden Mittwoch ein Tipp"
SITEURL = "https://mittwochspost.example"
AUTHOR = "Henrike Voss"

NAVIGATION = (
    ("Blog", "/archiv/"),
    ("Serien", "/serien/"),
    ("Mittwochstipps", "/tipps/"),
    ("Über mich", "/ueber-mich/"),
    ("Suche", "/suche/"),
)
FOOTER_NAVIGATION = (
    ("Impressum", "/impressum/"),
    ("Datenschutz", "/datenschutz/"),
    ("Barrierefreiheit", "/barrierefreiheit/"),
    ("Feeds", "/feeds/"),
)

# --- Language and time ------------------------------------------------------------------------
DEFAULT_LANG = "de"
TIMEZONE = "Europe/Berlin"
# The day the site shows; the environment variable SITE_DATE wins; default: today.
SITE_DATE = None
# Quotes, spaces, widow: see HANDBUCH.md. An empty dictionary is „…“ with narrow spaces.
TYPOGRAPHY: dict[str, object] = {}
TYPOGRIFY = False

# --- Where things are ---------------------------------------------------------------------------
PATH = "content"
ARTICLE_PATHS = ["artikel"]
PAGE_PATHS = ["seiten"]
STATIC_PATHS = ["bilder"]
THEME = "theme"
THEME_STATIC_PATHS: list[str] = []  # plugins.assets does it
# "system" or "serif"; colours, length of lines and logo: see HANDBUCH.md.
THEME_FONT = "system"
OUTPUT_PATH = "output"
CACHE_PATH = ".cache/pelican"
IGNORE_FILES = [".*", "*~", "#*#"]

# --- Addresses: published once, valid for ever -----------------------------------------------
ARTICLE_URL = ARTICLE_LANG_URL = "blog/{slug}/"
ARTICLE_SAVE_AS = ARTICLE_LANG_SAVE_AS = "blog/{slug}/index.html"
PAGE_URL = PAGE_LANG_URL = "{slug}/"
PAGE_SAVE_AS = PAGE_LANG_SAVE_AS = "{slug}/index.html"
CATEGORY_URL, TAG_URL = "themen/{slug}/", "schlagwort/{slug}/"
CATEGORY_SAVE_AS = TAG_SAVE_AS = ""  # plugins.archive writes these pages
INDEX_URL = ""
ARCHIVES_URL, ARCHIVES_SAVE_AS = "archiv/", "archiv/index.html"
FEEDS_URL, FEEDS_SAVE_AS = "feeds/", "feeds/index.html"
DIRECT_TEMPLATES = ["index", "archives", "feeds", "404"]
AUTHOR_SAVE_AS = CATEGORIES_SAVE_AS = TAGS_SAVE_AS = AUTHORS_SAVE_AS = ""
# Drafts and what is dated after SITE_DATE are written nowhere; `invoke serve` shows them.
DRAFT_SAVE_AS = DRAFT_LANG_SAVE_AS = DRAFT_PAGE_SAVE_AS = DRAFT_PAGE_LANG_SAVE_AS = ""
DRAFT_URL = DRAFT_LANG_URL = "entwurf/{slug}/"
DRAFT_PAGE_URL = DRAFT_PAGE_LANG_URL = "entwurf/seite/{slug}/"

FEED_DOMAIN = SITEURL
FEED_ALL_ATOM = "feeds/artikel.atom.xml"
CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
FEED_MAX_ITEMS = 50

DEFAULT_CATEGORY = "Allgemein"
DEFAULT_METADATA = {"status": "published", "category": DEFAULT_CATEGORY}
PAGE_ORDER_BY = "slug"
# Our posts have no translations: the same slug twice is a mistake, not a language.
ARTICLE_TRANSLATION_ID = PAGE_TRANSLATION_ID = None
WITH_FUTURE_DATES = True
FORMATTED_FIELDS: list[str] = []
DEFAULT_PAGINATION = False
PAGINATED_TEMPLATES: dict[str, int | None] = {}
RELATIVE_URLS = False

# --- Comments and deployment ---------------------------------------------------------------------
# Where `invoke build` fetches approved comments: "local" (the database in data/) or the https
# address of the service; then the environment variable COMMENTS_TOKEN holds its token.
COMMENTS_SOURCE = "local"
# Beside the name over the author's own comments.
COMMENTS_BY_AUTHOR = "von der Autorin"
# Systems elsewhere, loaded after a click: {"isso": {"server": "https://isso.example"}}, see HANDBUCH.md.
COMMENTS_SYSTEMS: dict[str, object] = {}
# What the build cannot see and the privacy page has to say, see HANDBUCH.md.
PRIVACY = ["serverprotokoll", "kommentar-mails"]
# DEPLOY names a target: {"target": "folder", "path": "public", "keep": 5}.
DEPLOY = {"target": "folder", "path": "public", "keep": 5}

# --- Social networks: passwords come from the environment, see HANDBUCH.md -------------------------
# For example "mastodon": {"server": "https://social.example"}, "bluesky": {"handle": "name.example"}.
SOCIAL: dict[str, object] = {"hashtags": ["Mittwochstipp"], "image": "tipps/{week}/bild.png"}

# Below posts: addresses only, nothing is loaded.
SHARE_LINKS = (
    ("E-Mail", "mailto:?subject={title}&body={url}"),
    ("Mastodon", "https://share.joinmastodon.org/#text={url}"),
    ("Bluesky", "https://bsky.app/intent/compose?text={url}"),
    ("LinkedIn", "https://www.linkedin.com/sharing/share-offsite/?url={url}"),
)

# --- Plugins, in the order in which they work --------------------------------------------------
PLUGINS = [
    "plugins.source",
    "plugins.german",
    "plugins.hyphenation",
    "plugins.schedule",
    "plugins.tips",
    "plugins.embeds",
    "plugins.pictures",
    "plugins.series",
    "plugins.archive",
    "plugins.reading",
    "plugins.comments",
    "plugins.navigation",
    "plugins.machines",
    "plugins.privacy",
    "plugins.feeds",
    "plugins.api",
    "plugins.share_images",
    "plugins.search",
    "plugins.assets",
    "plugins.aliases",
]

MARKDOWN = {
    "extensions": ["sane_lists", "plugins.figures.extension"],
    "extension_configs": {
        "markdown.extensions.extra": {
            "footnotes": {
                "BACKLINK_TITLE": "Zurück zur Stelle von Fußnote {} im Text",
                "SEPARATOR": "-",
            },
        },
        "markdown.extensions.toc": {"marker": ""},
        "markdown.extensions.codehilite": {"css_class": "codehilite", "guess_lang": False},
        "plugins.typography": TYPOGRAPHY,
    },
    "output_format": "html",
}
JINJA_ENVIRONMENT = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}

# Builds only what has changed, and deletes from the output what is gone.
PELICAN_CLASS = "plugins.Pelican"
DELETE_OUTPUT_DIRECTORY = LOAD_CONTENT_CACHE = CACHE_CONTENT = False
