"""Exports in their real formats: what is read, what is left, what is refused."""

from __future__ import annotations

import dataclasses
import gzip
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from migration import disqus, isso, wordpress
from migration.addresses import Addresses, MappingError, read_mapping
from migration.foreign import Fate, Place
from migration.xml_stream import ExportError

EXPORTS = Path(__file__).with_name("exports")
ZONE = ZoneInfo("Europe/Berlin")


def quiet(done, total):
    """Take no notice of progress."""


def read_wordpress(path=EXPORTS / "wordpress.xml"):
    return {comment.key: comment for comment in wordpress.comments(path, ZONE, quiet)}


def read_disqus(path=EXPORTS / "disqus.xml"):
    return {comment.key: comment for comment in disqus.comments(path, quiet)}


def read_isso(path=EXPORTS / "isso.json"):
    return list(isso.comments(path, ZONE, quiet))


def make_isso_database(path, rows):
    """Make a database with the tables of Isso 0.14.0."""
    database = sqlite3.connect(path)
    database.executescript("""
        CREATE TABLE threads (id INTEGER PRIMARY KEY, uri VARCHAR(256) UNIQUE, title VARCHAR(256));
        CREATE TABLE comments (tid REFERENCES threads(id), id INTEGER PRIMARY KEY, parent INTEGER,
            created FLOAT NOT NULL, modified FLOAT, mode INTEGER, remote_addr VARCHAR,
            text VARCHAR NOT NULL, author VARCHAR, email VARCHAR, website VARCHAR,
            likes INTEGER DEFAULT 0, dislikes INTEGER DEFAULT 0, voters BLOB NOT NULL,
            notification INTEGER DEFAULT 0);
        INSERT INTO threads VALUES (1, '/blog/richtig-zitieren/', 'Richtig zitieren');
    """)
    database.executemany(
        "INSERT INTO comments (tid, id, parent, created, mode, remote_addr, text, author, email,"
        " website, voters) VALUES (1, ?, ?, ?, ?, '192.0.2.0', ?, ?, 'ida@leserin.example', ?, x'00')",
        rows,
    )
    database.commit()
    database.close()
    return path


ISSO_ROWS = [
    (1, None, 1552377600.25, 1, "Gilt *das* immer?", "Ida", "https://ida.example"),
    (2, 1, 1552377700.5, 1, "Ja.", None, None),
    (3, 1, 1552377800.0, 2, "Wartet noch", "Jo", None),
    (4, None, 1552377900.0, 4, "", None, None),
]


def test_wordpress_gives_threads_states_and_dates():
    found = read_wordpress()
    assert {key: comment.fate for key, comment in found.items()} == {
        "101": Fate.APPROVED,
        "102": Fate.APPROVED,
        "103": Fate.SPAM,
        "104": Fate.PENDING,
        "105": Fate.NOTICE,
        "106": Fate.TRASH,
        "107": Fate.APPROVED,
    }
    answer = found["102"]
    assert (answer.parent, answer.author, answer.is_member) == ("101", "Henrike Voss", True)
    assert answer.created == datetime(2019, 3, 12, 9, 30, tzinfo=UTC)
    assert answer.text == (
        "Ja, *immer*. Siehe [die Regeln](<https://www.example.org/regeln>)\n"
        "oder <https://example.org/kurz>."
    )
    assert found["101"].text == ("Gilt das auch für Mails?\n\nIch frage wegen \\*meiner\\* Kundin.")
    assert found["101"].place == Place(
        "https://alt.example/2019/03/richtig-zitieren/", "richtig-zitieren"
    )
    assert found["104"].created == datetime(2019, 3, 14, 8, tzinfo=UTC), "from the local date"


def test_older_versions_of_wordpress_are_read(tmp_path):
    text = (EXPORTS / "wordpress.xml").read_text("utf-8")
    path = tmp_path / "alt.xml"
    path.write_text(text.replace("/export/1.2/", "/export/1.0/"), "utf-8")
    assert read_wordpress(path) == read_wordpress()


def test_control_characters_of_an_old_database_are_no_obstacle(tmp_path):
    data = (EXPORTS / "wordpress.xml").read_bytes().replace(b"Gilt das", b"Gilt\x0b\x1fdas")
    path = tmp_path / "alt.xml"
    path.write_bytes(data)
    assert read_wordpress(path)["101"].text.startswith("Gilt  das")


