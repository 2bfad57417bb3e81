"""The moderator's pages: Django's admin, cut down to the one job."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import admin, messages
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import ngettext

from comment_service.comments import moderation
from comment_service.comments.models import Comment, State
from comment_service.moderation import ModerationError
from plugins.comments.core import render_text

EXCERPT_CHARS = 280


class ModerationSite(admin.AdminSite):
    """One list, and it is the home page."""

    site_header = "Kommentare"
    site_title = "Kommentare"
    index_title = "Verwaltung"
    enable_nav_sidebar = False

    def index(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """Lead to what waits."""
        queue = reverse("admin:comments_comment_changelist")
        return HttpResponseRedirect(f"{queue}?state__exact={State.PENDING}")


site = ModerationSite(name="admin")


def _count(number: int) -> str:
    return ngettext("%d Kommentar", "%d Kommentare", number) % number


@admin.register(Comment, site=site)
class CommentAdmin(admin.ModelAdmin):
    """The queue. What can be done is what `moderation` can do; nothing is edited or deleted."""

    list_display = ("written", "who", "excerpt", "where", "state")
    list_display_links = ("written",)
    list_filter = ("state",)
    search_fields = ("author", "text", "page", "id")
    list_per_page = 50
    ordering = (Case(When(state=State.PENDING, then=Value(0)), default=Value(1)), "-created")
    actions = ("approve", "reject", "erase")
    fields = ("state", "where", "answered", "written", "who", "email", "website", "shown")
    readonly_fields = fields
    change_form_template = "comments/admin_comment.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        """Fetch the answered comments along with the others."""
        return super().get_queryset(request).select_related("parent")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """Give the list a title that says no more than it must."""
        return super().changelist_view(request, {"title": "Kommentare"} | (extra_context or {}))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, object] | None = None,
    ) -> HttpResponse:
        """Give the single comment a title that promises no editing."""
        context = {"title": "Kommentar prüfen"} | (extra_context or {})
        return super().changeform_view(request, object_id, form_url, context)

    # -- What is shown --

    @admin.display(description="geschrieben", ordering="created")
    def written(self, comment: Comment) -> str:
        """Return date and time."""
        return date_format(localtime(comment.created), "j. F Y, H:i") + " Uhr"

    @admin.display(description="Name", ordering="author")
    def who(self, comment: Comment) -> str:
        """Return the name."""
        return comment.author or "–"

    @admin.display(description="Kommentar")
    def excerpt(self, comment: Comment) -> str:
        """Return the start of the text as it was typed."""
        return Truncator(comment.text).chars(EXCERPT_CHARS)

    @admin.display(description="Seite", ordering="page")
    def where(self, comment: Comment) -> str:
        """Return a link to the page on the site."""
        return format_html('<a href="{}">{}</a>', comment.page, comment.page)

    @admin.display(description="Antwort auf")
    def answered(self, comment: Comment) -> str:
        """Return a link to the comment that is answered."""
        if comment.parent is None:
            return "–"
        url = reverse("admin:comments_comment_change", args=[comment.parent_id])
        return format_html('<a href="{}">{}</a>', url, comment.parent.author or "gelöscht")

    @admin.display(description="Kommentar")
    def shown(self, comment: Comment) -> str:
        """Return the text as readers will see it."""
        return mark_safe(render_text(comment.text))

    # -- What can be done --

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Say no: comments come from readers."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Comment | None = None) -> bool:
        """Say no: a deleted row leaves no tombstone, and the comment stays on the site."""
        return False

    @admin.action(description="Freigeben", permissions=["change"])
    def approve(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        """Make the chosen comments public."""
        self._do(request, moderation.approve, _ids(comments), "freigegeben")

    @admin.action(description="Ablehnen", permissions=["change"])
    def reject(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        """Keep the chosen comments from the public."""
        self._do(request, moderation.reject, _ids(comments), "abgelehnt")

    @admin.action(description="Endgültig löschen …", permissions=["change"])
    def erase(self, request: HttpRequest, comments: QuerySet[Comment]) -> HttpResponse | None:
        """Ask, and then delete text and personal data of the chosen comments."""
        if request.POST.get("confirmed"):
            self._do(request, moderation.erase, _ids(comments), "gelöscht")
            return None
        context = {
            **site.each_context(request),
            "title": "Endgültig löschen",
            "comments": comments,
            "opts": self.opts,
            "media": self.media,
        }
        return TemplateResponse(request, "comments/admin_erase.html", context)

    def save_model(
        self, request: HttpRequest, obj: Comment, form: forms.ModelForm, change: bool
    ) -> None:
        """Do what the pressed button says: the fields are read only."""
        if "_approve" in request.POST:
            self._do(request, moderation.approve, [obj.pk], "freigegeben")
        elif "_reject" in request.POST:
            self._do(request, moderation.reject, [obj.pk], "abgelehnt")

    def response_change(self, request: HttpRequest, obj: Comment) -> HttpResponse:
        """Go back to what waits; the message is there already."""
        return HttpResponseRedirect(reverse("admin:index"))

    def _do(
        self,
        request: HttpRequest,
        change: Callable[[list[str]], list[str]],
        ids: list[str],
        done: str,
    ) -> None:
        try:
            changed = change(ids)
        except ModerationError as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.message_user(request, f"{_count(len(changed))} {done}.", messages.SUCCESS)


def _ids(comments: QuerySet[Comment]) -> list[str]:
    return list(comments.values_list("pk", flat=True))
