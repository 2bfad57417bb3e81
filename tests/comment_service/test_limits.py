"""Allowances: they stop floods, come back by themselves, and know nobody by name tomorrow."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

from comment_service.comments import throttle, tidy
from comment_service.comments.models import Allowance, Comment, Salt
from comment_service.comments.throttle import Limit, TooManyError, take

PAGE = "/blog/was-netzwerken-ist/"
OTHER_PAGE = "/blog/richtig-zitieren/"
FORM_TYPE = "application/x-www-form-urlencoded"

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until it is set forward."""

    class Clock:
        now = 1_790_000_000.0

        def time(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr(throttle, "time", clock)
    return clock


def test_so_much_at_once_and_then_it_comes_back(clock):
    from django.db import transaction

    limit = Limit(3, 30)
    for _ in range(3):
        take("test", "wer", limit)
    for _ in range(5):
        with pytest.raises(TooManyError) as caught, transaction.atomic():
            take("test", "wer", limit)
        assert caught.value.wait_s == 10, "to be refused costs nothing"
    clock.now += 10
    take("test", "wer", limit)
    with pytest.raises(TooManyError), transaction.atomic():
        take("test", "wer", limit)
    clock.now += 10_000
    for _ in range(3):
        take("test", "wer", limit)


def test_everybody_has_an_own_allowance_for_everything(clock):
    for what in ("a", "b"):
        for who in ("x", "y"):
            take(what, who, Limit(1))
    assert Allowance.objects.count() == 4
    take("a", "x", Limit(0)), "no limit"


def send(client, text, page=PAGE, address="203.0.113.7"):
    values = {"page": page, "name": "Ida", "text": text}
    preview = client.post("/kommentare/vorschau/", urlencode(values), content_type=FORM_TYPE)
    token = re.search(rb'name="token" value="([^"]+)"', preview.content)[1].decode()
    return resend(client, token, address), token


def resend(client, token, address="203.0.113.7"):
    body = urlencode({"token": token})
    return client.post("/kommentare/senden/", body, content_type=FORM_TYPE, REMOTE_ADDR=address)


def test_a_flood_from_one_network_is_stopped_and_an_office_is_not_locked_out(
    client, settings, clock
):
    settings.COMMENTS_PER_NETWORK = 3
    assert [send(client, f"Nummer {n}")[0].status_code for n in range(3)] == [303] * 3
    answer, token = send(client, "Noch einer")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) == 1200
    page = answer.content.decode()
    assert "warten Sie 20 Minuten" in page
    assert token in page, "a button sends the same comment later"
    assert Comment.objects.count() == 3
    assert send(client, "Von anderswo", address="203.0.113.8")[0].status_code == 303
    clock.now += 1200
    assert resend(client, token).status_code == 303


def test_sending_again_what_is_there_already_is_never_too_many(client, settings, clock):
    settings.COMMENTS_PER_NETWORK = 1
    answer, token = send(client, "Einmal")
    assert answer.status_code == 303
    assert resend(client, token).status_code == 303
    assert Comment.objects.count() == 1


def test_a_flood_from_many_networks_on_one_page_is_stopped(client, settings, clock):
    settings.COMMENTS_PER_PAGE = 4
    codes = [send(client, f"Nr. {n}", address=f"203.0.113.{n}")[0].status_code for n in range(6)]
    assert codes == [303] * 4 + [429] * 2
    assert (
        send(client, "Dort geht es", page=OTHER_PAGE, address="203.0.113.9")[0].status_code == 303
    )


def test_behind_the_front_server_the_forwarded_address_counts(client, settings, clock):
    from ipaddress import ip_network

    settings.COMMENTS_PER_NETWORK = 1
    settings.COMMENTS_PROXY = (ip_network("127.0.0.1"),)

    def code(address, forwarded):
        values = {"page": PAGE, "name": "Ida", "text": f"Von {address} über {forwarded}"}
        preview = client.post("/kommentare/vorschau/", urlencode(values), content_type=FORM_TYPE)
        token = re.search(rb'name="token" value="([^"]+)"', preview.content)[1].decode()
        return client.post(
            "/kommentare/senden/",
            urlencode({"token": token}),
            content_type=FORM_TYPE,
            REMOTE_ADDR=address,
            headers={"X-Forwarded-For": forwarded},
        ).status_code

    assert code("127.0.0.1", "203.0.113.7") == 303
    assert code("127.0.0.1", "203.0.113.8") == 303
    assert code("127.0.0.1", "192.0.2.1, 203.0.113.8") == 429
    # A header that a stranger made up changes nothing.
    assert code("198.51.100.1", "203.0.113.9") == 303
    assert code("198.51.100.1", "203.0.113.10") == 429


