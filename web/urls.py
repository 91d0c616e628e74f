"""Every page for people, subject by subject. The probes and calendars stand here too: they are no part of the API's contract.

A subject's ``urls`` holds up to three lists: ``public`` (also below the code of each other language), ``desk`` (below
``/desk/``), and ``urlpatterns`` (one address each: links in mails, files, forms that lead elsewhere).
"""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from web.commitments import urls as commitments
from web.desk import old_addresses
from web.desk import urls as desk
from web.door import urls as door
from web.events import urls as events
from web.home import urls as home
from web.listening import urls as listening
from web.office import urls as office
from web.rsvps import urls as rsvps
from web.site.frames.agency_colors import agency_colors
from web.site.health import healthz, readyz
from web.site.languages.addresses import OtherLanguage
from web.site.offline.pages import offline, service_worker
from web.subscriptions import urls as subscriptions
from web.summaries import urls as summaries

register_converter(OtherLanguage, "other_language")
_public: list[URLPattern | URLResolver] = [
    *home.public,
    *events.public,
    *rsvps.public,
    *listening.public,
    *commitments.public,
    *summaries.public,
    *subscriptions.public,
    *desk.public,
    path("offline", offline, name="offline"),
]
_desk: list[URLPattern | URLResolver] = [
    *old_addresses.desk,
    *desk.desk,
    *rsvps.desk,
    *listening.desk,
    *commitments.desk,
    *summaries.desk,
    *door.desk,
    *office.desk,
]

urlpatterns: list[URLPattern | URLResolver] = [
    *_public,
    path("<other_language:language>/", include(_public)),
    path("agencies/<slug:slug>/colors-<int:version>.css", agency_colors, name="agency_colors"),
    path("sw.js", service_worker, name="service_worker"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    *home.urlpatterns,
    *events.urlpatterns,
    *rsvps.urlpatterns,
    *subscriptions.urlpatterns,
    path("desk/", include(_desk)),
    path("door/", include("web.door.urls")),
    path("", include("web.account.urls")),
]
