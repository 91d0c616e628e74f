"""A long list in pages: every row once, in its order, also where several share a day; and no page for a made-up address."""

import datetime as dt

import pytest

from engage.listening.models import Contribution
from engage.paging import NoSuchPage, slice_of
from engage.refusals import Unknown
from tests.makers.agencies import an_agency
from tests.makers.contributions import a_contribution

pytestmark = pytest.mark.django_db


def _said_on_three_days() -> list[Contribution]:
    agency, day = an_agency(), dt.date(2026, 3, 1)
    return [a_contribution(agency, said_on=day + dt.timedelta(days=number % 3)) for number in range(8)]


@pytest.mark.parametrize("order", [("said_on", "pk"), ("-said_on", "-pk")])
def test_the_pages_together_are_the_list(order: tuple[str, ...], django_assert_num_queries) -> None:
    _said_on_three_days()
    rows, seen, after = Contribution.objects.all(), [], ""
    while True:
        with django_assert_num_queries(1):
            page = slice_of(rows, order, size=3, after=after)
        seen += page.rows
        after = page.following
        if not after:
            break
    assert seen == list(rows.order_by(*order))


def test_an_address_from_before_leads_to_the_same_page() -> None:
    _said_on_three_days()
    order, rows = ("said_on", "pk"), Contribution.objects.all()
    after = slice_of(rows, order, size=3).following
    assert (
        slice_of(rows, order, size=3, after=after.replace("_", "~")).rows == list(rows.order_by(*order))[3:6]
    )


@pytest.mark.parametrize("made_up", ["x", "2026-03-01", "2026-03-01_x", "_", "2026-03-01_x_y", "\0_\0"])
def test_a_made_up_address_is_refused_as_the_page_wants_it(made_up: str) -> None:
    _said_on_three_days()
    order, rows = ("said_on", "pk"), Contribution.objects.all()
    with pytest.raises(NoSuchPage):
        slice_of(rows, order, size=3, after=made_up)
    with pytest.raises(Unknown):
        slice_of(rows, order, size=3, after=made_up, refused=Unknown)
    assert slice_of(rows, order, size=3, after=made_up, refused=None) == slice_of(rows, order, size=3)
