"""
The reader's way: the article's form → preview → send → thanks. And the export.

Nothing needs JavaScript. Every refusal is a page that says in German what happened, and keeps what
was written wherever it can.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from pydantic_core import to_json

from comment_service.comments import links, pages, subscriptions, tokens
from comment_service.comments.answers import (
    available,
    message,
    methods,
    not_now,
    reader_form,
    too_many,
)
from comment_service.comments.export import changes, etag
from comment_service.comments.forms import CommentForm
from comment_service.comments.intake import ParentGoneError, approved_parent, take_in
from comment_service.comments.links import Purpose
from comment_service.comments.models import Comment, Subscription
from comment_service.comments.network import client_network
from comment_service.comments.shown import Shown
from comment_service.comments.throttle import TooManyError
from comment_service.comments.tokens import Draft

PARENT_GONE = (
    "Der Kommentar, auf den Sie antworten wollten, ist nicht mehr da. Ihr Text ist erhalten: Sie "
    "können ihn als eigenen Kommentar absenden."
)
READ_FIRST = (
    "Das ging schneller, als man lesen kann. Bitte sehen Sie noch einmal über Ihren Kommentar, und "
    "senden Sie ihn dann ab."
)
NO_NOTICES = (
    "Benachrichtigungen sind hier nicht eingerichtet. Ihre E-Mail-Adresse wird deshalb nicht "
    "gespeichert; in den Antworten sehen Sie am besten selbst nach."
)
PREVIEW_EXPIRED = (
    "Die Vorschau war älter als einen Tag. Bitte sehen Sie noch einmal über Ihren Kommentar, und "
    "senden Sie ihn dann ab."
)


def _unknown_page(request: HttpRequest) -> HttpResponse:
    return message(
        request,
        404,
        "Kein solcher Beitrag",
        "Zu dieser Adresse gibt es keinen Beitrag, den man kommentieren kann. Bitte öffnen Sie "
        "den Beitrag, und benutzen Sie das Formular darunter.",
        kept=request.POST.get("text", ""),
    )


def _closed(request: HttpRequest, page: pages.Page, kept: str = "") -> HttpResponse:
    return message(
        request,
        403,
        "Kommentare sind geschlossen",
        f"Zum Beitrag „{page.title}“ sind keine Kommentare mehr möglich.",
        page,
        kept,
    )


# -- Pages ---------------------------------------------------------------------------------------


@reader_form
@available
def preview(request: HttpRequest) -> HttpResponse:
    """Show the comment as it will look, or the form again with what needs correction."""
    page = pages.find(request.POST.get("page", ""))
    if page is None:
        return _unknown_page(request)
    if not page.is_open:
        return _closed(request, page, request.POST.get("text", ""))
    wanted = request.POST.get("parent", "")
    parent = approved_parent(page.url, wanted) if wanted else None
    note = PARENT_GONE if wanted and parent is None else ""
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _form_page(request, page, form, parent, note)
    email = form.cleaned_data["email"]
    if email and not subscriptions.are_possible():
        email, note = "", note or NO_NOTICES
    draft = Draft(
        page=page.url,
        parent=parent.id if parent else "",
        name=form.cleaned_data["name"],
        email=email,
        website=form.cleaned_data["website"],
        text=form.cleaned_data["text"],
    )
    return _preview_page(request, page, draft, parent, note)


def _form_page(
    request: HttpRequest,
    page: pages.Page,
    form: CommentForm,
    parent: Comment | None,
    note: str = "",
) -> HttpResponse:
    context = {
        "site": pages.published().site,
        "page": page,
        "form": form,
        "parent": Shown.of(parent) if parent else None,
        "note": note,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "comments/form.html", context, status=status)


def _preview_page(
    request: HttpRequest,
    page: pages.Page,
    draft: Draft,
    parent: Comment | None,
    note: str = "",
) -> HttpResponse:
    values = {
        "name": draft.name,
        "email": draft.email,
        "website": draft.website,
        "text": draft.text,
    }
    context = {
        "site": pages.published().site,
        "page": page,
        "comment": Shown.of_draft(draft),
        "form": CommentForm(initial=values),
        "parent": Shown.of(parent) if parent else None,
        "note": note,
        "token": tokens.sign(draft),
    }
    return render(request, "comments/preview.html", context)


@reader_form
@available
def send(request: HttpRequest) -> HttpResponse:
    """Put the comment that the signed preview carries into the queue."""
    token = request.POST.get("token", "")
    try:
        draft, is_expired = tokens.read(token), False
    except tokens.ExpiredTokenError as error:
        draft, is_expired = error.draft, True
    except tokens.ForgedTokenError:
        return message(
            request,
            400,
            "Die Vorschau ist unbrauchbar",
            "Was hier ankam, ist keine gültige Vorschau; vielleicht wurde sie unterwegs "
            "beschädigt. Bitte schreiben Sie Ihren Kommentar noch einmal unter dem Beitrag.",
        )
    page = pages.find(draft.page)
    if page is None:
        return message(
            request,
            404,
            "Kein solcher Beitrag",
            "Den Beitrag, zu dem Sie geschrieben haben, gibt es nicht mehr.",
            kept=draft.text,
        )
    if not page.is_open:
        return _closed(request, page, draft.text)
    if is_expired:
        parent = approved_parent(page.url, draft.parent) if draft.parent else None
        renewed = replace(draft, parent=parent.id if parent else "", shown=time.time())
        return _preview_page(request, page, renewed, parent, PREVIEW_EXPIRED)
    if time.time() - draft.shown < settings.COMMENTS_READING_S:
        parent = approved_parent(page.url, draft.parent) if draft.parent else None
        return _preview_page(request, page, draft, parent, READ_FIRST)
    return _take_in(request, page, draft, token)


def _take_in(request: HttpRequest, page: pages.Page, draft: Draft, token: str) -> HttpResponse:
    """Keep the comment, and lead to the thanks; or say why it cannot be kept now."""
    network = client_network(
        request.META.get("REMOTE_ADDR", ""),
        request.headers.get("X-Forwarded-For", ""),
        settings.COMMENTS_PROXY,
    )
    try:
        comment = take_in(draft, network)
    except ParentGoneError as error:
        return _preview_page(request, page, error.draft, None, PARENT_GONE)
    except TooManyError as error:
        return too_many(request, token, error.wait_s)
    except DatabaseError:
        return not_now(request, token)
    # The link to take it back goes to whoever holds the signed preview, and to nobody else.
    link = links.sign(Purpose.WITHDRAW, comment.id)
    query = urlencode({"seite": page.url, "link": link})
    return HttpResponse(status=303, headers={"Location": f"{reverse('thanks')}?{query}"})


@methods("GET", "HEAD")
def thanks(request: HttpRequest) -> HttpResponse:
    """Say that the comment waits, and lead back to the page (only to one of ours)."""
    try:
        page = pages.find(request.GET.get("seite", ""))
    except pages.PagesUnavailableError:
        page = None
    context = {"page": page} | _withdrawal(request.GET.get("link", ""))
    return render(request, "comments/thanks.html", context)


def _withdrawal(token: str) -> dict[str, object]:
    """Return what the page needs to know of the sender's comment: nothing, if the link is none."""
    try:
        (comment_id,) = links.read(Purpose.WITHDRAW, token)
        is_asked = Subscription.objects.filter(comment=comment_id, confirmed=None).exists()
    except (links.LinkError, DatabaseError):
        return {}
    return {"withdraw": links.path(Purpose.WITHDRAW, token), "is_asked": is_asked}


