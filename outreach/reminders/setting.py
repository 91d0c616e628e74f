"""When people are reminded: rules of an agency, or of one event, whose own rules then replace its agency's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from engage.activity.recording import record
from engage.agencies.models import Agency
from engage.contacts.models import Channel
from engage.database.bounds import bounds_of
from engage.database.locking import lock
from engage.people.models import Person
from engage.refusals import FieldError, Invalid, RuleViolation, WrongState, refusals_of
from events.event.models import Event
from events.rsvps.rules import ChannelUnavailable
from outreach.reminders.models import ReminderRule

_EDITABLE: Final = frozenset({"minutes_before", "channel", "wording"})
LONGEST_SENTENCE: Final = 1000
# Minutes.
_DAY: Final = 1440
# What a new agency begins with: the day before, and on the day.
USUAL: Final = (_DAY, 180)


class RuleExists(RuleViolation):
    code = "rule_exists"
    sentence = _("There is a reminder for this time already.")


@transaction.atomic
def add_rule(
    *,
    agency: Agency,
    actor: Person | None,
    now: dt.datetime,
    minutes_before: int,
    event: Event | None = None,
    channel: str = Channel.EMAIL,
    wording: Mapping[str, str] | None = None,
) -> ReminderRule:
    """One more rule; it counts for meetings already published, too.

    minutes_before: within the bounds of its field. wording: a sentence of the host's own, by language. Raises RuleExists,
    ChannelUnavailable, Invalid.
    """
    rule = ReminderRule(agency=agency, event=event, created_at=now)
    _set(rule, {"minutes_before": minutes_before, "channel": channel, "wording": dict(wording or {})})
    with _said_twice():
        rule.save(force_insert=True)
    record("reminder_rule.added", rule, actor=actor, data=_told(rule), at=now)
    return rule


def make_usual_rules(agency: Agency, now: dt.datetime) -> None:
    """A new agency reminds people from its first event on; whoever wants it otherwise changes it. Raises RuleExists."""
    for minutes in USUAL:
        add_rule(agency=agency, actor=None, minutes_before=minutes, now=now)


@transaction.atomic
def change_rule(
    rule: ReminderRule,
    *,
    actor: Person | None,
    now: dt.datetime,
    fields: Mapping[str, Any],
    if_version: int | None = None,
) -> ReminderRule:
    """Raises StaleEdit where ``if_version`` is another edit version, WrongState for one that has ended, RuleExists,
    ChannelUnavailable, Invalid.
    """
    row = _standing(rule, if_version)
    if not _set(row, fields):
        return row
    row.edit_version += 1
    with _said_twice():
        row.save(update_fields=[*sorted(_EDITABLE), "edit_version"])
    record("reminder_rule.changed", row, actor=actor, data=_told(row), at=now)
    return row


@transaction.atomic
def end_rule(rule: ReminderRule, *, actor: Person | None, now: dt.datetime) -> None:
    """Nothing more is planned by it; its past stays on the record. A second time changes nothing."""
    row = lock(ReminderRule, rule)
    if row.ended_at is None:
        row.ended_at = now
        row.save(update_fields=["ended_at"])
        record("reminder_rule.ended", row, actor=actor, data=_told(row), at=now)


@contextmanager
def _said_twice() -> Iterator[None]:
    """The database refuses the same rule twice; only it can, where two are made at once."""
    with refusals_of({"reminder_rule_once": (RuleExists, "minutes_before")}), transaction.atomic():
        yield


def _standing(rule: ReminderRule, if_version: int | None) -> ReminderRule:
    row = lock(ReminderRule, rule, if_version=if_version, also=("agency",))
    if row.ended_at is not None:
        raise WrongState
    return row


def _set(rule: ReminderRule, fields: Mapping[str, Any]) -> bool:
    """Whether anything is different now."""
    if fields.get("channel") == Channel.SMS:
        raise ChannelUnavailable(field="channel")
    minutes, wording = fields.get("minutes_before", rule.minutes_before), fields.get("wording", {})
    least, most = bounds_of(ReminderRule._meta.get_field("minutes_before"))
    if not least <= minutes <= most:
        sentence = str(_("Between {least} minutes and {most} days before the start."))
        told = sentence.format(least=least, most=most // _DAY)
        raise Invalid(errors=[FieldError("minutes_before", "out_of_range", told)])
    if any(len(sentence) > LONGEST_SENTENCE or len(language) > 16 for language, sentence in wording.items()):
        raise Invalid(errors=[FieldError("wording", "max_length", str(_("At most 1,000 characters.")))])
    changed = {name for name in _EDITABLE & fields.keys() if getattr(rule, name) != fields[name]}
    for name in changed:
        setattr(rule, name, fields[name])
    return bool(changed)


def _told(rule: ReminderRule) -> dict[str, Any]:
    event = str(rule.event_id) if rule.event_id else None
    return {"event": event, "minutes_before": rule.minutes_before, "channel": rule.channel}
