"""`invoke comments.import`: everything once, nothing public that was not, nobody's address."""

from __future__ import annotations

import io

import pytest
from invoke import Context

import tasks
from comment_service import moderation as service
from comment_service.comments import moderation
from comment_service.comments.export import changes
from comment_service.comments.models import Comment, Counter, Erasure, State
from migration.addresses import Addresses
from migration.comments import import_comments
from migration.foreign import Comment as Foreign
from migration.foreign import Fate, Place, moment
from tests.comment_service.conftest import OTHER_PAGE, PAGE
from tests.migration.test_formats import EXPORTS, ISSO_ROWS, make_isso_database

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def invoke(monkeypatch, capsys, settings, tmp_path):
    """Run `invoke comments.import`; return what it said."""
    settings.COMMENTS_DATA = tmp_path / "data"
    settings.COMMENTS_DATA.mkdir()

    def run(*arguments, status=0, **options):
        monkeypatch.setattr("sys.stdin", io.StringIO(""))
        code = 0
        try:
            tasks.comments.tasks["import"](Context(), *map(str, arguments), **options)
        except SystemExit as error:
            code = error.code
        captured = capsys.readouterr()
        assert code == status, captured
        assert "Traceback" not in captured.err
        return (captured.out + captured.err).replace("\u00a0", " ")

    return run


def rows():
    return {
        comment.author: (comment.state, comment.parent and comment.parent.author, comment.page)
        for comment in Comment.objects.select_related("parent")
    }


def forget():
    """Empty the table, as a new database would be."""
    Comment.objects.update(parent=None)
    Comment.objects.all().delete()


def test_wordpress_comes_over_once_with_threads_and_states(invoke):
    told = invoke(EXPORTS / "wordpress.xml", from_="wordpress", author="Henrike Voss")
    assert "Gelesen: 7 Kommentare." in told
    assert "2  neu und freigegeben" in told
    assert "1  neu, wartet auf Sie" in told
    assert "1  ausgelassen: Spam" in told
    assert "1  ausgelassen: Papierkorb oder gelöscht" in told
    assert "1  ausgelassen: Pingbacks und Trackbacks" in told
    assert "1  passt zu keinem Beitrag" in told
    assert "https://alt.example/ueber-uns/  /blog/…/  # 1 Kommentar" in told
    assert rows() == {
        "Ida Beispiel": (State.APPROVED, None, OTHER_PAGE),
        "Henrike Voss": (State.APPROVED, "Ida Beispiel", OTHER_PAGE),
        # It answered spam, which answered Ida.
        "Jo": (State.PENDING, "Ida Beispiel", OTHER_PAGE),
    }
    own = Comment.objects.get(author="Henrike Voss")
    assert own.by_author
    assert not Comment.objects.get(author="Ida Beispiel").by_author

    before = list(Comment.objects.order_by("pk").values())
    told = invoke(EXPORTS / "wordpress.xml", from_="wordpress", author="Henrike Voss")
    assert "3  schon da oder hier gelöscht" in told
    assert "Es gab nichts Neues." in told
    assert list(Comment.objects.order_by("pk").values()) == before


def test_what_is_public_is_exported_and_nothing_else(invoke):
    invoke(EXPORTS / "wordpress.xml", from_="wordpress")
    found = changes()
    assert {one["author"] for one in found["comments"]} == {"Ida Beispiel", "Henrike Voss"}
    ida = next(one for one in found["comments"] if one["author"] == "Ida Beispiel")
    answer = next(one for one in found["comments"] if one["author"] == "Henrike Voss")
    assert answer["parent"] == ida["id"]
    assert ida["created"] == "2019-03-12T08:00:00+00:00"
    assert ida["website"] == "http://ida.example"
    assert changes(found["revision"])["comments"] == []


def test_no_mail_and_no_machine_reaches_the_database(invoke):
    for system in ("wordpress", "disqus"):
        invoke(EXPORTS / f"{system}.xml", from_=system)
    whole = repr(list(Comment.objects.values()))
    assert "192.0.2." not in whole
    assert "leserin.example" not in whole


def test_disqus_and_isso_come_over(invoke, tmp_path):
    told = invoke(EXPORTS / "disqus.xml", from_="disqus")
    assert "2  neu und freigegeben" in told
    assert "https://alt.example/verschwunden/  /blog/…/" in told
    assert rows()["Henrike Voss"] == (State.APPROVED, "Ida Beispiel", OTHER_PAGE)
    forget()

    database = make_isso_database(tmp_path / "comments.db", ISSO_ROWS)
    assert "1  neu, wartet auf Sie" in invoke(database, from_="isso")
    assert rows()["Anonym"] == (State.APPROVED, "Ida", OTHER_PAGE)
    assert "2  neu und freigegeben" in invoke(EXPORTS / "isso.json", from_="isso")
    assert Comment.objects.count() == 5