def test_disqus_gives_threads_states_and_dates():
    found = read_disqus()
    assert {key: comment.fate for key, comment in found.items()} == {
        "4001": Fate.APPROVED,
        "4002": Fate.SPAM,
        "4003": Fate.APPROVED,
        "4004": Fate.TRASH,
        "4005": Fate.APPROVED,
    }
    assert found["4003"].parent == "4002"
    assert found["4001"].place.address == "https://alt.example/2019/03/richtig-zitieren.html"
    assert found["4001"].created == datetime(2019, 3, 12, 8, tzinfo=UTC)
    assert found["4001"].text == (
        "Danke für den **Beitrag**!\n\nMehr dazu: <http://example.org/regeln>"
    )


def test_an_isso_database_gives_threads_states_and_dates(tmp_path):
    path = make_isso_database(tmp_path / "comments.db", ISSO_ROWS)
    before = path.read_bytes()
    found = read_isso(path)
    assert [comment.fate for comment in found] == [
        Fate.APPROVED,
        Fate.APPROVED,
        Fate.PENDING,
        Fate.TRASH,
    ]
    assert found[0].text == "Gilt *das* immer?"
    assert found[0].website == "https://ida.example"
    assert found[1].parent == "1"
    assert found[0].created.timestamp() == 1552377600.25
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_isso_json_is_read_in_the_time_of_its_server():
    found = read_isso()
    assert [comment.author for comment in found] == ["Jo", "", "Kim"]
    assert [comment.fate for comment in found] == [Fate.APPROVED, Fate.APPROVED, Fate.EMPTY]
    assert found[0].created == datetime(2019, 7, 2, 7, tzinfo=UTC)
    assert len({comment.key for comment in found}) == 3


def test_neither_mail_nor_machine_is_taken(tmp_path):
    database = make_isso_database(tmp_path / "comments.db", ISSO_ROWS)
    everything = [*read_wordpress().values(), *read_disqus().values()]
    everything += [*read_isso(), *read_isso(database)]
    whole = repr([dataclasses.asdict(comment) for comment in everything])
    assert "192.0.2." not in whole
    assert "@" not in whole


