"""Reminders from the ledger to an SMTP sink, one process; beside smtplib sending the same bytes on one connection."""

from __future__ import annotations

import contextlib
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator

from bench.ground import ROOT
from bench.made_events import agency
from bench.people import invited_people, reminder_due_now
from bench.rounds import Figure, in_turn

ROUNDS, LETTERS = 5, 200


@contextlib.contextmanager
def sink() -> Iterator[int]:
    """The sink in a process of its own; yields its port."""
    child = subprocess.Popen(
        [sys.executable, "-m", "bench.smtp_sink"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert child.stdout is not None
        yield int(child.stdout.readline())
    finally:
        child.terminate()
        child.wait()


def run() -> list[Figure]:
    from django.conf import settings

    from outreach.channels.channel import Letter
    from outreach.channels.email import SmtpChannel
    from outreach.channels.mail_server import MailServer
    from outreach.ledger.models import Delivery
    from outreach.reminders.planning import plan_reminders
    from outreach.worker.rounds import go_round

    seen: list[bytes] = []
    with sink() as port:
        settings.MAIL_SERVER = MailServer("127.0.0.1", port, "", "", "none")
        original = SmtpChannel.send

        def send(self: SmtpChannel, letter: Letter) -> str:
            seen[:] = [letter.content]
            return original(self, letter)

        def engage() -> float:
            event = reminder_due_now(agency())
            invited_people(event, LETTERS)
            plan_reminders()
            assert Delivery.objects.filter(event=event, state="due").count() == LETTERS
            began = time.perf_counter()
            go_round()
            spent = time.perf_counter() - began
            states = Delivery.objects.filter(event=event).values_list("state", flat=True)
            assert set(states) == {"sent"}, set(states)
            return LETTERS / spent

        def least() -> float:
            message = seen[0]
            began = time.perf_counter()
            with smtplib.SMTP("127.0.0.1", port) as connection:
                for number in range(LETTERS):
                    connection.sendmail("bench@mail.example", [f"p{number}@mail.example"], message)
            return LETTERS / (time.perf_counter() - began)

        SmtpChannel.send = send  # type: ignore[method-assign]
        engage()
        SmtpChannel.send = original  # type: ignore[method-assign]
        ours, theirs = in_turn(ROUNDS, engage, least)
    note = f"{len(seen[0]):,} bytes a letter"
    return [
        Figure(
            "reminders, end to end, one process",
            "/s",
            ours,
            theirs,
            "/s smtplib",
            "≥ 400/s, ratio ≥ 0.5",
            note,
        )
    ]
