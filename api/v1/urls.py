"""Every address of version 1."""

from __future__ import annotations

from django.urls import URLPattern, path

from api import reference
from api.v1 import (
    access_requests,
    agencies,
    checklist,
    commitments,
    communities,
    contributing,
    contributions,
    dialogues,
    door,
    event_acts,
    events,
    insights,
    messages,
    readings,
    roles,
    rsvp_links,
    rsvps,
    subscriptions,
    summaries,
    themes,
    tokens,
    venues,
)

app_name = "api"

_EVENT = "events/<uuid:event_id>"
_DIALOGUE = "dialogues/<uuid:dialogue_id>"
_PROMISE = "commitments/<uuid:commitment_id>"
_SAID = "contributions/<uuid:contribution_id>"
_RSVP = "rsvps/<str:token>"


def _at(route: str, endpoint: type, name: str) -> URLPattern:
    return path(f"{route}/", endpoint.as_view(), name=name)  # type: ignore[attr-defined]


urlpatterns = [
    _at("schema", reference.Schema, "schema"),
    path("docs/", reference.docs, name="docs"),
    _at("tokens", tokens.Tokens, "tokens"),
    _at("tokens/<uuid:token_id>", tokens.OneToken, "token"),
    _at("me", tokens.MeEndpoint, "me"),
    _at("agencies", agencies.Agencies, "agencies"),
    _at("agencies/<slug:slug>", agencies.OneAgency, "agency"),
    _at("agencies/<slug:slug>/pledges", agencies.Pledges, "agency-pledges"),
    _at("agencies/<slug:slug>/pledges/<uuid:pledge_id>", agencies.OnePledge, "agency-pledge"),
    _at("agencies/<slug:slug>/communities", communities.Communities, "communities"),
    _at("agencies/<slug:slug>/communities/<uuid:community_id>", communities.OneCommunity, "community"),
    _at("agencies/<slug:slug>/contributions", contributing.AgencyContributions, "agency-contributions"),
    _at("roles", roles.Roles, "roles"),
    _at("roles/<uuid:role_id>/end", roles.EndRole, "role-end"),
    _at("dialogues", dialogues.Dialogues, "dialogues"),
    _at(_DIALOGUE, dialogues.OneDialogue, "dialogue"),
    _at(f"{_DIALOGUE}/open", dialogues.OpenDialogue, "dialogue-open"),
    _at(f"{_DIALOGUE}/close", dialogues.CloseDialogue, "dialogue-close"),
    _at(f"{_DIALOGUE}/report", dialogues.ReportDialogue, "dialogue-report"),
    _at(f"{_DIALOGUE}/themes", themes.DialogueThemes, "dialogue-themes"),
    _at(f"{_DIALOGUE}/themes/<uuid:theme_id>", themes.DialogueTheme, "dialogue-theme"),
    _at(f"{_DIALOGUE}/contributions", contributing.DialogueContributions, "dialogue-contributions"),
    _at("venues", venues.Venues, "venues"),
    _at("venues/<uuid:venue_id>", venues.OneVenue, "venue"),
    _at("events", events.Events, "events"),
    _at("events/import", event_acts.ImportEvents, "events-import"),
    _at(_EVENT, events.OneEvent, "event"),
    _at(f"{_EVENT}/publish", event_acts.PublishEvent, "event-publish"),
    _at(f"{_EVENT}/start", event_acts.StartEvent, "event-start"),
    _at(f"{_EVENT}/end", event_acts.EndEvent, "event-end"),
    _at(f"{_EVENT}/cancel", event_acts.CancelEvent, "event-cancel"),
    _at(f"{_EVENT}/agenda", event_acts.Agenda, "event-agenda"),
    _at(f"{_EVENT}/agenda/<uuid:item_id>", event_acts.OneAgendaItem, "event-agenda-item"),
    _at(f"{_EVENT}/checklist", checklist.Checklist, "event-checklist"),
    _at(f"{_EVENT}/checklist/<uuid:item_id>", checklist.OneChecklistItem, "event-checklist-item"),
    _at(f"{_EVENT}/themes", themes.EventThemes, "event-themes"),
    _at(f"{_EVENT}/themes/<uuid:theme_id>", themes.EventTheme, "event-theme"),
    _at(f"{_EVENT}/contributions", contributing.EventContributions, "event-contributions"),
    _at(f"{_EVENT}/rsvps", rsvps.Rsvps, "event-rsvps"),
    _at(f"{_EVENT}/rsvps/resend", rsvps.ResendLinks, "event-rsvps-resend"),
    _at(f"{_EVENT}/rsvps/<uuid:rsvp_id>", rsvps.OneRsvp, "event-rsvp"),
    _at(f"{_EVENT}/rsvps/<uuid:rsvp_id>/reveal", rsvps.RevealRsvp, "event-rsvp-reveal"),
    _at(f"{_EVENT}/access-requests", access_requests.AccessRequests, "access-requests"),
    _at(f"{_EVENT}/access-requests/<uuid:request_id>", access_requests.OneAccessRequest, "access-request"),
    _at(f"{_EVENT}/check-ins", door.CheckIns, "check-ins"),
    _at(f"{_EVENT}/check-ins/batch", door.CheckInBatch, "check-ins-batch"),
    _at(f"{_EVENT}/check-ins/<str:client_id>", door.UndoCheckIn, "check-in"),
    _at(f"{_EVENT}/head-count", door.HeadCounts, "head-count"),
    _at(f"{_EVENT}/attendance", door.Attendance, "attendance"),
    _at(f"{_EVENT}/door-links", door.DoorLinks, "door-links"),
    _at(f"{_EVENT}/door-links/<uuid:link_id>", door.OneDoorLink, "door-link"),
    _at("door-sessions", door.DoorSessions, "door-sessions"),
    _at(f"{_EVENT}/summary", summaries.Summary, "summary"),
    _at(f"{_EVENT}/summary/approve", summaries.ApproveSummary, "summary-approve"),
    _at(f"{_EVENT}/summary/publish", summaries.PublishSummary, "summary-publish"),
    _at(_RSVP, rsvp_links.OwnRsvp, "own-rsvp"),
    _at(f"{_RSVP}/accept", rsvp_links.AcceptOffer, "own-rsvp-accept"),
    _at(f"{_RSVP}/data", rsvp_links.OwnData, "own-rsvp-data"),
    _at(f"{_RSVP}/erase", rsvp_links.EraseMe, "own-rsvp-erase"),
    _at(f"{_RSVP}/not-me", rsvp_links.NotMe, "own-rsvp-not-me"),
    _at(_SAID, contributions.OneContribution, "contribution"),
    _at(f"{_SAID}/endorse", contributions.Endorse, "contribution-endorse"),
    _at(f"{_SAID}/moderate", contributions.Moderate, "contribution-moderate"),
    _at(f"{_SAID}/theme", contributions.PutUnderTheme, "contribution-theme"),
    _at(f"{_SAID}/answer", contributions.AnswerIt, "contribution-answer"),
    _at("commitments", commitments.Commitments, "commitments"),
    _at(_PROMISE, commitments.OneCommitment, "commitment"),
    _at(f"{_PROMISE}/confirm", commitments.ConfirmCommitment, "commitment-confirm"),
    _at(f"{_PROMISE}/updates", commitments.CommitmentUpdates, "commitment-updates"),
    _at(f"{_PROMISE}/updates/<int:number>/redact", commitments.RedactUpdate, "commitment-update-redact"),
    _at(f"{_PROMISE}/evidence", commitments.CommitmentEvidence, "commitment-evidence"),
    _at("subscriptions", subscriptions.Subscriptions, "subscriptions"),
    _at("subscriptions/<str:token>", subscriptions.OneSubscription, "subscription"),
    _at("subscriptions/<str:token>/confirm", subscriptions.ConfirmSubscription, "subscription-confirm"),
    _at("deliveries", messages.Deliveries, "deliveries"),
    _at("reminder-rules", messages.ReminderRules, "reminder-rules"),
    _at("reminder-rules/<uuid:rule_id>", messages.OneReminderRule, "reminder-rule"),
    _at("insights/follow-through", insights.FollowThrough, "follow-through"),
    _at("activity", insights.TheRecord, "activity"),
    _at("readings", readings.Readings, "readings"),
    _at("reading-requests", readings.ReadingRequests, "reading-requests"),
    _at("reading-requests/<uuid:request_id>/grant", readings.GrantReading, "reading-request-grant"),
]