@methods("GET", "HEAD")
@available
def reply(request: HttpRequest) -> HttpResponse:
    """Show the form for an answer, with the comment that is answered; without one, the form."""
    page = pages.find(request.GET.get("seite", ""))
    if page is None:
        return _unknown_page(request)
    if not page.is_open:
        return _closed(request, page)
    wanted = request.GET.get("auf", "")
    parent = approved_parent(page.url, wanted) if wanted else None
    if wanted and parent is None:
        return message(
            request,
            404,
            "Kein solcher Kommentar",
            "Den Kommentar, auf den Sie antworten möchten, gibt es hier nicht (mehr).",
            page,
        )
    return _form_page(request, page, CommentForm(), parent)


# -- Export --------------------------------------------------------------------------------------


@methods("GET", "HEAD")
def export(request: HttpRequest) -> HttpResponse:
    """Give the build what changed since a revision, if it has the token."""
    if not settings.COMMENTS_EXPORT_TOKEN:
        return _json({"fehler": "Der Abruf ist nicht eingerichtet: COMMENTS_EXPORT_TOKEN."}, 403)
    if not _has_token(request):
        response = _json({"fehler": "Das Kennwort für den Abruf fehlt oder ist falsch."}, 401)
        response["WWW-Authenticate"] = 'Bearer realm="Kommentare"'
        return response
    since = request.GET.get("seit", "0")
    if not (since.isascii() and since.isdigit() and len(since) <= 18):
        return _json({"fehler": f"seit: keine Revision: {since!r}"}, 400)
    try:
        return _export(request, int(since))
    except DatabaseError:
        return _json({"fehler": "Die Datenbank ist gerade nicht zu erreichen."}, 503)


def _export(request: HttpRequest, since: int) -> HttpResponse:
    # Before the comments, so it may be older than they are, and never the other way round.
    tag = f'"{etag(since)}"'
    response = get_conditional_response(request, etag=tag) or _json(changes(since), 200)
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response


def _has_token(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    expected = settings.COMMENTS_EXPORT_TOKEN.encode()
    return scheme.lower() == "bearer" and secrets.compare_digest(token.strip().encode(), expected)


def _json(value: dict[str, object], status: int) -> HttpResponse:
    # Three times as quick as Python's own, which counts for an export of everything.
    return HttpResponse(to_json(value), content_type="application/json", status=status)


# -- Errors --------------------------------------------------------------------------------------


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what Django refused to read."""
    if isinstance(exception, RequestDataTooBig):
        return message(
            request, 413, "Das ist zu viel", "So viel Text auf einmal nimmt das Formular nicht an."
        )
    return message(
        request, 400, "Das war nicht zu verstehen", "Diese Anfrage ist fehlerhaft aufgebaut."
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a refused access."""
    return message(
        request, 403, "Hier geht es nicht weiter", "Für diese Seite fehlt Ihnen die Berechtigung."
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form of the moderator's whose secret does not match."""
    return message(
        request,
        403,
        "Das Formular ist veraltet",
        "Bitte laden Sie die Seite neu, melden Sie sich wenn nötig an, und versuchen Sie es noch "
        "einmal. Die Verwaltung braucht Cookies.",
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an unknown address."""
    return message(
        request, 404, "Diese Seite gibt es nicht", "Vielleicht ist die Adresse unvollständig."
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a mistake of ours."""
    return message(
        request,
        500,
        "Da ist etwas schiefgegangen",
        "Der Fehler liegt nicht bei Ihnen. Bitte versuchen Sie es später noch einmal.",
    )
