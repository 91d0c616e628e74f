"""Every page by the name of its route, and what a passer-by gets at a made-up address of it: without a sign-in, by GET."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.urls import URLResolver, get_resolver

_BY_KIND: Final = {
    # Anybody may read it.
    "open": """
        account_inactive account_login account_reset_password account_reset_password_done
        account_reset_password_from_key_done check_in_code door_left healthz home readyz offline service_worker styleguide
    """,
    # Leads to the sign-in, as every page of the desk does that does not stand elsewhere here.
    "login": """
        account account_change_password account_reauthenticate account_set_password door door_code
        mfa_activate_totp mfa_add_webauthn mfa_deactivate_totp mfa_download_recovery_codes mfa_edit_webauthn
        mfa_generate_recovery_codes mfa_index mfa_list_webauthn mfa_reauthenticate mfa_reauthenticate_webauthn
        mfa_remove_webauthn mfa_view_recovery_codes still_here
    """,
    # A made-up link, or the name of something that is not there, leads nowhere.
    "link": """
        accept_by_manage_link accept_offer accessibility account_reset_password_from_key agency_calendar
        agency_colors agency_home ask_event ask_us cancel_rsvp confirm correct_address decline_offer dialogue_calendar erase keep_rsvp
        event follow summaries invitation invite new_link write_again manage events me_too my_link not_me open_door rsvp_picture poster
        privacy commitment commitment_that_says_nothing commitments commitments_csv report_a_hole security_txt rsvp_calendar agency_picture event_picture commitment_picture short_link summary unsubscribe what_we_hold
    """,
    # There is no such page.
    "none": """
        account_signup
    """,
    # An address that has another name today leads there, whoever asks.
    "moved": """
        old_address
    """,
    # For scrapers that have its token.
    "local": """
        metrics
    """,
    # Takes a form only, or leads elsewhere.
    "other": """
        account_logout door_begin door_correct door_find door_heads door_leave door_let_in door_matches door_numbers
        door_undo door_walk_in save_rsvp mfa_authenticate mfa_login_webauthn remove_community remove_closure revoke_token
        withdraw_invitation say_yes_to_readings end_session end_other_sessions
    """,
}
_SAID: Final = {name: kind for kind, names in _BY_KIND.items() for name in names.split()}


def _of_the_desk() -> Iterator[str]:
    for one in get_resolver("web.urls").url_patterns:
        if isinstance(one, URLResolver) and str(one.pattern) == "desk/":
            yield from (page.name for page in one.url_patterns)


PAGES: Final = dict.fromkeys(_of_the_desk(), "login") | _SAID
FITTING: Final = {
    "open": {200}, "login": {302}, "none": {404}, "moved": {308}, "link": {404, 405, 200}, "local": {200, 401, 403, 404},
    "other": {200, 302, 405},
}  # fmt: skip
# A value for each part of a path.
MADE_UP: Final = {
    "token": "a" * 53, "slug": "nowhere", "uidb36": "1", "key": "abc-def", "code": "7KQ4M2WDX0", "pk": 1,
    **dict.fromkeys(
        ("event_id", "dialogue_id", "commitment_id", "community_id", "closure_id", "role_id", "invitation_id", "pledge_id", "token_id",
         "rsvp_id", "request_id", "rule_id", "link_id", "item_id", "venue_id", "theme_id", "note_id", "contribution_id", "person_id", "session_id"),
        "01890000-0000-7000-8000-000000000000",
    ),
    "number": 1, "version": 1, "act": "update", "section": "about", "language": "es",
    "before": "nowhere/", "then": "places",
}  # fmt: skip
