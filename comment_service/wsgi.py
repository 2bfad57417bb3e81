"""The WSGI application: granian --interface wsgi comment_service.wsgi:application."""

from __future__ import annotations

import logging.config

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from comment_service import caretaker
from comment_service.moderation import setup

setup()
# Here and not by Django: in the author's commands the log is theirs.
logging.config.dictConfig(settings.LOGGING)
application = get_wsgi_application()
caretaker.start()
