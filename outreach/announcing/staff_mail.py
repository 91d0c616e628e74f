"""Mail to people who sign in: rows in the same ledger. Links are made when a letter is composed, and never stored."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from engage.activity.models import Activity
from engage.activity.recording import ring
from engage.contacts.models import Channel
from engage.people.models import Person
from outreach.ledger.kinds import kind_named
from outreach.ledger.models import Delivery


@transaction.atomic
def send_password_reset(person: Person, *, now: dt.datetime) -> None:
    """Mail a link to set a new password; one a minute, however often it is asked for."""
    Delivery.objects.bulk_create(
        [
            Delivery(
                occasion=f"password-reset:{now:%Y%m%d%H%M}",
                kind="password_reset",
                channel=Channel.EMAIL,
                person=person,
                lane=kind_named("password_reset").lane,
                due_at=now,
                expires_at=now + dt.timedelta(hours=1),
                created_at=now,
            )
        ],
        ignore_conflicts=True,
    )
    ring()


@transaction.atomic
def tell_what_ended(person: Person, ended: Activity, now: dt.datetime) -> None:
    """Say why this person's sessions and keys were closed, and how many; also to whom nothing is open any more."""
    Delivery.objects.create(
        occasion=f"activity:{ended.pk}",
        kind="access_ended",
        channel=Channel.EMAIL,
        person=person,
        subject_id=ended.pk,
        lane=kind_named("access_ended").lane,
        due_at=now,
        expires_at=now + dt.timedelta(days=3),
        created_at=now,
    )
    ring()
