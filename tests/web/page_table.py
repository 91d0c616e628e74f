"""Every page by the name of its route, and what a passer-by gets at a made-up address of it: without a sign-in, by GET."""

from __future__ import annotations

from typing import Final

_BY_KIND: Final = {
    # Anybody may read it.
    "open": """
        account_inactive account_login account_reset_password account_reset_password_done
        account_reset_password_from_key_done check_in_code door_left healthz home readyz offline service_worker styleguide
    """,
    # Leads to the sign-in.
    "login": """
        accept_for_caller account account_change_password account_reauthenticate account_set_password
        add_event_reminder add_reminder add_to_checklist approvals board cancel_event cancel_for_caller
        change_event_reminder change_line change_place_for_caller change_reminder checklist close_dialogue
        close_door_link delete_dialogue delete_event delete_venue desk desk_promise desk_promises dialogue
        dialogue_themes dialogues door door_code door_links edit_draft edit_event
        edit_theme end_event end_event_reminder end_reminder end_role event_list event_needs event_outreach
        event_place event_question_write event_questions event_rsvps event_summary event_summary_approve
        event_summary_draft event_summary_preview event_summary_publish event_summary_sending event_themes
        follow_through import_meetings mfa_activate_totp mfa_add_webauthn mfa_deactivate_totp
        mfa_download_recovery_codes mfa_edit_webauthn mfa_generate_recovery_codes mfa_index mfa_list_webauthn
        mfa_reauthenticate mfa_reauthenticate_webauthn mfa_remove_webauthn mfa_view_recovery_codes new_dialogue
        new_promise new_venue note note_edit note_promise note_show notes office office_communities
        office_access office_community office_people office_pledges office_readings more_readings office_section office_tokens one_need one_venue
        open_dialogue place_for_caller plan_event promise_act publish_event question question_answer
        question_correct question_hide question_show question_theme question_write questions questions_many
        redact_line reminders remove_line remove_theme report_dialogue reveal_place sign_in_sheet sign_pledge
        start_checklist start_event still_here take_need undo_flood venues wall withdraw_pledge workspace
    """,
    # A made-up link, or the name of something that is not there, leads nowhere.
    "link": """
        accept_by_manage_link accept_offer accessibility account_reset_password_from_key agency_calendar
        agency_colors agency_home ask_event ask_us cancel_place confirm decline_offer dialogue_calendar erase
        event follow heard invitation invite new_link manage meetings my_link not_me open_door place_picture poster
        privacy promise promise_that_says_nothing promises promises_csv report_a_hole security_txt rsvp_calendar summary unsubscribe what_we_hold
    """,
    # There is no such page.
    "none": """
        account_signup
    """,
    # For scrapers that have its token.
    "local": """
        metrics
    """,
    # Takes a form only, or leads elsewhere.
    "other": """
        account_logout confirm_promise door_begin door_correct door_find door_heads door_leave door_let_in door_matches door_numbers
        door_undo door_walk_in save_place mfa_authenticate mfa_login_webauthn remove_community revoke_token
        withdraw_invitation say_yes_to_readings end_session end_other_sessions
    """,
}
PAGES: Final = {name: kind for kind, names in _BY_KIND.items() for name in names.split()}
FITTING: Final = {
    "open": {200}, "login": {302}, "none": {404}, "link": {404, 405, 200}, "local": {200, 401, 403, 404},
    "other": {200, 302, 405},
}  # fmt: skip
# A value for each part of a path.
MADE_UP: Final = {
    "token": "a" * 53, "slug": "nowhere", "uidb36": "1", "key": "abc-def", "code": "7KQ4M2WDX0", "pk": 1,
    **dict.fromkeys(
        ("event_id", "dialogue_id", "commitment_id", "community_id", "role_id", "invitation_id", "pledge_id", "token_id",
         "place_id", "request_id", "rule_id", "link_id", "item_id", "venue_id", "theme_id", "note_id", "contribution_id", "person_id", "session_id"),
        "01890000-0000-7000-8000-000000000000",
    ),
    "number": 1, "version": 1, "act": "update", "section": "about", "language": "es",
}  # fmt: skip
