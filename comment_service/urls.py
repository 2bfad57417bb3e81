"""The addresses of the service, all below /kommentare/: the rest of the site is files."""

from __future__ import annotations

from django.urls import path

from comment_service.comments import link_views, views
from comment_service.comments.admin import site

urlpatterns = [
    path("kommentare/vorschau/", views.preview, name="preview"),
    path("kommentare/senden/", views.send, name="send"),
    path("kommentare/danke/", views.thanks, name="thanks"),
    path("kommentare/antworten/", views.reply, name="reply"),
    path("kommentare/zurueckziehen/<str:token>/", link_views.withdraw, name="withdraw"),
    path("kommentare/bestaetigen/<str:token>/", link_views.confirm, name="confirm"),
    path("kommentare/abbestellen/<str:token>/", link_views.unsubscribe, name="unsubscribe"),
    path("kommentare/entscheiden/<str:token>/", link_views.decide, name="decide"),
    path("kommentare/export/", views.export, name="export"),
    path("kommentare/verwaltung/", site.urls),
]

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error
