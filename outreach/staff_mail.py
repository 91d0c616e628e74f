"""Mail to people who sign in: rows in the same ledger. Links are made when a letter is composed, and never stored."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from engage.activity_recording import ring
from engage.models import Channel, Person
from outreach.delivery_kinds import LANE, PASSWORD_RESET
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
