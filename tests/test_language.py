"""What author and reader read is German, and set by the rules that set the posts."""

import ast
import re
from xml.etree import ElementTree

import jinja2
import pytest
from bs4 import BeautifulSoup, Comment, Doctype

from plugins.typography import typeset_html, typeset_text
from plugins.typography.tokens import tokens

from .site import PROJECT, Site

TEMPLATES = PROJECT / "theme" / "templates"
SERVICE = PROJECT / "comment_service"

#: What an English theme would say. Words that are German as well (Name, Feed, Text) are not here.
ENGLISH = re.compile(
    r"""(?<![\w-])(?:
    home | tags | categor(?:y|ies) | posted | published | updated | read\ more | continue\ reading
    | next | previous | older | newer | newest | latest | comments? | repl(?:y|ies) | leave\ a
    | search | archives? | authors? | written\ by | posted\ by | by\ \w+\ on | share | submit | send
    | cancel | skip\ to | menu | table\ of\ contents | page\ not\ found | not\ found | drafts?
    | all\ posts | all\ rights | powered\ by | subscribe | sign\ in | log\ in | back\ to | min\ read
    | minutes? \ read | related | recent | untitled | loading | required | optional | invalid
    | monday | tuesday | wednesday | thursday | friday | saturday | sunday
    | january | february | march | june | july | october | december
    )(?![\w-])""",
    re.VERBOSE | re.IGNORECASE,
)
#: What a keyboard leaves and no typesetter would.
TYPEWRITTEN = re.compile(
    r"""["'´`] | \.\.\. | (?<![-\w])-{1,3}(?=\s) | (?<=\w)--(?=\w) | \d[%€](?!\w) | §\d""",
    re.VERBOSE,
)
#: Never read as running text.
UNREAD = ["code", "pre", "kbd", "samp", "var", "script", "style"]
#: Attributes that are read out or shown.
READ_ATTRIBUTES = ("alt", "title", "aria-label", "placeholder")
READ_META = ("description", "og:title", "og:description", "og:site_name", "twitter:title")


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    """The blog's own content and theme as readers get them."""
    site = Site(tmp_path_factory.mktemp("language"))
    site.content = PROJECT / "content"
    site.settings.write_text(
        f"import sys\nsys.path.append({str(PROJECT)!r})\nfrom publishconf import *\n"
        f"THEME = {str(PROJECT / 'theme')!r}\n"
        f"COMMENTS_SNAPSHOT = {str(site.data / 'kommentare.json')!r}\n",
        "utf-8",
    )
    result = site.build("--no-deploy")
    assert result.status == 0, result.out + result.err
    return site.output


@pytest.fixture(scope="module")
def pages(output):
    found = {
        path.relative_to(output).as_posix(): path.read_text("utf-8")
        for path in sorted(output.rglob("*.html"))
    }
    assert len(found) > 100
    return found


def changes(before, after):
    """Return the parts of two HTML texts that differ, as readable pairs."""
    pairs = zip(tokens(before), tokens(after), strict=True)
    return [f"{old[1].strip()!r} → {new[1].strip()!r}" for old, new in pairs if old[1] != new[1]]


def read_texts(html):
    """Yield (language, text) of every text and attribute of a page that somebody reads."""
    soup = BeautifulSoup(html, "html.parser")
    for element in soup.select(", ".join([*UNREAD, ".no-typo"])):
        element.decompose()
    for node in soup.find_all(string=True):
        if not isinstance(node, Comment | Doctype) and node.strip():
            yield language_of(node.parent), node.strip()
    for element in soup.find_all(True):
        for name in READ_ATTRIBUTES:
            if element.get(name):
                yield language_of(element), element[name]
        is_read = element.name == "meta" and {element.get("name"), element.get("property")} & {
            *READ_META
        }
        if is_read:
            yield language_of(element), element["content"]


def language_of(element):
    while element is not None:
        if element.get("lang"):
            return element["lang"]
        element = element.parent
    return ""


def test_nothing_on_any_page_would_be_set_differently(pages):
    found = {
        path: differing
        for path, html in pages.items()
        if (differing := changes(html, typeset_html(html)))
    }
    assert not found


def test_no_page_shows_what_a_keyboard_leaves(pages):
    found = [
        f"{path}: {text!r}"
        for path, html in pages.items()
        for language, text in read_texts(html)
        if language.startswith("de") and TYPEWRITTEN.search(text)
    ]
    assert not found


