"""Following something by email, and the links under our mails that confirm or stop it."""

from django.urls import URLPattern, URLResolver, path

from web.subscriptions.following import follow
from web.subscriptions.links import confirm, unsubscribe

public: list[URLPattern | URLResolver] = [
    path("agencies/<slug:slug>/follow", follow, name="follow"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("confirm/<slug:token>", confirm, name="confirm"),
    path("unsubscribe/<slug:token>", unsubscribe, name="unsubscribe"),
]
