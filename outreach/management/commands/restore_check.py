"""``manage.py restore_check``: what is due from before a restore, to be sent or dropped by a person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandParser

from engage.restoring import lineage
from engage.restoring.models import Lineage
from outreach.worker import restore_checking


class Command(BaseCommand):
    help = (
        "After a restore: show what is due from before it, by kind and meeting. Some of it may have gone out since the "
        "backup. Nothing is sent until you --release or --drop it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument(
            "--hold", action="store_true", help="this database was restored: send nothing, then show"
        )
        what.add_argument(
            "--release", action="store_true", help="send what is in doubt, or what --kind and --event choose"
        )
        what.add_argument(
            "--drop", action="store_true", help="never send it, or what --kind and --event choose"
        )
        parser.add_argument("--kind", help="only this kind of message, like reminder")
        parser.add_argument("--event", type=UUID, help="only messages about this meeting: its id")

    def handle(self, *args: Any, **given: Any) -> None:
        held = lineage.hold() if given["hold"] else lineage.look()
        if held.held_at is None:
            self.stdout.write("This database is not a restored one as far as we know: nothing is held.")
            return
        restore_checking.make_everything_visible()
        chosen = {"kind": given["kind"], "event": given["event"]}
        if given["release"]:
            self.stdout.write(f"{restore_checking.release(held, **chosen)} messages go out.")
        elif given["drop"]:
            self.stdout.write(f"{restore_checking.drop(held, **chosen)} messages are dropped.")
        self._show(held, **chosen)

    def _show(self, held: Lineage, *, kind: str | None, event: UUID | None) -> None:
        if lineage.holding() is None:
            self.stdout.write("Nothing is in doubt any more; the worker sends again.")
            return
        since = f"{held.backed_up_at:%Y-%m-%d %H:%M} UTC" if held.backed_up_at else "an unknown hour"
        self.stdout.write(f"Backed up at about {since}. In doubt, and held:")
        rows = restore_checking.in_doubt(held, kind=kind, event=event)
        for row in rows:
            about = f"{row.starts_at:%Y-%m-%d %H:%M}  {row.title}  {row.event}" if row.starts_at else ""
            self.stdout.write(f"{row.number:8d}  {row.kind}  {about}".rstrip())
        self.stdout.write(f"{sum(row.number for row in rows)} messages. Then: --release or --drop.")
