"""The summary goes past a leader to everybody who was there; a correction goes the same way."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from engage.roles.models import Role
from events.event.models import Event
from outreach.summaries.models import SummaryVersion
from outreach.summaries.reading import open_version, published_version
from outreach.worker.rounds import go_round
from tests.makers.commitments import a_commitment
from tests.makers.contributions import a_contribution
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp
from tests.makers.summaries import a_published_summary, an_event_that_is_over
from tests.web.listening.staff import (
    HTMX,
    a_desk,
    an_evening,
    as_filled_in,
    drafted,
    over,
    the_draft,
    url,
)
from web.summaries.forms import as_it_is_read

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def words_read(event: Event) -> dict[str, str]:
    """What the page of the draft sends along: which words stood there."""
    return {"edit_version": as_it_is_read(the_draft(event))}


def test_from_the_draft_to_everybody_who_was_there() -> None:
    client, agency, _person = a_desk()
    event = an_event(agency)
    an_rsvp(event, email="ana@mail.example")
    over(event)
    mine = a_commitment(agency, event=event, draft=True, title="Mend nine lamps")
    drafted(client, event)
    assert client.post(url("event_summary_publish", event), words_read(event)).status_code == 409
    leader, _agency, _person = a_desk("leader", agency)
    read = leader.get(url("event_summary", event), follow=True)
    assert "Mend nine lamps" in read.content.decode()
    assert b"Approve these words" in read.content
    leader.post(url("event_summary_approve", event), as_filled_in(read, reply="I answer for it."))
    ask = client.get(url("event_summary_publish", event))
    assert "1 draft promise becomes public" in ask.content.decode()
    assert "At most 1 person who had a place, came or asked is told by email." in ask.content.decode()
    done = client.post(url("event_summary_publish", event), as_filled_in(ask), follow=True)
    assert "The list of people to tell is being made." in done.content.decode()
    mine.refresh_from_db()
    assert (mine.draft, mine.number) == (False, 1)
    assert client.post(url("event_summary_publish", event), as_filled_in(ask)).status_code == 409
    go_round()
    part = client.get(url("event_summary_sending", event), **HTMX).content.decode()
    assert "Messages are written for 1 place, question or follower" in part
    assert "hx-trigger" not in part
    assert (
        "I answer for it." in Client().get(reverse("summary", kwargs={"event_id": event.pk})).content.decode()
    )


def test_what_waits_for_a_decision_is_said_before_it_is_published() -> None:
    client, agency, _person = a_desk()
    event = an_evening(agency)
    drafted(client, event)
    leader, _agency, _person = a_desk("leader", agency)
    read = leader.get(url("event_summary_approve", event))
    leader.post(url("event_summary_approve", event), as_filled_in(read))
    a_contribution(agency, event=event, body="Nobody has looked at this.")
    asked = client.get(url("event_summary_publish", event)).content.decode()
    assert "Before you publish" in asked
    assert "waits for a decision. It is not counted here." in asked


def test_a_leader_approves_only_what_stood_on_the_page() -> None:
    client, agency, _person = a_desk()
    event = an_evening(agency)
    answer = drafted(client, event)
    leader, _agency, _person = a_desk("leader", agency)
    read = leader.get(url("event_summary_approve", event))
    client.post(url("event_summary", event), as_filled_in(answer, next_steps="Something else."))
    refused = leader.post(url("event_summary_approve", event), as_filled_in(read, reply="My words."))
    assert refused.status_code == 409
    assert b"My words." in refused.content
    assert b"Something else." in refused.content
    assert the_draft(event).status == "draft"


def test_an_edit_after_approval_needs_a_new_one_and_this_is_said_before() -> None:
    client, agency, _person = a_desk()
    event = an_evening(agency)
    drafted(client, event)
    leader, _agency, _person = a_desk("leader", agency)
    leader.post(url("event_summary_approve", event), words_read(event) | {"reply": ""})
    answer = client.get(url("event_summary", event))
    assert "A change needs a new approval." in answer.content.decode()
    saved = client.post(url("event_summary", event), as_filled_in(answer, next_steps="New."), follow=True)
    assert "a leader has to approve it again" in saved.content.decode()
    assert client.post(url("event_summary_publish", event), words_read(event)).status_code == 409


def test_a_correction_is_a_new_version_with_its_note() -> None:
    client, agency, person = a_desk()
    event = an_evening(agency)
    Role.objects.create(person=person, agency=agency, kind="leader")
    for number, note in ((1, ""), (2, "We had counted one comment twice.")):
        drafted(client, event, correction_note=note)
        read = client.get(url("event_summary_approve", event))
        client.post(url("event_summary_approve", event), as_filled_in(read))
        ask = client.get(url("event_summary_publish", event))
        assert client.post(url("event_summary_publish", event), as_filled_in(ask)).status_code == 302
        published = published_version(event)
        assert published is not None
        assert (published.number, published.correction_note) == (number, note)


def test_a_correction_asks_at_its_start_what_it_corrects_and_can_be_thrown_away() -> None:
    client, agency, _person = a_desk()
    event = an_event_that_is_over(agency)
    a_published_summary(event, next_steps="We meet in May.")
    asked = client.get(url("event_summary_draft", event))
    assert b"What this version corrects" in asked.content
    refused = client.post(url("event_summary_draft", event), {"correction_note": " "})
    assert refused.status_code == 400
    assert b"Say what this version corrects." in refused.content
    assert open_version(event) is None
    client.post(url("event_summary_draft", event), {"correction_note": "The month was wrong."})
    begun = open_version(event)
    assert begun is not None
    assert begun.correction_note == "The month was wrong."
    page = client.get(url("event_summary_discard", event))
    assert b"What is public stays as it is." in page.content
    gone = client.post(url("event_summary_discard", event), as_filled_in(page), follow=True)
    assert "It is thrown away." in gone.content.decode()
    assert open_version(event) is None
    assert published_version(event) is not None


def test_who_may_do_what() -> None:
    client, agency, _person = a_desk()
    event = an_evening(agency)
    drafted(client, event)
    leader = a_desk("leader", agency)[0]
    assert leader.post(url("event_summary", event), {}).status_code == 403
    assert leader.post(url("event_summary_draft", event)).status_code == 403
    assert leader.get(url("event_summary_publish", event)).status_code == 403
    assert leader.get(url("event_summary_preview", event)).status_code == 200
    assert client.get(url("event_summary_approve", event)).status_code == 403
    for name in ("event_summary", "event_summary_preview", "event_summary_publish", "event_summary_sending"):
        for kind in ("admin", "panelist"):
            assert a_desk(kind, agency)[0].get(url(name, event)).status_code == 403
        assert a_desk()[0].get(url(name, event)).status_code == 404
        assert Client().get(url(name, event)).status_code == 302
    foreign, other, _person = a_desk()
    there = reverse("event_summary", kwargs={"slug": other.slug, "event_id": event.pk})
    assert foreign.get(there).status_code == 404
    assert foreign.get(url("event_summary_preview", an_evening(other))).status_code == 404


def test_looking_changes_nothing() -> None:
    client, agency, person = a_desk()
    event = an_evening(agency)
    Role.objects.create(person=person, agency=agency, kind="leader")
    assert client.get(url("event_summary_draft", event)).status_code == 302
    assert not SummaryVersion.objects.exists()
    drafted(client, event)
    for name in ("event_summary", "event_summary_preview", "event_summary_approve", "event_summary_publish"):
        assert client.get(url(name, event)).status_code == 200
        assert client.head(url(name, event)).status_code == 200
    assert (the_draft(event).status, the_draft(event).edit_version) == ("draft", 1)
