"""
The reader's way: the article's form → preview → send → thanks. And the export.

Nothing needs JavaScript. Every refusal is a page that says in German what happened, and keeps what
was written wherever it can.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.safestring import mark_safe
from django.views.decorators.csrf import csrf_exempt

from comment_service.comments import pages, tokens
from comment_service.comments.export import changes
from comment_service.comments.forms import CommentForm
from comment_service.comments.intake import ParentGoneError, approved_parent, take_in
from comment_service.comments.models import Comment
from comment_service.comments.origin import is_from_us
from comment_service.comments.tokens import Draft
from plugins.comments.core import render_text

View = Callable[[HttpRequest], HttpResponse]

FORM_TYPE = "application/x-www-form-urlencoded"
PARENT_GONE = (
    "Der Kommentar, auf den Sie antworten wollten, ist nicht mehr da. Ihr Text ist erhalten: Sie "
    "können ihn als eigenen Kommentar absenden."
)
PREVIEW_EXPIRED = (
    "Die Vorschau war älter als einen Tag. Bitte sehen Sie noch einmal über Ihren Kommentar, und "
    "senden Sie ihn dann ab."
)


# -- What all views share ------------------------------------------------------------------------


def _message(
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


def _not_now(request: HttpRequest, token: str = "") -> HttpResponse:
    """Return the page for a passing failure; with *token*, a button repeats the sending."""
    context = {"title": "Gerade geht es nicht", "token": token}
    response = render(request, "comments/not_now.html", context, status=503)
    response["Retry-After"] = "60"
    return response


def _methods(*allowed: str) -> Callable[[View], View]:
    """Answer other methods than *allowed* in German (Django's own answer is an empty page)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def check(request: HttpRequest) -> HttpResponse:
            if request.method in allowed:
                return view(request)
            response = _message(
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


def _available(view: View) -> View:
    """Answer with an apology while the database or the list of pages is out of reach."""

    @wraps(view)
    def check(request: HttpRequest) -> HttpResponse:
        try:
            return view(request)
        except (DatabaseError, pages.PagesUnavailableError):
            return _not_now(request)

    return check


def _reader_form(view: View) -> View:
    """Let in only a form of our own pages, in the one encoding that is cheap to read."""

    @csrf_exempt  # `is_from_us` takes its place.
    @_methods("POST")
    @wraps(view)
    def check(request: HttpRequest) -> HttpResponse:
        if not is_from_us(request.headers, settings.COMMENTS_ORIGIN):
            return _message(
                request,
                403,
                "Von einer anderen Website",
                "Dieses Formular kommt nicht von dieser Website. Bitte schreiben Sie Ihren "
                "Kommentar unter dem Beitrag.",
            )
        if request.content_type != FORM_TYPE:
            return _message(
                request,
                415,
                "Unbekanntes Format",
                "Diese Adresse nimmt nur das Kommentarformular entgegen.",
            )
        return view(request)

    return check


def _unknown_page(request: HttpRequest) -> HttpResponse:
    return _message(
        request,
        404,
        "Kein solcher Beitrag",
        "Zu dieser Adresse gibt es keinen Beitrag, den man kommentieren kann. Bitte öffnen Sie "
        "den Beitrag, und benutzen Sie das Formular darunter.",
        kept=request.POST.get("text", ""),
    )


def _closed(request: HttpRequest, page: pages.Page, kept: str = "") -> HttpResponse:
    return _message(
        request,
        403,
        "Kommentare sind geschlossen",
        f"Zum Beitrag „{page.title}“ sind keine Kommentare mehr möglich.",
        page,
        kept,
    )


# -- Pages ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """A comment as the templates show it."""

    id: str
    author: str
    website: str
    created: object
    html: str

    @classmethod
    def of(cls, comment: Comment) -> Shown:
        """Return how an approved comment looks."""
        return cls(
            comment.id,
            comment.author,
            comment.website,
            comment.created,
            mark_safe(render_text(comment.text)),
        )

    @classmethod
    def of_draft(cls, draft: Draft) -> Shown:
        """Return how the comment will look."""
        return cls(
            "", draft.name, draft.website, timezone.now(), mark_safe(render_text(draft.text))
        )


@_reader_form
@_available
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
    draft = Draft(
        page=page.url,
        parent=parent.id if parent else "",
        name=form.cleaned_data["name"],
        email=form.cleaned_data["email"],
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


@_reader_form
@_available
def send(request: HttpRequest) -> HttpResponse:
    """Put the comment that the signed preview carries into the queue."""
    token = request.POST.get("token", "")
    try:
        draft, is_expired = tokens.read(token), False
    except tokens.ExpiredTokenError as error:
        draft, is_expired = error.draft, True
    except tokens.ForgedTokenError:
        return _message(
            request,
            400,
            "Die Vorschau ist unbrauchbar",
            "Was hier ankam, ist keine gültige Vorschau; vielleicht wurde sie unterwegs "
            "beschädigt. Bitte schreiben Sie Ihren Kommentar noch einmal unter dem Beitrag.",
        )
    page = pages.find(draft.page)
    if page is None:
        return _message(
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
        renewed = Draft(**(vars(draft) | {"parent": parent.id if parent else ""}))
        return _preview_page(request, page, renewed, parent, PREVIEW_EXPIRED)
    try:
        take_in(draft)
    except ParentGoneError as error:
        return _preview_page(request, page, error.draft, None, PARENT_GONE)
    except DatabaseError:
        return _not_now(request, token)
    return HttpResponse(
        status=303, headers={"Location": f"{reverse('thanks')}?{urlencode({'seite': page.url})}"}
    )


@_methods("GET", "HEAD")
def thanks(request: HttpRequest) -> HttpResponse:
    """Say that the comment waits, and lead back to the page (only to one of ours)."""
    try:
        page = pages.find(request.GET.get("seite", ""))
    except pages.PagesUnavailableError:
        page = None
    return render(request, "comments/thanks.html", {"page": page})


@_methods("GET", "HEAD")
@_available
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
        return _message(
            request,
            404,
            "Kein solcher Kommentar",
            "Den Kommentar, auf den Sie antworten möchten, gibt es hier nicht (mehr).",
            page,
        )
    return _form_page(request, page, CommentForm(), parent)


# -- Export --------------------------------------------------------------------------------------


@_methods("GET", "HEAD")
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
        found = changes(int(since))
    except DatabaseError:
        return _json({"fehler": "Die Datenbank ist gerade nicht zu erreichen."}, 503)
    etag = f'"{found["store"]}-{found["revision"]}-{int(since)}"'
    response = _json(found, 200)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return get_conditional_response(request, etag=etag, response=response)


def _has_token(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    expected = settings.COMMENTS_EXPORT_TOKEN.encode()
    return scheme.lower() == "bearer" and secrets.compare_digest(token.strip().encode(), expected)


def _json(value: dict[str, object], status: int) -> HttpResponse:
    return HttpResponse(
        json.dumps(value, ensure_ascii=False), content_type="application/json", status=status
    )


# -- Errors --------------------------------------------------------------------------------------


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what Django refused to read."""
    if isinstance(exception, RequestDataTooBig):
        return _message(
            request, 413, "Das ist zu viel", "So viel Text auf einmal nimmt das Formular nicht an."
        )
    return _message(
        request, 400, "Das war nicht zu verstehen", "Diese Anfrage ist fehlerhaft aufgebaut."
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a refused access."""
    return _message(
        request, 403, "Hier geht es nicht weiter", "Für diese Seite fehlt Ihnen die Berechtigung."
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form of the moderator's whose secret does not match."""
    return _message(
        request,
        403,
        "Das Formular ist veraltet",
        "Bitte laden Sie die Seite neu, melden Sie sich wenn nötig an, und versuchen Sie es noch "
        "einmal. Die Verwaltung braucht Cookies.",
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an unknown address."""
    return _message(
        request, 404, "Diese Seite gibt es nicht", "Vielleicht ist die Adresse unvollständig."
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a mistake of ours."""
    return _message(
        request,
        500,
        "Da ist etwas schiefgegangen",
        "Der Fehler liegt nicht bei Ihnen. Bitte versuchen Sie es später noch einmal.",
    )
