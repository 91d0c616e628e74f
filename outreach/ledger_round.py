"""One round of the worker: announce what happened, plan what falls due, send what is due, until nothing is left."""

from __future__ import annotations

import time
from typing import Final

from django.utils import timezone

from outreach.announcing import announce
from outreach.delivery_sending import send_due
from outreach.reminder_planning import plan_reminders

# Well under the task's time limit of 600 s, and a batch may take 240 s.
_A_ROUND: Final = 200.0  # seconds
# In a long broadcast, answers and reminders are looked for this often.
_PLAN_EVERY: Final = 2.0  # seconds


def go_round() -> int:
    """Safe in any number of workers at once, and to be killed anywhere. Returns how many messages were claimed."""
    began = time.monotonic()
    planned = -_PLAN_EVERY
    claimed = 0
    while True:
        told = announce(now=timezone.now())
        if time.monotonic() - planned >= _PLAN_EVERY:
            plan_reminders()
            planned = time.monotonic()
        taken = send_due()
        claimed += taken
        if not (told or taken) or time.monotonic() - began > _A_ROUND:
            return claimed
