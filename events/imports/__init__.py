"""Real notices, faults included, become events: read, repaired, told apart, stored in one transaction.

Outsiders use ``importing`` (import_file, import_calendar, import_upload, the bounds of an upload) and
``notices`` (RowOutcome, Report, REMARKS, FileRefused and its kinds). A row that is known changes nothing, one that
changed is an edit, and nobody is told that an imported event is new. It stands above ``planning``, by whose acts it
changes and cancels events.
"""
