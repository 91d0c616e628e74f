"""How much has changed about an agency lately: what was worked out under the same count still holds."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db.models import Q

from engage.activity.models import Activity
from engage.agencies.models import Agency

_LOOKED_BACK: Final = dt.timedelta(hours=1)
# Many on the night of a meeting, and no figure of the leaders is made of them.
_BESIDE: Final = (
    *Activity.OF_RESIDENTS,
    "accessrequest",
    "accesstoken",
    "agendaitem",
    "checklistitem",
    "doorlink",
    "reminderrule",
    "theme",
)


def changes_lately(agency: Agency, *, now: dt.datetime) -> str:
    """A word that becomes another one with the commit of each act about commitments, meetings, summaries, names or settings.

    The acts on the record are counted, not the newest one taken: of two transactions, the one that began first may
    commit last. Acts are never taken off the record, and none takes an hour to commit; so counting begins an hour
    before the current one, and the word holds until the hour is over. One query, along the index of the record.
    """
    hour = now.replace(minute=0, second=0, microsecond=0)
    # A person of the staff belongs to no agency; their name stands beside commitments.
    about = Q(agency=agency) | Q(agency=None, object_type="person")
    acts = Activity.objects.filter(about, at__gte=hour - _LOOKED_BACK).exclude(object_type__in=_BESIDE)
    return f"{hour:%Y%m%d%H}-{acts.count()}"
