"""The app's entry in Django."""

from __future__ import annotations

from django.apps import AppConfig


class CommentsConfig(AppConfig):
    """The app, as INSTALLED_APPS names it."""

    name = "comment_service.comments"
    label = "comments"
    verbose_name = "Kommentare"
