"""Below ``/desk/``: follow-through, approvals, and the promises as staff keep them."""

from django.urls import URLPattern, URLResolver, path

from web.lead.follow_page import approvals, follow_through
from web.lead.promise_acts import confirm_promise, promise_act, redact_line
from web.lead.promise_page import desk_promise, edit_draft
from web.lead.promises_page import desk_promises, new_promise

_ONE = "<slug:slug>/promises/<uuid:commitment_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:slug>/follow-through/", follow_through, name="follow_through"),
    path("<slug:slug>/approvals/", approvals, name="approvals"),
    path("<slug:slug>/promises/", desk_promises, name="desk_promises"),
    path("<slug:slug>/promises/new", new_promise, name="new_promise"),
    path(_ONE, desk_promise, name="desk_promise"),
    path(f"{_ONE}edit", edit_draft, name="edit_draft"),
    path(f"{_ONE}confirm", confirm_promise, name="confirm_promise"),
    path(f"{_ONE}lines/<int:number>/hide", redact_line, name="redact_line"),
    path(f"{_ONE}<slug:act>", promise_act, name="promise_act"),
]
