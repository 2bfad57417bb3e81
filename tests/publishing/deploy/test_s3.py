"""The target „s3“: headers, grace, one at a time, and only what is new is sent."""

from __future__ import annotations

import datetime as dt
import gzip
import shlex
import shutil
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.httpsession import URLLib3Session  # type: ignore[import-untyped]

from publishing.deploy import DeployError, ledger, s3
from publishing.deploy.ledger import Ledger
from publishing.deploy.store import ConflictError, Store
from tests.publishing.deploy import fake_site, faults
from tests.publishing.deploy.fake_site import Reader
from tests.publishing.deploy.places import Place, s3_place
from tests.publishing.deploy.servers import KEYS, Bucket, s3_client


@pytest.fixture
def place(bucket: Bucket, tmp_path: Path) -> Place:
    return s3_place(tmp_path, bucket)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The bytes of every object that is sent."""
    found: list[int] = []
    put = Store.put

    def counted(self: Store, key: str, data: bytes, **headers: str) -> str:
        found.append(len(data))
        return put(self, key, data, **headers)

    monkeypatch.setattr(Store, "put", counted)
    return found


def _message(place: Place, output: Path) -> str:
    with pytest.raises(DeployError) as caught:
        place.deploy(output)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_readers_get_types_times_and_encodings(place: Place, bucket: Bucket, output: Path) -> None:
    (output / "archiv/index.html.gz").write_bytes(
        gzip.compress((output / "archiv/index.html").read_bytes())
    )
    (output / "bilder/foto.png").write_bytes(b"png")
    place.deploy(output)
    client = s3_client(bucket.endpoint)

    def head(path: str) -> Any:
        return client.head_object(Bucket=bucket.name, Key=f"{bucket.prefix}/{path}")

    for path in ("archiv/index.html", "index.html"):
        page = head(path)
        assert page["ContentType"] == "text/html; charset=utf-8"
        assert page["ContentEncoding"] == "gzip"
    assert "ContentEncoding" not in head("bilder/foto.png")
    assert page["CacheControl"] == "public, max-age=60"
    css = next(path for path in fake_site.pages(1) if path.endswith(".css"))
    assert head(css)["CacheControl"] == "public, max-age=31536000, immutable"
    assert place.seen() == {**fake_site.pages(1), "bilder/foto.png": b"png"}
    # Another setting holds from the next release on, and for all of it.
    (output / "bilder/foto.png").write_bytes(b"PNG")
    place.deploy(output, compress=False)
    assert "ContentEncoding" not in head("index.html")
    assert place.seen() == {**fake_site.pages(1), "bilder/foto.png": b"PNG"}
    place.rollback()
    assert head("index.html")["ContentEncoding"] == "gzip"


def test_only_what_is_new_is_sent_and_going_back_sends_nothing(
    place: Place, output: Path, sent: list[int]
) -> None:
    (output / "gross.png").write_bytes(bytes(100_000))
    place.deploy(output)
    sent.clear()
    (output / "index.html").write_text("Neu", "utf-8")
    (output / "kopie.png").write_bytes(bytes(100_000))
    place.deploy(output)
    assert sum(sent) < 20_000
    sent.clear()
    place.rollback()
    assert sum(sent) < 5_000


def test_a_deployment_spends_six_requests_and_two_for_each_file(
    place: Place, output: Path, sent: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    place.options["keep"] = 2
    requests: list[str] = []
    send = URLLib3Session.send

    def counted(self: Any, request: Any) -> Any:
        requests.append(request.method)
        return send(self, request)

    monkeypatch.setattr(URLLib3Session, "send", counted)
    for number in range(200):
        (output / f"{number}.html").write_text(f"Seite {number}", "utf-8")
    place.deploy(output)
    for round_ in range(4):
        requests.clear()
        sent.clear()
        for number in (1, 2, 3):
            (output / f"{number}.html").write_text(f"Seite {number}, {round_}. Fassung", "utf-8")
        place.deploy(output)
        assert len(requests) == 6 + 2 * 3 - (not round_), round_
        # Also the list of files is not sent again.
        assert sum(sent) < 6_000
    # From the second on, there is one to delete; what is kept is told by what was there first.
    assert len(place.releases()) == 2
    assert faults.rubbish(place) == []
    first = place.read("3.html")
    place.rollback()
    assert place.read("3.html") != first
    # Elsewhere, nothing is known: all is read from the store.
    shutil.rmtree(place.base / ".cache")
    place.rollback(place.releases()[0])
    assert place.read("3.html") == first
    assert place.read("199.html") == b"Seite 199"
    fake_site.write(fake_site.pages(2), output)
    for text in "ab":
        (output / "neu.html").write_text(text, "utf-8")
        place.deploy(output)
    assert "199.html" not in place.seen()
    assert len([name for name in place.behind() if "/ausgaben/" in name]) == 2
    assert faults.rubbish(place) == []


def test_pages_go_at_once_and_other_files_when_nobody_can_need_them(
    place: Place, output: Path
) -> None:
    place.options["grace_minutes"] = 60
    place.deploy(output)
    old, new = fake_site.pages(1), fake_site.pages(2)
    fake_site.write(new, output)
    place.deploy(output)
    waiting = {path for path in old.keys() - new.keys() if path.startswith("theme/")}
    assert waiting
    assert place.seen().keys() == new.keys() | waiting
    # Back and forth: what waits is needed again, and stays.
    place.rollback()
    assert place.seen().keys() >= old.keys()
    place.deploy(output)
    place.deploy(output, grace_minutes=0)
    assert place.seen() == new


def test_after_an_interrupted_switch_no_page_points_to_one_that_is_not_there(
    place: Place, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The third post is linked since that switch, and points to the new one from now on."""
    fake_site.write(fake_site.pages(1, posts=2), output)
    place.deploy(output)
    monkeypatch.setattr(s3, "PARALLEL", 1)
    fake_site.write(fake_site.pages(1, posts=3), output)
    with monkeypatch.context() as patch:
        patch.setattr(s3.S3, "_delete_gone", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            place.deploy(output)
    broken: list[str] = []
    copy = Store.copy

    def copy_and_look(self: Store, source: str, key: str, **headers: str) -> None:
        copy(self, source, key, **headers)
        broken.extend(_visit_what_is_linked(place))

    monkeypatch.setattr(Store, "copy", copy_and_look)
    files = fake_site.pages(1, posts=4)
    # As the store lists them: the page that is there comes before the one it points to.
    assert list(files).index("blog/beitrag-3/index.html") < list(files).index(
        "blog/beitrag-4/index.html"
    )
    fake_site.write(files, output)
    place.deploy(output)
    assert broken == []
    assert place.seen() == files


def _interrupt(self: s3.S3, now: float) -> None:
    raise KeyboardInterrupt


def _visit_what_is_linked(place: Place) -> list[str]:
    """Return what is broken on the pages that can be reached from the first one."""
    reader = Reader(
        place.read, [fake_site.pages(1, posts) for posts in (2, 3, 4)], False, place.now
    )
    waiting, seen, broken = ["index.html"], set[str](), list[str]()
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            broken.append(reader.visit(path))
            waiting += reader.onward
    return [problem for problem in broken if problem]


def test_what_others_have_in_the_bucket_stays(place: Place, bucket: Bucket, output: Path) -> None:
    client = s3_client(bucket.endpoint)
    names = [f"{bucket.prefix}/fremd.html", f"{bucket.prefix}-anderswo/index.html"]
    for name in names:
        client.put_object(Bucket=bucket.name, Key=name, Body=b"fremd")
    for version in (1, 2):
        fake_site.write(fake_site.pages(version), output)
        place.deploy(output, keep=1)
    for name in names:
        assert client.get_object(Bucket=bucket.name, Key=name)["Body"].read() == b"fremd"


def test_a_bucket_of_its_own_needs_no_prefix(bucket: Bucket, tmp_path: Path, output: Path) -> None:
    s3_client(bucket.endpoint).create_bucket(Bucket="eigener")
    place = s3_place(tmp_path, Bucket(bucket.endpoint, "eigener"))
    assert place.deploy(output).place == "s3://eigener/"
    assert place.seen() == fake_site.pages(1)


def test_a_cdn_is_told_what_has_changed(place: Place, output: Path, tmp_path: Path) -> None:
    told = tmp_path / "told.txt"
    program = f"import sys; open({str(told)!r}, 'w').write('\\n'.join(sys.argv[1:]))"
    command = (
        f"{shlex.quote(sys.executable)} -c {shlex.quote(program)} {{release}} --paths {{paths}}"
    )
    place.options["invalidate"] = command
    place.deploy(output)
    (output / "archiv/index.html").write_text("Neu", "utf-8")
    (output / "404.html").unlink()
    deployed = place.deploy(output)
    assert deployed.note == ""
    assert told.read_text("utf-8").split() == [deployed.release, "--paths", "/404.html", "/archiv/"]


@pytest.mark.parametrize("command", ["false", "gibt-es-nicht {paths}", "'"])
def test_a_cdn_that_cannot_be_told_is_a_note(place: Place, output: Path, command: str) -> None:
    place.options["invalidate"] = command
    deployed = place.deploy(output)
    assert deployed.changed
    assert "Die Website ist veröffentlicht, aber der Befehl bei invalidate" in deployed.note
    assert place.seen() == fake_site.pages(1)


# --- One at a time ---------------------------------------------------------------------------------


@pytest.fixture
def ledgers(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> list[Ledger]:
    """The same ledger, seen from two machines."""
    monkeypatch.setattr(ledger, "LEASE_S", 2.0)
    monkeypatch.setattr(ledger, "_PAUSE_S", 0.1)
    monkeypatch.setattr(ledger, "_machine", lambda: threading.current_thread().name)
    store = Store(bucket.name, bucket.endpoint, "")
    return [Ledger(store, f"{bucket.prefix}/ausgaben.json") for _ in range(2)]


def _elsewhere(work: Any) -> list[BaseException]:
    """Do the work on another machine, and return what it raised."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run, name="anderswo")
    thread.start()
    thread.join()
    return raised


def test_another_machine_waits_until_the_lease_is_over(ledgers: list[Ledger]) -> None:
    """And then the one that slept cannot go on."""
    here, there = ledgers
    here.claim()
    assert not here.state.is_untidy
    assert _elsewhere(there.claim) == []
    assert there.state.is_untidy
    with pytest.raises(DeployError, match="war zu lange unterbrochen"):
        here.check_lease()
    with pytest.raises(ConflictError, match="Eine andere Veröffentlichung kam dazwischen"):
        here.write()
    there.release(is_untidy=False)
    here.claim()


def test_who_renews_the_lease_keeps_it(
    ledgers: list[Ledger], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = ledgers
    monkeypatch.setattr(ledger, "_PATIENCE_S", 2.5)
    here.claim()
    real = there.read

    def read() -> Any:
        here.renew()
        return real()

    monkeypatch.setattr(there, "read", read)
    (error,) = _elsewhere(there.claim)
    assert "Eine andere Veröffentlichung läuft gerade" in str(error)
    here.check_lease()
    here.release(is_untidy=False)


def test_a_killed_deployment_of_this_machine_is_succeeded_at_once(ledgers: list[Ledger]) -> None:
    here, again = ledgers
    here.claim()
    again.claim()
    assert again.state.is_untidy


# --- Mistakes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "keys", "message"),
    [
        ({"bucket": "gibt-es-nicht"}, {}, "Den Bucket „gibt-es-nicht“ gibt es nicht"),
        ({"endpoint": "http://127.0.0.1:1"}, {}, "Der Speicher ist nicht zu erreichen"),
        ({}, {"AWS_SECRET_ACCESS_KEY": "falsch"}, "Der Speicher lehnt Ihren Schlüssel ab"),
        ({}, {"AWS_ACCESS_KEY_ID": "FALSCH"}, "Der Speicher lehnt Ihren Schlüssel ab"),
        ({}, dict.fromkeys(KEYS), "Der Schlüssel fehlt – setzen Sie die Umgebungsvariablen"),
    ],
)
def test_a_mistake_is_one_sentence(
    place: Place,
    output: Path,
    options: dict[str, str],
    keys: dict[str, str | None],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    place.deploy(output)
    (output / "index.html").write_text("Neu", "utf-8")
    # No profile of whoever runs the tests.
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setattr("publishing.deploy.store.ATTEMPTS", 1)
    before = place.behind()
    with monkeypatch.context() as patch:
        for name, value in keys.items():
            patch.setenv(name, value) if value else patch.delenv(name)
        wrong = replace(place, options={**place.options, **options})
        assert message in _message(wrong, output)
    assert place.behind() == before
    assert place.seen() == fake_site.pages(1)


def test_a_clock_that_is_wrong_is_told(
    place: Place, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.deploy(output)
    (output / "index.html").write_text("Neu", "utf-8")
    yesterday = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    with monkeypatch.context() as patch:
        patch.setattr("botocore.auth.get_current_datetime", lambda: yesterday)
        assert "Die Uhr dieses Rechners geht falsch – stellen Sie sie." in _message(place, output)
    assert place.seen() == fake_site.pages(1)


def test_contents_that_somebody_deleted_are_brought_again(
    place: Place, bucket: Bucket, output: Path
) -> None:
    fake_site.write(fake_site.pages(1), output)
    place.deploy(output)
    fake_site.write(fake_site.pages(2), output)
    place.deploy(output)
    client = s3_client(bucket.endpoint)
    for name in place.behind():
        if "/inhalte/" in name:
            client.delete_object(Bucket=bucket.name, Key=f"{bucket.prefix}/{name}")
    with pytest.raises(DeployError, match="fehlt etwas, das dort lag"):
        place.rollback()
    place.deploy(output)
    assert place.seen() == fake_site.pages(2)
    assert faults.rubbish(place) == []


def test_a_ledger_that_nobody_can_read(place: Place, bucket: Bucket, output: Path) -> None:
    place.deploy(output)
    key = f"{bucket.prefix}/.mittwochspost/ausgaben.json"
    client = s3_client(bucket.endpoint)
    client.put_object(Bucket=bucket.name, Key=key, Body=b"{")
    assert "löschen Sie dort .mittwochspost/ausgaben.json" in _message(place, output)
    client.delete_object(Bucket=bucket.name, Key=key)
    fake_site.write(fake_site.pages(2), output)
    place.deploy(output)
    assert {path: place.read(path) for path in fake_site.pages(2)} == fake_site.pages(2)
