"""
Django's settings, from the environment; every variable is optional.

    COMMENTS_DATA          folder of database and secret key; default: data/ of the project
    COMMENTS_SITE          folder of the built site; default: public/ of the project
    COMMENTS_ORIGIN        where readers see the site; default: http://localhost:8000
    COMMENTS_EXPORT_TOKEN  password of the export over HTTP; without it there is none
    DATABASE_URL           sqlite:///relative or sqlite:////absolute; default: in COMMENTS_DATA
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from comment_service.storage import data_folder, secret_key

PROJECT = Path(__file__).resolve().parent.parent


def _origin(value: str) -> str:
    parts = urlsplit(value.rstrip("/").lower())
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path:
        raise ImproperlyConfigured(
            f"COMMENTS_ORIGIN: Das ist kein Ursprung: {value!r} – schreiben Sie ihn wie "
            "https://mittwochspost.example, ohne Pfad."
        )
    return f"{parts.scheme}://{parts.netloc}"


def _database(url: str) -> Path:
    parts = urlsplit(url)
    if parts.scheme != "sqlite" or parts.netloc or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            f"DATABASE_URL: Art {parts.scheme!r} kennt der Dienst nicht – möglich ist "
            "sqlite:////voller/pfad/zur/datei.sqlite3."
        )
    return Path(unquote(parts.path[1:]))


COMMENTS_DATA = data_folder(Path(os.environ.get("COMMENTS_DATA") or PROJECT / "data"))
COMMENTS_SITE = Path(os.environ.get("COMMENTS_SITE") or PROJECT / "public")
COMMENTS_ORIGIN = _origin(os.environ.get("COMMENTS_ORIGIN") or "http://localhost:8000")
COMMENTS_EXPORT_TOKEN = os.environ.get("COMMENTS_EXPORT_TOKEN", "")

SECRET_KEY = secret_key(COMMENTS_DATA)
DEBUG = False

_IS_HTTPS = COMMENTS_ORIGIN.startswith("https:")
ALLOWED_HOSTS = [str(urlsplit(COMMENTS_ORIGIN).hostname), "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [COMMENTS_ORIGIN]

# Only the author gets cookies; readers never do.
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/kommentare/verwaltung/"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _IS_HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 14 * 24 * 3600

INSTALLED_APPS = [
    "comment_service.comments",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "comment_service.comments.middleware.protect",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

CSRF_FAILURE_VIEW = "comment_service.comments.views.csrf_failure"
ROOT_URLCONF = "comment_service.urls"
WSGI_APPLICATION = "comment_service.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": (
            _database(os.environ["DATABASE_URL"])
            if os.environ.get("DATABASE_URL")
            else COMMENTS_DATA / "kommentare.sqlite3"
        ),
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            # With the default, DEFERRED, two writers that both read first cannot wait for each
            # other: one of them fails at once with "database is locked".
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # FULL: an acknowledged comment survives a power cut. secure_delete: an erased one is
            # overwritten, not merely forgotten.
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
            ),
        },
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"} | options
    for name, options in {
        "UserAttributeSimilarityValidator": {},
        "MinimumLengthValidator": {"OPTIONS": {"min_length": 12}},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
    }.items()
]

LANGUAGE_CODE = "de"
TIME_ZONE = "Europe/Berlin"
USE_I18N = True
USE_TZ = True

# The admin's own style and script, straight out of Django's package: no collectstatic.
STATIC_URL = "/kommentare/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600
WHITENOISE_ALLOW_ALL_ORIGINS = False

# 6,000 characters are 72,000 bytes at worst (four bytes each, each as %xx), and a signed preview
# of them is of the same order.
DATA_UPLOAD_MAX_MEMORY_SIZE = 192 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

# Used by wsgi.py. Messages go to standard error, where systemd and `invoke serve` collect them.
# None of them names a reader: no address, no form content.
LOGGING_CONFIG = None
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # Every mistyped address, every scanner's made-up host would be lines otherwise.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "django.request": {"level": "ERROR"},
        "comment_service": {"level": "INFO"},
    },
}
