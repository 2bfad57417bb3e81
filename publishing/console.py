"""How the commands talk to the author: German, one line for each thing, progress on long work."""

from __future__ import annotations

import functools
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.text import Text

from plugins.source.problem import AuthorError

console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str, style: str = "") -> None:
    """Print *text*; brackets in it are no markup."""
    console.print(Text(text, style=style))


def complain(text: str, style: str = "") -> None:
    """Print *text* to standard error."""
    errors.print(Text(text, style=style))


@contextmanager
def stages() -> Iterator[Callable[[str], None]]:
    """Give a function that names the stage of long work; the terminal shows it while it lasts."""
    if not console.is_terminal:
        yield lambda stage: None
        return
    with console.status("") as status:
        yield lambda stage: status.update(f"{stage} …")


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
