"""Below ``/desk/``: choosing an agency, the board, and everything about one event."""

from django.urls import URLPattern, URLResolver, path

from web.desk import (
    board_page,
    checklist_pages,
    choosing_agency,
    door_link_pages,
    event_list_page,
    flood_page,
    more_readings_page,
    need_pages,
    outreach_pages,
    paper_pages,
    place_pages,
    planning_pages,
    turning_pages,
    venue_pages,
    wall_page,
    workspace_page,
)

_EVENT = "<slug:slug>/events/<uuid:event_id>"
_PLACE = f"{_EVENT}/rsvps/<uuid:place_id>"
_RULE = "<uuid:rule_id>"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", choosing_agency.desk, name="desk"),
    path("<slug:slug>/", board_page.board, name="board"),
    path("<slug:slug>/events/", event_list_page.event_list, name="event_list"),
    path("<slug:slug>/events/new", planning_pages.plan_event, name="plan_event"),
    path(f"{_EVENT}/", workspace_page.workspace, name="workspace"),
    path(f"{_EVENT}/edit", planning_pages.edit_event, name="edit_event"),
    path(f"{_EVENT}/publish", turning_pages.publish_event, name="publish_event"),
    path(f"{_EVENT}/start", turning_pages.start_event, name="start_event"),
    path(f"{_EVENT}/end", turning_pages.end_event, name="end_event"),
    path(f"{_EVENT}/cancel", turning_pages.cancel_event, name="cancel_event"),
    path(f"{_EVENT}/delete", turning_pages.delete_event, name="delete_event"),
    path(f"{_EVENT}/checklist", checklist_pages.checklist, name="checklist"),
    path(f"{_EVENT}/checklist/start", checklist_pages.start_checklist, name="start_checklist"),
    path(f"{_EVENT}/checklist/new", checklist_pages.add_to_checklist, name="add_to_checklist"),
    path(f"{_EVENT}/checklist/<uuid:item_id>", checklist_pages.change_line, name="change_line"),
    path(f"{_EVENT}/checklist/<uuid:item_id>/remove", checklist_pages.remove_line, name="remove_line"),
    path(f"{_EVENT}/rsvps/", place_pages.event_rsvps, name="event_rsvps"),
    path(f"{_EVENT}/rsvps/flood", flood_page.flood, name="undo_flood"),
    path(f"{_EVENT}/rsvps/new", place_pages.place_for_caller, name="place_for_caller"),
    path(f"{_PLACE}/", place_pages.one_place, name="event_place"),
    path(f"{_PLACE}/change", place_pages.change_place, name="change_place_for_caller"),
    path(f"{_PLACE}/cancel", place_pages.cancel_for_caller, name="cancel_for_caller"),
    path(f"{_PLACE}/accept", place_pages.accept_for_caller, name="accept_for_caller"),
    path(f"{_PLACE}/reveal", place_pages.reveal, name="reveal_place"),
    path(f"{_EVENT}/needs/", need_pages.event_needs, name="event_needs"),
    path(f"{_EVENT}/needs/<uuid:request_id>/", need_pages.one_need, name="one_need"),
    path(f"{_EVENT}/needs/<uuid:request_id>/take", need_pages.take_need, name="take_need"),
    path(f"{_EVENT}/outreach/", outreach_pages.event_outreach, name="event_outreach"),
    path(f"{_EVENT}/reminders/new", outreach_pages.add_reminder, name="add_event_reminder"),
    path(f"{_EVENT}/reminders/{_RULE}", outreach_pages.change_reminder, name="change_event_reminder"),
    path(f"{_EVENT}/reminders/{_RULE}/end", outreach_pages.end_reminder, name="end_event_reminder"),
    path(f"{_EVENT}/door-links/", door_link_pages.door_links, name="door_links"),
    path(
        f"{_EVENT}/door-links/<uuid:link_id>/close", door_link_pages.close_door_link, name="close_door_link"
    ),
    path(f"{_EVENT}/wall", wall_page.wall, name="wall"),
    path(f"{_EVENT}/sign-in-sheet", paper_pages.sign_in_sheet, name="sign_in_sheet"),
    path("<slug:slug>/readings/", more_readings_page.more_readings, name="more_readings"),
    path(
        "<slug:slug>/readings/<uuid:request_id>/yes", more_readings_page.say_yes, name="say_yes_to_readings"
    ),
    path("<slug:slug>/reminders/", outreach_pages.reminders, name="reminders"),
    path("<slug:slug>/reminders/new", outreach_pages.add_reminder, name="add_reminder"),
    path(f"<slug:slug>/reminders/{_RULE}", outreach_pages.change_reminder, name="change_reminder"),
    path(f"<slug:slug>/reminders/{_RULE}/end", outreach_pages.end_reminder, name="end_reminder"),
    path("<slug:slug>/places/", venue_pages.venues, name="venues"),
    path("<slug:slug>/places/new", venue_pages.new_venue, name="new_venue"),
    path("<slug:slug>/places/<uuid:venue_id>", venue_pages.one_venue, name="one_venue"),
    path("<slug:slug>/places/<uuid:venue_id>/remove", venue_pages.delete_venue, name="delete_venue"),
]
