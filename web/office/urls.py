"""Below ``/desk/<agency>/office/``: what an administrator looks after. Beside it: events from a file."""

from django.urls import URLPattern, URLResolver, path

from web.office import closures, communities, people, pledges, readings, tokens
from web.office.imports import import_events
from web.office.sections import office, settings_section
from web.office.what_is_open import what_is_open

_OFFICE = "<slug:slug>/office/"

desk: list[URLPattern | URLResolver] = [
    path(_OFFICE, office, name="office"),
    path(f"{_OFFICE}people/", people.people, name="office_people"),
    path(f"{_OFFICE}people/<uuid:person_id>/", what_is_open, name="office_what_is_open"),
    path(f"{_OFFICE}roles/<uuid:role_id>/end", people.end_somebodys_role, name="end_role"),
    path(f"{_OFFICE}invitations/<uuid:invitation_id>/withdraw", people.withdraw, name="withdraw_invitation"),
    path(f"{_OFFICE}pledges/", pledges.pledges, name="office_pledges"),
    path(f"{_OFFICE}pledges/sign/<slug:code>", pledges.sign, name="sign_pledge"),
    path(f"{_OFFICE}pledges/<uuid:pledge_id>/withdraw", pledges.withdraw, name="withdraw_pledge"),
    path(f"{_OFFICE}readings/", readings.readings, name="office_readings"),
    path(f"{_OFFICE}tokens/", tokens.tokens, name="office_tokens"),
    path(f"{_OFFICE}tokens/<uuid:token_id>/revoke", tokens.revoke_token, name="revoke_token"),
    path(f"{_OFFICE}communities/", communities.communities, name="office_communities"),
    path(f"{_OFFICE}communities/<uuid:community_id>/", communities.edit, name="office_community"),
    path(f"{_OFFICE}communities/<uuid:community_id>/remove", communities.remove, name="remove_community"),
    path(f"{_OFFICE}closed-days/", closures.closures, name="office_closures"),
    path(f"{_OFFICE}closed-days/<uuid:closure_id>/remove", closures.remove, name="remove_closure"),
    # After all others: a section may be called anything.
    path(f"{_OFFICE}<slug:section>/", settings_section, name="office_section"),
    path("<slug:slug>/import/", import_events, name="import_events"),
]
