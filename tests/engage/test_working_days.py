"""Working days: weekends, the holidays of country and region, and the agency's own closed days are none."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys

import pytest
from django.utils import timezone
from django.utils.translation import override

from engage.activity.models import Activity
from engage.agencies.closures import ClosedAlready, close_on, edit_closure, open_again
from engage.agencies.models import Agency, Closure
from engage.agencies.onboarding import change_settings
from engage.agencies.working_days import WorkingDays
from engage.refusals import Invalid
from tests.makers.agencies import an_agency
from web.site.languages.dates import reached_in_words

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def closed(agency: Agency, *days: str) -> None:
    for each in days:
        close_on(agency, on=day(each), name="City holiday", actor=None, now=timezone.now())


def test_the_known_answers_of_texas() -> None:
    """Section 551.043(a) since September 2025: three business days lie between the notice and the meeting."""
    texas = an_agency(region="Texas")
    assert WorkingDays(texas).add(day("2025-09-18"), -4).day == day("2025-09-12")
    # Columbus Day is no holiday of the state: only a city that lists it is closed.
    assert WorkingDays(texas).add(day("2025-10-16"), -4).day == day("2025-10-10")
    closed(texas, "2025-10-13")
    assert WorkingDays(texas).add(day("2025-10-16"), -4).day == day("2025-10-09")


def test_a_sum_says_what_it_went_over() -> None:
    agency = an_agency(region="Illinois")
    closed(agency, "2026-11-30")
    reached = WorkingDays(agency).add(day("2026-12-03"), -5)
    assert reached.day == day("2026-11-24")
    assert [(off.day, off.ours) for off in reached.passed] == [
        (day("2026-11-26"), False),
        (day("2026-11-30"), True),
    ]
    said = reached_in_words(WorkingDays(an_agency(holiday_calendar="US")).add(day("2026-12-01"), -3))
    assert said == (
        "3 working days before, that is Wednesday, November 25, 2026; November 26 is a holiday (Thanksgiving Day)."
    )
    with override("es"):
        assert "días hábiles antes" in reached_in_words(reached)
    assert reached_in_words(WorkingDays(agency).add(day("2026-12-04"), 1)).startswith("1 working day after")


@pytest.mark.parametrize(
    ("fields", "christmas", "columbus"),
    [
        ({"region": "TX"}, True, False),
        ({"region": "texas"}, True, False),
        ({"region": "Texas", "holiday_calendar": "US"}, True, True),
        ({"region": "Texas", "holiday_calendar": "us-il"}, True, True),
        ({"region": "A place that no list knows"}, True, True),
        ({"holiday_calendar": "none"}, False, False),
        ({"country": "ZZ"}, False, False),
    ],
)
def test_whose_holidays_count(fields: dict[str, str], christmas: bool, columbus: bool) -> None:
    days = WorkingDays(an_agency(**fields))
    assert [days.works(day("2025-12-25")), days.works(day("2025-10-13"))] == [not christmas, not columbus]
    assert not days.works(day("2025-10-12"))


def test_a_weekend_is_where_the_country_has_it() -> None:
    days = WorkingDays(an_agency(country="IL", timezone="Asia/Jerusalem"))
    assert [days.is_weekend(day(f"2026-07-{number}")) for number in (10, 11, 12)] == [True, True, False]


def test_counting_there_and_back_agree_over_two_years() -> None:
    agency = an_agency(region="California")
    closed(agency, "2026-12-24", "2026-12-28", "2027-01-04")
    days, begin = WorkingDays(agency), day("2026-06-01")
    for number in range(700):
        one = begin + dt.timedelta(days=number)
        assert days.works(days.on_or_before(one))
        assert days.works(days.on_or_after(one))
        for span in (1, 4, 10):
            there = days.add(one, span)
            assert days.between(one, there.day) == span
            assert days.add(there.day, -span).day <= days.on_or_after(one)
        assert days.add(one, 0).day == one


def test_an_agency_that_never_opens_is_no_endless_sum() -> None:
    agency = an_agency(holiday_calendar="none")
    days = WorkingDays(agency)
    closed_days = {day("2026-01-01") + dt.timedelta(days=number): "Closed" for number in range(4000)}
    Closure.objects.bulk_create(Closure(agency=agency, on=on, name=name) for on, name in closed_days.items())
    with pytest.raises(OverflowError):
        days.add(day("2026-01-01"), 1)


def test_a_closed_day_is_once_on_the_list_and_each_change_is_on_the_record() -> None:
    agency, now = an_agency(), timezone.now()
    made = close_on(agency, on=day("2026-12-24"), until=day("2026-12-26"), name=" Snow ", actor=None, now=now)
    assert [(one.on.day, one.name) for one in made] == [(24, "Snow"), (25, "Snow"), (26, "Snow")]
    with pytest.raises(ClosedAlready):
        close_on(agency, on=day("2026-12-23"), until=day("2026-12-24"), name="Snow", actor=None, now=now)
    assert Closure.objects.filter(agency=agency).count() == 3
    close_on(an_agency(), on=day("2026-12-24"), name="Elsewhere", actor=None, now=now)
    for wrong in (
        {"on": day("2026-12-29"), "name": "  "},
        {"on": day("2026-12-29"), "until": day("2026-12-28"), "name": "Snow"},
        {"on": day("2026-12-29"), "until": day("2027-12-28"), "name": "Snow"},
    ):
        with pytest.raises(Invalid):
            close_on(agency, actor=None, now=now, **wrong)
    with pytest.raises(ClosedAlready):
        edit_closure(made[0], fields={"on": day("2026-12-25")}, actor=None, now=now)
    edit_closure(made[0], fields={"name": "Training"}, actor=None, now=now)
    open_again(made[1], actor=None, now=now)
    verbs = Activity.objects.filter(agency=agency, object_type="closure").order_by("at", "pk")
    assert list(verbs.values_list("verb", flat=True)) == [
        *["closure.added"] * 3,
        "closure.edited",
        "closure.removed",
    ]


def test_a_calendar_that_no_list_knows_is_refused_and_what_was_kept_before_is_in_nobodys_way() -> None:
    agency = an_agency()
    for wrong in ("ZZ", "US-Mars", "holidays"):
        with pytest.raises(Invalid):
            change_settings(agency, actor=None, fields={"holiday_calendar": wrong})
    change_settings(agency, actor=None, fields={"holiday_calendar": "US-TX"})
    old = an_agency(holiday_calendar="Cook County")
    change_settings(old, actor=None, fields={"population": 20_000})
    assert WorkingDays(old).works(day("2026-12-25"))


@pytest.mark.slow
def test_the_library_is_not_read_before_somebody_counts() -> None:
    asked = (
        "import django; django.setup(); import web.urls, api.v1.urls, sys; print('holidays' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", asked], stdout=subprocess.PIPE, text=True, check=True)
    assert found.stdout.strip() == "False"
