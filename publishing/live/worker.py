"""
The process that builds the preview: ``python -m publishing.live.worker FD OPTIONS``.

It speaks with its parent through the socket FD in lines of JSON. First it says what it reads
(``sources``); then it answers each batch of paths with an outcome. What it prints is for the
author's terminal. It ends when the parent does, and after a mistake in the code: what it knows may
be wrong then.
"""

# Nothing of the project is imported here: a mistake in any of it must be told, too.
from __future__ import annotations

import json
import os
import signal
import socket
import sys
import traceback
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent.parent


def main(fd: int, options: dict[str, Any]) -> None:
    """Answer until the parent ends."""
    signal.signal(signal.SIGTERM, _end)
    with socket.socket(fileno=fd) as parent:
        try:
            _answer(parent, options)
        except BrokenPipeError:
            pass  # the parent has ended
        except Exception as error:
            if "--debug" in sys.argv:
                traceback.print_exc()
            _send(parent, {"problems": [_problem(error)]})


def _end(_number: int, _frame: object) -> None:
    """End at once, wherever we are; what shows progress may have hidden the cursor."""
    if sys.stdout.isatty():
        os.write(sys.stdout.fileno(), b"\r\x1b[K\x1b[?25h")
    os._exit(0)


def _answer(parent: socket.socket, options: dict[str, Any]) -> None:
    from publishing.live.outcome import as_data
    from publishing.live.rebuild import Preview

    preview = Preview(**options)
    _send(parent, {"sources": [str(path) for path in preview.sources()]})
    with parent.makefile() as batches:
        for batch in batches:
            _send(parent, as_data(preview.rebuild(frozenset(map(Path, json.loads(batch))))))
            preview.rest()


def _send(parent: socket.socket, data: dict[str, Any]) -> None:
    parent.sendall(f"{json.dumps(data)}\n".encode())


def _problem(error: Exception) -> dict[str, Any]:
    """Return where in the project's code *error* comes from."""
    places = [
        (frame.filename, frame.lineno)
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(PROJECT) and frame.filename != __file__
    ]
    if isinstance(error, SyntaxError) and error.filename:
        places.append((error.filename, error.lineno))
    file, line = places[-1] if places else ("Vorschau", None)
    return {
        "file": _shown(file),
        "line": line,
        "message": f"Der Code ist hier gescheitert: {type(error).__name__}: {error}.",
        "remedy": "Beim nächsten Speichern beginnt der Build neu; mehr sagt invoke --debug serve.",
    }


def _shown(file: str) -> str:
    path = Path(file)
    return str(path.relative_to(PROJECT)) if path.is_relative_to(PROJECT) else file


if __name__ == "__main__":
    main(int(sys.argv[1]), json.loads(sys.argv[2]))
