"""What a fault of the database means to whoever asked: one code, one true sentence, and when to come again.

Read from the SQLSTATE alone; the database's own words may hold a row. What is not here is a fault of ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db import DatabaseError, InterfaceError, OperationalError
from django.utils.translation import gettext_lazy as _

from engage.restoring.erasure_list import ListIsAway


@dataclass(frozen=True, slots=True)
class DatabaseFault:
    """code: stable. sentence: promises nothing about what was kept. come_back_in: seconds, 1 to 60."""

    code: str
    sentence: Any
    come_back_in: int


AWAY: Final = DatabaseFault(
    "unavailable", _("The database does not answer just now. Try again in a moment."), 5
)
BUSY: Final = DatabaseFault(
    "busy",
    _(
        "Somebody else is changing the same thing just now, so we could not finish this. Try again in a moment."
    ),
    3,
)
TOO_SLOW: Final = DatabaseFault(
    "too_slow", _("This took too long, so we stopped it. Try again in a moment."), 10
)
TOO_MANY: Final = DatabaseFault(
    "too_many_at_once", _("Too many people are here at the same moment. Try again in a moment."), 5
)
NO_ROOM: Final = DatabaseFault(
    "no_room",
    _("Our server has no room left to save anything. We have to mend that first. Try again later."),
    30,
)
READ_ONLY: Final = DatabaseFault(
    "read_only", _("Nothing can be saved just now; you can still read. Try again later."), 30
)

# After lock_timeout, or with NOWAIT.
LOCK_NOT_AVAILABLE: Final = "55P03"

NOT_WRITTEN: Final = DatabaseFault(
    "not_written_down", _("We could not write this down, so nothing was changed. Try again later."), 30
)

_BY_STATE: Final = {
    LOCK_NOT_AVAILABLE: BUSY,
    "40P01": BUSY,  # deadlock_detected
    "40001": BUSY,  # serialization_failure
    "57014": TOO_SLOW,  # query_canceled: statement_timeout
    "25P03": TOO_SLOW,  # idle_in_transaction_session_timeout
    "25P04": TOO_SLOW,  # transaction_timeout
    "53300": TOO_MANY,  # too_many_connections
    "53100": NO_ROOM,  # disk_full
    "53200": NO_ROOM,  # out_of_memory
    "53400": NO_ROOM,  # configuration_limit_exceeded, such as temp_file_limit
    "25006": READ_ONLY,  # read_only_sql_transaction: a standby, or a server set to read only
}
# Classes that mean "not now": connection exception, insufficient resources, operator intervention, system error.
_AWAY_CLASSES: Final = ("08", "53", "57", "58")


def fault_of(error: BaseException | None) -> DatabaseFault | None:
    """None where it is no fault of the moment: it would come again, and must be said as a fault of ours."""
    if isinstance(error, ListIsAway):
        return NOT_WRITTEN
    if not isinstance(error, DatabaseError | InterfaceError):
        return None
    state = sqlstate_of(error)
    if known := _BY_STATE.get(state):
        return known
    if state:
        return AWAY if state.startswith(_AWAY_CLASSES) else None
    return AWAY if isinstance(error, OperationalError | InterfaceError) else None


def sqlstate_of(error: BaseException) -> str:
    """The five characters of the SQLSTATE, or an empty text where the server said none (it was not reached)."""
    return getattr(error.__cause__, "sqlstate", None) or getattr(error, "sqlstate", None) or ""
