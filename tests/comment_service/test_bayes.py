"""The classifier: it learns from a few texts, forgets what is taken back, and keeps no words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comment_service.comments.bayes import MIN_TEXTS, Classifier

HAM = [
    "Vielen Dank für den Beitrag, das Beispiel mit dem Stundensatz hilft mir sehr.",
    "Ich sehe das anders: Ein Festpreis ist für die Kundschaft leichter zu planen.",
    "Gilt die Regel mit dem Komma auch vor einem erweiterten Infinitiv?",
    "Der Tipp zum Apostroph hängt jetzt an meiner Pinnwand im Büro.",
    "Im dritten Absatz fehlt ein Wort, sonst ein sehr schöner Text.",
    "Netzwerken fällt mir schwer, aber der Stammtisch war ein guter Anfang.",
    "Können Sie noch etwas zur Rechnung an Kundschaft in Österreich schreiben?",
    "Meine Kollegin schwört auf das laute Vorlesen, ich inzwischen auch.",
    "Das Wörterbuch nennt beide Schreibungen, welche empfehlen Sie?",
    "Danke, genau diese Erklärung zum Gedankenstrich habe ich gesucht.",
    "Ich arbeite seit zehn Jahren frei und kann jeden Satz unterschreiben.",
    "Auf den nächsten Teil der Serie bin ich schon gespannt.",
]
SPAM = [
    "Billige Kredite ohne Schufa sofort auszahlen https://kredit.schnellgeld.example/jetzt",
    "Verdienen Sie 5000 Euro in der Woche mit Kryptowährung, jetzt anmelden",
    "Casino Bonus 200 Freispiele ohne Einzahlung http://casino.gewinn.example",
    "Kaufen Sie Follower und Likes, billig und sofort https://likes.gewinn.example",
    "Rolex Uhren Replica günstig kaufen, versandkostenfrei https://uhren.example/shop",
    "Jetzt anmelden und Bonus sichern, Kryptowährung handeln ohne Risiko",
    "Potenzmittel ohne Rezept kaufen, diskreter Versand https://pillen.example",
    "SEO Backlinks kaufen, Platz 1 bei Suchmaschinen garantiert https://seo.example",
    "Sofort Geld verdienen von zu Hause, 5000 Euro in der Woche garantiert",
    "Freispiele und Casino Bonus, jetzt anmelden https://casino.gewinn.example/a",
    "Kredit ohne Schufa, sofort Geld auf dem Konto https://kredit.schnellgeld.example",
    "Günstig Uhren und Taschen kaufen, Replica, versandkostenfrei",
]
NEW_HAM = [
    "Schöner Beitrag, die Serie übers Netzwerken hat mir Mut gemacht.",
    "Wie halten Sie es mit dem Komma vor „und“?",
    "Bei einem Festpreis rechne ich immer einen Puffer ein.",
    "Wo kann man Ihre Tipps kaufen? Gibt es ein Buch?",
]
NEW_SPAM = [
    "Jetzt Casino Bonus sichern und Geld verdienen https://neu.gewinn.example/b",
    "Kredite sofort ohne Schufa, garantiert günstig, jetzt anmelden",
    "Replica Uhren billig kaufen https://uhren.example/neu",
]


@pytest.fixture(scope="module")
def trained():
    classifier = Classifier()
    for text in HAM:
        classifier.learn(text, is_spam=False)
    for text in SPAM:
        classifier.learn(text, is_spam=True)
    return classifier


@pytest.mark.parametrize("text", NEW_HAM)
def test_new_comments_are_above_suspicion(trained, text):
    assert trained.spam_probability(text) < 0.5


@pytest.mark.parametrize("text", NEW_SPAM)
def test_new_spam_is_known(trained, text):
    assert trained.spam_probability(text) > 0.9


def test_it_has_no_opinion_before_it_has_seen_enough():
    classifier = Classifier()
    for text in SPAM:
        classifier.learn(text, is_spam=True)
    for text in HAM[: MIN_TEXTS - 1]:
        classifier.learn(text, is_spam=False)
    assert classifier.spam_probability(SPAM[0]) == 0.5


@given(st.lists(st.tuples(st.text(max_size=80), st.booleans()), max_size=8))
def test_what_is_taken_back_leaves_nothing(learned):
    classifier = Classifier()
    for text, is_spam in learned:
        classifier.learn(text, is_spam=is_spam)
    for text, is_spam in learned:
        classifier.unlearn(text, is_spam=is_spam)
    assert classifier == Classifier()


@given(st.text(max_size=200))
def test_any_text_has_a_probability(trained, text):
    assert 0 <= trained.spam_probability(text) <= 1


def test_it_is_the_same_when_stored_and_has_no_words_in_it(trained):
    data = trained.to_bytes()
    assert Classifier.from_bytes(data) == trained
    assert b"Casino" not in data
    assert b"casino" not in data
    assert len(data) == len(Classifier().to_bytes()), "whatever it has learned"


@pytest.mark.parametrize("data", [b"", b"x", b"\0" * 1000])
def test_anything_else_is_a_new_one(data):
    assert Classifier.from_bytes(data) == Classifier()
