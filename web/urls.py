"""Every page for people. The probes and calendars stand here too, since they are no part of the API's contract."""

from django.urls import URLPattern, URLResolver, include, path, re_path, register_converter

from web import calendar_files, health_pages, subscription_pages
from web.agency_colors import agency_colors
from web.desk.paper_pages import poster
from web.invitation_page import invitation
from web.languages import OtherLanguage
from web.meetings.urls import urlpatterns as meetings
from web.offline.offline_pages import offline, service_worker
from web.place import manage_pages, record_pages
from web.place.check_in_code_page import check_in_code
from web.promises.urls import urlpatterns as promises
from web.security_contact import report_a_hole, security_txt
from web.styleguide_page import styleguide

register_converter(OtherLanguage, "other_language")
_public = [
    *meetings,
    *promises,
    path("events/<uuid:event_id>/poster", poster, name="poster"),
    path("styleguide/", styleguide, name="styleguide"),
    path("offline", offline, name="offline"),
    path("security", report_a_hole, name="report_a_hole"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *_public,
    path("<other_language:language>/", include(_public)),
    path("agencies/<slug:slug>/colors-<int:version>.css", agency_colors, name="agency_colors"),
    path(".well-known/security.txt", security_txt, name="security_txt"),
    path("sw.js", service_worker, name="service_worker"),
    path("desk/", include("web.desk.urls")),
    path("desk/", include("web.listening.urls")),
    path("desk/", include("web.lead.urls")),
    path("desk/", include("web.office.urls")),
    path("door/", include("web.door.urls")),
    path("healthz", health_pages.healthz, name="healthz"),
    path("readyz", health_pages.readyz, name="readyz"),
    path("accounts/", include("web.account_urls")),
    # A resident's own place. The paths stand in mails that were sent: they stay as they are.
    path("r/<slug:token>", manage_pages.manage, name="manage"),
    path("r/<slug:token>/cancel", manage_pages.cancel_place, name="cancel_place"),
    path("r/<slug:token>/accept", manage_pages.accept_offer, name="accept_by_manage_link"),
    path("r/<slug:token>/decline", manage_pages.decline_offer, name="decline_offer"),
    path("r/<slug:token>/picture.png", manage_pages.place_picture, name="place_picture"),
    path("r/<slug:token>/data", record_pages.what_we_hold, name="what_we_hold"),
    path("r/<slug:token>/new-link", manage_pages.new_link, name="new_link"),
    path("r/<slug:token>/erase", record_pages.erase, name="erase"),
    path("r/<slug:token>/not-me", record_pages.not_me, name="not_me"),
    path("confirm/<slug:token>", subscription_pages.confirm, name="confirm"),
    path("unsubscribe/<slug:token>", subscription_pages.unsubscribe, name="unsubscribe"),
    path("invitation/<slug:token>", invitation, name="invitation"),
    path("accept/<slug:token>", manage_pages.accept_offer, name="accept_offer"),
    # On the ticket's QR in capitals, which makes it smaller.
    re_path(r"^[cC]/(?P<code>[0-9A-Za-z-]{1,24})/?$", check_in_code, name="check_in_code"),
    path("calendars/rsvp/<slug:token>.ics", calendar_files.rsvp_file, name="rsvp_calendar"),
    path("calendars/<slug:slug>.ics", calendar_files.agency_calendar, name="agency_calendar"),
    path(
        "calendars/<slug:slug>/dialogues/<uuid:dialogue_id>.ics",
        calendar_files.dialogue_calendar,
        name="dialogue_calendar",
    ),
    path("events/<uuid:event_id>/invite.ics", calendar_files.invite, name="invite"),
]
