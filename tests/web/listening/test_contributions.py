"""Questions: shown, hidden with a public reason, put under a theme, answered, corrected; one by one and many at once."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from engage.agencies.models import Agency
from engage.listening.contributing import contribute
from engage.listening.models import Contribution, Theme
from engage.listening.moderating import show
from engage.listening.theming import make_theme
from tests.makers.agencies import a_dialogue, an_agency
from tests.makers.commitments import a_commitment
from tests.makers.contributions import a_contribution
from tests.makers.events import an_event
from tests.web.listening.staff import HTMX, a_desk, errors_in

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def all_of(agency: Agency) -> str:
    return reverse("contributions", kwargs={"slug": agency.slug})


def act(contribution: Contribution, name: str) -> str:
    return reverse(
        f"contribution_{name}", kwargs={"slug": contribution.agency.slug, "contribution_id": contribution.pk}
    )


def shown(agency: Agency, **fields: Any) -> Contribution:
    contribution = a_contribution(agency, **fields)
    show(contribution, actor=None, now=timezone.now())
    return contribution


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
    contribution = a_contribution(agency)
    back = all_of(agency) + "?state=waiting&kind=question"
    answer = client.post(act(contribution, "show"), {"back": back})
    assert answer["Location"] == back
    contribution.refresh_from_db()
    assert contribution.moderation == "shown"
    elsewhere = client.post(act(contribution, "show"), {"back": "https://evil.example/"})
    assert elsewhere["Location"] == all_of(agency)
    assert client.post(act(contribution, "show"), {"back": "//evil.example/"})["Location"] == all_of(agency)


def test_hiding_needs_a_public_reason_and_says_that_criticism_is_none() -> None:
    client, agency, _person = a_desk()
    contribution = a_contribution(agency)
    opened = client.get(act(contribution, "hide"))
    assert "criticizes the department is not a reason" in opened.content.decode()
    sent = {"edit_version": contribution.edit_version, "reason": " "}
    refused = client.post(act(contribution, "hide"), sent)
    assert (refused.status_code, list(errors_in(refused))) == (400, ["reason"])
    client.post(act(contribution, "hide"), sent | {"reason": "It names a neighbor."})
    contribution.refresh_from_db()
    assert (contribution.moderation, contribution.hidden_reason) == ("hidden", "It names a neighbor.")


def test_an_answer_stands_for_everyone_and_a_second_writer_is_told() -> None:
    client, agency, _person = a_desk()
    contribution = shown(agency)
    sent = {"edit_version": contribution.edit_version, "body": "You may ask for the video."}
    empty = client.post(act(contribution, "answer"), sent | {"body": ""})
    assert (empty.status_code, list(errors_in(empty))) == (400, ["body"])
    assert client.post(act(contribution, "answer"), sent).status_code == 302
    late = client.post(act(contribution, "answer"), sent | {"body": "Another one."})
    assert late.status_code == 409
    assert b"Another one." in late.content
    contribution.refresh_from_db()
    assert contribution.answer == "You may ask for the video."
    waiting = a_contribution(agency)
    refused = client.post(act(waiting, "answer"), {"edit_version": waiting.edit_version, "body": "No."})
    assert refused.status_code == 409


def test_a_correction_keeps_what_stood_before_where_staff_can_read_it() -> None:
    client, agency, _person = a_desk()
    contribution = shown(agency, body="Oficer Smith was rude")
    sent = {"edit_version": contribution.edit_version, "body": "An officer was rude", "reason": ""}
    refused = client.post(act(contribution, "correct"), sent)
    assert (refused.status_code, list(errors_in(refused))) == (400, ["reason"])
    client.post(act(contribution, "correct"), sent | {"reason": "It named a person."})
    one = client.get(
        reverse("contribution", kwargs={"slug": agency.slug, "contribution_id": contribution.pk})
    ).content
    assert b"An officer was rude" in one
    assert b"Oficer Smith was rude" in one
    assert b"It named a person." in one


def test_a_theme_is_chosen_or_made_where_it_belongs() -> None:
    client, agency, _person = a_desk()
    event, dialogue = an_event(agency), a_dialogue(agency)
    here = make_theme(actor=None, event=event, title="Lamps")
    there = make_theme(actor=None, event=an_event(agency), title="Cars")
    contribution = shown(agency, event=event)
    client.post(act(contribution, "theme"), {"theme": here.pk})
    here.refresh_from_db()
    assert here.contributions_count == 1
    assert client.post(act(contribution, "theme"), {"theme": there.pk}).status_code == 400
    in_dialogue = a_contribution(agency, dialogue=dialogue)
    client.post(act(in_dialogue, "theme"), {"theme": "new", "new_theme": "Stops"})
    assert Theme.objects.get(title="Stops").dialogue == dialogue
    alone = client.post(act(a_contribution(agency), "theme"), {"theme": "new", "new_theme": "Stops"})
    assert alone.status_code == 400


def test_many_are_decided_at_once_each_for_itself() -> None:
    client, agency, _person = a_desk()
    event = an_event(agency)
    theme = make_theme(actor=None, event=event, title="Lamps")
    here = [a_contribution(agency, event=event) for _ in range(3)]
    elsewhere = a_contribution(agency, body="Something from the dialogue", dialogue=a_dialogue(agency))
    foreign = a_contribution(an_agency())
    many = reverse("contributions_many", kwargs={"slug": agency.slug})
    chosen = [one.pk for one in (*here, elsewhere, foreign)]
    answer = client.post(many, {"act": "theme", "theme": theme.pk, "chosen": chosen}, follow=True)
    assert "3 are under that theme now." in answer.content.decode()
    assert "Something from the dialogue" in answer.content.decode()
    assert Contribution.objects.filter(theme=theme).count() == 3
    answer = client.post(many, {"act": "show", "chosen": chosen}, follow=True)
    assert "Everybody can read 4 more." in answer.content.decode()
    foreign.refresh_from_db()
    assert foreign.moderation == "waiting"


def test_a_form_for_many_that_is_not_whole_shows_nothing() -> None:
    client, agency, _person = a_desk()
    event, abroad = an_event(agency), an_event(an_agency())
    theme = make_theme(actor=None, event=event, title="Lamps")
    theirs = make_theme(actor=None, event=abroad, title="Not ours")
    contribution = a_contribution(agency, event=event, theme=theme)
    foreign = a_contribution(abroad.agency, event=abroad)
    many = reverse("contributions_many", kwargs={"slug": agency.slug})
    for sent in (
        {"chosen": [contribution.pk]},
        {"act": "publish", "chosen": [contribution.pk]},
        {"act": "show", "chosen": [contribution.pk, "nonsense"]},
        {"act": "show", "chosen": [contribution.pk], "theme": "nonsense"},
        {"act": "theme", "chosen": [contribution.pk], "theme": "nonsense"},
        {"act": "theme", "chosen": [contribution.pk], "theme": theirs.pk},
        {"act": "show", "chosen": [foreign.pk]},
        {"act": "theme", "chosen": [foreign.pk], "theme": theme.pk},
    ):
        words = client.post(many, sent, follow=True).content.decode()
        assert "Everybody can read" not in words
        assert "under that theme" not in words
        for one, under in ((contribution, theme), (foreign, None)):
            one.refresh_from_db()
            assert (one.moderation, one.theme) == ("waiting", under)


def test_none_and_too_many_at_once_are_refused_in_words() -> None:
    client, agency, _person = a_desk()
    many = reverse("contributions_many", kwargs={"slug": agency.slug})
    contribution = a_contribution(agency)
    for chosen in ([], ["nonsense"], [*(uuid4() for _ in range(100)), contribution.pk]):
        answer = client.post(many, {"act": "show", "chosen": chosen}, follow=True)
        assert "at most 100 at once" in answer.content.decode()
    contribution.refresh_from_db()
    assert contribution.moderation == "waiting"


def test_htmx_gets_the_row_alone_and_a_filter_the_list_alone() -> None:
    client, agency, _person = a_desk()
    contribution = a_contribution(agency)
    opened = client.get(act(contribution, "hide"), **HTMX)
    done = client.post(act(contribution, "show"), **HTMX)
    listed = client.get(all_of(agency), {"state": "shown"}, **HTMX)
    for answer in (opened, done, listed):
        assert (answer.status_code, b"<html" in answer.content) == (200, False)
        assert "HX-Request" in answer["Vary"]
    assert b"Everybody can read it now." in done.content


def test_lists_are_filtered_and_paged_without_losing_or_doubling_anything() -> None:
    client, agency, _person = a_desk()
    event = an_event(agency)
    theme = make_theme(actor=None, event=event, title="Lamps")
    made = [a_contribution(agency, event=event, theme=theme if n % 2 else None) for n in range(60)]
    a_contribution(agency, event=event, kind="idea", body="An idea")
    where = reverse("event_contributions", kwargs={"slug": agency.slug, "event_id": event.pk})
    seen, query = [], "state=waiting&kind=question"
    while query:
        answer = client.get(f"{where}?{query}")
        seen += [row.contribution.pk for row in answer.context["rows"]]
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
        event = an_event(agency)
        contribution = shown(
            agency, event=event, theme=make_theme(actor=None, event=event, title=f"Theme {number}")
        )
        a_commitment(agency, note=contribution, draft=True)
    with django_assert_max_num_queries(8):
        client.get(all_of(agency), {"state": "shown"})
    # Two of them are the event's own head.
    with django_assert_max_num_queries(11):
        client.get(
            reverse("event_contributions", kwargs={"slug": agency.slug, "event_id": event.pk}),
            {"state": "shown"},
        )


def test_what_came_on_paper_is_written_down_once_and_waits() -> None:
    client, agency, _person = a_desk()
    event = an_event(agency)
    where = reverse("event_contribution_write", kwargs={"slug": agency.slug, "event_id": event.pk})
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
    contribution = Contribution.objects.get()
    assert (
        contribution.event,
        contribution.way_in,
        contribution.language,
        contribution.moderation,
        contribution.speaker,
    ) == (
        event,
        "paper",
        "es",
        "waiting",
        "",
    )
    client.post(
        reverse("contribution_write", kwargs={"slug": agency.slug}),
        sent | {"note_id": uuid4(), "way_in": "staff"},
    )
    assert Contribution.objects.get(event=None).way_in == "staff"


def test_questions_are_for_those_who_moderate_at_their_own_agency() -> None:
    contribution = a_contribution(an_agency())
    paths = [
        all_of(contribution.agency),
        act(contribution, "hide"),
        reverse("contribution_write", kwargs={"slug": contribution.agency.slug}),
    ]
    for path in paths:
        for kind in ("leader", "panelist", "admin"):
            assert a_desk(kind, contribution.agency)[0].get(path).status_code == 403
        assert a_desk()[0].get(path).status_code == 404
        assert Client().get(path).status_code == 302
    other, agency, _person = a_desk()
    assert (
        other.post(
            reverse("contribution_show", kwargs={"slug": agency.slug, "contribution_id": contribution.pk})
        ).status_code
        == 404
    )


def test_looking_changes_nothing_and_words_are_escaped() -> None:
    client, agency, _person = a_desk()
    contribution = a_contribution(agency, body="<script>alert(1)</script>")
    for name in ("show", "hide", "theme", "answer", "correct"):
        assert b"<script>alert" not in client.get(act(contribution, name)).content
    assert client.get(reverse("contributions_many", kwargs={"slug": agency.slug})).status_code == 302
    contribution.refresh_from_db()
    assert (contribution.moderation, contribution.edit_version) == ("waiting", 1)
