"""Public, in every language: each address also stands below the code of a language (web.urls)."""

from django.urls import URLPattern, URLResolver, path

from web.promises.ask_page import ask_us
from web.promises.follow_page import follow
from web.promises.heard_pages import heard, summary
from web.promises.info_pages import accessibility, privacy
from web.promises.list_page import promises, promises_csv
from web.promises.promise_page import promise, promise_that_says_nothing

urlpatterns: list[URLPattern | URLResolver] = [
    path("agencies/<slug:slug>/promises/", promises, name="promises"),
    path("agencies/<slug:slug>/promises.csv", promises_csv, name="promises_csv"),
    path("agencies/<slug:slug>/promises/<int:number>/", promise, name="promise"),
    path("news/<uuid:commitment_id>/", promise_that_says_nothing, name="promise_that_says_nothing"),
    path("agencies/<slug:slug>/heard/", heard, name="heard"),
    path("events/<uuid:event_id>/summary", summary, name="summary"),
    path("agencies/<slug:slug>/ask/", ask_us, name="ask_us"),
    path("agencies/<slug:slug>/follow", follow, name="follow"),
    path("agencies/<slug:slug>/privacy/", privacy, name="privacy"),
    path("agencies/<slug:slug>/accessibility/", accessibility, name="accessibility"),
]
