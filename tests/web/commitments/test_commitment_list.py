"""Every promise of an agency: late first, narrowed by links, the same few queries however many there are; and as a table."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from engage.agencies.models import Agency
from engage.agencies.pledges import sign_pledge
from engage.commitments.listing import A_FEW, PAGE
from engage.commitments.models import Commitment, FocusArea
from engage.commitments.tracking import redact, update
from tests.makers.agencies import a_community, a_person, an_agency
from tests.makers.commitments import a_commitment, today_of
from web.commitments.rows import row_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
DAY = dt.timedelta(days=1)


def a_late_one(agency: Agency, days: int, **fields: Any) -> Commitment:
    then = timezone.now() - (days + 30) * DAY
    return a_commitment(agency, due_on=today_of(agency) - days * DAY, now=then, **fields)


def ended(commitment: Commitment, status: str, **fields: Any) -> Commitment:
    update(commitment, actor=None, now=timezone.now(), status=status, **fields)
    return commitment


def seen(client: Client, agency: Agency, query: str = "", language: str = "") -> str:
    answer = client.get(f"{language}/agencies/{agency.slug}/promises/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def in_order(page: str, *texts: str) -> bool:
    positions = [page.index(text) for text in texts]
    return positions == sorted(positions)


def test_late_ones_come_first_with_the_longest_overdue_on_top() -> None:
    agency = an_agency()
    a_commitment(agency, title="Still on its way")
    a_late_one(agency, 3, title="Three days over")
    a_late_one(agency, 40, title="Forty days over")
    kept = a_commitment(agency, title="Done in time")
    ended(kept, "kept", evidence=[{"url": "https://records.example/1"}])
    ended(a_commitment(agency, title="Failed for good"), "not_kept", reason="No money was given.")
    ended(a_commitment(agency, title="Given up"), "will_not_do", reason="A law does the same.")
    page = seen(Client(), agency)
    assert in_order(
        page,
        "Forty days over",
        "Three days over",
        "Still on its way",
        "Failed for good",
        "Given up",
        "Done in time",
    )
    assert "Late by 40 days" in page
    assert "No money was given." in page
    assert "Kept on time" in page


def test_one_mark_is_one_commitment_and_drafts_count_nowhere() -> None:
    agency = an_agency()
    a_late_one(agency, 2)
    a_commitment(agency)
    a_commitment(agency, title="Only a draft", draft=True)
    page = seen(Client(), agency)
    assert "2 marks, one for each promise" in page
    assert "Only a draft" not in page
    assert "1 late" in page
    assert "at risk" not in page.lower()


def test_a_few_of_each_and_a_link_to_the_rest_which_is_leafed_through() -> None:
    agency = an_agency()
    for day in range(PAGE + 7):
        a_commitment(agency, title=f"Promise of day {day:03}", due_on=today_of(agency) + (day + 1) * DAY)
    client = Client()
    page = seen(client, agency)
    assert page.count("Promise of day") == A_FEW
    assert f"{PAGE + 2} more on track" in page
    first = client.get(f"/agencies/{agency.slug}/promises/?status=track")
    assert first.content.decode().count("Promise of day") == PAGE
    more = first.context["groups"][0]["next"]
    second = client.get(f"/agencies/{agency.slug}/promises/{more}").content.decode()
    assert second.count("Promise of day") == 7
    assert "First page" in second
    assert f"Promise of day {PAGE - 1:03}" not in second


def test_filters_are_links_and_what_makes_no_sense_is_not_asked_about() -> None:
    agency = an_agency()
    ward = a_community(agency, name="Ward 3")
    a_commitment(agency, title="Lamps", owner_office="Public Works", communities=[ward.pk])
    a_commitment(agency, title="Numbers", focus_area=FocusArea.LEADERSHIP_AND_CULTURE)
    a_late_one(agency, 5, title="Crossing")
    client = Client()

    def titles(query: str) -> set[str]:
        page = seen(client, agency, query)
        return {title for title in ("Lamps", "Numbers", "Crossing") if f">{title}</a>" in page}

    assert titles("?q=lamp") == {"Lamps"}
    assert titles("?q=%232") == {"Numbers"}
    assert titles("?status=late") == {"Crossing"}
    assert titles("?status=late&status=kept") == {"Crossing"}
    assert titles("?about=leadership_and_culture") == {"Numbers"}
    assert titles("?office=Public+Works") == {"Lamps"}
    assert titles(f"?near={ward.pk}") == {"Lamps"}
    assert titles("?near=citywide") == {"Numbers", "Crossing"}
    assert titles("?near=nowhere&status=fine&about=nothing&q=") == {"Lamps", "Numbers", "Crossing"}
    assert titles("?q=%00") == {"Lamps", "Numbers", "Crossing"}
    assert "No promise matches" in seen(client, agency, "?q=helicopter")


@pytest.mark.parametrize(
    "after", ["x", "2026-01-01", "2026-01-01_x", "2026-13-01_1", "_", "2026-01-01_9999999999"]
)
def test_a_page_that_never_was_is_not_there(after: str) -> None:
    agency = an_agency()
    a_commitment(agency)
    assert Client().get(f"/agencies/{agency.slug}/promises/?status=track&after={after}").status_code == 404
    assert Client().get(f"/agencies/{agency.slug}/promises/?after=2026-01-01_1").status_code == 404


def test_htmx_gets_the_list_alone_and_a_cache_keeps_the_two_apart() -> None:
    agency = an_agency()
    a_commitment(agency, title="Lamps")
    client = Client()
    part = client.get(f"/agencies/{agency.slug}/promises/", headers={"HX-Request": "true"})
    page = client.get(f"/agencies/{agency.slug}/promises/")
    assert "HX-Request" in part["Vary"]
    assert "HX-Request" in page["Vary"]
    assert b"<html" not in part.content
    assert b"Lamps" in part.content
    assert b'id="found" role="status" hx-swap-oob' in part.content


def test_the_same_few_queries_however_many_commitments(django_assert_num_queries: Any) -> None:
    agency = an_agency()
    client = Client()
    for many in (1, 12):
        for number in range(many):
            one = a_late_one(agency, number + 1)
            update(one, actor=None, now=timezone.now(), note="The next step is set.")
            ended(a_commitment(agency), "will_not_do", reason="A law does the same.")
        with django_assert_num_queries(5):
            seen(client, agency)
        with django_assert_num_queries(5):
            seen(client, agency, "?status=late&office=Traffic+Unit")


def test_what_was_said_last_is_shown_unless_it_is_hidden() -> None:
    agency = an_agency()
    late = a_late_one(agency, 3)
    update(late, actor=None, now=timezone.now(), note="The vendor has gone.")
    named = update(late, actor=None, now=timezone.now(), note="Rosa Diaz of Elm Street asked again.")
    assert "Rosa Diaz" in seen(Client(), agency)
    redact(named, field="note", reason="It names a resident.", actor=a_person(agency), now=timezone.now())
    assert "Rosa Diaz" not in seen(Client(), agency)


def test_titles_are_escaped_and_speak_the_readers_language() -> None:
    agency = an_agency()
    a_commitment(agency, title="<script>alert(1)</script>", owner_office="<b>Traffic</b>")
    a_commitment(agency, title="Lamps", translations={"es": {"title": "Farolas"}})
    page = seen(Client(), agency)
    assert "<script>alert" not in page
    assert "<b>Traffic</b>" not in page
    assert "Farolas" in seen(Client(), agency, language="/es")


def test_only_pledges_that_stand_are_printed() -> None:
    agency = an_agency()
    admin = a_person(agency, "admin")
    a_commitment(agency)
    assert "once only" not in seen(Client(), agency)
    sign_pledge(
        agency, actor=admin, code="date_moves_once", text="A date moves once only.", now=timezone.now()
    )
    assert "A date moves once only." in seen(Client(), agency)


def test_another_agencys_commitments_are_not_among_them() -> None:
    agency = an_agency()
    a_commitment(an_agency(), title="Somewhere else")
    page = seen(Client(), agency)
    assert "Somewhere else" not in page
    assert "No promises yet" in page
    assert Client().get("/agencies/nobody/promises/").status_code == 404


def table(answer: Any) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_table_holds_what_everyone_may_know_and_no_formula() -> None:
    agency = an_agency()
    ward = a_community(agency, name="=Ward")
    late = a_late_one(agency, 3, title='=HYPERLINK("https://evil.example")', communities=[ward.pk])
    a_commitment(agency, title="  @SUM(A1)", done_means="-1+1, done")
    a_commitment(agency, title="draft", draft=True)
    answer = Client().get(f"/agencies/{agency.slug}/promises.csv")
    assert answer["Content-Type"].startswith("text/csv")
    assert "attachment" in answer["Content-Disposition"]
    rows = table(answer)
    assert [row["number"] for row in rows] == ["1", "2"]
    assert rows[0]["title"] == '\'=HYPERLINK("https://evil.example")'
    assert rows[0]["communities"] == "'=Ward"
    assert (rows[0]["is_late"], rows[0]["days_late"]) == ("yes", "3")
    assert rows[0]["due_on"] == late.due_on.isoformat()
    assert rows[1]["title"] == "'  @SUM(A1)"
    assert rows[1]["done_means"] == "'-1+1, done"
    assert "owner" not in rows[0]


def test_the_table_takes_the_same_filters() -> None:
    agency = an_agency()
    a_late_one(agency, 3, title="Late one")
    a_commitment(agency, title="Later one")
    rows = table(Client().get(f"/agencies/{agency.slug}/promises.csv?status=late"))
    assert [row["title"] for row in rows] == ["Late one"]


def test_long_words_are_cut_and_short_ones_stand_as_they_are() -> None:
    commitment = a_commitment(due_on=dt.date(2020, 1, 1))
    told = [row_of(commitment, dt.date(2026, 1, 1), words).words for words in ("x" * 280, "y" * 281)]
    assert told == ["x" * 280, "y" * 279 + "…"]


def test_a_day_is_said_in_the_language_that_is_spoken() -> None:
    commitment = a_commitment(due_on=dt.date(2030, 3, 9))
    today = dt.date(2026, 1, 1)
    assert row_of(commitment, today).due == "Due March 9, 2030"
    with translation.override("es"):
        assert "9 de marzo de 2030" in row_of(commitment, today).due
    assert row_of(commitment, today).due == "Due March 9, 2030"
