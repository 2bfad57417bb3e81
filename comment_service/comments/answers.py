"""What all views share: who may ask what, and pages that say in German what happened."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from comment_service.comments import pages
from comment_service.comments.origin import is_from_us

View = Callable[..., HttpResponse]

FORM_TYPE = "application/x-www-form-urlencoded"


def message(
    request: HttpRequest,
    status: int,
    title: str,
    text: str,
    page: pages.Page | None = None,
    kept: str = "",
) -> HttpResponse:
    """Return a page that says what happened; *kept* is the reader's text, for copying."""
    context = {"title": title, "text": text, "page": page, "kept": kept}
    return render(request, "comments/message.html", context, status=status)


def not_now(request: HttpRequest, token: str = "") -> HttpResponse:
    """Return the page for a passing failure; with *token*, a button repeats the sending."""
    context = {"title": "Gerade geht es nicht", "token": token}
    response = render(request, "comments/not_now.html", context, status=503)
    response["Retry-After"] = "60"
    return response


def too_many(request: HttpRequest, token: str, wait_s: int) -> HttpResponse:
    """Return the page for an allowance that is used up, with the button that sends again."""
    minutes = -(-wait_s // 60)
    context = {
        "title": "Gerade sind es zu viele",
        "text": "Im Augenblick kommen hier mehr Kommentare an, als auf einmal angenommen werden.",
        "wait": "eine Minute" if minutes == 1 else f"{minutes} Minuten",
        "token": token,
    }
    response = render(request, "comments/not_now.html", context, status=429)
    response["Retry-After"] = str(wait_s)
    return response


def methods(*allowed: str) -> Callable[[View], View]:
    """Answer other methods than *allowed* in German (Django's own answer is an empty page)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def check(request: HttpRequest, **values: Any) -> HttpResponse:
            if request.method in allowed:
                return view(request, **values)
            response = message(
                request,
                405,
                "So geht es nicht",
                "Diese Adresse ist für das Kommentarformular da und lässt sich nicht einzeln "
                "öffnen. Das Formular steht unter jedem Beitrag.",
            )
            response["Allow"] = ", ".join(allowed)
            return response

        return check

    return decorate


def available(view: View) -> View:
    """Answer with an apology while the database or the list of pages is out of reach."""

    @wraps(view)
    def check(request: HttpRequest, **values: Any) -> HttpResponse:
        try:
            return view(request, **values)
        except (DatabaseError, pages.PagesUnavailableError):
            return not_now(request)

    return check


def from_us(view: View) -> View:
    """Refuse a form that another website has sent."""

    @csrf_exempt  # `is_from_us` takes its place.
    @wraps(view)
    def check(request: HttpRequest, **values: Any) -> HttpResponse:
        if request.method == "POST" and not is_from_us(request.headers, settings.COMMENTS_ORIGIN):
            return message(
                request,
                403,
                "Von einer anderen Website",
                "Dieses Formular kommt nicht von dieser Website. Bitte gehen Sie auf die Seite "
                "des Beitrags, und beginnen Sie dort.",
            )
        return view(request, **values)

    return check


def reader_form(view: View) -> View:
    """Let in only a form of our own pages, in the one encoding that is cheap to read."""

    @methods("POST")
    @from_us
    @wraps(view)
    def check(request: HttpRequest) -> HttpResponse:
        if request.content_type != FORM_TYPE:
            return message(
                request,
                415,
                "Unbekanntes Format",
                "Diese Adresse nimmt nur das Kommentarformular entgegen.",
            )
        return view(request)

    return check
