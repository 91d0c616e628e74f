"""Below ``/desk/``: the board, planning an event and running it, messages, venues, and what is printed."""

from django.urls import URLPattern, URLResolver, path

from web.account.choosing_agency import desk as choose_agency
from web.desk import (
    board,
    checklist,
    event_list,
    outreach,
    planning,
    turning,
    venues,
    ways_back,
    workspace,
)
from web.desk.papers import sign_in_sheet
from web.desk.poster import poster
from web.desk.wall import wall

_EVENT = "<slug:slug>/events/<uuid:event_id>"
_RULE = "<uuid:rule_id>"

public: list[URLPattern | URLResolver] = [
    path("events/<uuid:event_id>/poster", poster, name="poster"),
]

desk: list[URLPattern | URLResolver] = [
    path("", choose_agency, name="desk"),
    path("<slug:slug>/", board.board, name="board"),
    path("<slug:slug>/events/", event_list.event_list, name="event_list"),
    path("<slug:slug>/events/new", planning.plan_event, name="plan_event"),
    path(f"{_EVENT}/", workspace.workspace, name="workspace"),
    path(f"{_EVENT}/edit", planning.edit_event, name="edit_event"),
    path(f"{_EVENT}/publish", turning.publish_event, name="publish_event"),
    path(f"{_EVENT}/start", turning.start_event, name="start_event"),
    path(f"{_EVENT}/end", turning.end_event, name="end_event"),
    path(f"{_EVENT}/cancel", turning.cancel_event, name="cancel_event"),
    path(f"{_EVENT}/undo-start", ways_back.undo_start, name="undo_start"),
    path(f"{_EVENT}/undo-end", ways_back.undo_end, name="undo_end"),
    path(f"{_EVENT}/reinstate", ways_back.reinstate_event, name="reinstate_event"),
    path(f"{_EVENT}/delete", turning.delete_event, name="delete_event"),
    path(f"{_EVENT}/checklist", checklist.checklist, name="checklist"),
    path(f"{_EVENT}/checklist/start", checklist.start_checklist, name="start_checklist"),
    path(f"{_EVENT}/checklist/new", checklist.add_to_checklist, name="add_to_checklist"),
    path(f"{_EVENT}/checklist/<uuid:item_id>", checklist.change_line, name="change_line"),
    path(f"{_EVENT}/checklist/<uuid:item_id>/remove", checklist.remove_line, name="remove_line"),
    path(f"{_EVENT}/outreach/", outreach.event_outreach, name="event_outreach"),
    path(f"{_EVENT}/reminders/new", outreach.add_reminder, name="add_event_reminder"),
    path(f"{_EVENT}/reminders/{_RULE}", outreach.change_reminder, name="change_event_reminder"),
    path(f"{_EVENT}/reminders/{_RULE}/end", outreach.end_reminder, name="end_event_reminder"),
    path(f"{_EVENT}/wall", wall, name="wall"),
    path(f"{_EVENT}/sign-in-sheet", sign_in_sheet, name="sign_in_sheet"),
    path("<slug:slug>/reminders/", outreach.reminders, name="reminders"),
    path("<slug:slug>/reminders/new", outreach.add_reminder, name="add_reminder"),
    path(f"<slug:slug>/reminders/{_RULE}", outreach.change_reminder, name="change_reminder"),
    path(f"<slug:slug>/reminders/{_RULE}/end", outreach.end_reminder, name="end_reminder"),
    path("<slug:slug>/venues/", venues.venues, name="venues"),
    path("<slug:slug>/venues/new", venues.new_venue, name="new_venue"),
    path("<slug:slug>/venues/<uuid:venue_id>", venues.one_venue, name="one_venue"),
    path("<slug:slug>/venues/<uuid:venue_id>/remove", venues.delete_venue, name="delete_venue"),
]
