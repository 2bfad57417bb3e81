"""Other comment systems: settings, cards, what a policy must allow, who gets data."""

from __future__ import annotations

import json
from typing import get_args
from urllib.parse import parse_qs, urlsplit

import pytest

from plugins.comments import systems
from plugins.comments.systems import Mastodon, SystemsError, Topic, policy, read, recipients
from plugins.source.core import Post
from plugins.typography import typeset_text

#: One of each, as an author would set it up.
SETTINGS = {
    "isso": {"server": "https://isso.example/"},
    "giscus": {
        "repo": "voss/mittwochspost",
        "repo_id": "R_kgDOAbCdEf",
        "category": "Kommentare",
        "category_id": "DIC_kwDOAbCdEf4Ca",
    },
    "utterances": {"repo": "voss/mittwochspost"},
    "remark42": {"server": "https://remark.example", "site": "post"},
    "comentario": {"server": "https://comentario.example"},
    "cusdis": {"app_id": "4e2f3c9a-0d5b-4c55-9a11-6a1d3c1f7b10"},
    "disqus": {"shortname": "mittwochspost"},
    "mastodon": {"servers": ["social.example"], "bake": True},
}
THREAD = "https://social.example/@voss/112233445566"
TOPIC = Topic(
    "/blog/zitate/", "https://mittwochspost.example/blog/zitate/", 'Zitate & "Anführungszeichen"'
)


def cards():
    found = read(SETTINGS)
    return [
        system.thread_card(THREAD) if isinstance(system, Mastodon) else system.card(TOPIC)
        for system in found.values()
    ]


@pytest.mark.parametrize("card", cards(), ids=lambda card: card.system)
def test_a_card_says_who_gets_what_and_leads_on_without_script(card):
    system = read(SETTINGS)[card.system]
    assert "IP-Adresse" in card.note
    assert all(host in card.note for host in system.hosts)
    assert typeset_text(card.note) == card.note
    assert system.name in card.button
    assert card.button.endswith("laden")
    link = urlsplit(card.link)
    assert link.scheme == "https"
    assert link.netloc.endswith((*system.hosts, "github.com"))


@pytest.mark.parametrize("card", cards(), ids=lambda card: card.system)
def test_what_a_card_loads_is_allowed_by_the_policy(card):
    system = read(SETTINGS)[card.system]
    load = json.loads(card.load)
    allowed = policy([system])
    for key, directive in {
        "script": "script-src",
        "style": "style-src",
        "api": "connect-src",
    }.items():
        if key in load:
            parts = urlsplit(load[key])
            assert f"{parts.scheme}://{parts.netloc}" in allowed[directive]
    assert load.get("script") or load.get("api")
    hosts = {urlsplit(source).netloc for sources in allowed.values() for source in sources}
    assert hosts <= set(system.hosts)


def test_a_policy_is_the_union_and_always_the_same():
    found = read(SETTINGS)
    whole = policy(found.values())
    assert whole == policy(reversed(list(found.values())))
    assert list(whole) == sorted(whole)
    assert "https://giscus.app" in whole["frame-src"]
    assert whole["connect-src"] == tuple(sorted(whole["connect-src"]))
    sources = [source for one in whole.values() for source in one]
    assert all(source.startswith("https://") for source in sources)
    assert not any("unsafe" in source or "*" in source for source in sources)
    assert policy([]) == {}


def test_an_address_with_a_path_is_allowed_by_its_origin():
    (system,) = read({"isso": {"server": "https://voss.example/isso"}}).values()
    assert policy([system])["script-src"] == ("https://voss.example",)
    assert json.loads(system.card(TOPIC).load)["script"] == (
        "https://voss.example/isso/js/embed.min.js"
    )


def test_the_privacy_page_learns_who_gets_data():
    found = recipients(read(SETTINGS).values())
    assert [one.name for one in found] == sorted((one.name for one in found), key=str.casefold)
    giscus = next(one for one in found if one.name == "giscus")
    assert "Microsoft, USA" in giscus.place
    assert "giscus.app" in giscus.hosts
    assert "Konto bei GitHub" in giscus.extra
    assert "Werbepartner" in next(one for one in found if one.name == "Disqus").extra


