"""Nobody gets at another's comment: forged, expired, exchanged and borrowed links lead nowhere."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.urls import URLResolver, get_resolver
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from comment_service import moderation
from comment_service.comments import links, subscriptions
from comment_service.comments.links import Purpose
from comment_service.comments.models import Comment, Subscription

ORIGIN = {"Origin": "https://mittwochspost.example"}
SECRET = "Streng geheimer Text"

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment(make_comment):
    return make_comment(text=SECRET, author="Geheime Person")


@pytest.fixture
def subscription(comment):
    found = subscriptions.ask(comment, "ida@beispiel.example")
    found.confirmed = timezone.now()
    found.save()
    return found


def values_of(purpose, comment, subscription):
    return {
        Purpose.WITHDRAW: [comment.pk],
        Purpose.DECIDE: [comment.pk, "approve", 0],
        Purpose.CONFIRM: [subscription.pk],
        Purpose.UNSUBSCRIBE: [subscription.pk],
    }[purpose]


def assert_nothing_happened(client, path, comment):
    for answer in (client.get(path), client.post(path, headers=ORIGIN)):
        assert answer.status_code in (404, 410), path
        assert SECRET not in answer.content.decode()
        assert "Geheime Person" not in answer.content.decode()
    comment.refresh_from_db()
    assert (comment.state, comment.text) == ("pending", SECRET)
    assert Subscription.objects.exists()


@pytest.mark.parametrize("purpose", Purpose)
def test_a_link_for_one_thing_is_none_for_another(purpose, client, comment, subscription):
    token = links.sign(purpose, *values_of(purpose, comment, subscription))
    for other in Purpose:
        if other != purpose:
            assert_nothing_happened(client, links.path(other, token), comment)


@pytest.mark.parametrize("purpose", Purpose)
def test_a_forged_link_is_none(purpose, client, comment, subscription):
    values = values_of(purpose, comment, subscription)
    token = links.sign(purpose, *values)
    value, stamp, signature = token.rsplit(".", 2)
    text = "~".join(map(str, values))
    with_other_key = signing.TimestampSigner(
        key="x" * 50, sep=".", salt=f"comment_service.link.{purpose}"
    )
    forged = [
        text,
        value,
        f"{value}.{stamp}",
        f"{value}.{stamp}.{signature[:-1]}",
        f"{value}.{stamp}.{signature}x",
        f"{value}x.{stamp}.{signature}",
        f"{value}.{stamp[:-1]}.{signature}",
        f"{value}..{signature}",
        with_other_key.sign(text),
        signing.TimestampSigner(sep=".").sign(text),
        token.upper(),
        "x" * 5000,
        "%00",
        "..",
    ]
    for wrong in forged:
        assert_nothing_happened(client, f"/kommentare/{_path(purpose)}/{wrong}/", comment)


def _path(purpose):
    return links.path(purpose, "x").split("/")[2]


@pytest.mark.parametrize("purpose", sorted(links.MAX_AGE))
def test_an_expired_link_is_none(purpose, client, comment, subscription, monkeypatch):
    token = links.sign(purpose, *values_of(purpose, comment, subscription))
    monkeypatch.setitem(links.MAX_AGE, purpose, timedelta(seconds=-1))
    assert_nothing_happened(client, links.path(purpose, token), comment)


@pytest.mark.parametrize("purpose", Purpose)
def test_a_button_pressed_on_another_website_does_nothing(purpose, client, comment, subscription):
    path = links.path(purpose, links.sign(purpose, *values_of(purpose, comment, subscription)))
    for headers in (
        {"Origin": "https://boese.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        assert client.post(path, headers=headers).status_code == 403
    comment.refresh_from_db()
    assert comment.state == "pending"
    assert Subscription.objects.exists()


@pytest.mark.parametrize("purpose", Purpose)
def test_every_link_page_is_private_strict_and_german(purpose, client, comment, subscription):
    if purpose == Purpose.CONFIRM:
        Subscription.objects.update(confirmed=None)
    path = links.path(purpose, links.sign(purpose, *values_of(purpose, comment, subscription)))
    for method in ("put", "delete", "patch", "options"):
        assert getattr(client, method)(path).status_code == 405
    answer = client.get(path)
    assert answer.status_code == 200
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "same-origin", "the token stays with us"
    assert not answer.cookies
    soup = BeautifulSoup(answer.content, "html.parser")
    assert soup.html["lang"] == "de"
    assert soup.select_one("meta[name=robots]")["content"] == "noindex"
    assert len(soup.select("form[method=post] button")) == 1


#: What stands for each argument of an address when somebody is after this comment.
ARGUMENTS = {
    "token": lambda comment: comment.pk,
    "object_id": lambda comment: comment.pk,
    "content_type_id": lambda comment: ContentType.objects.get_for_model(comment).pk,
    "app_label": lambda comment: "comments",
    # The moderation answers for all else below it.
    "url": lambda comment: f"comments/comment/{comment.pk}",
}
_ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")


def addresses(comment, patterns=None, prefix="/"):
    """Yield every address that the service answers, with *comment* in place of each argument."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = str(pattern.pattern).removeprefix("^").removesuffix("$").removesuffix("\\Z")
        path = prefix + _ARGUMENT.sub(lambda m: str(ARGUMENTS[m[1] or m[2]](comment)), route)
        if isinstance(pattern, URLResolver):
            yield from addresses(comment, pattern.url_patterns, path)
        else:
            yield path


