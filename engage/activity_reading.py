"""Who may read which lines of the record: the acts of the staff, and of residents none."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from engage.access import Viewer
from engage.models import Activity


def acts_shown_to(viewer: Viewer) -> QuerySet[Activity]:
    """The public acts, and those of the agencies whose record the viewer may read (``insights:read``).

    What residents do is in neither, for nobody: whoever knows an address can make its owner's line appear, by asking
    for the link again, and would read from the line that she has a place.
    """
    of_staff = Activity.objects.exclude(object_type__in=Activity.OF_RESIDENTS)
    return of_staff.filter(Q(public=True) | Q(agency_id__in=viewer.agencies_shown("the record")))
