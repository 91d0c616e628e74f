"""A shorter retention reaches what is here already; a longer one does not."""

import datetime as dt

import pytest
from django.utils import timezone

from engage.agency_onboarding import change_settings
from engage.models import Contact
from events.models import Rsvp
from events.responding import respond
from tests.makers.agencies import an_agency
from tests.makers.events import a_meeting

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def _days(event):
    return {
        round((row.erase_after - event.ends_at) / dt.timedelta(days=1))
        for row in (*Rsvp.objects.filter(event=event), *Contact.objects.filter(scope_id=event.pk))
    }


def test_a_setting_brings_the_day_of_erasing_nearer_and_never_pushes_it_away():
    agency = an_agency(retention_days=30)
    event, elsewhere = a_meeting(agency), a_meeting(an_agency(retention_days=30))
    for meeting in (event, elsewhere):
        respond(meeting.pk, email="ana@example.org", now=timezone.now())
    for days, kept in ((60, 30), (20, 20), (30, 20), (14, 14)):
        change_settings(agency, actor=None, fields={"retention_days": days})
        assert _days(event) == {kept}
    assert _days(elsewhere) == {30}
