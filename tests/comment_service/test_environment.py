"""What the environment variables mean, and one German sentence for each that means nothing."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from comment_service import environment
from comment_service.environment import Mail

FILE = Path("/daten/kommentare.sqlite3")


def test_a_database_of_postgresql():
    entry = environment.database(
        "postgresql://nutzer:ge%40heim@db.example:5433/kommentare?sslmode=require", FILE
    )
    assert entry["ENGINE"] == "django.db.backends.postgresql"
    found = {name: entry[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    assert found == {
        "NAME": "kommentare",
        "USER": "nutzer",
        "PASSWORD": "ge@heim",
        "HOST": "db.example",
        "PORT": "5433",
    }
    assert entry["OPTIONS"]["sslmode"] == "require"


def test_a_database_behind_a_socket():
    entry = environment.database("postgres:///kommentare?host=/run/postgresql", FILE)
    assert (entry["HOST"], entry["NAME"]) == ("/run/postgresql", "kommentare")
    assert "host" not in entry["OPTIONS"]


def test_a_missing_driver_is_named(monkeypatch):
    monkeypatch.setattr(environment, "find_spec", lambda name: None)
    with pytest.raises(ImproperlyConfigured, match="requirements-postgres"):
        environment.database("postgresql://a/b", FILE)


@pytest.mark.parametrize("url", ["mysql://a/b", "sqlite://", "postgresql://host", "quatsch", "/x"])
def test_no_database(url):
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL: Art"):
        environment.database(url, FILE)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", Mail()),
        ("smtp://a%40b:c@mail.example", Mail("mail.example", 587, "a@b", "c", is_tls=True)),
        ("smtps://mail.example", Mail("mail.example", 465, is_ssl=True)),
        ("smtp://localhost:2525", Mail("localhost", 2525)),
    ],
)
def test_mail(url, expected):
    assert environment.mail(url) == expected


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "smtp://a:x/"])
def test_no_mail(url):
    with pytest.raises(ImproperlyConfigured, match="COMMENTS_MAIL"):
        environment.mail(url)


def test_networks():
    expected = (ip_network("127.0.0.1"), ip_network("10.0.0.0/8"), ip_network("::1"))
    assert environment.networks("127.0.0.1, 10.0.0.0/8 ::1") == expected
    assert environment.networks("") == ()
    with pytest.raises(ImproperlyConfigured, match="COMMENTS_PROXY"):
        environment.networks("caddy")


def test_numbers():
    assert environment.number("X", "", 3) == 3
    assert environment.number("X", "0", 3) == 0
    assert environment.number("X", "1,5", 3) == 1.5
    for value in ("viel", "-1", "nan", "inf"):
        with pytest.raises(ImproperlyConfigured, match="X: Das ist keine Zahl"):
            environment.number("X", value, 3)