def test_the_authors_list_says_where_the_rest_belongs(invoke, tmp_path):
    mapping = tmp_path / "zuordnung.txt"
    mapping.write_text(f"https://alt.example/ueber-uns/ {PAGE}\n")
    invoke(EXPORTS / "wordpress.xml", from_="wordpress", mapping=str(mapping))
    assert rows()["Lu"] == (State.APPROVED, None, PAGE)
    mapping.write_text("/2019/03/richtig-zitieren/ -\n")
    forget()
    told = invoke(EXPORTS / "wordpress.xml", from_="wordpress", mapping=str(mapping))
    assert "3  ausgelassen: laut Zuordnung" in told
    assert not Comment.objects.exists()


def test_a_trial_changes_nothing(invoke):
    told = invoke(EXPORTS / "wordpress.xml", from_="wordpress", dry_run=True)
    assert "2  neu und freigegeben" in told
    assert "Das war eine Probe: Nichts wurde geändert." in told
    assert not Comment.objects.exists()
    assert Counter.current().number == 0


def test_what_was_erased_stays_erased(invoke):
    invoke(EXPORTS / "wordpress.xml", from_="wordpress")
    ida = Comment.objects.get(author="Ida Beispiel").pk
    moderation.erase([ida])
    invoke(EXPORTS / "wordpress.xml", from_="wordpress")
    assert Comment.objects.get(pk=ida).text == ""
    # Even in a new database that knows of it only by the list of what was erased.
    forget()
    assert Erasure.objects.filter(pk=ida).exists()
    invoke(EXPORTS / "wordpress.xml", from_="wordpress")
    assert not Comment.objects.filter(pk=ida).exists()


def foreign(key, parent="", fate=Fate.APPROVED, created="2020-01-01T10:00:00", **changes):
    values = {"author": f"A{key}", "website": "", "text": f"Text {key}"} | changes
    return Foreign(
        key=key,
        parent=parent,
        place=Place("/blog/richtig-zitieren/"),
        created=moment(created),
        fate=fate,
        **values,
    )


def take(*comments):
    return import_comments(comments, "wordpress", Addresses(service.pages()))


def test_an_import_that_was_interrupted_is_completed():
    take(foreign("1"))
    take(foreign("1"), foreign("2", "1"), foreign("3", "2", Fate.SPAM), foreign("4", "3"))
    assert rows()["A2"][1] == "A1"
    assert rows()["A4"][1] == "A2"
    Comment.objects.filter(author="A4").update(parent=None)  # as if killed before the end
    before = Counter.current().number
    take(foreign("1"), foreign("2", "1"), foreign("3", "2", Fate.SPAM), foreign("4", "3"))
    assert rows()["A4"][1] == "A2"
    assert [one["author"] for one in changes(before + 1)["comments"]] == ["A4"]


def test_comments_that_answer_each_other_in_a_circle_do_no_harm():
    take(foreign("1", "2"), foreign("2", "1"), foreign("3", "3"), foreign("4", "9"))
    assert [rows()[name][1] for name in ("A1", "A2", "A3", "A4")] == [None, "A1", None, None]
    moderation.reject(list(Comment.objects.values_list("pk", flat=True)))


def test_odd_names_addresses_and_numbers_are_put_right():
    summary = take(
        foreign("1", author="  \u202e\n", website="javascript:alert(1)"),
        foreign("2", author="N" * 200, website="https://ida.example/" + "x" * 300),
        foreign("2", text="noch einmal dieselbe Nummer"),
        foreign("3", author="Ida", website="http://ida.example", text="a\x00b\u202e"),
    )
    assert summary.known == 1
    found = {one.text: (one.author, one.website) for one in Comment.objects.all()}
    assert found["Text 1"] == ("Anonym", "")
    assert found["Text 2"] == ("N" * 80, "")
    assert found["ab"] == ("Ida", "http://ida.example")


def test_many_comments_take_few_statements(django_assert_max_num_queries):
    many = [foreign(str(n), str(n - 1) if n % 2 else "") for n in range(1, 1001)]
    with django_assert_max_num_queries(80):
        summary = take(*many)
    assert summary.new[Fate.APPROVED] == 1000
    assert Comment.objects.exclude(parent=None).count() == 499


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (["weg.xml"], {"from_": "wordpress"}, "weg.xml: Diese Datei gibt es nicht."),
        (["weg.xml"], {}, "--from …: Aus welchem System kommt die Datei? Möglich sind wordpress, "),
        (["weg.xml"], {"from_": "hyvor"}, "--from hyvor: Aus welchem System"),
        (["weg.xml"], {"from_": "isso", "mapping": "weg.txt"}, "Die Zuordnung ist nicht lesbar"),
    ],
)
def test_a_mistake_is_one_german_message(arguments, options, message, invoke):
    told = invoke(*arguments, status=1, **options)
    assert told.startswith("Fehler: ")
    assert message in told


def test_without_a_site_nobody_knows_the_posts(invoke, site):
    (site / "blog" / "index.json").unlink()
    told = invoke(EXPORTS / "wordpress.xml", from_="wordpress", status=1)
    assert "rufen Sie zuerst „invoke build“ auf" in told
