"""The run-board: what to do today, five lanes, and as few questions to the database as ever."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from django.test import Client
from django.utils import timezone

from engage.agencies.models import Agency
from engage.local_time import local_day
from events.event.models import Event
from events.planning.lifecycle import end, start
from events.rsvps.needs.asking import Need
from outreach.summaries.writing import approve, draft, publish
from tests.makers.agencies import a_person, an_agency
from tests.makers.commitments import a_commitment
from tests.makers.contributions import a_contribution
from tests.makers.events import a_draft, a_venue, an_event
from tests.makers.pages import html_of
from tests.makers.rsvps import an_rsvp
from tests.web.desk.at_the_desk import at_the_desk, desk, page, person_of, text_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
really_saved = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
NOW = timezone.now


def ended(agency: Agency, days_ago: int = 20, **fields: object) -> Event:
    event = end(start(an_event(agency, **fields), now=NOW()).event, now=NOW()).event
    then = dt.timedelta(days=30 + days_ago)
    Event.objects.filter(pk=event.pk).update(
        starts_at=event.starts_at - then, ends_at=event.ends_at - then,
        local_starts_at=event.local_starts_at - then, local_ends_at=event.local_ends_at - then,
    )  # fmt: skip
    return Event.objects.get(pk=event.pk)


def reported(agency: Agency, **fields: object) -> Event:
    event, leader = ended(agency, **fields), a_person(agency, "leader")
    version = approve(draft(event, actor=leader, now=NOW()).version, actor=leader, now=NOW())
    publish(version, actor=leader, now=NOW())
    return event


def lanes_of(client: Client, agency: Agency, more: str = "") -> dict[str, list[str]]:
    lanes = client.get(desk(agency, more)).context["lanes"]
    return {lane.key: [said.card.event.title for said in lane.cards] for lane in lanes}


def tasks_of(client: Client, agency: Agency) -> list[str]:
    return [f"{task.mark}: {task.title} {task.words}" for task in client.get(desk(agency)).context["tasks"]]


def test_each_event_stands_in_the_lane_of_its_stage() -> None:
    agency = an_agency()
    a_draft(agency, title="Draft")
    an_event(agency, title="Known")
    start(an_event(agency, title="On"), now=NOW())
    ended(agency, title="Over")
    with_commitment, without = (
        reported(agency, title="Told"),
        reported(agency, title="Told, and nothing owed"),
    )
    a_commitment(agency, event=with_commitment)
    assert without
    assert lanes_of(at_the_desk(agency), agency) == {
        "plan": ["Draft"], "published": ["Known"], "live": ["On"], "wrap_up": ["Over"], "follow": ["Told"],
    }  # fmt: skip


def test_imported_history_owes_nobody_a_summary() -> None:
    agency = an_agency()
    Event.objects.filter(pk=ended(agency).pk).update(imported=True)
    liaison = at_the_desk(agency)
    assert lanes_of(liaison, agency)["wrap_up"] == []
    assert tasks_of(liaison, agency) == []


def test_only_mine_shows_what_i_planned() -> None:
    agency = an_agency()
    liaison = at_the_desk(agency)
    a_draft(agency, title="Theirs")
    mine = a_draft(agency, title="Mine")
    Event.objects.filter(pk=mine.pk).update(created_by=person_of(liaison))
    assert lanes_of(liaison, agency, "?show=mine")["plan"] == ["Mine"]
    assert lanes_of(liaison, agency)["plan"] == ["Theirs", "Mine"]


def test_a_late_summary_comes_first_and_leads_to_the_summary() -> None:
    agency = an_agency(summary_due_days=10)
    event = ended(agency, days_ago=14, title="Hilltop")
    task = at_the_desk(agency).get(desk(agency)).context["tasks"][0]
    assert (task.mark, task.title) == ("late", "Write the summary of Hilltop")
    assert "4 days late" in task.words or "3 days late" in task.words
    assert task.url == page(event, "summary/")


def test_an_event_among_staff_promised_nobody_a_summary() -> None:
    agency = an_agency()
    ended(agency, days_ago=200, audience="staff", title="Circle")
    liaison = at_the_desk(agency)
    assert tasks_of(liaison, agency) == []
    assert lanes_of(liaison, agency)["wrap_up"] == ["Circle"]


@really_saved
def test_needs_are_due_today_by_their_own_day_or_the_day_until_which_people_ask() -> None:
    agency = an_agency()
    today = local_day(agency.timezone, NOW())
    event = an_event(agency, title="Riverside", access_deadline_on=today)
    an_rsvp(event, needs=[Need("interpreter", language="vi"), Need("wheelchair")])
    liaison = at_the_desk(agency)
    tasks = liaison.get(desk(agency)).context["tasks"]
    assert [task.mark for task in tasks] == ["risk"]
    assert "2 requests for Riverside are not arranged." in tasks[0].words
    assert tasks[0].url == page(event, "needs/")
    event.access_requests.update(needed_by=today + dt.timedelta(days=3))
    assert tasks_of(liaison, agency) == []
    event.access_requests.update(needed_by=today, status="arranged")
    assert tasks_of(liaison, agency) == []


def test_my_late_commitments_contributions_and_drafts_that_near_are_there() -> None:
    agency = an_agency()
    liaison = at_the_desk(agency)
    today = local_day(agency.timezone, NOW())
    late = a_commitment(agency, title="Paint the crossing", owner=person_of(liaison))
    type(late).objects.filter(pk=late.pk).update(due_on=today - dt.timedelta(days=3))
    a_commitment(agency, title="Somebody else's", owner=a_person(agency, "leader"))
    a_contribution(agency)
    soon = f"{today + dt.timedelta(days=5)}T18:00"
    a_draft(agency, title="Coffee", starts_at=soon, ends_at=soon.replace("18", "19"))
    marks = [task.split(":")[0] for task in tasks_of(liaison, agency)]
    assert marks == ["late", "risk", "track"]
    said = " ".join(tasks_of(liaison, agency))
    assert "Paint the crossing" in said
    assert "Somebody else" not in said
    assert "Publish Coffee, or move it" in said
    assert "Look at 1 contribution that waits" in said


def test_a_card_counts_the_commitments_late_ones_first() -> None:
    agency = an_agency()
    event = reported(agency)
    one, two = a_commitment(agency, event=event), a_commitment(agency, event=event, title="Speed readings")
    assert one
    type(two).objects.filter(pk=two.pk).update(
        due_on=local_day(agency.timezone, NOW()) - dt.timedelta(days=1)
    )
    lanes = at_the_desk(agency).get(desk(agency)).context["lanes"]
    card = next(lane for lane in lanes if lane.key == "follow").cards[0]
    assert card.marks == ["late", "track"]
    assert card.step == "1 is late: Speed readings"


def test_htmx_gets_the_lanes_alone() -> None:
    agency = an_agency()
    a_draft(agency, title="Draft")
    answer = at_the_desk(agency).get(desk(agency), headers={"HX-Request": "true"})
    assert html_of(answer).lstrip().startswith('<div id="lanes"')
    assert "HX-Request" in answer["Vary"]


def test_an_empty_board_says_how_to_begin() -> None:
    agency = an_agency()
    shown = text_of(at_the_desk(agency).get(desk(agency)))
    assert "Nothing needs you today" in shown
    assert "No events yet" in shown


@pytest.mark.parametrize("number", [1, 30])
def test_the_board_asks_thirteen_questions_however_many_events_there_are(
    number: int, django_assert_max_num_queries: object
) -> None:
    agency = an_agency()
    liaison = at_the_desk(agency)
    for turn in range(number):
        a_draft(agency, title=f"Draft {turn}", venue=a_venue(agency))
        an_event(agency)
        a_commitment(agency, owner=person_of(liaison))
    a_commitment(agency, event=reported(agency))
    ended(agency)
    with django_assert_max_num_queries(13):  # type: ignore[operator]
        shown = liaison.get(desk(agency))
    assert shown.context["lanes"][0].number == number
    assert len(shown.context["lanes"][0].cards) == min(number, 6)
    assert bool(shown.context["lanes"][0].more) == (number > 6)


@pytest.mark.slow
def test_five_thousand_imported_events_slow_nothing_down() -> None:
    agency = an_agency()
    liaison, pattern = at_the_desk(agency), ended(agency)
    rows = []
    for number in range(5000):
        then = NOW() - dt.timedelta(days=number + 40)
        rows.append(
            Event(
                agency=agency, title=f"Notice {number}", timezone=agency.timezone, status="ended", imported=True,
                uid=f"{number}@old", starts_at=then, ends_at=then + dt.timedelta(hours=1), published_at=then,
                local_starts_at=then.replace(tzinfo=None), local_ends_at=then.replace(tzinfo=None),
                description="x" * 2000, vevent="y" * 2000,
            )
        )  # fmt: skip
    Event.objects.bulk_create(rows, batch_size=1000)
    liaison.get(desk(agency))
    began = time.perf_counter()
    answer = liaison.get(desk(agency))
    took = time.perf_counter() - began
    assert [lane.number for lane in answer.context["lanes"]] == [0, 0, 0, 1, 0]
    assert pattern.title in text_of(answer)
    assert took < 1.0
    listed = liaison.get(desk(agency, "events/?which=history&q=Notice 42"))
    assert "Notice 421" in text_of(listed)
    following = liaison.get(desk(agency, f"events/?{listed.context['next']}"))
    assert following.status_code == 200
    assert {row["event"].pk for row in listed.context["rows"]}.isdisjoint(
        row["event"].pk for row in following.context["rows"]
    )


def test_the_list_goes_back_page_by_page_and_leaves_nothing_out(
    django_assert_max_num_queries: object,
) -> None:
    agency = an_agency()
    made = {a_draft(agency, title=f"Draft {number}").pk for number in range(60)}
    liaison, query, seen = at_the_desk(agency), "", []
    while True:
        with django_assert_max_num_queries(8):  # type: ignore[operator]
            answer = liaison.get(desk(agency, f"events/?{query}"))
        seen += [row["event"].pk for row in answer.context["rows"]]
        query = answer.context["next"]
        if not query:
            break
    assert len(seen) == 60
    assert set(seen) == made


@pytest.mark.parametrize(
    "query", ["which=nonsense", "before=nonsense", "before=2027-01-01~x", "q=%00", "after=x"]
)
def test_an_address_that_nobody_wrote_shows_the_list(query: str) -> None:
    agency = an_agency()
    assert at_the_desk(agency).get(desk(agency, f"events/?{query}")).status_code == 200


@pytest.mark.parametrize(
    ("kinds", "leads_to"),
    [
        (["liaison"], ""),
        (["leader"], "follow-through/"),
        (["admin"], "office/"),
        (["leader", "liaison"], ""),
        (["panelist"], "/accounts/"),
    ],
)
def test_each_role_begins_where_its_work_is(kinds: list[str], leads_to: str) -> None:
    agency = an_agency()
    person = a_person(agency, kinds[0])
    for kind in kinds[1:]:
        person.roles.create(agency=agency, kind=kind)
    client = Client()
    client.force_login(person)
    answer = client.get("/desk/")
    assert answer["Location"] == (leads_to if leads_to.startswith("/") else desk(agency, leads_to))


def test_with_two_agencies_one_chooses() -> None:
    person = a_person()
    for name in ("Harbor Falls", "Lakeside"):
        person.roles.create(agency=an_agency(name=name), kind="liaison")
    client = Client()
    client.force_login(person)
    shown = text_of(client.get("/desk/"))
    assert "Harbor Falls" in shown
    assert "Lakeside" in shown
