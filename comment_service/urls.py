"""The addresses of the service, all below /kommentare/: the rest of the site is files."""

from __future__ import annotations

from django.urls import path

from comment_service.comments import views
from comment_service.comments.admin import site

urlpatterns = [
    path("kommentare/vorschau/", views.preview, name="preview"),
    path("kommentare/senden/", views.send, name="send"),
    path("kommentare/danke/", views.thanks, name="thanks"),
    path("kommentare/antworten/", views.reply, name="reply"),
    path("kommentare/export/", views.export, name="export"),
    path("kommentare/verwaltung/", site.urls),
]

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error
