"""A resident's own RSVP behind their link, and the RSVPs and needs of an event as staff work on them."""

from django.urls import URLPattern, URLResolver, path, re_path

from web.rsvps import flood, for_staff, manage, more_readings, needs, record
from web.rsvps.check_in_code import check_in_code
from web.rsvps.correct_address import correct_address
from web.rsvps.my_link import my_link
from web.rsvps.ticket_picture import rsvp_picture

_EVENT = "<slug:slug>/events/<uuid:event_id>"
_ONE = f"{_EVENT}/rsvps/<uuid:rsvp_id>"

public: list[URLPattern | URLResolver] = [
    path("events/<uuid:event_id>/my-link", my_link, name="my_link"),
]

desk: list[URLPattern | URLResolver] = [
    path(f"{_EVENT}/rsvps/", for_staff.event_rsvps, name="event_rsvps"),
    path(f"{_EVENT}/rsvps/flood", flood.flood, name="undo_flood"),
    path(f"{_EVENT}/rsvps/new", for_staff.rsvp_for_caller, name="rsvp_for_caller"),
    path(f"{_ONE}/", for_staff.one_rsvp, name="event_rsvp"),
    path(f"{_ONE}/change", for_staff.change_rsvp, name="change_rsvp_for_caller"),
    path(f"{_ONE}/cancel", for_staff.cancel_for_caller, name="cancel_for_caller"),
    path(f"{_ONE}/accept", for_staff.accept_for_caller, name="accept_for_caller"),
    path(f"{_ONE}/reveal", for_staff.reveal, name="reveal_rsvp"),
    path(f"{_EVENT}/needs/", needs.event_needs, name="event_needs"),
    path(f"{_EVENT}/needs/<uuid:request_id>/", needs.one_need, name="one_need"),
    path(f"{_EVENT}/needs/<uuid:request_id>/take", needs.take_need, name="take_need"),
    path("<slug:slug>/readings/", more_readings.more_readings, name="more_readings"),
    path("<slug:slug>/readings/<uuid:request_id>/yes", more_readings.say_yes, name="say_yes_to_readings"),
]

# The paths stand in mails that were sent: they stay as they are.
urlpatterns: list[URLPattern | URLResolver] = [
    path("r/<slug:token>", manage.manage, name="manage"),
    path("r/<slug:token>/cancel", manage.cancel_rsvp, name="cancel_rsvp"),
    path("r/<slug:token>/address", correct_address, name="correct_address"),
    path("r/<slug:token>/keep", manage.keep_rsvp, name="keep_rsvp"),
    path("r/<slug:token>/accept", manage.accept_offer, name="accept_by_manage_link"),
    path("r/<slug:token>/decline", manage.decline_offer, name="decline_offer"),
    path("r/<slug:token>/picture.png", rsvp_picture, name="rsvp_picture"),
    path("r/<slug:token>/data", record.what_we_hold, name="what_we_hold"),
    path("r/<slug:token>/write-again", manage.write_again, name="write_again"),
    path("r/<slug:token>/new-link", manage.new_link, name="new_link"),
    path("r/<slug:token>/erase", record.erase, name="erase"),
    path("r/<slug:token>/not-me", record.not_me, name="not_me"),
    path("accept/<slug:token>", manage.accept_offer, name="accept_offer"),
    # On the ticket's QR in capitals, which makes it smaller.
    re_path(r"^[cC]/(?P<code>[0-9A-Za-z-]{1,24})/?$", check_in_code, name="check_in_code"),
]
