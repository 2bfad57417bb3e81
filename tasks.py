"""The author's commands: `invoke --list` shows them, `invoke --help BEFEHL` explains one."""

from __future__ import annotations

from pathlib import Path

from invoke import Collection, Context, task

from lektorat.optional_path import TaskWithPath
from publishing.console import answering

PROJECT = Path(__file__).resolve().parent
_CONTENT = {"content": "Ordner mit Ihren Texten (sonst content/)"}
# What this run of invoke has deployed: `invoke build serve` shows that, `invoke serve` a preview.
_deployed: list[Path] = []


@task(
    help={
        **_CONTENT,
        "output": "Ordner, in den gebaut wird (sonst output/)",
        "settings": "Einstellungsdatei (sonst publishconf.py)",
        "deploy": "nach der Prüfung veröffentlichen; --no-deploy lässt es",
        "clean": "alles neu bauen, auch was sich nicht geändert hat",
        "profile": "zeigen, wo die Zeit geblieben ist",
        "if_due": "nichts tun, wenn seit dem letzten Mal nichts neu oder fällig wurde (für Zeitpläne)",
    }
)
@answering
def build(
    c: Context,
    content: str = "",
    output: str = "",
    settings: str = str(PROJECT / "publishconf.py"),
    deploy: bool = True,
    clean: bool = False,
    profile: bool = False,
    if_due: bool = False,
) -> None:
    """Website bauen, prüfen und veröffentlichen."""
    from publishing.commands import build_site

    report = build_site(
        content or None,
        output or None,
        settings,
        deploy,
        is_clean=clean,
        is_profiled=profile,
        is_if_due=if_due,
    )
    if report.deployed:
        _deployed.append(report.deployed)


@task(
    klass=TaskWithPath,
    positional=["path"],
    help={
        "path": "Datei oder Ordner (sonst alle Beiträge, Seiten, Serien und Tipps)",
        "json": "für Programme: file, line, column, kind, text, message, suggestions",
        "strict": "Status 1 bei Hinweisen zu Rechtschreibung oder Hausstil",
        **_CONTENT,
    },
)
@answering
def lektorat(
    c: Context,
    path: str | None = None,
    json: bool = False,
    strict: bool = False,
    content: str = "content",
) -> None:
    """Texte Korrektur lesen: Rechtschreibung, Hausstil, Lesbarkeit, eigene Tipps."""
    from lektorat.commands import proofread

    proofread(path or None, Path(content), as_json=json, is_strict=strict)


@task(
    positional=["path"],
    help={
        "path": "Datei oder Ordner mit Texten",
        "doubts": "nur zweifelhafte Stellen zeigen",
        "json": "für Programme: file, line, column und was dort ist",
    },
)
@answering
def typo(c: Context, path: str, doubts: bool = False, json: bool = False) -> None:
    """Zeigen, was die Typografie aus einem Text macht."""
    from authoring.typo import show

    show(path, doubts, json)


@task(
    help={
        "port": "Port auf diesem Rechner",
        **_CONTENT,
        "output": "Ordner der Vorschau (sonst .cache/vorschau/)",
        "settings": "Einstellungsdatei (sonst pelicanconf.py)",
    }
)
@answering
def serve(
    c: Context,
    port: int = 8000,
    content: str = "",
    output: str = "",
    settings: str = str(PROJECT / "pelicanconf.py"),
) -> None:
    """Website und Kommentare zeigen, mit Entwürfen; was Sie speichern, erscheint im Browser."""
    from publishing.commands import serve_site

    serve_site(port, _deployed[-1] if _deployed else None, content, output, settings)


