"""What is said: without a trace of who said it, or under an address; shown once a moderator says so."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engage.activity.models import Activity
from engage.kept_answers.models import IdempotentAnswer
from engage.listening.models import Contribution, ContributionIntake
from tests.makers.agencies import a_dialogue, an_agency
from tests.makers.api_clients import Api, api_of, the_public
from tests.makers.contributions import what_waits
from tests.makers.events import an_event
from tests.makers.worlds import World

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
QUESTION = {"kind": "question", "body": "Who reads the videos?"}


def test_an_anonymous_question_is_received_and_leaves_nothing_to_follow_it_by() -> None:
    event = an_event()
    acts = Activity.objects.count()
    answer = the_public().post(f"/events/{event.pk}/contributions/", QUESTION)
    assert (answer.status_code, answer.json()) == (202, {"received": True})
    assert [said.body for said in what_waits()] == [QUESTION["body"]]
    assert not Contribution.objects.exists()
    assert Activity.objects.count() == acts
    assert the_public().get(f"/events/{event.pk}/contributions/").json()["results"] == []


@pytest.mark.parametrize("token", ["engage_nonsense", ""])
def test_an_anonymous_post_does_not_even_look_at_a_token(token: str) -> None:
    agency = an_agency()
    caller = Api(token) if token else api_of(agency)
    with CaptureQueriesContext(connection) as queries:
        answer = caller.post(f"/agencies/{agency.slug}/contributions/", QUESTION)
    assert answer.status_code == 202
    assert not [
        one for one in queries.captured_queries if "accesstoken" in one["sql"] or "session" in one["sql"]
    ]


def test_an_anonymous_post_sent_twice_is_one_text_and_keeps_no_answer_of_it() -> None:
    dialogue = a_dialogue(an_agency(), stage="open")
    path, key = f"/dialogues/{dialogue.pk}/contributions/", str(uuid.uuid4())
    first = the_public().post(path, QUESTION, Idempotency_Key=key)
    again = the_public().post(path, QUESTION, Idempotency_Key=key)
    assert first.json() == again.json() == {"received": True}
    assert again["Idempotent-Replayed"] == "true"
    assert ContributionIntake.objects.count() == 1
    assert IdempotentAnswer.objects.count() == 1
    assert the_public().post(path, QUESTION | {"body": "Other"}, Idempotency_Key=key).status_code == 422


def test_anonymous_with_an_address_is_a_contradiction() -> None:
    answer = the_public().post(
        f"/events/{an_event().pk}/contributions/", QUESTION | {"email": "a@mail.example"}
    )
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/email")


def test_a_signed_question_waits_for_a_moderator_and_is_then_answered() -> None:
    agency = an_agency()
    event, liaison, public = an_event(agency), api_of(agency), the_public()
    path = f"/events/{event.pk}/contributions/"
    body = QUESTION | {"anonymous": False, "email": "asker@mail.example"}
    made = public.post(path, body)
    assert made.status_code == 201, made.content
    said = made.json()
    assert (said["moderation"], said["body"]) == ("waiting", QUESTION["body"])
    assert public.get(path).json()["results"] == []
    assert public.get(f"/contributions/{said['id']}/").status_code == 404
    assert [one["id"] for one in liaison.get(path).json()["results"]] == [said["id"]]
    one = f"/contributions/{said['id']}/"
    assert liaison.post(f"{one}answer/", {"answer": "Two people."}).status_code == 409
    assert liaison.post(f"{one}moderate/", {"moderation": "shown"}).json()["moderation"] == "shown"
    assert liaison.post(f"{one}answer/", {"answer": "Two people."}).json()["answer"] == "Two people."
    (shown,) = public.get(path).json()["results"]
    assert (shown["answer"], shown["body"]) == ("Two people.", QUESTION["body"])
    assert b"asker@" not in public.get(path).content + liaison.get(path).content


def test_hiding_needs_a_reason_and_correcting_too() -> None:
    world = World.made()
    liaison, contribution = api_of(world.agency), world.contribution()
    path = f"/contributions/{contribution.pk}/moderate/"
    for body in ({"moderation": "hidden"}, {"moderation": "shown", "body": "Better words"}):
        refused = liaison.post(path, body)
        assert (refused.status_code, refused.json()["code"]) == (400, "reason_required")
    corrected = liaison.post(
        path, {"moderation": "shown", "body": "Better words", "reason": "It named somebody."}
    )
    assert corrected.json()["body"] == "Better words"
    hidden = liaison.post(path, {"moderation": "hidden", "reason": "It named somebody."})
    assert hidden.json()["hidden_reason"] == "It named somebody."
    assert the_public().get(f"/contributions/{contribution.pk}/").status_code == 404


def test_a_note_of_staff_keeps_its_speaker_among_staff() -> None:
    agency = an_agency()
    event, liaison, public = an_event(agency), api_of(agency), the_public()
    path = f"/events/{event.pk}/contributions/"
    who = {"said_by": "department", "speaker": "Traffic Unit"}
    note = QUESTION | {"kind": "note", "anonymous": False, "may_quote": True} | who
    refused = public.post(path, note)
    assert {error["pointer"] for error in refused.json()["errors"]} == {"/said_by", "/speaker", "/may_quote"}
    said = liaison.post(path, note).json()
    assert (said["said_by"], said["speaker"]) == ("department", "Traffic Unit")
    liaison.post(f"/contributions/{said['id']}/moderate/", {"moderation": "shown"})
    [shown] = public.get(path).json()["results"]
    assert (shown["said_by"], shown["speaker"]) == (None, None)


def test_a_note_never_holds_a_residents_name() -> None:
    agency = an_agency()
    event, liaison = an_event(agency), api_of(agency)
    note = QUESTION | {"kind": "note", "anonymous": False, "speaker": "Mrs. Jones"}
    for given in (note, note | {"said_by": "resident"}):
        refused = liaison.post(f"/events/{event.pk}/contributions/", given)
        assert refused.status_code == 400
        [error] = refused.json()["errors"]
        assert (error["pointer"], error["code"]) == ("/speaker", "names_a_resident")
    assert not Contribution.objects.exists()


def test_me_too_counts_once_a_browser() -> None:
    path = f"/contributions/{World.made().contribution().pk}/endorse/"
    counts = [
        the_public().post(path, {"mark": mark * 32}).json()["endorsements_count"]
        for mark in ("ab", "ab", "cd")
    ]
    assert counts == [1, 1, 2]
