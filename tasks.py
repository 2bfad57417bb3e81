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
    }
)
@answering
def build(
    c: Context,
    content: str = "",
    output: str = "",
    settings: str = str(PROJECT / "publishconf.py"),
    deploy: bool = True,
) -> None:
    """Website bauen, prüfen und veröffentlichen."""
    from publishing.commands import build_site

    report = build_site(content or None, output or None, settings, deploy)
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


@task(help={"port": "Port auf diesem Rechner"})
@answering
def serve(c: Context, port: int = 8000) -> None:
    """Website und Kommentare auf diesem Rechner zeigen, mit Entwürfen."""
    from publishing.commands import serve_site

    serve_site(port, _deployed[-1] if _deployed else None)


@task(help={**_CONTENT, "settings": "Einstellungsdatei (sonst publishconf.py)"})
@answering
def check(c: Context, content: str = "", settings: str = str(PROJECT / "publishconf.py")) -> None:
    """Alles prüfen, ohne etwas zu veröffentlichen."""
    from publishing.commands import build_site

    build_site(content or None, None, settings, is_deployed=False)


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
    help={
        "state": "nur: pending, approved oder rejected (sonst alle)",
        "json": "für Programme: id, page, author, text, state, parent",
    }
)
@answering
def list_comments(c: Context, state: str = "", json: bool = False) -> None:
    """Kommentare zeigen."""
    from comment_service.commands import print_comments

    print_comments(state or None, as_json=json)


_IDS = {"ids": "Nummern der Kommentare, mit Komma getrennt"}


@task(positional=["ids"], help=_IDS)
@answering
def approve(c: Context, ids: str) -> None:
    """Kommentare freigeben; der nächste Build zeigt sie."""
    from comment_service.commands import moderate

    moderate("approve", ids)


@task(positional=["ids"], help=_IDS)
@answering
def reject(c: Context, ids: str) -> None:
    """Kommentare ablehnen; sie bleiben in der Datenbank."""
    from comment_service.commands import moderate

    moderate("reject", ids)


@task(positional=["ids"], help=_IDS)
@answering
def erase(c: Context, ids: str) -> None:
    """Kommentare mit allen persönlichen Angaben für immer löschen."""
    from comment_service.commands import moderate

    moderate("erase", ids)


@task(positional=["name"], help={"name": "Name für die Anmeldung"})
@answering
def password(c: Context, name: str) -> None:
    """Zugang zur Verwaltung der Kommentare anlegen oder das Passwort ändern."""
    from comment_service.commands import ask_password

    ask_password(name)


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


@task(positional=["name"], help={"name": "was gemessen wird: typography"})
@answering
def bench(c: Context, name: str) -> None:
    """Messen, neben anderen Programmen (für Entwickler)."""
    from bench import run

    run(name)


new = Collection("new")
new.add_task(new_post, name="post")
new.add_task(new_tip, name="tip")

comments = Collection("comments")
comments.add_task(list_comments, name="list")
for command in (approve, reject, erase, password):
    comments.add_task(command)

namespace = Collection(
    build, serve, check, lektorat, typo, new, comments, run_tests, bench, lint, lock
)