@task(
    help={
        **_CONTENT,
        "settings": "Einstellungsdatei (sonst publishconf.py)",
        "browser": "auch im Browser: Barrieren, fremde Server, Skripte, schmale Bildschirme",
        "pictures": "Ordner für Bilder der Seiten: 390, 820 und 1280 px breit, hell und dunkel",
    }
)
@answering
def check(
    c: Context,
    content: str = "",
    settings: str = str(PROJECT / "publishconf.py"),
    browser: bool = False,
    pictures: str = "",
) -> None:
    """Alles prüfen, ohne etwas zu veröffentlichen."""
    from publishing.commands import check_site

    check_site(content or None, settings, in_browser=browser, pictures=pictures)


_SETTINGS = {"settings": "Einstellungsdatei (sonst publishconf.py)"}


@task(help={**_SETTINGS, "dry_run": "nur zeigen, was sich ändern würde"})
@answering
def deploy(
    c: Context, settings: str = str(PROJECT / "publishconf.py"), dry_run: bool = False
) -> None:
    """Veröffentlichen, was zuletzt gebaut wurde."""
    from publishing.releases import deploy_site

    deploy_site(settings, dry_run)


@task(help=_SETTINGS)
@answering
def releases(c: Context, settings: str = str(PROJECT / "publishconf.py")) -> None:
    """Zeigen, welche Ausgaben der Website es gibt und welche online ist."""
    from publishing.releases import print_releases

    print_releases(settings)


@task(
    klass=TaskWithPath,
    positional=["release"],
    help={**_SETTINGS, "release": "Ausgabe, ganz oder zum Teil (sonst die vorige)"},
)
@answering
def rollback(
    c: Context, release: str | None = None, settings: str = str(PROJECT / "publishconf.py")
) -> None:
    """Zu einer früheren Ausgabe zurückgehen."""
    from publishing.releases import roll_back

    roll_back(release or "", settings)


@task(positional=["url"], help={**_SETTINGS, "url": "Adresse der Website (sonst SITEURL)"})
@answering
def smoke(c: Context, url: str = "", settings: str = str(PROJECT / "publishconf.py")) -> None:
    """Nachsehen, ob online ist, was veröffentlicht wurde."""
    from publishing.smoke import check_site

    check_site(url, settings)


_KIND = {"kind": "caddy oder nginx", **_SETTINGS}


@task(name="config", positional=["kind"], help={**_KIND, "output": "Datei (sonst Ausgabe)"})
@answering
def server_config(
    c: Context, kind: str, output: str = "", settings: str = str(PROJECT / "publishconf.py")
) -> None:
    """Die Konfiguration für den Webserver schreiben: Caddy oder nginx."""
    from publishing.front.commands import write_config

    write_config(kind, settings, output)


@task(
    name="install",
    help={
        **_KIND,
        "output": "Datei für das Skript",
        "user": "Benutzer auf dem Server",
        "dry_run": "nur zeigen, was auf einem Server mit Debian zu tun wäre",
    },
)
@answering
def server_install(
    c: Context,
    kind: str = "caddy",
    output: str = "einrichten.sh",
    user: str = "mittwochspost",
    settings: str = str(PROJECT / "publishconf.py"),
    dry_run: bool = False,
) -> None:
    """Ein Skript schreiben, das einen Server mit Debian einrichtet."""
    from publishing.front.commands import install_server

    install_server(kind, settings, output, user, dry_run)


@task(
    name="schedule",
    positional=["kind"],
    help={"kind": "cron, github (auch für Forgejo) oder gitlab", **_SETTINGS},
)
@answering
def server_schedule(c: Context, kind: str, settings: str = str(PROJECT / "publishconf.py")) -> None:
    """Einen Zeitplan ausgeben: für cron oder für die CI eines Git-Anbieters."""
    from publishing.schedule.files import print_schedule

    print_schedule(kind, Path(settings).resolve())


@task(
    positional=["title"],
    help={
        "title": "Titel des Beitrags",
        "series": "Serie, deren nächster Teil es wird (Dateiname ohne .md)",
        **_CONTENT,
    },
)
@answering
def new_post(c: Context, title: str, series: str = "", content: str = "") -> None:
    """Beitrag anlegen, auch als nächsten Teil einer Serie."""
    from authoring.commands import create_post

    create_post(content, title, series or None)


