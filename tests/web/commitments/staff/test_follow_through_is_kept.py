"""Follow-through is drawn once and shown again; what changes shows at once, and nobody sees another's page."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engage.activity.models import Activity
from engage.agencies import communities, onboarding
from engage.agencies.models import Agency
from engage.commitments import tracking
from engage.commitments.models import Commitment
from engage.people.own_account import change_own_account
from events.planning import lifecycle, scheduling
from outreach.summaries import writing
from tests.makers.agencies import a_community, a_person, an_agency
from tests.makers.commitments import a_commitment, today_of
from tests.makers.events import an_event
from tests.web.staff_clients import signed_in, staff
from web.commitments.changes_lately import changes_lately

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
DAY = dt.timedelta(days=1)


def seen(client: Client, agency: Agency, query: str = "") -> str:
    answer = client.get(f"/desk/{agency.slug}/follow-through/{query}")
    assert answer.status_code == 200
    return re.sub(r'name="(?:csrfmiddlewaretoken|key)" value="[\w-]+"', "", answer.content.decode())


def asked_of_commitments(client: Client, agency: Agency, query: str = "") -> int:
    with CaptureQueriesContext(connection) as asked:
        seen(client, agency, query)
    return sum('"engage_commitment"' in row["sql"] for row in asked)


def late(agency: Agency, **fields: Any) -> Commitment:
    return a_commitment(agency, **{"title": "Late one", "due_on": today_of(agency) - 3 * DAY} | fields)


def test_the_second_look_asks_nothing_about_commitments_and_few_questions_at_all(
    django_assert_max_num_queries: Any,
) -> None:
    agency = an_agency()
    client = staff(agency, "leader")
    late(agency)
    first = seen(client, agency)
    with django_assert_max_num_queries(5):
        second = seen(client, agency)
    assert first == second
    assert "Late one" in second
    assert asked_of_commitments(client, agency) == 0


def everything_that_shows(agency: Agency) -> list[tuple[str, Callable[[], object]]]:
    """Acts in their order, each after a look at the page: all of them change what it says."""
    now, leader = timezone.now(), a_person(agency, "leader")
    commitment, draft = late(agency), late(agency, title="A draft", draft=True)
    owner = a_person(agency, "liaison", name="First Name")
    community = a_community(agency, name="Northbank")
    late(agency, title="Of Northbank", communities=[community])
    event = an_event(agency, title="The evening")

    def changed(**fields: Any) -> Callable[[], object]:
        return lambda: tracking.update(
            Commitment.objects.get(pk=commitment.pk), actor=leader, now=now, **fields
        )

    def summary() -> Any:
        return event.summary.versions.get()

    def ended() -> None:
        lifecycle.start(event, now=now)
        lifecycle.end(event, now=now)
        writing.draft(event, actor=leader, now=now)

    return [
        ("new promise", lambda: late(agency, title="Another")),
        ("note", changed(note="We go on.")),
        ("owner", changed(owner=owner.pk, reason="She knows.")),
        ("name", lambda: change_own_account(owner, name="New Name", language="en", time_zone="UTC", now=now)),
        ("office", changed(owner_office="Records", reason="Moved.")),
        ("title", changed(title="In other words", reason="Clearer.")),
        ("date", changed(due_on=today_of(agency) + 200 * DAY, reason="More time.")),
        ("not kept", changed(status="not_kept", reason="No money.")),
        (
            "draft edited",
            lambda: tracking.edit(draft, actor=leader, now=now, fields={"title": "D"}),
        ),
        ("confirmed", lambda: tracking.confirm(draft, actor=leader, now=now)),
        (
            "community",
            lambda: communities.edit_community(
                community, actor=leader, now=now, fields={"name": "Southbank", "kind": "neighborhood"}
            ),
        ),
        ("summary drafted", ended),
        (
            "meeting renamed",
            lambda: scheduling.edit(event, actor=leader, now=now, fields={"title": "Night"}),
        ),
        ("summary approved", lambda: writing.approve(summary(), actor=leader, now=now)),
        (
            "settings",
            lambda: onboarding.change_settings(agency, actor=leader, fields={"name": "Elsewhere PD"}),
        ),
    ]


def test_each_change_shows_at_once() -> None:
    agency = an_agency(offices=["Traffic Unit", "Records"])
    client = staff(agency, "leader")
    acts = everything_that_shows(agency)
    before = seen(client, agency)
    assert seen(client, agency) == before
    for name, act in acts:
        act()
        after = seen(client, agency)
        assert after != before, name
        assert seen(client, agency) == after, name
        before = after


def test_an_act_that_began_first_and_commits_last_is_not_missed() -> None:
    agency, now = an_agency(), timezone.now()
    before = changes_lately(agency, now=now)
    late(agency, now=now)
    newest = changes_lately(agency, now=now)
    # Its line on the record is older than the newest one there.
    late(agency, now=now - dt.timedelta(minutes=30))
    assert len({before, newest, changes_lately(agency, now=now)}) == 3


def test_rsvps_that_people_save_do_not_make_it_anew() -> None:
    agency, now = an_agency(), timezone.now()
    before = changes_lately(agency, now=now)
    Activity.objects.create(agency=agency, verb="rsvp.made", object_type="rsvp", object_id=agency.pk)
    assert changes_lately(agency, now=now) == before
    assert changes_lately(agency, now=now + dt.timedelta(hours=1)) != before


def test_nobody_gets_the_page_of_another_agency_right_language_day_or_period() -> None:
    agency, other = an_agency(), an_agency()
    late(agency)
    leader = staff(agency, "leader")
    assert "Late one" in seen(leader, agency)
    assert "Late one" not in seen(staff(other, "leader"), other)
    administrator = seen(staff(agency, "admin"), agency)
    assert "Late one" in administrator
    assert "Post an update" not in administrator
    assert "Seguimiento" in seen(signed_in(a_person(agency, "leader", language="es")), agency)
    assert "No promises were made in this time." in seen(leader, agency, "?from=2020-Q1&to=2020-Q1")
    assert "Late by 3 days" in seen(leader, agency)
    with mock.patch("web.site.frames.staff.local_day", return_value=today_of(agency) + DAY):
        assert "Late by 4 days" in seen(leader, agency)


def test_each_reader_gets_their_own_token_in_the_forms_of_a_kept_page() -> None:
    agency = an_agency()
    draft = late(agency, draft=True)
    seen(staff(agency, "leader"), agency)
    mine = Client(enforce_csrf_checks=True)
    mine.force_login(a_person(agency, "leader"))
    shown = mine.get(f"/desk/{agency.slug}/follow-through/").content.decode()
    form = shown[shown.index(f"/commitments/{draft.pk}/confirm") :]
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
    assert token
    act = f"/desk/{agency.slug}/commitments/{draft.pk}/confirm"
    assert mine.post(act).status_code == 403
    sent = {"csrfmiddlewaretoken": token[1], "edit_version": draft.edit_version}
    assert mine.post(act, sent).status_code == 302
    draft.refresh_from_db()
    assert not draft.draft


def test_without_a_cache_it_is_drawn_each_time(settings: Any) -> None:
    agency = an_agency()
    client = staff(agency, "leader")
    late(agency)
    # An address at which nobody listens.
    backend = settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": backend | {"OPTIONS": {"socket_connect_timeout": 0.2}}}
    assert "Late one" in seen(client, agency)
    assert asked_of_commitments(client, agency) > 0
    assert asked_of_commitments(client, agency) > 0
