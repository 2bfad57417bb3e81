"""
Where signed links lead: a page that asks, and a button that does it.

Mail programs and virus scanners open links by themselves, so opening one changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from comment_service.comments import links, moderation, pages, subscriptions
from comment_service.comments.answers import View, available, from_us, message, methods
from comment_service.comments.links import Purpose
from comment_service.comments.models import Comment, State, Subscription
from comment_service.comments.shown import Shown


@dataclass(frozen=True)
class Question:
    """What the page asks before something is done."""

    title: str
    text: str
    button: str
    comment: Comment
    #: The comment itself is on the page, too.
    is_shown: bool = True


def _link(purpose: Purpose) -> Callable[[Callable[..., HttpResponse]], View]:
    """Give the view the values that the link's token carries, or say what is wrong with it."""

    def decorate(view: Callable[..., HttpResponse]) -> View:
        @methods("GET", "HEAD", "POST")
        @from_us
        @available
        @wraps(view)
        def check(request: HttpRequest, token: str) -> HttpResponse:
            try:
                values = links.read(purpose, token)
            except links.ExpiredLinkError:
                return message(request, 410, "Der Link ist abgelaufen", _EXPIRED[purpose])
            except links.LinkError:
                return message(
                    request,
                    404,
                    "Diesen Link gibt es nicht",
                    "Vielleicht ist er beim Kopieren gekürzt worden. Bitte öffnen Sie ihn noch "
                    "einmal aus der Mail oder von der Seite, auf der er stand.",
                )
            return view(request, *values)

        return check

    return decorate


_EXPIRED = {
    Purpose.DECIDE: "Er galt 14 Tage. In der Verwaltung können Sie weiter entscheiden.",
    Purpose.CONFIRM: "Er galt drei Tage. Ihre Adresse ist gelöscht, und Sie bekommen keine Mails.",
}


def _ask(request: HttpRequest, question: Question, suspicion: str = "") -> HttpResponse:
    context = {
        "title": question.title,
        "text": question.text,
        "button": question.button,
        "comment": Shown.of(question.comment) if question.is_shown else None,
        "suspicion": suspicion,
        "back": _page_of(question.comment),
    }
    return render(request, "comments/question.html", context)


def _page_of(comment: Comment) -> str:
    """Return the page's address, if it is still one of ours."""
    page = pages.find(comment.page)
    return page.url if page else ""


def _title_of(comment: Comment) -> str:
    page = pages.find(comment.page)
    return page.title if page else comment.page


# -- For readers ----------------------------------------------------------------------------------


@_link(Purpose.WITHDRAW)
def withdraw(request: HttpRequest, comment_id: str) -> HttpResponse:
    """Erase the comment that its writer takes back."""
    comment = Comment.objects.filter(pk=comment_id).first()
    if comment is None or comment.state == State.ERASED:
        return message(
            request, 200, "Der Kommentar ist gelöscht", "Name und Text sind nicht mehr da."
        )
    if request.method == "POST":
        moderation.erase([comment.pk])
        return message(
            request,
            200,
            "Ihr Kommentar ist zurückgezogen",
            "Name und Text sind gelöscht. Stand der Kommentar schon auf der Website, so "
            "verschwindet er dort mit der nächsten Aktualisierung.",
        )
    return _ask(
        request,
        Question(
            "Kommentar zurückziehen",
            "Möchten Sie diesen Kommentar löschen? Das lässt sich nicht rückgängig machen.",
            "Endgültig löschen",
            comment,
        ),
    )