def test_the_readers_language_is_german(pages):
    """English stands only where `lang="en"` says so."""
    found = [
        f"{path}: {text!r}"
        for path, html in pages.items()
        for language, text in read_texts(html)
        if not language.startswith("en") and ENGLISH.search(text)
    ]
    assert not found


def test_every_page_says_that_it_is_german(pages):
    for path, html in pages.items():
        assert {language for language, _ in read_texts(html)} <= {"de", "de-CH", "en"}, path


def test_feeds_are_set_and_german(output):
    feeds = sorted(output.glob("feeds/*.xml"))
    assert feeds
    for feed in feeds:
        texts = [
            element.text
            for element in ElementTree.parse(feed).iter()
            if element.tag.endswith(("}title", "}subtitle", "}summary", "}content"))
        ]
        assert texts, feed.name
        for language, text in (pair for html in filter(None, texts) for pair in read_texts(html)):
            assert not TYPEWRITTEN.search(text), (feed.name, language, text)
            assert language.startswith("en") or not ENGLISH.search(text), (feed.name, text)


def jinja_words(path):
    """Return a template's own HTML, whichever branch it stands in, and its own strings."""
    html, strings = [], []
    in_tag = ""
    for _, kind, value in jinja2.Environment().lex(path.read_text("utf-8")):
        if kind == "data":
            html.append(value)
        elif kind == "variable_begin":
            html.append("Wort")
        elif kind == "block_begin":
            in_tag = "new"
        elif kind == "name" and in_tag == "new":
            in_tag = value
        elif kind == "string" and in_tag not in ("extends", "from", "import", "include"):
            # As Jinja reads it: "\u00a0" is a no-break space.
            strings.append(ast.literal_eval(value))
        if kind == "block_end":
            in_tag = ""
    return "".join(html), strings


def django_words(path):
    source = re.sub(r"\{#.*?#\}|\{%.*?%\}", "", path.read_text("utf-8"), flags=re.DOTALL)
    return re.sub(r"\{\{.*?\}\}", "Wort", source), []


TEMPLATE_FILES = [
    *((path, jinja_words) for path in sorted(TEMPLATES.rglob("*.html"))),
    *((path, django_words) for path in sorted(SERVICE.rglob("templates/**/*.html"))),
]


@pytest.mark.parametrize(
    ("path", "words"),
    [pytest.param(*item, id=str(item[0].relative_to(PROJECT))) for item in TEMPLATE_FILES],
)
def test_the_words_of_a_template_are_set_and_german(path, words):
    """In branches, too, that no page of today takes: drafts, an empty archive, failed forms."""
    html, strings = words(path)
    assert not changes(html, typeset_html(html))
    texts = [text for _, text in read_texts(html)]
    texts += [text for text in strings if is_german(text)]
    for text in texts:
        assert not ENGLISH.search(text), text
        assert not TYPEWRITTEN.search(text), text
        assert as_read(typeset_text(text)) == as_read(text)


def test_all_templates_are_looked_at():
    names = {path.name for path, _ in TEMPLATE_FILES}
    assert {"base.html", "article.html", "tip.html", "404.html", "form.html"} <= names
    assert len(TEMPLATE_FILES) > 30


# --- What the author reads -----------------------------------------------------------------------

MESSAGE_FILES = [
    PROJECT / "tasks.py",
    *(
        path
        for folder in (
            *("publishing", "authoring", "comment_service", "lektorat", "plugins"),
            *("social", "yearbook", "migration"),
        )
        for path in sorted((PROJECT / folder).rglob("*.py"))
        # Closed lists of words and abbreviations; their strings are no sentences.
        if path.name not in ("words.py", "collect.py") and "migrations" not in path.parts
    ),
]
_GERMAN = re.compile(
    r"""(?<![\w\\])(?:der|die|das|den|dem|des|ein|eine|einen|einem|einer|und|oder|nicht|ist|sind|mit
    |für|von|vom|zu|zum|zur|im|auf|aus|bei|nach|sonst|schon|fehlt|gibt|Sie|kein|keine|nur|bitte)(?!\w)
    |(?<![\\\[\]-])[A-Za-zäöüß]+[äöüß][a-zäöüß]+""",
    re.VERBOSE | re.IGNORECASE,
)
_ENGLISH_SENTENCE = re.compile(r"(?<!\w)(?:the|of|and|with|that|is|are|for)(?!\w)")
#: A regular expression, not a sentence.
_PATTERN = re.compile(r"\(\?|\\[wsbdS]|\[\^|\)\*|\]\+")
#: Code inside a message: what the author is to type or has typed.
_CODE = re.compile(
    r"""\{[^{}]*\} # DEPLOY = {"target": "folder"}
    | [\w.-]+:\ "[^"]*" # title: "Eins: zwei"
    | \w+\("[^"]*"\) # url("x.css")
    | <[^<>]*> # <a href="…">
    | (?<!\S)---(?=[\s,.“]|$) # the line around a front matter
    | „-\ “ | ^\s*-\ (?=\w) | (?<=\ )-\ (?=[\w*]+\|) # an item of a list in YAML
    """,
    re.VERBOSE | re.MULTILINE,
)


