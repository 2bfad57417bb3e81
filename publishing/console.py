"""How the commands talk to the author: German, one line for each thing, progress on long work."""

from __future__ import annotations

import functools
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from plugins.source.problem import AuthorError

if TYPE_CHECKING:
    from rich.console import Console

    from plugins.incremental.session import Times

#: A function (stage, done, total) that shows how far long work has come.
Tell = Callable[[str, int, int], None]
_SLOWEST = 10


@functools.cache
def terminal(*, is_error: bool = False) -> Console:
    """Return rich's console for standard output or standard error."""
    # Imported only when something is printed: a build that finds nothing to do should be quick.
    from rich.console import Console

    return Console(stderr=is_error, highlight=False, soft_wrap=True)


def __getattr__(name: str) -> Any:
    """Return rich's console as ``console``."""
    if name == "console":
        return terminal()
    raise AttributeError(name)


def say(text: str, style: str = "") -> None:
    """Print *text*; brackets in it are no markup."""
    _print(text, style, is_error=False)


def complain(text: str, style: str = "") -> None:
    """Print *text* to standard error."""
    _print(text, style, is_error=True)


def _print(text: str, style: str, *, is_error: bool) -> None:
    stream = sys.stderr if is_error else sys.stdout
    if not stream.isatty() and "FORCE_COLOR" not in os.environ:
        print(text, file=stream)
        return
    from rich.text import Text

    terminal(is_error=is_error).print(Text(text, style=style))


@contextmanager
def stages() -> Iterator[Callable[[str], None]]:
    """Give a function that names the stage of long work; the terminal shows it while it lasts."""
    with progress() as (stage, _):
        yield stage


@contextmanager
def progress() -> Iterator[tuple[Callable[[str], None], Tell]]:
    """Give a function that names the stage of long work, and one that says how far it has come."""
    if not sys.stdout.isatty():
        yield (lambda stage: None), (lambda stage, done, total: None)
        return
    from rich.live import Live
    from rich.text import Text

    # Not refreshed by a thread: builds start processes, and a thread does not survive that.
    with Live(console=terminal(), auto_refresh=False, transient=True) as live:

        def show(text: str) -> None:
            live.update(Text(f"{text} …"), refresh=True)

        def tell(stage: str, done: int, total: int) -> None:
            if done == total or done % 16 == 0:
                show(f"{stage}: {done:,} von {total:,}".replace(",", "."))

        yield show, tell


def print_times(times: Times) -> None:
    """Print where the time of a build went: by stage, and by the slowest files."""
    slowest = sorted(times.files.items(), key=lambda item: -item[1])[:_SLOWEST]
    files = {os.path.relpath(path): seconds for path, seconds in slowest}
    rows = {**times.stages, "zusammen": sum(times.stages.values())}
    _print_table("Wo die Zeit geblieben ist", "Stufe", rows)
    if files:
        _print_table("Was am längsten gebraucht hat", "Datei", files)


def _print_table(title: str, what: str, rows: Mapping[str, float]) -> None:
    from rich.table import Column, Table

    name = Column(what, overflow="fold")
    table = Table(
        name, Column("Sekunden", justify="right", no_wrap=True), title=title, title_justify="left"
    )
    for row, seconds in rows.items():
        table.add_row(row, f"{seconds:.3f}".replace(".", ","))
    terminal().print(table)


def answering(command: Callable[..., Any]) -> Callable[..., Any]:
    """Answer each mistake with one German message and exit status 1, and never with a traceback."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except KeyboardInterrupt:
            complain("Abgebrochen.")
            sys.exit(130)
        except AuthorError as error:
            _show_traceback()
            complain(f"Fehler: {error}", "bold red")
        except BrokenPipeError:
            # The reader of our output (head, less) has gone; that is no mistake of anyone's.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except Exception as error:
            _show_traceback()
            complain(
                f"Fehler: Das hätte nicht geschehen dürfen: {type(error).__name__}: {error} – "
                "mit --debug sehen Sie, wo; bitte melden Sie es.",
                "bold red",
            )
        sys.exit(1)

    return run


def _show_traceback() -> None:
    if "--debug" in sys.argv:
        traceback.print_exc()
