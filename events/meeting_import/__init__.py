"""Real notices, faults included, become meetings: read, repaired, told apart, stored."""

from events.meeting_import.importing import import_calendar, import_file
from events.meeting_import.notices import FileRefused, FileTooLarge, NotACalendar, Outcome, Report
from events.meeting_import.uploading import import_upload

__all__ = [
    "FileRefused",
    "FileTooLarge",
    "NotACalendar",
    "Outcome",
    "Report",
    "import_calendar",
    "import_file",
    "import_upload",
]