BOMB = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><item><link>&b;</link></item></channel></rss>
"""
FETCH = BOMB.replace('<!ENTITY a "ha">', '<!ENTITY a SYSTEM "file:///etc/hostname">')
DEEP = (
    '<rss xmlns:wp="http://wordpress.org/export/1.2/"><item>'
    + "<x>" * 200
    + "</x>" * 200
    + "</item></rss>"
)


@pytest.mark.parametrize(
    ("read", "data", "message"),
    [
        (read_wordpress, BOMB, "enthält eine Dokumenttyp-Angabe"),
        (read_wordpress, FETCH, "enthält eine Dokumenttyp-Angabe"),
        (read_disqus, BOMB.replace("rss", "disqus"), "enthält eine Dokumenttyp-Angabe"),
        (read_wordpress, DEEP, "zu tief verschachtelt"),
        (read_wordpress, "<rss></rss>", "Das ist kein Export von WordPress"),
        (read_wordpress, "", "Das ist kein Export von WordPress"),
        (read_wordpress, (EXPORTS / "wordpress.xml").read_text()[:-40], "kein vollständiges XML"),
        (read_disqus, "<disqus/>", "kein Export von Disqus"),
        (read_disqus, "Hallo", "kein vollständiges XML"),
        (read_disqus, gzip.compress(b"<disqus/>", mtime=0), "noch gepackt"),
        (read_isso, "{", "weder eine Datenbank noch eine JSON-Datei"),
        (read_isso, '[{"id": "/x/"}]', "weder eine Datenbank noch eine JSON-Datei"),
        (read_isso, "[7]", "weder eine Datenbank noch eine JSON-Datei"),
        (read_isso, b"SQLite format 3\0 und dann nichts", "keine Datenbank von Isso"),
    ],
)
def test_what_is_no_export_is_one_german_message(read, data, message, tmp_path):
    path = tmp_path / "export.xml"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    with pytest.raises(ExportError) as caught:
        read(path)
    assert message in str(caught.value)
    assert "export.xml" in str(caught.value)


@pytest.mark.parametrize("read", [read_wordpress, read_disqus, read_isso])
def test_a_file_that_is_missing_or_a_folder_is_told(read, tmp_path):
    with pytest.raises(ExportError, match="Diese Datei gibt es nicht"):
        read(tmp_path / "weg.xml")
    with pytest.raises(ExportError, match="nicht lesbar"):
        read(tmp_path)


def test_a_comment_without_number_or_date_is_told(tmp_path):
    for name, read, old in (
        ("wordpress.xml", read_wordpress, "<wp:comment_id>102</wp:comment_id>"),
        ("disqus.xml", read_disqus, "<createdAt>2019-03-12T09:00:00Z</createdAt>"),
    ):
        path = tmp_path / name
        path.write_text((EXPORTS / name).read_text("utf-8").replace(old, ""), "utf-8")
        with pytest.raises(ExportError, match="keine Nummer oder kein Datum"):
            read(path)


def test_a_huge_export_is_read_piece_by_piece(tmp_path):
    """Only one post at a time is in memory, and progress is told on the way."""
    head, item, tail = _parts((EXPORTS / "wordpress.xml").read_text("utf-8"))
    path = tmp_path / "gross.xml"
    padding = f"<content:encoded><![CDATA[{'Text ' * 4000}]]></content:encoded>"
    with path.open("w", encoding="utf-8") as file:
        file.write(head)
        for _ in range(60):
            file.write(item.replace("<title>", f"{padding}<title>", 1))
        file.write(tail)
    told = []
    found = wordpress.comments(path, ZONE, lambda done, total: told.append((done, total)))
    next(found)
    assert not told or told[-1][0] < told[-1][1] / 2, "the rest has not been read yet"
    assert sum(1 for _ in found) == 60 * 6 - 1
    assert told[-1] == (path.stat().st_size, path.stat().st_size)


def _parts(text):
    start, end = text.index("\t<item>"), text.index("</item>") + len("</item>\n")
    return text[:start], text[start:end], "</channel></rss>"


# -- Addresses --

PAGES = ["/blog/richtig-zitieren/", "/blog/ueber-aepfel/", "/a/doppelt/", "/b/doppelt/"]


@pytest.mark.parametrize(
    ("address", "slug", "page"),
    [
        ("https://alt.example/2019/03/richtig-zitieren/", "", "/blog/richtig-zitieren/"),
        ("http://alt.example/richtig-zitieren.html?m=1", "", "/blog/richtig-zitieren/"),
        ("/blog/richtig-zitieren", "", "/blog/richtig-zitieren/"),
        ("/richtig-zitieren/index.php", "", "/blog/richtig-zitieren/"),
        ("/richtig-zitieren/amp/", "", "/blog/richtig-zitieren/"),
        ("https://alt.example/?p=17", "richtig-zitieren", "/blog/richtig-zitieren/"),
        ("/%C3%9Cber-%C3%84pfel/", "", "/blog/ueber-aepfel/"),
        ("/doppelt/", "", None),
        ("/b/doppelt/", "", "/b/doppelt/"),
        ("/ganz-anders/", "", None),
        ("", "", None),
        ("https://[", "", None),
    ],
)
def test_an_address_finds_its_post(address, slug, page):
    assert Addresses(PAGES).page(Place(address, slug)) == page


def test_the_authors_list_decides_first(tmp_path):
    path = tmp_path / "zuordnung.txt"
    path.write_text(
        "# Liste\n\nhttps://alt.example/2019/03/aepfel  /blog/ueber-aepfel/  # 3 Kommentare\n"
        "/richtig-zitieren/ -\n/?p=17 https://mittwochspost.example/blog/ueber-aepfel/\n"
    )
    addresses = Addresses(PAGES, read_mapping(path, PAGES))
    assert addresses.page(Place("http://alt.example/2019/03/aepfel/")) == "/blog/ueber-aepfel/"
    assert addresses.page(Place("/richtig-zitieren/")) == ""
    assert addresses.page(Place("https://alt.example/?p=17")) == "/blog/ueber-aepfel/"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("/alt/\n", "zuordnung.txt:1: Hier stehen nicht zwei Adressen."),
        ("\n/alt/ /neu/ /mehr/\n", "zuordnung.txt:2: Hier stehen nicht zwei Adressen."),
        ("/alt/ /blog/neu/\n", "zuordnung.txt:1: Den Beitrag /blog/neu/ gibt es nicht"),
    ],
)
def test_a_wrong_line_of_the_list_is_told(text, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = Path("zuordnung.txt")
    path.write_text(text)
    with pytest.raises(MappingError) as caught:
        read_mapping(path, PAGES)
    assert message in str(caught.value)


def test_a_list_that_is_missing_is_told(tmp_path):
    with pytest.raises(MappingError, match="Die Zuordnung ist nicht lesbar"):
        read_mapping(tmp_path / "weg.txt", PAGES)
