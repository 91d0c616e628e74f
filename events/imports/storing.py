"""Writing notices down: new ones in batches, changed ones as edits, known ones not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from engage.agencies.models import Agency, Community
from engage.agencies.working_days import WorkingDays
from engage.people.models import Person
from engage.refusals import RuleViolation
from events.calendars.export import renew_vevent, uid_for
from events.event.models import OPEN, STANDING, Audience, Event, EventStatus, RsvpMode
from events.event.short_addresses import give_short_codes
from events.event.when import Span
from events.imports.notices import Notice, Refused, Report, RowOutcome, RowRefused
from events.imports.repairing import EventToBe, moved, repaired
from events.imports.venues import Venues
from events.planning.foreseeing import days_off_of
from events.planning.lifecycle import cancel
from events.planning.scheduling import MovesIntoThePast, edit

AHEAD = dt.timedelta(days=90)
CANCELLED_THERE = "Cancelled in the imported calendar."


class Storing:
    """One run over one file. shift_weeks: where given, past notices also become meetings of the next 90 days."""

    def __init__(
        self,
        agency: Agency,
        *,
        actor: Person | None,
        now: dt.datetime,
        report: Report,
        shift_weeks: int | None = None,
    ) -> None:
        self._agency, self._actor, self._now, self._report = agency, actor, now, report
        self._shift = shift_weeks
        self._venues = Venues(agency, now=now)
        self._working_days = WorkingDays(agency)
        self._communities = {
            each.name: each for each in Community.objects.filter(agency=agency, kind="neighborhood")
        }

    def take(self, batch: Iterable[Notice | Refused]) -> None:
        """Store up to some hundred rows; the caller's transaction holds the whole file."""
        rows = list(batch)
        keys = [row.key for row in rows if isinstance(row, Notice)]
        wanted = keys + [_copy_key(key) for key in keys] * (self._shift is not None)
        known = {
            event.source_key: event
            for event in Event.objects.filter(agency=self._agency, source_key__in=wanted).select_related(
                "agency", "venue"
            )
        }
        new: list[tuple[Event, str]] = []
        for row in rows:
            outcome, made = self._outcome(row, known)
            self._report.add(outcome)
            for event, district in made:
                known[event.source_key] = event
                new.append((event, district))
        self._save(new)

    def _outcome(
        self, row: Notice | Refused, known: dict[str, Event]
    ) -> tuple[RowOutcome, list[tuple[Event, str]]]:
        if isinstance(row, Refused):
            return RowOutcome(row.number, "faulty", code=row.code, detail=row.detail), []
        try:
            wanted = repaired(row, zone=self._agency.timezone)
            made = self._copies(wanted, known)
            there = known.get(row.key)
            if there is not None:
                return self._known(wanted, there), made
        except RowRefused as refused:
            return RowOutcome(row.number, "faulty", row.title, row.key, refused.code, str(refused.detail)), []
        except RuleViolation as refused:
            return RowOutcome(row.number, "faulty", row.title, row.key, refused.code, str(refused.detail)), []
        event = self._event(wanted, row.key)
        self._look_for_days_off(wanted)
        remarks = tuple(wanted.remarks)
        outcome = RowOutcome(row.number, "created", row.title, row.key, event_id=event.pk, remarks=remarks)
        return outcome, [(event, row.district), *made]

    def _known(self, wanted: EventToBe, there: Event) -> RowOutcome:
        row = wanted.notice
        same = there.source_digest == row.digest
        # Made in this very run: the file says it twice.
        if there.created_at == self._now:
            code, detail = ("copy", _("The same notice stands further up in this file."))
            if not same:
                code, detail = (
                    "uid_twice",
                    _("The same UID stands further up in this file with other content."),
                )
            return RowOutcome(
                row.number, "copy" if same else "faulty", row.title, row.key, code, detail, there.pk
            )
        if same:
            return RowOutcome(row.number, "unchanged", row.title, row.key, event_id=there.pk)
        moves = there.starts_at != wanted.start.at
        with transaction.atomic():
            self._update(wanted, there)
        if moves:
            self._look_for_days_off(wanted)
        if there.status == EventStatus.DRAFT and there.time_to_set and not wanted.time_to_set:
            wanted.remarks.append("set_time_and_publish")
        return RowOutcome(
            row.number, "updated", row.title, row.key, event_id=there.pk, remarks=tuple(wanted.remarks)
        )

    def _look_for_days_off(self, wanted: EventToBe) -> None:
        """A meeting ahead: whoever looks through the file sees what a liaison who plans it would be asked about."""
        ahead = wanted.start.at > self._now and not wanted.notice.cancelled
        if ahead and days_off_of(Span(wanted.start.naive, wanted.end.naive), self._working_days):
            wanted.remarks.append("day_off")

    def _update(self, wanted: EventToBe, there: Event) -> None:
        """As a liaison's edit: whoever has a place there hears of a new time."""
        fields: dict[str, object] = {"title": wanted.title, "description": wanted.description}
        if there.status in STANDING:
            fields |= self._whereabouts(wanted)
        elif there.starts_at != wanted.start.at and wanted.start.at > self._now:
            raise RowRefused("wrong_state", _("This meeting is over or cancelled here; its time stands."))
        changed, remarks = edit(there, actor=self._actor, now=self._now, fields=fields)
        wanted.remarks += [one.code for one in remarks if one.code == MovesIntoThePast.code]
        if wanted.notice.cancelled and changed.status in OPEN:
            cancel(changed, reason=CANCELLED_THERE, actor=self._actor, now=self._now)
        Event.objects.filter(pk=there.pk).update(source_digest=wanted.notice.digest)

    def _whereabouts(self, wanted: EventToBe) -> dict[str, object]:
        venue = None if wanted.online_url else self._venues.at(wanted.notice.where)
        self._venues.save()
        where: dict[str, object] = {
            "venue": venue,
            "online_url": wanted.online_url,
            "format": wanted.format.value,
        }
        if wanted.time_to_set:
            return where
        when = {"timezone": wanted.zone, "starts_at": wanted.start.at, "ends_at": wanted.end.at}
        return where | when

    def _copies(self, wanted: EventToBe, known: dict[str, Event]) -> list[tuple[Event, str]]:
        """The notice in the present, where it is past and its day then lies within the next 90."""
        key = _copy_key(wanted.notice.key)
        past = wanted.end.at <= self._now and not wanted.time_to_set and not wanted.notice.hidden
        if self._shift is None or not past or wanted.notice.cancelled or key in known:
            return []
        copy = moved(wanted, weeks=self._shift)
        if not self._now <= copy.start.at < self._now + AHEAD:
            return []
        self._report.upcoming += 1
        return [(self._event(copy, key), wanted.notice.district)]

    def _event(self, wanted: EventToBe, key: str) -> Event:
        notice = wanted.notice
        event = Event(
            agency=self._agency,
            title=wanted.title,
            description=wanted.description,
            kind=wanted.kind.value,
            format=wanted.format.value,
            discreet=wanted.discreet,
            online_url=wanted.online_url,
            focus_area="community_engagement",
            # Nobody asked us to take RSVPs, and how much room there is the file does not say.
            rsvp_mode=RsvpMode.NONE.value,
            venue=None if wanted.online_url else self._venues.at(notice.where),
            timezone=wanted.zone,
            local_starts_at=wanted.start.naive,
            starts_fold=wanted.start.fold,
            starts_at=wanted.start.at,
            local_ends_at=wanted.end.naive,
            ends_fold=wanted.end.fold,
            ends_at=wanted.end.at,
            time_to_set=wanted.time_to_set,
            imported=True,
            source_key=key,
            source_digest=notice.digest,
            created_at=self._now,
            created_by=self._actor,
            feed_changed_at=self._now,
        )
        event.uid = uid_for(event.pk)
        self._set_state(event, notice)
        renew_vevent(event, now=self._now)
        return event

    def _set_state(self, event: Event, notice: Notice) -> None:
        if notice.hidden:
            event.audience = Audience.STAFF.value
        if notice.hidden or event.time_to_set:
            return
        event.published_at = self._now
        event.status = EventStatus.PUBLISHED.value
        if notice.cancelled:
            event.status = EventStatus.CANCELLED.value
            event.cancelled_at, event.cancelled_reason = self._now, CANCELLED_THERE
        elif event.ends_at <= self._now:
            event.status = EventStatus.ENDED.value
            event.started_at, event.ended_at = event.starts_at, event.ends_at
            # Nobody was counted here: there is nothing to freeze.
            event.totals_frozen_at = self._now

    def _save(self, new: list[tuple[Event, str]]) -> None:
        self._venues.save()
        names = {district[:200] for _event, district in new if district}
        missing = [
            Community(agency=self._agency, name=name) for name in sorted(names - self._communities.keys())
        ]
        self._communities |= {each.name: each for each in Community.objects.bulk_create(missing)}
        give_short_codes(event for event, _district in new)
        Event.objects.bulk_create([event for event, _district in new])
        through = Event.communities.through
        through.objects.bulk_create(
            through(event_id=event.pk, community_id=self._communities[district[:200]].pk)
            for event, district in new
            if district
        )


def _copy_key(key: str) -> str:
    return f"shifted:{key}"