def test_the_page_and_its_address_reach_each_system():
    found = read(SETTINGS)
    load = {key: json.loads(card.load) for key, card in zip(found, cards(), strict=True)}
    assert load["isso"]["target"][1] == {
        "id": "isso-thread",
        "data-isso-id": TOPIC.path,
        "data-title": TOPIC.title,
    }
    assert load["giscus"]["attributes"]["data-lang"] == "de"
    assert load["remark42"]["globals"]["remark_config"]["url"] == TOPIC.url
    assert load["comentario"]["target"][1]["page-id"] == TOPIC.path
    assert load["cusdis"]["data"]["pageTitle"] == TOPIC.title
    assert load["disqus"]["page"]["identifier"] == TOPIC.path
    assert load["mastodon"]["api"].endswith("/api/v1/statuses/112233445566/context")
    search = parse_qs(urlsplit(found["utterances"].card(TOPIC).link).query)
    assert search == {"q": ['"blog/zitate" in:title']}


def test_front_matter_knows_the_systems():
    words = {
        word
        for one in get_args(Post.model_fields["comments"].annotation)
        for word in get_args(one) or ()
    }
    assert words == {"open", "closed", *systems.NAMES}
    assert set(systems.NAMES) | {"mastodon"} == set(SETTINGS)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ([], "COMMENTS_SYSTEMS: Das ist kein Verzeichnis von Diensten"),
        ({"hyvor": {}}, "COMMENTS_SYSTEMS: „hyvor“ gibt es nicht – möglich sind comentario, "),
        ({"isso": {}}, "COMMENTS_SYSTEMS: Bei „isso“ fehlt „server“"),
        ({"isso": "https://isso.example"}, "COMMENTS_SYSTEMS: Bei „isso“ fehlen die Angaben"),
        ({"isso": {"server": "http://isso.example"}}, "„server“ nicht: Das ist keine Adresse"),
        ({"isso": {"server": "https://isso.example/?a"}}, "Das ist keine Adresse"),
        ({"isso": {"server": "https://a:b@isso.example"}}, "Das ist keine Adresse"),
        ({"isso": {"server": "https://isso.example;script-src *"}}, "Das ist keine Adresse"),
        ({"isso": {"server": "https://[::"}}, "Das ist keine Adresse"),
        ({"isso": {"server": 7}}, "Bei „isso“ kann „server“ nicht 7 sein"),
        ({"isso": {"server": "https://a.example", "port": 1}}, "ist „port“ unbekannt – möglich"),
        ({"giscus": {"repo": "x"}}, "„repo“ nicht: Das ist kein Repository"),
        ({"utterances": {"repo": "a/b c"}}, "Das ist kein Repository"),
        ({"disqus": {"shortname": "x.evil.example/"}}, "Bei „disqus“ stimmt „shortname“ nicht"),
        ({"disqus": {"shortname": "Groß"}}, "Bei „disqus“"),
        ({"mastodon": {"servers": []}}, "Bei „mastodon“ kann „servers“ nicht"),
        ({"mastodon": {"servers": ["https://social.example"]}}, "Das ist kein Server"),
        ({"mastodon": {"servers": ["social.example"], "bake": 1}}, "kann „bake“ nicht 1 sein"),
    ],
)
def test_a_wrong_setting_is_one_german_sentence(settings, message):
    with pytest.raises(SystemsError) as caught:
        read(settings)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("https://social.example/@voss", "ist keine Adresse eines Beitrags bei Mastodon."),
        ("https://social.example/@voss/12?x=1", "ist keine Adresse eines Beitrags"),
        ("http://social.example/@voss/12", "ist keine Adresse eines Beitrags"),
        ("https://böse.example/@voss/12", "ist keine Adresse eines Beitrags"),
        ("https://anders.example/@voss/12", "Der Server anders.example ist nicht eingerichtet."),
    ],
)
def test_a_thread_must_be_at_one_of_the_servers(address, message):
    system = read(SETTINGS)["mastodon"]
    with pytest.raises(SystemsError) as caught:
        system.thread(address)
    assert message in str(caught.value)


def test_a_post_of_somebody_from_elsewhere_is_fine():
    address = "https://social.example/@kim@anders.example/12"
    assert read(SETTINGS)["mastodon"].thread(address) == ("social.example", "12")
