"""Below ``/accounts/``: allauth's pages that staff need, and one's own account. No sign-up, no change of address.

Beside it the link of an invitation.
"""

from allauth.account import views as allauth
from django.urls import URLPattern, URLResolver, include, path, re_path

from web.account import sessions
from web.account.invitation import invitation
from web.account.overview import account
from web.account.sign_in import no_sign_up, sign_in
from web.account.tries import behind_a_reset_link

_accounts: list[URLPattern | URLResolver] = [
    path("", account, name="account"),
    path("login/", sign_in, name="account_login"),
    path("logout/", allauth.logout, name="account_logout"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("signup/", no_sign_up, name="account_signup"),
    path("reauthenticate/", allauth.reauthenticate, name="account_reauthenticate"),
    path("password/change/", allauth.password_change, name="account_change_password"),
    path("password/set/", allauth.password_set, name="account_set_password"),
    path("password/reset/", allauth.password_reset, name="account_reset_password"),
    path("password/reset/done/", allauth.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/key/done/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]{1,64})-(?P<key>[0-9A-Za-z-]{1,200})/$",
        behind_a_reset_link(allauth.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("sessions/others/end", sessions.end_others, name="end_other_sessions"),
    path("sessions/<uuid:session_id>/end", sessions.end_one, name="end_session"),
    path("still-here", sessions.still_here, name="still_here"),
    path("2fa/", include("allauth.mfa.urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include(_accounts)),
    path("invitation/<slug:token>", invitation, name="invitation"),
]
