"""Public, in every language: each address also stands below the code of a language (web.urls)."""

from django.urls import URLPattern, URLResolver, path

from web.meetings.asking_page import ask_event
from web.meetings.event_page import event
from web.meetings.home_pages import agency_home, home
from web.meetings.list_page import meetings
from web.meetings.my_link_page import my_link
from web.meetings.saving_page import save_place

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("agencies/<slug:slug>/", agency_home, name="agency_home"),
    path("agencies/<slug:slug>/meetings/", meetings, name="meetings"),
    path("events/<uuid:event_id>", event, name="event"),
    path("events/<uuid:event_id>/rsvp", save_place, name="save_place"),
    path("events/<uuid:event_id>/ask", ask_event, name="ask_event"),
    path("events/<uuid:event_id>/my-link", my_link, name="my_link"),
]