@task(
    help={
        "headword": "Stichwort für das Register",
        "topic": "Thema",
        "tip": "Text des Tipps",
        "wrong": "Beispiel, wie man es nicht schreibt",
        "right": "dasselbe Beispiel, richtig",
        "date": "Mittwoch, sonst der nächste freie",
        **_CONTENT,
    }
)
@answering
def new_tip(
    c: Context,
    headword: str = "",
    topic: str = "",
    tip: str = "",
    wrong: str = "",
    right: str = "",
    date: str = "",
    content: str = "",
) -> None:
    """Tipp für den nächsten freien Mittwoch anlegen; fragt, was fehlt."""
    from authoring.commands import create_tip

    create_tip(
        content,
        {"date": date, "headword": headword, "topic": topic, "tip": tip}
        | {"wrong": wrong, "right": right},
    )


@task(
    name="share",
    klass=TaskWithPath,
    positional=["week"],
    help={
        "week": "Woche des Tipps: 2026-kw02, KW2 oder ein Datum (sonst diese Woche)",
        "send": "an Mastodon und Bluesky senden, wenn SOCIAL in pelicanconf.py sie nennt",
        "image": "PNG, das mitgesendet wird",
        "only": "nur diese Netzwerke, mit Komma getrennt",
        "unchecked": "senden, ohne nachzusehen, ob der Tipp online ist",
        **_CONTENT,
        "settings": "Einstellungsdatei (sonst pelicanconf.py)",
    },
)
@answering
def share_tip(
    c: Context,
    week: str | None = None,
    send: bool = False,
    image: str = "",
    only: str = "",
    unchecked: bool = False,
    content: str = "",
    settings: str = "",
) -> None:
    """Texte zum Tipp für soziale Netzwerke zeigen und, mit --send, senden."""
    from social.commands import share

    share(content, settings, week or "", send, image, only, unchecked)


@task(
    name="calendar",
    help={"weeks": "wie viele Mittwoche gezeigt werden", **_CONTENT},
)
@answering
def tip_calendar(c: Context, weeks: int = 10, content: str = "") -> None:
    """Vorrat, Lücken, Feiertage, alte Tipps und Themen zeigen."""
    from authoring.tip_tables import show_calendar

    show_calendar(content, weeks)


@task(name="schema", help=_CONTENT)
@answering
def tip_schema(c: Context, content: str = "") -> None:
    """Das Schema der Tipps schreiben, nach dem Editoren ergänzen und prüfen."""
    from authoring.tip_tables import write_schema

    write_schema(content)


@task(
    name="book",
    positional=["year"],
    help={"year": "Jahr, zum Beispiel 2026", "output": "Ordner (sonst jahrbuch/)", **_CONTENT},
)
@answering
def tip_book(
    c: Context, year: str, output: str = str(PROJECT / "jahrbuch"), content: str = ""
) -> None:
    """Jahrbuch schreiben: eine Seite zum Drucken und ein E-Book, mit Register."""
    from yearbook.commands import write_book

    write_book(content, year, output)


@task(
    help={
        "state": "nur: pending, approved, rejected, spam oder erased (sonst alle)",
        "json": "für Programme: id, page, author, text, state, parent",
    }
)
@answering
def list_comments(c: Context, state: str = "", json: bool = False) -> None:
    """Kommentare zeigen."""
    from comment_service.commands import print_comments

    print_comments(state or None, as_json=json)


@task(positional=["id"], help={"id": "Kennung des Kommentars", "json": "für Programme"})
@answering
def show(c: Context, id: str, json: bool = False) -> None:
    """Einen Kommentar zeigen, mit dem, auf den er antwortet."""
    from comment_service.commands import print_comment

    print_comment(id, as_json=json)


