"""Summaries of events: read by everybody; drafted, approved and published by staff."""

from django.urls import URLPattern, URLResolver, path

from web.summaries import editing, publishing
from web.summaries.published import summaries, summary

_SUMMARY = "<slug:slug>/events/<uuid:event_id>/summary/"

public: list[URLPattern | URLResolver] = [
    path("agencies/<slug:slug>/heard/", summaries, name="summaries"),
    path("events/<uuid:event_id>/summary", summary, name="summary"),
]

desk: list[URLPattern | URLResolver] = [
    path(_SUMMARY, editing.event_summary, name="event_summary"),
    path(f"{_SUMMARY}draft", editing.draft_summary, name="event_summary_draft"),
    path(f"{_SUMMARY}discard", editing.discard_summary, name="event_summary_discard"),
    path(f"{_SUMMARY}preview", publishing.preview_summary, name="event_summary_preview"),
    path(f"{_SUMMARY}approve", publishing.approve_summary, name="event_summary_approve"),
    path(f"{_SUMMARY}publish", publishing.publish_summary, name="event_summary_publish"),
    path(f"{_SUMMARY}sending", publishing.summary_sending, name="event_summary_sending"),
]