def is_german(text):
    return bool(
        " " in text.strip()
        and _GERMAN.search(text)
        and not _ENGLISH_SENTENCE.search(text)
        and not _PATTERN.search(text)
    )


def as_read(text):
    """Return *text* with ordinary spaces: a terminal need not have the fixed ones."""
    return re.sub("[\u00a0\u202f]", " ", text)


def messages(source, with_docstrings=False):
    """Yield (line, text) of the string literals of Python *source*; {name} becomes a word."""
    tree = ast.parse(source)
    passed = set() if with_docstrings else {id(node) for node in docstrings(tree)}
    for node in ast.walk(tree):
        if id(node) in passed:
            continue
        if isinstance(node, ast.JoinedStr):
            passed |= {id(part) for part in ast.walk(node)}
            parts = [v.value if isinstance(v, ast.Constant) else "Wort" for v in node.values]
            yield node.lineno, "".join(parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def docstrings(tree):
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(tree):
        if isinstance(node, kinds) and node.body and isinstance(node.body[0], ast.Expr):
            yield node.body[0].value


def badly_set(text):
    """Return what is wrong with a German message, "" if nothing is."""
    plain = _CODE.sub("Code", text)
    # Each line for itself: a message may be a list.
    for line in plain.splitlines():
        if as_read(typeset_text(line)) != as_read(line):
            return typeset_text(line)
        # A sign that stands alone is spoken of: „… mit @ oder " beginnt“.
        if re.search(r'"(?! )|(?<! )"|\.\.\.', line):
            return line
    return ""


def test_messages_help_and_prompts_are_set():
    found, count = [], 0
    for path in MESSAGE_FILES:
        source = path.read_text("utf-8")
        for line, text in messages(source, with_docstrings=path.name == "tasks.py"):
            if is_german(text):
                count += 1
                if better := badly_set(text):
                    found.append(f"{path.relative_to(PROJECT)}:{line}: {text!r} → {better!r}")
    assert not found
    assert count > 300


@pytest.mark.parametrize(
    "text",
    [
        'Das Plugin "x" gibt es nicht.',
        "Das Plugin 'x' gibt es nicht.",
        "Bitte warten ...",
        "Fertig - die Seite steht.",
        "Die Seite ist zu 80% fertig.",
        "Sie haben von 3-4 Beiträgen nichts.",
    ],
)
def test_a_badly_set_message_would_be_found(text):
    """The rule above can fail."""
    ((_, found),) = messages(f"message = {text!r}")
    assert is_german(found)
    assert badly_set(found)


@pytest.mark.parametrize(
    "html",
    [
        '<p>Er sagt "ja".</p>',
        "<p>Netz - so</p>",
        "<p>bald ...</p>",
        '<a title="Read more">weiter</a>',
        "<p>Next</p>",
    ],
)
def test_a_badly_set_page_would_be_found(html):
    texts = [text for _, text in read_texts(f'<body lang="de">{html}</body>')]
    assert any(TYPEWRITTEN.search(text) or ENGLISH.search(text) for text in texts)


def test_help_of_every_command_is_german():
    tree = ast.parse((PROJECT / "tasks.py").read_text("utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert functions
    for function in functions:
        text = ast.get_docstring(function) or ""
        assert text.endswith("."), function.name
        assert not ENGLISH.search(text), text
        assert not _ENGLISH_SENTENCE.search(text), text
