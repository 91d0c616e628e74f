"""Writing notices down: new ones in batches, changed ones as edits, known ones not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from engage.models import Agency, Community, Person
from engage.rule_violation import RuleViolation
from events.calendar_export import renew_vevent
from events.calendar_identity import uid_for
from events.event_lifecycle import cancel
from events.meeting_import.notices import Notice, Outcome, Refused, Report, RowRefused
from events.meeting_import.places import Venues
from events.meeting_import.repairing import Meeting, moved, repaired
from events.models import Audience, Event, EventStatus
from events.scheduling import edit

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
    ) -> tuple[Outcome, list[tuple[Event, str]]]:
        if isinstance(row, Refused):
            return Outcome(row.number, "faulty", code=row.code, detail=row.detail), []
        try:
            meeting = repaired(row, zone=self._agency.timezone)
            made = self._copies(meeting, known)
            there = known.get(row.key)
            if there is not None:
                return self._known(meeting, there), made
        except RowRefused as refused:
            return Outcome(row.number, "faulty", row.title, row.key, refused.code, str(refused.detail)), []
        except RuleViolation as refused:
            return Outcome(row.number, "faulty", row.title, row.key, refused.code, str(refused.detail)), []
        event = self._event(meeting, row.key)
        remarks = tuple(meeting.remarks)
        outcome = Outcome(row.number, "created", row.title, row.key, event_id=event.pk, remarks=remarks)
        return outcome, [(event, row.district), *made]

    def _known(self, meeting: Meeting, there: Event) -> Outcome:
        row = meeting.notice
        same = there.source_digest == row.digest
        # Made in this very run: the file says it twice.
        if there.created_at == self._now:
            code, detail = ("copy", _("The same notice stands further up in this file."))
            if not same:
                code, detail = (
                    "uid_twice",
                    _("The same UID stands further up in this file with other content."),
                )
            return Outcome(
                row.number, "copy" if same else "faulty", row.title, row.key, code, detail, there.pk
            )
        if same:
            return Outcome(row.number, "unchanged", row.title, row.key, event_id=there.pk)
        with transaction.atomic():
            self._update(meeting, there)
        if there.status == EventStatus.DRAFT and there.time_to_set and not meeting.time_to_set:
            meeting.remarks.append("set_time_and_publish")
        return Outcome(
            row.number, "updated", row.title, row.key, event_id=there.pk, remarks=tuple(meeting.remarks)
        )

    def _update(self, meeting: Meeting, there: Event) -> None:
        """As a liaison's edit: whoever has a place there hears of a new time."""
        fields: dict[str, object] = {"title": meeting.title, "description": meeting.description}
        if there.status not in {EventStatus.CANCELLED, EventStatus.ENDED, EventStatus.REPORTED}:
            fields |= self._whereabouts(meeting, there)
        elif there.starts_at != meeting.start.at and meeting.start.at > self._now:
            raise RowRefused("wrong_state", _("This meeting is over or cancelled here; its time stands."))
        changed = edit(there, actor=self._actor, now=self._now, fields=fields).event
        if meeting.notice.cancelled and changed.status in {EventStatus.PUBLISHED, EventStatus.LIVE}:
            cancel(changed, reason=CANCELLED_THERE, actor=self._actor, now=self._now)
        Event.objects.filter(pk=there.pk).update(source_digest=meeting.notice.digest)

    def _whereabouts(self, meeting: Meeting, there: Event) -> dict[str, object]:
        venue = None if meeting.online_url else self._venues.at(meeting.notice.place)
        self._venues.save()
        where: dict[str, object] = {
            "venue": venue,
            "online_url": meeting.online_url,
            "format": meeting.format.value,
        }
        if meeting.time_to_set:
            return where
        when = {"timezone": meeting.zone, "starts_at": meeting.start.at, "ends_at": meeting.end.at}
        return where | when

    def _copies(self, meeting: Meeting, known: dict[str, Event]) -> list[tuple[Event, str]]:
        """The notice in the present, where it is past and its day then lies within the next 90."""
        key = _copy_key(meeting.notice.key)
        past = meeting.end.at <= self._now and not meeting.time_to_set and not meeting.notice.hidden
        if self._shift is None or not past or meeting.notice.cancelled or key in known:
            return []
        copy = moved(meeting, weeks=self._shift)
        if not self._now <= copy.start.at < self._now + AHEAD:
            return []
        self._report.upcoming += 1
        return [(self._event(copy, key), meeting.notice.district)]

    def _event(self, meeting: Meeting, key: str) -> Event:
        notice = meeting.notice
        event = Event(
            agency=self._agency,
            title=meeting.title,
            description=meeting.description,
            kind=meeting.kind.value,
            format=meeting.format.value,
            discreet=meeting.discreet,
            online_url=meeting.online_url,
            focus_area="community_engagement",
            venue=None if meeting.online_url else self._venues.at(notice.place),
            timezone=meeting.zone,
            local_starts_at=meeting.start.naive,
            starts_fold=meeting.start.fold,
            starts_at=meeting.start.at,
            local_ends_at=meeting.end.naive,
            ends_fold=meeting.end.fold,
            ends_at=meeting.end.at,
            time_to_set=meeting.time_to_set,
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
        Event.objects.bulk_create([event for event, _district in new])
        through = Event.communities.through
        through.objects.bulk_create(
            through(event_id=event.pk, community_id=self._communities[district[:200]].pk)
            for event, district in new
            if district
        )


def _copy_key(key: str) -> str:
    return f"shifted:{key}"
