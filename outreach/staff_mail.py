"""Mail to people who sign in: rows in the same ledger. Links are made when a letter is composed, and never stored."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from engage.activity_recording import ring
from engage.models import Activity, Channel, Person
from outreach.delivery_kinds import ACCESS_ENDED, LANE, PASSWORD_RESET
from outreach.models import Delivery


@transaction.atomic
def send_password_reset(person: Person, *, now: dt.datetime) -> None:
    """Mail a link to set a new password; one a minute, however often it is asked for."""
    Delivery.objects.bulk_create(
        [
            Delivery(
                occasion=f"password-reset:{now:%Y%m%d%H%M}",
                kind=PASSWORD_RESET,
                channel=Channel.EMAIL,
                person=person,
                lane=LANE[PASSWORD_RESET],
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
        kind=ACCESS_ENDED,
        channel=Channel.EMAIL,
        person=person,
        subject_id=ended.pk,
        lane=LANE[ACCESS_ENDED],
        due_at=now,
        expires_at=now + dt.timedelta(days=3),
        created_at=now,
    )
    ring()