def test_no_address_is_in_the_table_and_tomorrow_not_even_its_hash(client, clock):
    send(client, "Hallo")
    rows = str(list(Allowance.objects.values())) + str(list(Salt.objects.values()))
    assert "203.0.113" not in rows
    assert Allowance.objects.count() == 2
    tomorrow = datetime.now(UTC) + timedelta(days=1, seconds=1)
    throttle.forget(max(tomorrow, datetime.fromtimestamp(clock.now + 90_000, UTC)))
    assert not Allowance.objects.exists()
    assert not Salt.objects.exists()


def test_the_key_of_an_address_is_another_one_on_another_day(monkeypatch, clock):
    def key():
        monkeypatch.setattr(throttle, "_known", None)
        return throttle._key("network", "203.0.113.7/32")

    today = key()
    assert key() == today, "for every process the same"
    Salt.objects.all().delete()
    assert key() != today, "with the salt gone it cannot be computed again"


def test_tidying_again_is_free(clock):
    tidy.tidy()
    tidy.tidy()


# -- Reading time ---------------------------------------------------------------------------------


def test_a_preview_must_have_been_on_screen_for_a_moment(client, settings, monkeypatch):
    from comment_service.comments import views

    settings.COMMENTS_READING_S = 60
    answer, _ = send(client, "Schneller als der Schall")
    assert answer.status_code == 200
    assert "schneller, als man lesen kann" in answer.content.decode()
    assert not Comment.objects.exists()
    again = re.search(rb'name="token" value="([^"]+)"', answer.content)[1].decode()
    now = throttle.time.time()
    monkeypatch.setattr(views.time, "time", lambda: now + 61)
    assert resend(client, again).status_code == 303


# -- Login ----------------------------------------------------------------------------------------

LOGIN = "/kommentare/verwaltung/login/"
PASSWORD = "Mittwochs kommt die Post"


def login(client, password, address="203.0.113.7", code="", name="henrike"):
    values = {"username": name, "password": password, "code": code}
    return client.post(LOGIN, values, REMOTE_ADDR=address)


@pytest.fixture
def moderator(db):
    from comment_service import moderation

    moderation.set_password("henrike", PASSWORD)


def test_guessing_passwords_is_stopped_and_the_right_one_works_elsewhere(client, moderator, clock):
    answers = [login(client, f"falsch {n}").content.decode() for n in range(12)]
    assert "zu viele Versuche" not in answers[9]
    assert "zu viele Versuche" in answers[10]
    assert "zu viele Versuche" in login(client, PASSWORD).content.decode()
    assert login(client, PASSWORD, address="198.51.100.4").status_code == 302
    clock.now += 3600
    assert login(client, PASSWORD).status_code == 302


def test_guessing_from_many_networks_is_stopped_too(client, moderator, clock, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    for n in range(60):
        login(client, "falsch", address=f"203.0.113.{n}")
    assert "zu viele" in login(client, "falsch", address="203.0.113.99").content.decode()


def test_the_second_factor_is_asked_for_once_it_is_set_up(client, moderator):
    from django_otp.oath import totp
    from django_otp.plugins.otp_totp.models import TOTPDevice

    from comment_service import moderation
    from comment_service.moderation import ModerationError

    url = moderation.start_second_factor("henrike")
    assert url.startswith("otpauth://totp/")
    assert login(client, PASSWORD).status_code == 302, "not before it was confirmed"
    client.logout()
    assert not moderation.confirm_second_factor("henrike", "000000")
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    device = TOTPDevice.objects.get()
    assert moderation.confirm_second_factor("henrike", f"{totp(device.bin_key):06}")

    without = login(client, PASSWORD)
    wrong = login(client, "falsch")
    assert without.status_code == wrong.status_code == 200

    def complaint(response):
        return re.search(rb'errornote"[^>]*>([^<]+)', response.content)[1]

    assert complaint(without) == complaint(wrong), "nobody learns that the password was right"
    device = TOTPDevice.objects.get()
    assert login(client, PASSWORD, code=f"{totp(device.bin_key):06}").status_code == 200, "used"
    TOTPDevice.objects.update(
        throttling_failure_count=0, throttling_failure_timestamp=None, last_t=-1
    )
    assert login(client, PASSWORD, code=f"{totp(device.bin_key):06}").status_code == 302

    assert moderation.end_second_factor("henrike")
    assert not moderation.end_second_factor("henrike")
    client.logout()
    assert login(client, PASSWORD, address="198.51.100.9").status_code == 302
    with pytest.raises(
        ModerationError, match="Den Zugang „fremd“ gibt es nicht – bekannt: henrike"
    ):
        moderation.start_second_factor("fremd")