def test_a_comment_that_waits_is_shown_to_nobody_else(client, comment, post):
    """Every address of the service, without the right link and without a login."""
    every = list(addresses(comment))
    for part in ("antworten/", f"zurueckziehen/{comment.pk}/", "verwaltung/login/"):
        assert f"/kommentare/{part}" in every
    assert f"/kommentare/verwaltung/comments/comment/{comment.pk}/change/" in every
    parameters = {
        **dict.fromkeys(("seite", "page"), comment.page),
        **dict.fromkeys(("auf", "parent", "link", "id", "token"), comment.pk),
        **{"q": "geheim", "name": "x", "seit": "0", "action": "approve"},
        "_selected_action": comment.pk,
    }
    for path in every:
        for answer in (
            client.get(path, follow=True),
            client.get(path, parameters, follow=True),
            post(path, parameters),
        ):
            assert answer.status_code < 500, path
            assert SECRET not in answer.content.decode(), path
            assert "Geheime Person" not in answer.content.decode(), path
    comment.refresh_from_db()
    assert (comment.state, comment.text) == ("pending", SECRET)
    # The right link shows it: else none of these could.
    own = links.path(Purpose.WITHDRAW, links.sign(Purpose.WITHDRAW, comment.pk))
    assert SECRET in client.get(own).content.decode()


def test_a_preview_of_somebody_else_makes_no_link_to_her_comment(client, post):
    """The id in a preview is signed with the text: it cannot be exchanged for another one's."""
    form = {"page": "/blog/was-netzwerken-ist/", "name": "Ida", "text": "Meins"}

    def sent(text):
        soup = BeautifulSoup(
            post("/kommentare/vorschau/", form | {"text": text}).content, "html.parser"
        )
        token = soup.select_one("input[name=token]")["value"]
        thanks = client.get(post("/kommentare/senden/", {"token": token})["Location"])
        link = BeautifulSoup(thanks.content, "html.parser").select_one("a.comment-link")["href"]
        return client.get(link).content.decode()

    for number in range(3):
        page = sent(f"Eigener Text {number}")
        assert f"Eigener Text {number}" in page
        assert page.count("Eigener Text") == 1


def test_erased_and_unknown_look_alike(client, make_comment):
    comment = make_comment()
    token = links.sign(Purpose.WITHDRAW, comment.pk)
    moderation.erase([comment.pk])
    erased = client.get(links.path(Purpose.WITHDRAW, token))
    unknown = client.get(links.path(Purpose.WITHDRAW, links.sign(Purpose.WITHDRAW, "gibtsnicht")))
    assert erased.content == unknown.content


# -- Anything at all ------------------------------------------------------------------------------

GET_PATHS = ["antworten/", "danke/", "export/", "verwaltung/", "verwaltung/login/", ""] + [
    f"{_name}/x.y.z/" for _name in ("zurueckziehen", "bestaetigen", "abbestellen", "entscheiden")
]
ANYTHING = st.text(max_size=60) | st.sampled_from(
    ["/blog/was-netzwerken-ist/", "1", "-1", "9" * 30, "\x00", "../", "<script>", "%ff", "‮"]
)
relaxed = hypothesis_settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@relaxed
@given(
    path=st.sampled_from(GET_PATHS),
    parameters=st.dictionaries(
        st.sampled_from(["seite", "auf", "seit", "link", "next", "q", "state__exact", "o"])
        | st.text(max_size=8),
        ANYTHING,
        max_size=4,
    ),
)
def test_no_parameter_is_an_error_of_ours_or_a_leak(client, comment, path, parameters):
    answer = client.get(f"/kommentare/{path}", parameters)
    assert answer.status_code < 500
    assert SECRET not in answer.content.decode("utf-8", "replace")
    assert "Traceback" not in answer.content.decode("utf-8", "replace")


@relaxed
@given(
    path=st.sampled_from(["vorschau/", "senden/", "verwaltung/login/", "abbestellen/x.y.z/"]),
    fields=st.dictionaries(
        st.sampled_from(
            "page name email website text parent token subject code username password".split()
        ),
        ANYTHING,
        max_size=6,
    ),
)
def test_no_form_is_an_error_of_ours_or_a_leak(post, comment, path, fields):
    safe = {name: value.encode("utf-8", "replace").decode() for name, value in fields.items()}
    answer = post(f"/kommentare/{path}", safe)
    assert answer.status_code < 500
    assert SECRET not in answer.content.decode("utf-8", "replace")


@relaxed
@given(path=st.text(max_size=40), body=st.binary(max_size=200))
def test_no_path_and_no_body_is_an_error_of_ours(client, path, body):
    from urllib.parse import quote

    for url in (f"/kommentare/{quote(path)}", f"/kommentare/abbestellen/{quote(path, safe='')}/"):
        assert client.get(url).status_code < 500
    for target in ("vorschau", "senden"):
        answer = client.post(
            f"/kommentare/{target}/", body, content_type="application/x-www-form-urlencoded"
        )
        assert answer.status_code < 500
    assert Comment.objects.count() == 0
