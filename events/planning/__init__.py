"""Planning an event: drafted, changed, published, begun, ended, cancelled; its venue, agenda, checklist and times.

Outsiders use ``scheduling`` (schedule, edit, delete_draft), ``lifecycle`` (publish, start, end, cancel, advance_by_clock,
mark_reported), ``ways_back`` (undo_start, undo_end, reinstate), ``turning`` (possible_acts), ``foreseeing`` (what each
would set off, for whoever is asked), ``following_rules`` (recompute_instants), ``venues``, ``agenda``, ``checklist``,
``fields`` (warnings_about), ``room_codes``, ``time_reading`` (local time and zone to an instant) and
``intake_round`` (the worker's). An act locks the event's row, raises its numbers, renews its calendar text and writes
one Activity row, in one transaction.
"""
