"""A week of use; then a search of everything that lies around for addresses of any kind."""

from __future__ import annotations

import gzip
import json
import logging
import re
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.db import connection
from django.utils import timezone

from comment_service import moderation
from comment_service.comments import postman, tidy
from comment_service.comments.models import Comment, Subscription
from plugins.comments.pull import pull
from tests.publishing.builds import build
from tests.site import Site, tree

PAGE = "/blog/was-netzwerken-ist/"
FORM_TYPE = "application/x-www-form-urlencoded"
LIVE = "bleibt@beispiel.example"
READERS = {
    # name: (address of the connection, e-mail, what becomes of her)
    "Anna": ("203.0.113.11", LIVE, "subscribed"),
    "Bert": ("203.0.113.12", "nie-bestaetigt@beispiel.example", "unconfirmed"),
    "Cleo": ("2001:db8:c1e0::7", "abbestellt@beispiel.example", "unsubscribed"),
    "Dora": ("203.0.113.14", "zurueckgezogen@beispiel.example", "withdrawn"),
    "Emil": ("203.0.113.15", "geloescht@beispiel.example", "erased"),
    "Spam": ("198.51.100.99", "spam@beispiel.example", "spam"),
    "Gero": ("203.0.113.16", "", "nothing"),
}


@pytest.fixture
def week(client, settings, tmp_path, caplog):
    """Seven days of readers, the author's decisions, mails and tidying; return the folder."""
    caplog.set_level(logging.DEBUG)
    settings.COMMENTS_DATA = tmp_path / "data"
    settings.COMMENTS_DATA.mkdir()
    settings.EMAIL_HOST = "mail.beispiel.example"
    settings.COMMENTS_MAIL_TO = "henrike@mittwochspost.example"
    settings.COMMENTS_PROXY = (ip_network("127.0.0.1"),)
    moderation.set_password("henrike", "Mittwochs kommt die Post")
    for name, (address, email, fate) in READERS.items():
        _one_reader(client, name, address, email, fate)
    for _ in range(7):
        tidy.tidy()
    old = timezone.now() - timedelta(days=8)
    Subscription.objects.filter(confirmed=None).update(created=old)
    tidy.tidy()
    return tmp_path


def _one_reader(client, name, address, email, fate):
    def post(path, values):
        return client.post(
            path,
            urlencode(values),
            content_type=FORM_TYPE,
            REMOTE_ADDR="127.0.0.1",
            headers={"X-Forwarded-For": address, "User-Agent": f"Browser von {name}"},
        )

    text = f"Hier schreibt {name}, und es ist recht lang, was hier geschrieben steht."
    form = {"page": PAGE, "name": name, "email": email, "text": text}
    preview = BeautifulSoup(post("/kommentare/vorschau/", form).content, "html.parser")
    sent = post("/kommentare/senden/", {"token": preview.select_one("[name=token]")["value"]})
    thanks = client.get(sent["Location"]).content.decode()
    postman.deliver()
    comment = Comment.objects.get(author=name)
    if fate in ("subscribed", "unsubscribed", "withdrawn", "erased"):
        assert post(_link(email, "bestaetigen"), {}).status_code == 200
    {"spam": moderation.spam, "erased": moderation.erase}.get(fate, moderation.approve)(
        [comment.pk]
    )
    if fate in ("subscribed", "unsubscribed"):
        moderation.answer(comment.pk, f"Danke, {name}!", "Henrike Voss")
        postman.deliver()
    if fate == "unsubscribed":
        assert post(_link(email, "abbestellen"), {}).status_code == 200
    if fate == "withdrawn":
        path = BeautifulSoup(thanks, "html.parser").select_one("a.comment-link")["href"]
        assert post(path, {}).status_code == 200


def _link(email, name):
    found = [
        match[1]
        for message in mail.outbox
        if message.to == [email]
        for match in [re.search(rf"example(/kommentare/{name}/\S+)", message.body)]
        if match
    ]
    return found[-1]


@pytest.mark.django_db(transaction=True)
def test_after_a_week_no_address_lies_around(week, client, settings, caplog):
    settings.COMMENTS_EXPORT_TOKEN = "geheim"
    path, _ = moderation.backup()
    site = _built(week)
    export = client.get("/kommentare/export/", headers={"Authorization": "Bearer geheim"})
    database = Path(connection.settings_dict["NAME"])
    rows = _everything()
    places = {
        "database, as rows": rows,
        "database, as bytes": _bytes_of(database.parent, f"{database.name}*"),
        "data folder": _bytes_of(settings.COMMENTS_DATA, "*"),
        "backup": gzip.decompress(path.read_bytes()).decode(),
        "export": export.content.decode() + json.dumps(moderation.changes()),
        "site": "\n".join(data.decode("utf-8", "replace") for data in site.values()),
        "log": "\n".join(_ours(record) for record in caplog.records),
    }
    for place in ("database, as rows", "data folder", "site"):
        assert "Anna" in places[place], f"the search looks at the right place: {place}"
    for place, text in places.items():
        for name, (address, _, _) in READERS.items():
            assert address not in text, f"{name}'s network in: {place}"
            assert f"Browser von {name}" not in text, place
        assert "@beispiel.example" not in text, place
    # What is left, sealed, is what is wanted.
    kept = moderation.person(LIVE)["comments"]
    assert [comment["author"] for comment in kept] == ["Anna"]
    assert Subscription.objects.count() == 1
    for name in ("Dora", "Emil"):
        assert name not in rows
        assert f"Hier schreibt {name}" not in places["database, as bytes"]
        assert name not in places["site"]


def _built(folder):
    """Pull, as a build does, and build a site with the page; return its files."""
    site = Site(folder)
    site.write(
        "artikel/netzwerken.md",
        "---\ntitle: Was Netzwerken ist\nslug: was-netzwerken-ist\ndate: 2026-05-06\n"
        "category: Haus\nsummary: Kurz.\n---\n\nEin Absatz.\n",
    )
    assert pull("local", site.data / "kommentare.json").is_fresh
    build(site)
    return tree(site.output)


def _ours(record):
    # Django's log of statements is never switched on where there is a reader.
    return "" if record.name == "django.db.backends" else record.getMessage()


def _everything():
    """Return all rows of all tables as text."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found.append(f"{table}: {cursor.fetchall()}")
    return "\n".join(found)


def _bytes_of(folder, pattern):
    files = [path for path in Path(folder).glob(pattern) if path.is_file()]
    return b"".join(path.read_bytes() for path in files).decode("utf-8", "replace")
