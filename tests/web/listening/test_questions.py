"""Questions: shown, hidden with a public reason, put under a theme, answered, corrected; one by one and many at once."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from engage.contributing import contribute
from engage.models import Agency, Contribution, Theme
from engage.moderating import show
from engage.theming import make_theme
from tests.makers.agencies import a_dialogue, an_agency
from tests.makers.commitments import a_commitment
from tests.makers.contributions import a_contribution
from tests.makers.events import a_meeting
from tests.web.listening.staff import HTMX, a_desk, errors_in

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def all_of(agency: Agency) -> str:
    return reverse("questions", kwargs={"slug": agency.slug})


def act(said: Contribution, name: str) -> str:
    return reverse(f"question_{name}", kwargs={"slug": said.agency.slug, "contribution_id": said.pk})


def shown(agency: Agency, **fields: Any) -> Contribution:
    said = a_contribution(agency, **fields)
    show(said, actor=None, now=timezone.now())
    return said


def test_what_waits_is_listed_with_sealed_words_opened() -> None:
    client, agency, _person = a_desk()
    contribute(
        agency=agency, target="agency", target_id=agency.pk, kind="question", body="Why was my son stopped?",
        language="en", way_in="web", now=timezone.now(), email="ana@mail.example",
    )  # fmt: skip
    a_contribution(an_agency(), body="Elsewhere")
    content = client.get(all_of(agency)).content.decode()
    assert "Why was my son stopped?" in content
    assert "ana@mail.example" not in content
    assert "Elsewhere" not in content


def test_one_is_shown_by_a_button_and_the_way_back_is_kept() -> None:
    client, agency, _person = a_desk()
    said = a_contribution(agency)
    back = all_of(agency) + "?state=waiting&kind=question"
    answer = client.post(act(said, "show"), {"back": back})
    assert answer["Location"] == back
    said.refresh_from_db()
    assert said.moderation == "shown"
    elsewhere = client.post(act(said, "show"), {"back": "https://evil.example/"})
    assert elsewhere["Location"] == all_of(agency)
    assert client.post(act(said, "show"), {"back": "//evil.example/"})["Location"] == all_of(agency)


def test_hiding_needs_a_public_reason_and_says_that_criticism_is_none() -> None:
    client, agency, _person = a_desk()
    said = a_contribution(agency)
    opened = client.get(act(said, "hide"))
    assert "criticizes the department is not a reason" in opened.content.decode()
    sent = {"edit_version": said.edit_version, "reason": " "}
    refused = client.post(act(said, "hide"), sent)
    assert (refused.status_code, list(errors_in(refused))) == (400, ["reason"])
    client.post(act(said, "hide"), sent | {"reason": "It names a neighbor."})
    said.refresh_from_db()
    assert (said.moderation, said.hidden_reason) == ("hidden", "It names a neighbor.")


def test_an_answer_stands_for_everyone_and_a_second_writer_is_told() -> None:
    client, agency, _person = a_desk()
    said = shown(agency)
    sent = {"edit_version": said.edit_version, "body": "You may ask for the video."}
    empty = client.post(act(said, "answer"), sent | {"body": ""})
    assert (empty.status_code, list(errors_in(empty))) == (400, ["body"])
    assert client.post(act(said, "answer"), sent).status_code == 302
    late = client.post(act(said, "answer"), sent | {"body": "Another one."})
    assert late.status_code == 409
    assert b"Another one." in late.content
    said.refresh_from_db()
    assert said.answer == "You may ask for the video."
    waiting = a_contribution(agency)
    refused = client.post(act(waiting, "answer"), {"edit_version": waiting.edit_version, "body": "No."})
    assert refused.status_code == 409


def test_a_correction_keeps_what_stood_before_where_staff_can_read_it() -> None:
    client, agency, _person = a_desk()
    said = shown(agency, body="Oficer Smith was rude")
    sent = {"edit_version": said.edit_version, "body": "An officer was rude", "reason": ""}
    refused = client.post(act(said, "correct"), sent)
    assert (refused.status_code, list(errors_in(refused))) == (400, ["reason"])
    client.post(act(said, "correct"), sent | {"reason": "It named a person."})
    one = client.get(reverse("question", kwargs={"slug": agency.slug, "contribution_id": said.pk})).content
    assert b"An officer was rude" in one
    assert b"Oficer Smith was rude" in one
    assert b"It named a person." in one


def test_a_theme_is_chosen_or_made_where_it_belongs() -> None:
    client, agency, _person = a_desk()
    event, dialogue = a_meeting(agency), a_dialogue(agency)
    here = make_theme(actor=None, event=event, title="Lamps")
    there = make_theme(actor=None, event=a_meeting(agency), title="Cars")
    said = shown(agency, event=event)
    client.post(act(said, "theme"), {"theme": here.pk})
    here.refresh_from_db()
    assert here.contributions_count == 1
    assert client.post(act(said, "theme"), {"theme": there.pk}).status_code == 400
    in_dialogue = a_contribution(agency, dialogue=dialogue)
    client.post(act(in_dialogue, "theme"), {"theme": "new", "new_theme": "Stops"})
    assert Theme.objects.get(title="Stops").dialogue == dialogue
    alone = client.post(act(a_contribution(agency), "theme"), {"theme": "new", "new_theme": "Stops"})
    assert alone.status_code == 400


def test_many_are_decided_at_once_each_for_itself() -> None:
    client, agency, _person = a_desk()
    event = a_meeting(agency)
    theme = make_theme(actor=None, event=event, title="Lamps")
    here = [a_contribution(agency, event=event) for _ in range(3)]
    elsewhere = a_contribution(agency, body="Something from the dialogue", dialogue=a_dialogue(agency))
    foreign = a_contribution(an_agency())
    many = reverse("questions_many", kwargs={"slug": agency.slug})
    chosen = [one.pk for one in (*here, elsewhere, foreign)]
    answer = client.post(many, {"act": "theme", "theme": theme.pk, "chosen": chosen}, follow=True)
    assert "3 are under that theme now." in answer.content.decode()
    assert "Something from the dialogue" in answer.content.decode()
    assert Contribution.objects.filter(theme=theme).count() == 3
    answer = client.post(many, {"act": "show", "chosen": chosen}, follow=True)
    assert "Everybody can read 4 more." in answer.content.decode()
    foreign.refresh_from_db()
    assert foreign.moderation == "waiting"


def test_none_and_too_many_at_once_are_refused_in_words() -> None:
    client, agency, _person = a_desk()
    many = reverse("questions_many", kwargs={"slug": agency.slug})
    said = a_contribution(agency)
    for chosen in ([], ["nonsense"], [*(uuid4() for _ in range(100)), said.pk]):
        answer = client.post(many, {"act": "show", "chosen": chosen}, follow=True)
        assert "at most 100 at once" in answer.content.decode()
    said.refresh_from_db()
    assert said.moderation == "waiting"


def test_htmx_gets_the_row_alone_and_a_filter_the_list_alone() -> None:
    client, agency, _person = a_desk()
    said = a_contribution(agency)
    opened = client.get(act(said, "hide"), **HTMX)
    done = client.post(act(said, "show"), **HTMX)
    listed = client.get(all_of(agency), {"state": "shown"}, **HTMX)
    for answer in (opened, done, listed):
        assert (answer.status_code, b"<html" in answer.content) == (200, False)
        assert "HX-Request" in answer["Vary"]
    assert b"Everybody can read it now." in done.content


def test_lists_are_filtered_and_paged_without_losing_or_doubling_anything() -> None:
    client, agency, _person = a_desk()
    event = a_meeting(agency)
    theme = make_theme(actor=None, event=event, title="Lamps")
    made = [a_contribution(agency, event=event, theme=theme if n % 2 else None) for n in range(60)]
    a_contribution(agency, event=event, kind="idea", body="An idea")
    where = reverse("event_questions", kwargs={"slug": agency.slug, "event_id": event.pk})
    seen, query = [], "state=waiting&kind=question"
    while query:
        answer = client.get(f"{where}?{query}")
        seen += [row.said.pk for row in answer.context["rows"]]
        query = answer.context["following"]
    assert sorted(seen) == sorted(one.pk for one in made)
    assert len(client.get(where, {"theme": theme.pk, "kind": "question"}).context["rows"]) == 25
    assert [row.words for row in client.get(where, {"kind": "idea"}).context["rows"]] == ["An idea"]
    assert (
        client.get(where, {"state": "nonsense", "kind": "nonsense", "theme": "nonsense"}).status_code == 200
    )
    assert client.get(where, {"after": "nonsense"}).status_code == 400


def test_as_many_queries_for_many_as_for_few(django_assert_max_num_queries: Any) -> None:
    client, agency, _person = a_desk()
    for number in range(25):
        event = a_meeting(agency)
        said = shown(agency, event=event, theme=make_theme(actor=None, event=event, title=f"Theme {number}"))
        a_commitment(agency, note=said, draft=True)
    with django_assert_max_num_queries(8):
        client.get(all_of(agency), {"state": "shown"})
    # Two of them are the event's own head.
    with django_assert_max_num_queries(11):
        client.get(
            reverse("event_questions", kwargs={"slug": agency.slug, "event_id": event.pk}), {"state": "shown"}
        )


def test_what_came_on_paper_is_written_down_once_and_waits() -> None:
    client, agency, _person = a_desk()
    event = a_meeting(agency)
    where = reverse("event_question_write", kwargs={"slug": agency.slug, "event_id": event.pk})
    sent = {
        "note_id": uuid4(),
        "body": "When is the next walk?",
        "way_in": "paper",
        "kind": "question",
        "language": "es",
    }
    refused = client.post(where, sent | {"body": ""})
    assert (refused.status_code, list(errors_in(refused))) == (400, ["body"])
    for _twice in range(2):
        assert client.post(where, sent).status_code == 302
    said = Contribution.objects.get()
    assert (said.event, said.way_in, said.language, said.moderation, said.speaker) == (
        event,
        "paper",
        "es",
        "waiting",
        "",
    )
    client.post(
        reverse("question_write", kwargs={"slug": agency.slug}),
        sent | {"note_id": uuid4(), "way_in": "staff"},
    )
    assert Contribution.objects.get(event=None).way_in == "staff"


def test_questions_are_for_those_who_moderate_at_their_own_agency() -> None:
    said = a_contribution(an_agency())
    paths = [
        all_of(said.agency),
        act(said, "hide"),
        reverse("question_write", kwargs={"slug": said.agency.slug}),
    ]
    for path in paths:
        for kind in ("leader", "panelist", "admin"):
            assert a_desk(kind, said.agency)[0].get(path).status_code == 403
        assert a_desk()[0].get(path).status_code == 404
        assert Client().get(path).status_code == 302
    other, agency, _person = a_desk()
    assert (
        other.post(
            reverse("question_show", kwargs={"slug": agency.slug, "contribution_id": said.pk})
        ).status_code
        == 404
    )


def test_looking_changes_nothing_and_words_are_escaped() -> None:
    client, agency, _person = a_desk()
    said = a_contribution(agency, body="<script>alert(1)</script>")
    for name in ("show", "hide", "theme", "answer", "correct"):
        assert b"<script>alert" not in client.get(act(said, name)).content
    assert client.get(reverse("questions_many", kwargs={"slug": agency.slug})).status_code == 302
    said.refresh_from_db()
    assert (said.moderation, said.edit_version) == ("waiting", 1)
