"""Celery's door: each task makes one call. A message from the broker says at most "look now"; what is due stands in tables."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from engage import retention
from events import event_lifecycle, scheduling, totals_freezing, waitlisting
from outreach import intake_round, ledger_round


@shared_task
def look_now() -> None:
    """Announce, plan and send whatever is due, until nothing is."""
    ledger_round.go_round()


@shared_task
def advance_events() -> None:
    """Start and end meetings at their hour, if nobody did."""
    event_lifecycle.advance_by_clock(now=timezone.now())


@shared_task
def lapse_offers() -> None:
    waitlisting.lapse_offers(now=timezone.now())


@shared_task
def promote_waiting() -> None:
    waitlisting.promote_where_seats_are_free(now=timezone.now())


@shared_task
def empty_intake_of_live_meetings() -> None:
    intake_round.empty_for_live_meetings(now=timezone.now())


@shared_task
def empty_intake_of_the_day() -> None:
    intake_round.empty_for_the_day(now=timezone.now())


@shared_task
def freeze_totals() -> None:
    totals_freezing.freeze_totals(now=timezone.now())


@shared_task
def recompute_instants() -> None:
    """After an update of the time zone rules, meetings stay at their local time."""
    scheduling.recompute_instants(now=timezone.now())


@shared_task
def purge() -> None:
    retention.purge(now=timezone.now())
