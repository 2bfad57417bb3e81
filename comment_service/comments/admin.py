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
from comment_service.comments.forms import TEXT_MAX, LineField, TextField
from comment_service.comments.login import ModeratorLogin
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
    login_form = ModeratorLogin
    login_template = "comments/admin_login.html"

    def index(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """Lead to what waits."""
        queue = reverse("admin:comments_comment_changelist")
        return HttpResponseRedirect(f"{queue}?state__exact={State.PENDING}")


site = ModerationSite(name="admin")


def _count(number: int) -> str:
    return ngettext("%d Kommentar", "%d Kommentare", number) % number


class CommentForm(forms.ModelForm):
    """The name can be put right, and an answer written; all else is the reader's."""

    author = LineField(label="Name", max_length=moderation.NAME_MAX, required=False)
    answer = TextField(
        label="Ihre Antwort",
        required=False,
        max_length=TEXT_MAX,
        help_text="Sie erscheint mit dem nächsten Build; der Kommentar wird dabei freigegeben.",
        widget=forms.Textarea({"rows": 6}),
    )
    answer_name = LineField(label="Ihr Name", max_length=moderation.NAME_MAX, required=False)

    class Meta:
        """Nothing is saved by the form itself."""

        model = Comment
        fields = ("author",)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        # After the last decision on a comment they are not on the page.
        if "answer_name" in self.fields:
            self.fields["answer_name"].initial = moderation.own_name()


@admin.register(Comment, site=site)
class CommentAdmin(admin.ModelAdmin):
    """The queue. What can be done is what `moderation` can do; no row is changed or deleted."""

    form = CommentForm
    list_display = ("written", "who", "excerpt", "where", "state", "suspicion")
    list_display_links = ("written",)
    list_filter = ("state",)
    search_fields = ("author", "text", "page", "id")
    list_per_page = 50
    # What waits first, and of that what is above suspicion.
    ordering = (
        Case(When(state=State.PENDING, then=Value(0)), default=Value(1)),
        Case(When(suspicion="", then=Value(0)), default=Value(1)),
        "-created",
    )
    actions = ("approve", "reject", "spam", "erase")
    fields = (
        *("state", "suspicion", "where", "answered", "written", "author", "website", "shown"),
        *("answer", "answer_name"),
    )
    readonly_fields = ("state", "suspicion", "where", "answered", "written", "website", "shown")
    change_form_template = "comments/admin_comment.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        """Fetch the answered comments along with the others."""
        return super().get_queryset(request).select_related("parent")

    def get_fields(self, request: HttpRequest, obj: Comment | None = None) -> tuple[str, ...]:
        """Offer nothing to fill in where nothing can be done any more."""
        if obj is not None and obj.state == State.ERASED:
            return self.readonly_fields
        return self.fields

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
        """Give the single comment a title of its own."""
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

    @admin.action(description="Als Spam ablehnen", permissions=["change"])
    def spam(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        """Keep the chosen comments from the public, and teach the filter."""
        self._do(request, moderation.spam, _ids(comments), "als Spam abgelehnt")

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
        }
        return TemplateResponse(request, "comments/admin_erase.html", context)

    def save_form(self, request: HttpRequest, form: CommentForm, change: bool) -> Comment:
        """Return the comment as it is in the database: `save_model` changes it."""
        return Comment.objects.get(pk=form.instance.pk)

    def save_model(
        self, request: HttpRequest, obj: Comment, form: CommentForm, change: bool
    ) -> None:
        """Do what the pressed button says."""
        if "_approve" in request.POST:
            self._do(request, moderation.approve, [obj.pk], "freigegeben")
        elif "_reject" in request.POST:
            self._do(request, moderation.reject, [obj.pk], "abgelehnt")
        elif "_spam" in request.POST:
            self._do(request, moderation.spam, [obj.pk], "als Spam abgelehnt")
        elif "_rename" in request.POST:
            self._try(request, lambda: self._rename(obj, form), "Der Name ist geändert.")
        elif "_answer" in request.POST:
            self._try(request, lambda: self._answer(obj, form), "Ihre Antwort ist freigegeben.")

    def save_related(
        self, request: HttpRequest, form: CommentForm, formsets: object, change: bool
    ) -> None:
        """Do nothing: there is nothing related in this form."""

    def _rename(self, comment: Comment, form: CommentForm) -> None:
        moderation.rename(comment.pk, form.cleaned_data["author"])

    def _answer(self, comment: Comment, form: CommentForm) -> None:
        answer, name = form.cleaned_data["answer"], form.cleaned_data["answer_name"]
        moderation.answer(comment.pk, answer, name)

    def construct_change_message(
        self, request: HttpRequest, form: CommentForm, formsets: object, add: bool = False
    ) -> str:
        """Return nothing: the history need not say what was typed into which field."""
        return ""

    def response_change(self, request: HttpRequest, obj: Comment) -> HttpResponse:
        """Go back to what waits, or to the comment to which something was added."""
        if "_rename" in request.POST or "_answer" in request.POST:
            url = reverse("admin:comments_comment_change", args=[obj.pk])
            return HttpResponseRedirect(url)
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

    def _try(self, request: HttpRequest, change: Callable[[], None], done: str) -> None:
        try:
            change()
        except ModerationError as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.message_user(request, done, messages.SUCCESS)


def _ids(comments: QuerySet[Comment]) -> list[str]:
    return list(comments.values_list("pk", flat=True))
