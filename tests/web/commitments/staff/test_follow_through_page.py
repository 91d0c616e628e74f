"""What leadership sees in one look, and what it can decide from there."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from engage.agencies.models import Agency
from engage.commitments.models import Commitment
from engage.commitments.tracking import update
from events.planning import lifecycle
from outreach.summaries import writing
from tests.makers.agencies import a_community, a_person, an_agency
from tests.makers.commitments import a_commitment, today_of
from tests.makers.events import an_event
from tests.web.staff_clients import staff

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
NOW = timezone.now()
LONG_AGO = NOW - dt.timedelta(days=60)


def due(agency: Agency, days: int, **fields: Any) -> Commitment:
    return a_commitment(agency, due_on=today_of(agency) + dt.timedelta(days=days), **fields)


@pytest.fixture
def agency() -> Agency:
    return an_agency(offices=["Patrol", "Records"])


@pytest.fixture
def leader(agency: Agency) -> Client:
    return staff(agency, "leader")


def page(client: Client, agency: Agency, query: str = "") -> Any:
    return client.get(f"/desk/{agency.slug}/follow-through/{query}")


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def an_ended_event(agency: Agency, ago: int, **fields: Any) -> Any:
    event = an_event(agency, **fields)
    lifecycle.start(event, now=NOW)
    event = lifecycle.end(event, now=NOW).event
    event.created_at = NOW - dt.timedelta(days=ago + 10)
    event.ends_at = NOW - dt.timedelta(days=ago)
    event.starts_at = event.ends_at - dt.timedelta(hours=1)
    event.local_ends_at = event.ends_at.replace(tzinfo=None)
    event.save(update_fields=["created_at", "ends_at", "starts_at", "local_ends_at"])
    return event


def test_the_headline_says_what_is_kept_late_and_soon_late(agency: Agency, leader: Client) -> None:
    kept = due(agency, 5)
    update(kept, actor=None, now=NOW, status="kept", evidence=[{"url": "https://city.example/x"}])
    due(agency, -4)
    due(agency, 9, now=LONG_AGO)
    due(agency, 60, draft=True)
    said = words(page(leader, agency))
    assert "1 of 3 promises are kept. 1 is late. 1 more will be late by" in said
    assert "Late by 4 days" in said
    assert "At risk, due in 9 days" in said


def test_late_ones_come_first_the_oldest_on_top(agency: Agency, leader: Client) -> None:
    due(agency, -3, title="Three days")
    due(agency, -30, title="Thirty days")
    due(agency, 8, title="At risk soon", now=LONG_AGO)
    said = page(leader, agency).content.decode()
    decisions = said[said.index("Needs your decision") :]
    assert decisions.index("Thirty days") < decisions.index("Three days") < decisions.index("At risk soon")


def test_each_act_is_a_link_that_works_without_htmx(agency: Agency, leader: Client) -> None:
    late = due(agency, -3)
    said = page(leader, agency).content.decode()
    for act in ("owner", "update", "date"):
        path = f"/desk/{agency.slug}/commitments/{late.pk}/{act}?back=follow"
        assert f'href="{path}"' in said
        assert leader.get(path).status_code == 200


def test_who_only_looks_gets_no_buttons(agency: Agency) -> None:
    late = due(agency, -3)
    said = page(staff(agency, "admin"), agency).content.decode()
    assert "Late by 3 days" in said
    assert "Post an update" not in said
    assert f"/desk/{agency.slug}/commitments/" not in said
    assert f'href="/agencies/{agency.slug}/promises/{late.number}/"' in said


def test_a_panelist_and_a_stranger_see_nothing_of_it(agency: Agency) -> None:
    assert page(staff(agency, "panelist"), agency).status_code == 403
    assert page(staff(None, "leader"), agency).status_code == 404
    assert page(Client(), agency)["Location"].startswith("/accounts/login/")


def test_rows_lead_to_the_commitments_they_count(agency: Agency, leader: Client) -> None:
    north = a_community(agency, name="Northbank")
    due(agency, 30, communities=[north], title="Of Northbank")
    due(agency, 40, title="Of everyone")
    said = page(leader, agency).content.decode()
    assert f"show=all&amp;community={north.pk}" in said
    there = leader.get(f"/desk/{agency.slug}/commitments/?show=all&community={north.pk}").content.decode()
    assert "Of Northbank" in there
    assert "Of everyone" not in there
    without = leader.get(f"/desk/{agency.slug}/commitments/?show=all&community=none").content.decode()
    assert "Of everyone" in without
    assert "Of Northbank" not in without


def test_the_period_counts_commitments_made_in_it_and_bad_quarters_count_as_not_said(
    agency: Agency, leader: Client
) -> None:
    due(agency, 30, now=dt.datetime(2025, 2, 3, 12, tzinfo=dt.UTC))
    due(agency, 30)
    assert "0 of 1 promise is kept" in words(page(leader, agency, "?from=2025-Q1&to=2025-Q1"))
    assert "Promises made in January to March 2025." in words(
        page(leader, agency, "?from=2025-Q1&to=2025-Q1")
    )
    assert "0 of 2 promises are kept" in words(page(leader, agency, "?from=%00&to=2025-Q9"))
    turned = page(leader, agency, "?from=2025-Q3&to=2025-Q1").context["period"]
    assert (turned.first.code, turned.last.code) == ("2025-Q1", "2025-Q3")


def test_an_agency_without_commitments_is_told_so(agency: Agency, leader: Client) -> None:
    said = words(page(leader, agency))
    assert "No promises were made in this time." in said
    assert "Nothing needs your decision today" in said
    assert "No promise is late." in said


def test_summaries_wait_to_be_written_approved_and_published(agency: Agency, leader: Client) -> None:
    an_ended_event(agency, 20, title="Never written")
    an_ended_event(agency, 3, title="Still in time")
    an_ended_event(agency, 20, title="Among staff", audience="staff")
    drafted = an_ended_event(agency, 5, title="Drafted")
    writing.draft(drafted, actor=None, now=NOW)
    approved = an_ended_event(agency, 15, title="Approved")
    version = writing.draft(approved, actor=None, now=NOW).version
    writing.approve(version, actor=a_person(agency, "leader"), now=NOW)
    said = words(page(leader, agency))
    assert re.search(r"Summary late by \d+ days Never written", said)
    assert "Write the summary" in said
    assert "Read and approve" in said
    assert "Read and publish" in said
    assert "Still in time" not in said
    assert "Among staff" not in said


def test_many_commitments_cost_no_more_queries_and_marks_become_a_bar(
    agency: Agency, leader: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        due(
            agency,
            number - 20,
            communities=[a_community(agency, name=f"Ward {number}")] if number < 5 else [],
        )
    with django_assert_max_num_queries(12):
        few = page(leader, agency).content.decode()
    assert "stack-bar" in few
    Commitment.objects.filter(agency=agency).update(owner=a_person(agency, name="<b>Ann</b>"))
    # An act on the record, without which the page would be shown as it was.
    due(agency, 90)
    with django_assert_max_num_queries(12):
        said = page(leader, agency).content.decode()
    assert "<b>Ann</b>" not in said
    assert "&lt;b&gt;Ann&lt;/b&gt;" in said
    assert "All 20 late promises" in said


def test_approvals_hold_drafts_and_summaries_each_with_one_button(agency: Agency, leader: Client) -> None:
    draft = due(agency, 50, draft=True, title="Still a draft")
    writing.draft(an_ended_event(agency, 5, title="Drafted"), actor=None, now=NOW)
    said = leader.get(f"/desk/{agency.slug}/approvals/").content.decode()
    assert said.count("Make it public<") == 1
    assert said.count("Read and approve<") == 1
    asked = leader.post(f"/desk/{agency.slug}/commitments/{draft.pk}/confirm", {"back": "approvals"})
    sent = {"back": "approvals", "edit_version": draft.edit_version}
    assert 'name="back" value="approvals"' in asked.content.decode()
    answer = leader.post(f"/desk/{agency.slug}/commitments/{draft.pk}/confirm", sent)
    assert answer["Location"] == f"/desk/{agency.slug}/approvals/"
    draft.refresh_from_db()
    assert draft.number == 1
    assert leader.post(f"/desk/{agency.slug}/commitments/{draft.pk}/confirm").status_code == 409


def test_looking_changes_nothing(agency: Agency, leader: Client) -> None:
    late = due(agency, -3)
    for path in (
        "follow-through/",
        "approvals/",
        "commitments/",
        f"commitments/{late.pk}/",
        f"commitments/{late.pk}/date",
    ):
        assert leader.get(f"/desk/{agency.slug}/{path}").status_code == 200
        assert leader.head(f"/desk/{agency.slug}/{path}").status_code == 200
    late.refresh_from_db()
    assert (late.updates_count, late.edit_version) == (0, 1)
    assert leader.get(f"/desk/{agency.slug}/commitments/{late.pk}/confirm").status_code == 409
    draft = due(agency, 30, draft=True)
    assert leader.get(f"/desk/{agency.slug}/commitments/{draft.pk}/confirm").status_code == 200
    draft.refresh_from_db()
    assert draft.draft
