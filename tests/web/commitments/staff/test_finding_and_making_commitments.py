"""Promises as staff find them and make them: filters, pages of fifty, a new promise, a draft."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from engage.agencies.models import Agency
from engage.commitments.models import Commitment
from tests.makers.agencies import a_community, a_person, an_agency
from tests.makers.commitments import a_commitment, today_of
from tests.makers.pages import html_of
from tests.web.commitments.staff.commitment_address import at
from tests.web.staff_clients import errors_of, staff
from web.commitments.staff_search import PAGE

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
NOW = timezone.now()


def test_filters_are_links_and_words_find_titles_and_numbers(agency: Agency, liaison: Client) -> None:
    today = today_of(agency)
    a_commitment(agency, title="Paint the crossing", due_on=today - dt.timedelta(days=4))
    a_commitment(agency, title="Mend the lamps", owner_office="Patrol")
    a_commitment(agency, title="Only a draft", draft=True)

    def listed(query: str) -> str:
        return html_of(liaison.get(f"/desk/{agency.slug}/commitments/{query}"))

    assert "Mend the lamps" not in listed("?show=late")
    assert "Paint the crossing" in listed("?show=late")
    assert "Only a draft" in listed("?show=draft")
    assert "Only a draft" not in listed("?show=all")
    assert "Paint the crossing" not in listed("?office=Patrol")
    assert "Mend the lamps" in listed("?words=LAMPS+the")
    assert "Paint the crossing" in listed("?words=%231")
    assert "No promise fits" in listed("?words=unicorns")
    assert "No promise fits" in listed("?show=mine")
    assert "Mend the lamps" in listed("?show=nonsense&words=%00")
    assert "Mend the lamps" in listed("?show=all&office=%00&focus_area=%00")


def test_fifty_at_a_time_each_once_and_no_query_more(
    agency: Agency, liaison: Client, django_assert_max_num_queries: Any
) -> None:
    same_day = today_of(agency) + dt.timedelta(days=20)
    for number in range(PAGE + 7):
        a_commitment(agency, title=f"Thing {number:03}", due_on=same_day)
    seen: list[str] = []
    path = f"/desk/{agency.slug}/commitments/"
    for show in ("owed", "all"):
        query, seen = f"show={show}", []
        while query:
            with django_assert_max_num_queries(6):
                answer = liaison.get(f"{path}?{query}")
            seen += [each.title for each, _standing in answer.context["rows"]]
            query = answer.context["next"]
        assert sorted(seen) == [f"Thing {number:03}" for number in range(PAGE + 7)]
    assert liaison.get(f"{path}?after=nonsense").status_code == 404
    assert liaison.get(f"{path}?community=nonsense").status_code == 404


def test_htmx_gets_the_results_alone(agency: Agency, liaison: Client, commitment: Commitment) -> None:
    answer = liaison.get(f"/desk/{agency.slug}/commitments/?show=all", headers={"HX-Request": "true"})
    assert b"<html" not in answer.content
    assert commitment.title.encode() in answer.content
    assert "HX-Request" in answer["Vary"]


def test_strangers_see_nothing_and_who_keeps_no_commitments_is_told(
    agency: Agency, commitment: Commitment
) -> None:
    for path in (
        f"/desk/{agency.slug}/commitments/",
        at(commitment),
        at(commitment, "date"),
        at(commitment, "edit"),
    ):
        assert staff(None).get(path).status_code == 404
        assert staff(agency, "admin").get(path).status_code == 403
        assert Client().get(path).status_code == 302
    other = an_agency()
    assert staff(other).get(f"/desk/{other.slug}/commitments/{commitment.pk}/").status_code == 404


def given(agency: Agency, **changes: Any) -> dict[str, Any]:
    said = {
        "title": "Light the underpass", "done_means": "It is lit.", "due_on": today_of(agency) + dt.timedelta(days=30),
        "owner_office": "Patrol", "owner": "", "focus_area": "community_engagement", "as": "commitment",
    }  # fmt: skip
    return said | changes


def test_a_commitment_is_a_draft_and_public_once_the_next_page_has_asked(
    agency: Agency, liaison: Client
) -> None:
    path, north = f"/desk/{agency.slug}/commitments/new", a_community(agency)
    answer = liaison.post(path, given(agency, communities=[north.pk]))
    made = Commitment.objects.get()
    assert answer["Location"] == at(made, "confirm")
    assert (made.number, made.draft) == (None, True)
    liaison.post(answer["Location"], {"edit_version": made.edit_version})
    made.refresh_from_db()
    assert (made.number, made.draft, list(made.communities.all())) == (1, False, [north])
    kept = liaison.post(path, given(agency, **{"as": "draft"}))
    assert kept["Location"] == at(Commitment.objects.get(draft=True))
    assert Commitment.objects.filter(draft=True, number=None).count() == 1


def test_what_does_not_fit_is_said_at_its_field_and_what_was_typed_stays(
    agency: Agency, liaison: Client
) -> None:
    path = f"/desk/{agency.slug}/commitments/new"
    answer = liaison.post(path, given(agency, title="", due_on="tomorrow", owner_office="Nowhere"))
    assert answer.status_code == 400
    assert set(errors_of(answer)) == {"title", "due_on", "owner_office"}
    said = html_of(answer)
    assert "<title>Error: Make a promise" in said
    assert "It is lit." in said
    assert 'href="#id_title"' in said
    stranger = a_person(an_agency())
    assert "owner" in errors_of(liaison.post(path, given(agency, owner=stranger.pk)))
    other = f"{path}?event={stranger.pk}"
    assert liaison.post(other, given(agency)).status_code == 400
    assert not Commitment.objects.exists()


def test_a_draft_changes_freely_and_a_public_commitment_does_not(agency: Agency, liaison: Client) -> None:
    draft = a_commitment(agency, draft=True, owner_office="Patrol")
    assert "Change the draft" in html_of(liaison.get(at(draft)))
    assert liaison.post(at(draft, "edit"), given(agency, title="Other words")).status_code == 302
    draft.refresh_from_db()
    assert draft.title == "Other words"
    liaison.post(at(draft, "confirm"), {"edit_version": draft.edit_version})
    assert liaison.post(at(draft, "edit"), given(agency, title="Third words"))["Location"] == at(draft)
    draft.refresh_from_db()
    assert (draft.title, draft.number) == ("Other words", 1)