_IDS = {"ids": "Kennungen der Kommentare, mit Komma getrennt"}


@task(positional=["ids"], help=_IDS)
@answering
def approve(c: Context, ids: str) -> None:
    """Kommentare freigeben; der nächste Build zeigt sie."""
    from comment_service.commands import moderate

    moderate("approve", ids)


@task(positional=["ids"], help=_IDS)
@answering
def reject(c: Context, ids: str) -> None:
    """Kommentare ablehnen; sie bleiben noch 90 Tage in der Datenbank."""
    from comment_service.commands import moderate

    moderate("reject", ids)


@task(positional=["ids"], help=_IDS)
@answering
def spam(c: Context, ids: str) -> None:
    """Kommentare als Spam ablehnen; der Filter lernt daraus."""
    from comment_service.commands import moderate

    moderate("spam", ids)


@task(positional=["ids"], help=_IDS)
@answering
def erase(c: Context, ids: str) -> None:
    """Kommentare mit allen persönlichen Angaben für immer löschen."""
    from comment_service.commands import moderate

    moderate("erase", ids)


@task(
    positional=["id"],
    help={
        "id": "Kennung des Kommentars",
        "text": "Ihre Antwort; sonst wird sie eingelesen",
        "name": "Ihr Name (sonst COMMENTS_AUTHOR oder der letzte)",
    },
)
@answering
def answer(c: Context, id: str, text: str = "", name: str = "") -> None:
    """Als Autorin antworten; Kommentar und Antwort werden freigegeben."""
    from comment_service import commands

    commands.answer(id, text, name)


@task(positional=["id", "name"], help={"id": "Kennung des Kommentars", "name": "neuer Name"})
@answering
def rename(c: Context, id: str, name: str) -> None:
    """Den Namen über einem Kommentar ändern."""
    from comment_service import commands

    commands.rename(id, name)


@task(help={"since": "nur, was sich seit dieser Revision geändert hat", "target": "Datei"})
@answering
def export(c: Context, since: int = 0, target: str = "") -> None:
    """Freigegebene Kommentare als JSON ausgeben."""
    from comment_service import commands

    commands.export(since, target)


@task(
    name="import",
    positional=["source"],
    help={
        "source": "Datei mit den Kommentaren",
        "from_": "woher sie kommt: wordpress, disqus oder isso",
        "mapping": "Textdatei: alte Adresse, Leerzeichen, neue Adresse",
        "author": "Ihr Name in der Datei; Ihre Kommentare werden gekennzeichnet",
        "dry_run": "nur zeigen, was geschähe",
    },
)
@answering
def import_comments(
    c: Context,
    source: str,
    from_: str = "",
    mapping: str = "",
    author: str = "",
    dry_run: bool = False,
) -> None:
    """Kommentare aus WordPress, Disqus oder Isso übernehmen."""
    from migration.commands import import_file

    import_file(source, from_, mapping, author, dry_run)


@task(
    name="mastodon",
    help={
        "approve": "Adressen von Antworten, mit Komma getrennt",
        **_CONTENT,
        "settings": "Einstellungsdatei (sonst pelicanconf.py)",
    },
)
@answering
def mastodon_replies(c: Context, approve: str = "", content: str = "", settings: str = "") -> None:
    """Antworten bei Mastodon zeigen und freigeben."""
    from comment_service.commands import mastodon

    mastodon(content, settings, approve)


@task(name="watch", help=_SETTINGS)
@answering
def watch_comments(c: Context, settings: str = str(PROJECT / "publishconf.py")) -> None:
    """Die Website bauen und veröffentlichen, sobald ein Kommentar freigegeben ist."""
    from publishing.watch import watch

    watch(settings)


@task(help={"target": "Datei oder Ordner (sonst data/sicherungen/)"})
@answering
def backup(c: Context, target: str = "") -> None:
    """Alle Kommentare in eine Datei sichern, auch während der Dienst läuft."""
    from comment_service import commands

    commands.backup(target)


