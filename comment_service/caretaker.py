"""What the server does by itself, beside answering: it sends mail, and forgets what is old."""

from __future__ import annotations

import logging
import threading
import time

MAIL_EVERY_S = 15
TIDY_EVERY_S = 3600

logger = logging.getLogger(__name__)


def start() -> None:
    """Do it in a thread of this process, until that ends; several processes do not mind."""
    threading.Thread(target=_run, name="caretaker", daemon=True).start()


def _run() -> None:
    tidied = -float(TIDY_EVERY_S)
    while True:
        if time.monotonic() - tidied >= TIDY_EVERY_S:
            tidied = time.monotonic()
            _attempt("tidy")
        _attempt("mail")
        time.sleep(MAIL_EVERY_S)


def _attempt(what: str) -> None:
    from django.conf import settings
    from django.db import close_old_connections

    from comment_service.comments import postman, tidy

    try:
        if what == "tidy":
            tidy.tidy()
        elif settings.EMAIL_HOST:
            postman.deliver()
    except Exception:
        # Whatever it is, the next round may go better, and nobody else would tell.
        logger.exception("%s: es wird wieder versucht", what)
    finally:
        close_old_connections()
