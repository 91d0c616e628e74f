"""Below ``/desk/<agency>/office/``: what an administrator looks after. Beside it: meetings from a file."""

from django.urls import URLPattern, URLResolver, path

from web.office import communities_page, people_page, pledges_page, readings_page, tokens_page
from web.office.imports_page import import_meetings
from web.office.office_page import office, settings_section
from web.office.open_access_page import open_access

_OFFICE = "<slug:slug>/office/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(_OFFICE, office, name="office"),
    path(f"{_OFFICE}people/", people_page.people, name="office_people"),
    path(f"{_OFFICE}people/<uuid:person_id>/", open_access, name="office_access"),
    path(f"{_OFFICE}roles/<uuid:role_id>/end", people_page.end_somebodys_role, name="end_role"),
    path(
        f"{_OFFICE}invitations/<uuid:invitation_id>/withdraw",
        people_page.withdraw,
        name="withdraw_invitation",
    ),
    path(f"{_OFFICE}pledges/", pledges_page.pledges, name="office_pledges"),
    path(f"{_OFFICE}pledges/sign/<slug:code>", pledges_page.sign, name="sign_pledge"),
    path(f"{_OFFICE}pledges/<uuid:pledge_id>/withdraw", pledges_page.withdraw, name="withdraw_pledge"),
    path(f"{_OFFICE}readings/", readings_page.readings, name="office_readings"),
    path(f"{_OFFICE}keys/", tokens_page.tokens, name="office_tokens"),
    path(f"{_OFFICE}keys/<uuid:token_id>/revoke", tokens_page.revoke_token, name="revoke_token"),
    path(f"{_OFFICE}communities/", communities_page.communities, name="office_communities"),
    path(f"{_OFFICE}communities/<uuid:community_id>/", communities_page.edit, name="office_community"),
    path(
        f"{_OFFICE}communities/<uuid:community_id>/remove", communities_page.remove, name="remove_community"
    ),
    path(f"{_OFFICE}<slug:section>/", settings_section, name="office_section"),
    path("<slug:slug>/import/", import_meetings, name="import_meetings"),
]
