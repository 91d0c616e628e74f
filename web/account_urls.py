"""allauth's pages that staff need: signing in and out, passwords, second factors. No sign-up, no change of address."""

from allauth.account import views as account
from django.urls import include, path, re_path

from web import session_pages
from web.desk_page import account as own_account
from web.sign_in import no_sign_up, sign_in
from web.sign_in_tries import behind_a_reset_link

urlpatterns = [
    path("", own_account, name="account"),
    path("login/", sign_in, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("signup/", no_sign_up, name="account_signup"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]{1,64})-(?P<key>[0-9A-Za-z-]{1,200})/$",
        behind_a_reset_link(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("sessions/others/end", session_pages.end_others, name="end_other_sessions"),
    path("sessions/<uuid:session_id>/end", session_pages.end_one, name="end_session"),
    path("still-here", session_pages.still_here, name="still_here"),
    path("2fa/", include("allauth.mfa.urls")),
]