@_link(Purpose.CONFIRM)
def confirm(request: HttpRequest, subscription_id: str) -> HttpResponse:
    """Begin to send notices, now that the owner of the address says so."""
    subscription = _subscription(subscription_id)
    if subscription is None:
        return message(
            request,
            410,
            "Diese Benachrichtigung gibt es nicht mehr",
            "Sie ist abbestellt oder abgelaufen; Ihre Adresse ist gelöscht.",
        )
    if request.method == "POST":
        subscriptions.confirm(subscription_id)
    if request.method == "POST" or subscription.confirmed:
        return message(
            request,
            200,
            "Sie bekommen eine Mail, wenn jemand antwortet",
            "In jeder Mail stehen zwei Links: einer, mit dem Sie das wieder beenden, und einer, "
            "mit dem Sie Ihren Kommentar zurückziehen. Nach einem Jahr endet es von selbst.",
        )
    # Without the comment: the address may be a stranger's, who knows nothing of it.
    return _ask(
        request,
        Question(
            "Benachrichtigung bestätigen",
            f"Möchten Sie eine Mail bekommen, wenn jemand auf Ihren Kommentar zu "
            f"„{_title_of(subscription.comment)}“ antwortet?",
            "Ja, benachrichtigen",
            subscription.comment,
            is_shown=False,
        ),
    )


@_link(Purpose.UNSUBSCRIBE)
def unsubscribe(request: HttpRequest, subscription_id: str) -> HttpResponse:
    """End the notices; mail programs do it with one click of their own (RFC 8058)."""
    subscription = _subscription(subscription_id)
    if request.method == "POST" and subscription is not None:
        subscriptions.end([subscription])
    if request.method == "POST" or subscription is None:
        return message(
            request,
            200,
            "Sie bekommen keine Mails mehr",
            "Die Benachrichtigung ist beendet, und Ihre Adresse ist gelöscht.",
        )
    return _ask(
        request,
        Question(
            "Benachrichtigung beenden",
            "Möchten Sie keine Mails mehr bekommen, wenn jemand auf Ihren Kommentar zu "
            f"„{_title_of(subscription.comment)}“ antwortet? Ihre Adresse wird dann gelöscht.",
            "Keine Mails mehr",
            subscription.comment,
            is_shown=False,
        ),
    )


def _subscription(subscription_id: str) -> Subscription | None:
    found = Subscription.objects.select_related("comment").filter(pk=subscription_id)
    return found.first()


# -- For the author -------------------------------------------------------------------------------

_DECISIONS = {
    "approve": (State.APPROVED, "Freigeben", "freigegeben", "und erscheint mit dem nächsten Build"),
    "reject": (State.REJECTED, "Ablehnen", "abgelehnt", "und bleibt unveröffentlicht"),
    "spam": (State.SPAM, "Als Spam ablehnen", "Spam", "und der Filter hat daraus gelernt"),
}


@_link(Purpose.DECIDE)
def decide(request: HttpRequest, comment_id: str, action: str, decisions: str) -> HttpResponse:
    """Do what the link in the author's mail says, once."""
    comment = Comment.objects.filter(pk=comment_id).first()
    if comment is None or comment.decisions != int(decisions):
        return _decided(request, comment)
    state, button, done, consequence = _DECISIONS[action]
    if request.method != "POST":
        question = Question(f"{button}?", f"Der Kommentar {_is_now(comment)}.", button, comment)
        return _ask(request, question, comment.suspicion)
    if not moderation.decide(comment_id, state, int(decisions)):
        return _decided(request, Comment.objects.filter(pk=comment_id).first())
    return message(
        request,
        200,
        f"Der Kommentar ist {done}",
        f"Er ist {done} {consequence}. Anders entscheiden können Sie in der Verwaltung.",
    )


def _is_now(comment: Comment) -> str:
    return "wartet" if comment.state == State.PENDING else f"ist {comment.get_state_display()}"


def _decided(request: HttpRequest, comment: Comment | None) -> HttpResponse:
    what = _is_now(comment) if comment else "ist gelöscht"
    return message(
        request,
        410,
        "Darüber ist schon entschieden",
        f"Der Kommentar {what}. Jeder Link gilt nur für eine Entscheidung; anders entscheiden "
        "können Sie in der Verwaltung.",
    )
