"""The order of the evening."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from engage.refusals import Invalid, Unknown
from events.planning.agenda import add_item, edit_item, item_of, remove_item
from events.planning.models import AgendaItem
from tests.makers.agencies import an_agency
from tests.makers.commitments import a_commitment
from tests.makers.events import an_event

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
WHO: dict[str, Any] = {"actor": None, "now": timezone.now()}


def test_points_are_added_at_the_end_changed_and_removed() -> None:
    event = an_event(agenda=["Welcome"])
    talk = add_item(event, title="  Questions ", minutes=40, **WHO)
    assert (talk.title, talk.position) == ("Questions", 1)
    edit_item(talk, fields={"position": 0, "minutes": None}, **WHO)
    assert item_of(event, talk.pk).minutes is None
    remove_item(talk, **WHO)
    with pytest.raises(Unknown):
        item_of(event, talk.pk)
    assert list(AgendaItem.objects.values_list("title", flat=True)) == ["Welcome"]


def test_a_point_of_another_event_is_not_there() -> None:
    here, there = an_event(agenda=["Here"]), an_event(agenda=["There"])
    with pytest.raises(Unknown):
        item_of(here, AgendaItem.objects.get(event=there).pk)


@pytest.mark.parametrize(
    "wrong",
    [{"title": ""}, {"title": "x" * 201}, {"title": "\x00"}, {"title": 5}, {"minutes": 0}, {"minutes": 1441}, {"minutes": "5"},
     {"position": -1}, {"commitment": "nonsense"}, {"commitment": "018f2b1c-0000-7000-8000-000000000000"}],
)  # fmt: skip
def test_what_is_no_point_is_refused_and_leaves_nothing(wrong: dict[str, Any]) -> None:
    event = an_event()
    with pytest.raises(Invalid):
        add_item(event, **({"title": "Talk"} | wrong), **WHO)
    assert not AgendaItem.objects.exists()


def test_a_point_may_report_on_a_commitment_of_the_same_agency_only() -> None:
    agency = an_agency()
    event = an_event(agency)
    assert add_item(event, title="Promise", commitment=a_commitment(agency), **WHO).commitment is not None
    with pytest.raises(Invalid):
        add_item(event, title="Promise", commitment=a_commitment(an_agency()).pk, **WHO)


def test_more_points_than_an_evening_has_are_refused() -> None:
    with pytest.raises(Invalid):
        an_event(agenda=["Talk"] * 101)
    event = an_event(agenda=["Talk"] * 100)
    with pytest.raises(Invalid) as refused:
        add_item(event, title="One more", **WHO)
    assert [(wrong.field, wrong.code) for wrong in refused.value.errors] == [("agenda", "too_many")]
    assert AgendaItem.objects.count() == 100


def test_the_command_after_a_time_zone_update_speaks_of_what_it_did(
    capsys: pytest.CaptureFixture[str],
) -> None:
    an_event()
    call_command("recompute_instants")
    assert capsys.readouterr().out.startswith("0 meetings")