@task(positional=["source"], help={"source": "Datei der Sicherung", "yes": "nicht nachfragen"})
@answering
def restore(c: Context, source: str, yes: bool = False) -> None:
    """Eine Sicherung zurückspielen; der Stand davor wird vorher gesichert."""
    from comment_service import commands

    commands.restore(source, is_sure=yes)


@task(
    positional=["who"],
    help={"who": "Name oder E-Mail-Adresse", "erase": "alles löschen", "yes": "nicht nachfragen"},
)
@answering
def person(c: Context, who: str, erase: bool = False, yes: bool = False) -> None:
    """Alles zeigen oder löschen, was über eine Person gespeichert ist (DSGVO)."""
    from comment_service import commands

    commands.person(who, is_to_be_erased=erase, is_sure=yes)


@task(positional=["name"], help={"name": "Name für die Anmeldung"})
@answering
def password(c: Context, name: str) -> None:
    """Zugang zur Verwaltung der Kommentare anlegen oder das Passwort ändern."""
    from comment_service.commands import ask_password

    ask_password(name)


@task(
    positional=["name"],
    help={"name": "Name für die Anmeldung", "off": "wieder ohne zweiten Faktor"},
)
@answering
def second_factor(c: Context, name: str, off: bool = False) -> None:
    """Bei der Anmeldung zusätzlich einen Code aus einer App verlangen."""
    from comment_service import commands

    commands.second_factor(name, is_off=off)


@task(name="test", help={"only": "nur Tests, deren Name das enthält"})
@answering
def run_tests(c: Context, only: str = "") -> None:
    """Alle Tests laufen lassen, auch die im Browser (für Entwickler)."""
    from tests import environment

    environment.run_tests(only)


@task
@answering
def lint(c: Context) -> None:
    """Stil und Typen prüfen (für Entwickler)."""
    from tests.environment import run_lint

    run_lint()


@task
@answering
def lock(c: Context) -> None:
    """Abhängigkeiten neu festschreiben, mit Prüfsummen (für Entwickler)."""
    from tests.environment import lock_requirements

    lock_requirements()


@task(
    positional=["name"],
    help={
        "name": "was gemessen wird: build, comments, deploy, front, incremental, kills, reader, "
        "typography",
        "quick": "kleiner und seltener; nicht bei typography",
        "cases": "nur ein Teil (mit Komma getrennt), build: cold, changes, serve, growth, small; "
        "deploy, kills: folder, rsync, s3, git; reader: post, pages",
        "posts": "build: Zahl der Beiträge (sonst 5000)",
        "rounds": "build, reader: Zahl der Durchgänge (sonst 5)",
    },
)
@answering
def bench(
    c: Context, name: str, quick: bool = False, cases: str = "", posts: int = 0, rounds: int = 0
) -> None:
    """Messen, neben anderen Programmen (für Entwickler)."""
    from bench import run

    run(name, quick=quick, cases=cases, posts=posts, rounds=rounds)


new = Collection("new")
new.add_task(new_post, name="post")
new.add_task(new_tip, name="tip")

tips = Collection("tips")
for command in (share_tip, tip_calendar, tip_schema, tip_book):
    tips.add_task(command)

comments = Collection("comments")
comments.add_task(list_comments, name="list")
comments.add_task(watch_comments)
for command in (
    *(show, approve, reject, spam, erase, answer, rename, export, backup, restore, person),
    *(password, second_factor, import_comments, mastodon_replies),
):
    comments.add_task(command)

server = Collection("server")
for command in (server_config, server_install, server_schedule):
    server.add_task(command)

namespace = Collection(
    build,
    serve,
    check,
    deploy,
    releases,
    rollback,
    smoke,
    server,
    lektorat,
    typo,
    new,
    tips,
    comments,
    run_tests,
    bench,
    lint,
    lock,
)
