"""Public pages of an agency's events, the form that saves an RSVP, and events as calendar files."""

from django.urls import URLPattern, URLResolver, path

from web.events import calendars
from web.events.cards import event_picture
from web.events.detail import event
from web.events.listing import events
from web.events.saving import save_rsvp
from web.events.short_links import short_link

public: list[URLPattern | URLResolver] = [
    path("agencies/<slug:slug>/meetings/", events, name="events"),
    path("events/<uuid:event_id>", event, name="event"),
    path("events/<uuid:event_id>/picture.png", event_picture, name="event_picture"),
    path("events/<uuid:event_id>/rsvp", save_rsvp, name="save_rsvp"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("m/<str:code>", short_link, name="short_link"),
    path("events/<uuid:event_id>/invite.ics", calendars.invite, name="invite"),
    path("calendars/rsvp/<slug:token>.ics", calendars.rsvp_file, name="rsvp_calendar"),
    path("calendars/<slug:slug>.ics", calendars.agency_calendar, name="agency_calendar"),
    path(
        "calendars/<slug:slug>/dialogues/<uuid:dialogue_id>.ics",
        calendars.dialogue_calendar,
        name="dialogue_calendar",
    ),
]
