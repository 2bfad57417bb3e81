"""
Django's settings, from the environment; every variable is optional.

    COMMENTS_DATA              folder of database, secret key and backups; default: data/
    COMMENTS_SITE              folder of the built site; default: public/
    COMMENTS_ORIGIN            where readers see the site; default: http://localhost:8000
    COMMENTS_EXPORT_TOKEN      password of the export over HTTP; without it there is none
    DATABASE_URL               sqlite:///relative, sqlite:////absolute or
                               postgresql://user:password@host:port/name; default: in COMMENTS_DATA
    COMMENTS_AUTHOR            the name under the author's own answers
    COMMENTS_MAIL              smtp://user:password@host:587 or smtps://…; without it no mail leaves
    COMMENTS_MAIL_FROM         its sender; default: kommentare@ the site's host
    COMMENTS_MAIL_TO           where the author hears of new comments; without it she does not
    COMMENTS_PROXY             the front server's address: only from there X-Forwarded-For counts
    COMMENTS_PER_NETWORK       comments at once from one network, given back within an hour; 10
    COMMENTS_PER_PAGE          the same for one page; 60
    COMMENTS_READING_S         seconds that a preview must have been on screen; 1.5
    COMMENTS_CLOSE_AFTER_DAYS  pages older than that take no comments; 0: never
    COMMENTS_KEEP_DAYS         after that what was rejected is erased (spam after a month); 90
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from comment_service import environment
from comment_service.storage import data_folder, secret_key

PROJECT = Path(__file__).resolve().parent.parent


def _number(name: str, default: float) -> float:
    return environment.number(name, os.environ.get(name, ""), default)


COMMENTS_DATA = data_folder(Path(os.environ.get("COMMENTS_DATA") or PROJECT / "data"))
COMMENTS_SITE = Path(os.environ.get("COMMENTS_SITE") or PROJECT / "public")
COMMENTS_ORIGIN = environment.origin(os.environ.get("COMMENTS_ORIGIN") or "http://localhost:8000")
COMMENTS_EXPORT_TOKEN = os.environ.get("COMMENTS_EXPORT_TOKEN", "")
COMMENTS_AUTHOR = os.environ.get("COMMENTS_AUTHOR", "")
COMMENTS_PROXY = environment.networks(os.environ.get("COMMENTS_PROXY", ""))
COMMENTS_PER_NETWORK = _number("COMMENTS_PER_NETWORK", 10)
COMMENTS_PER_PAGE = _number("COMMENTS_PER_PAGE", 60)
COMMENTS_READING_S = _number("COMMENTS_READING_S", 1.5)
COMMENTS_CLOSE_AFTER_DAYS = _number("COMMENTS_CLOSE_AFTER_DAYS", 0)
COMMENTS_KEEP_DAYS = _number("COMMENTS_KEEP_DAYS", 90)

SECRET_KEY = secret_key(COMMENTS_DATA)
DEBUG = False

_HOST = str(urlsplit(COMMENTS_ORIGIN).hostname)
_IS_HTTPS = COMMENTS_ORIGIN.startswith("https:")
ALLOWED_HOSTS = [_HOST, "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [COMMENTS_ORIGIN]

# Only the author gets cookies; readers never do.
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/kommentare/verwaltung/"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _IS_HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 14 * 24 * 3600

# HSTS and the redirect to https hold for the whole site: they are the front server's.
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008"]

INSTALLED_APPS = [
    "comment_service.comments",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
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
                "comment_service.comments.pages.footer",
            ],
        },
    },
]

DATABASES = {
    "default": environment.database(
        os.environ.get("DATABASE_URL", ""), COMMENTS_DATA / "kommentare.sqlite3"
    )
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
OTP_TOTP_ISSUER = f"Kommentare {_HOST}"

_MAIL = environment.mail(os.environ.get("COMMENTS_MAIL", ""))
EMAIL_HOST, EMAIL_PORT = _MAIL.host, _MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.user, _MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL.is_tls, _MAIL.is_ssl
EMAIL_TIMEOUT = 20
COMMENTS_MAIL_TO = os.environ.get("COMMENTS_MAIL_TO", "")
DEFAULT_FROM_EMAIL = os.environ.get("COMMENTS_MAIL_FROM") or f"kommentare@{_HOST}"

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
